"""The units: sound for systemd, shut in, and such that the service runs inside."""

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
SET_MDWE = 65  # prctl: memory is never writable and executable, as MemoryDenyWriteExecute
MOST_EXPOSED = 2.0  # of 10, by systemd's own measure
analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as on a machine where everything that they start is installed."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(
            "/opt/alongside/.venv/bin/python", "/bin/sh"
        )
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@analyze
def test_systemd_finds_nothing_wrong(units: Path) -> None:
    """No unknown option, no option in the wrong place."""
    files = [str(units / unit.name) for unit in UNITS]
    command = ["systemd-analyze", "verify", "--man=no", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    mine = [line for line in done.stderr.splitlines() if "alongside" in line]
    assert (done.returncode, mine) == (0, [])


@analyze
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: str(unit.stem))
def test_the_service_is_shut_in(units: Path, unit: Path) -> None:
    """By systemd's own measure; a web service without any of it has 9.6."""
    command = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--no-pager",
        str(units / unit.name),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    level = re.search(r"exposure level for \S+ ([\d.]+)", done.stdout)
    assert level, done.stdout
    assert float(level[1]) <= MOST_EXPOSED


def sets(unit: Path) -> dict[str, list[str]]:
    """Each option of a unit with its values, in order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: str(unit.stem))
def test_no_secret_stands_in_a_unit(unit: Path) -> None:
    """Anybody may read a unit: secrets come from files of root."""
    given = " ".join(sets(unit)["Environment"])
    named = re.findall(r"(\w*(?:KEY|TOKEN|SECRET)\w*)=(\S+)", given)
    assert [pair for pair in named if not pair[0].endswith("_FILE")] == []
    assert sets(unit)["EnvironmentFile"] == ["/etc/alongside/alongside.env"]
    assert sets(unit)["LimitCORE"] == ["0"], "a core dump holds words"


def test_what_the_units_start_are_verbs_of_ours() -> None:
    """`run`, and `backup` with options that it has."""
    for unit in SERVICES:
        words = sets(unit)["ExecStart"][0].split()
        assert words[:3] == ["/opt/alongside/.venv/bin/python", "-m", "bot"]
        command = [sys.executable, "-m", "bot", words[3], "--help"]
        shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert all(word in shown for word in words[4:] if word.startswith("--"))


@pytest.mark.model
def test_understanding_works_where_memory_is_never_written_and_run() -> None:
    """MemoryDenyWriteExecute, set for real where the kernel has it."""
    if sys.platform != "linux" or ctypes.CDLL(None).prctl(SET_MDWE + 1, 0, 0, 0, 0) < 0:
        pytest.skip("this kernel cannot forbid it")
    program = (
        "import asyncio, ctypes\n"
        f"assert ctypes.CDLL(None).prctl({SET_MDWE}, 1, 0, 0, 0) == 0\n"
        "from pathlib import Path\n"
        "import bot.commands.run, psycopg, telegram\n"
        "from nlu.engine import open_engine\n"
        "from nlu.reading import Context\n"
        "engine = open_engine(Path('.model'))\n"
        "assert engine.state().ready, engine.state().detail\n"
        "print(asyncio.run(engine.read('he follows me home', Context())).ranking[0][0])\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    assert done.stdout.strip()
