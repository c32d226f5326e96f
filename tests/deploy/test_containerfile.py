"""The image: its rules by sight, and its steps run where they can be run without an engine."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.bot.commands.test_run import free_port
from tests.deploy import containerfile as image

ROOT = image.ROOT
SECRET = ("KEY", "TOKEN", "SECRET", "PASSWORD")


def test_it_runs_as_nobody_in_particular() -> None:
    """By number, so that a cluster can see that it is not root; after everything was put there."""
    last = [step.word for step in image.steps() if step.stage == 1]
    assert image.of("USER", 1) == ["10001:10001"]
    assert last.index("USER") > last.index("COPY")
    assert not image.of("USER", 0)
    assert any("-o 10001" in command and "/data" in command for command in image.commands())


def test_only_the_data_folder_is_for_writing() -> None:
    """Data goes to the volume, the model is in the image, Python writes no caches."""
    given = image.environment()
    assert image.of("VOLUME") == ["/data"]
    assert given["BOT_DATA_DIR"] == "/data"
    assert given["BOT_MODEL_DIR"].startswith("/service/")
    assert given["PYTHONDONTWRITEBYTECODE"] == "1"


def test_no_secret_is_in_the_image() -> None:
    """Not by ENV or ARG, and not by a file: what goes to the builder is named one by one."""
    set_here = [rest.split("=")[0] for word in ("ENV", "ARG") for rest in image.of(word)]
    assert not [name for name in set_here if any(part in name for part in SECRET)]
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    wanted = [line for line in sent if line and not line.startswith("#")]
    assert wanted[0] == "*"
    assert {line[1:] for line in wanted if line.startswith("!")} == {
        source for source, _ in image.copied()
    }


def test_packages_come_by_hash_and_nothing_is_fetched_by_hand() -> None:
    """pip with the lock; no curl, no apt, no add of an address, no latest."""
    pip = [command for command in image.commands() if " pip install " in command]
    assert pip
    for command in pip:
        assert "--require-hashes" in command
        assert "--no-cache-dir" in command
    for command in image.commands():
        assert not command.startswith(("curl", "wget", "apt", "sudo")), command
    bases = image.of("ARG")
    assert bases
    assert all(":" in base and not base.endswith(":latest") for base in bases)


def test_what_is_missing_when_it_starts_is_not_missing_when_it_is_built() -> None:
    """The model is trained and the texts are checked by the build itself."""
    trained = next(n for n, s in enumerate(image.steps()) if "-m bot train" in s.rest)
    copied = [n for n, s in enumerate(image.steps()) if s.word == "COPY" and s.stage == 0]
    assert sum(n < trained for n in copied) >= 3, (
        "the texts come after: changing one trains nothing"
    )
    assert any("-m bot check" in command for command in image.commands())


def test_health_is_asked_of_live() -> None:
    """A database that is away must not have the service killed."""
    assert "/health/live" in " ".join(image.health_check())
    assert image.started() == ["python", "-m", "bot", "run"]
    assert image.of("STOPSIGNAL") == ["SIGTERM"]


def what_is_in(folder: Path, but: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    """Every file below the folder with its size and time."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and path.parts[len(folder.parts)] not in but
    }


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """The image's working folder: the files that it copies, this environment, this model."""
    folder = tmp_path / "service"
    folder.mkdir()
    for source, target in image.copied():
        if (ROOT / source).is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "*.pyc", "dev")
            shutil.copytree(ROOT / source, folder / target, ignore=left_out)
        else:
            shutil.copy(ROOT / source, folder / target)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (folder / ".venv" / "bin" / "python").chmod(0o755)
    model = Path(os.environ.get("BOT_MODEL_DIR", ROOT / ".model"))
    shutil.copytree(model, folder / ".model")
    return folder


def settings(service: Path) -> dict[str, str]:
    """What ENV sets, for a folder of the test's own, and nothing of this machine's."""
    given = image.environment()
    empty = service.parent / "empty"
    empty.mkdir(exist_ok=True)
    return {
        **given,
        "PATH": f"{service}/.venv/bin:/usr/bin:/bin",
        "HOME": str(empty),
        "TMPDIR": str(empty),
        "BOT_DATA_DIR": str(service.parent / "data"),
        "BOT_MODEL_DIR": str(service / ".model"),
        "BOT_HOST": "127.0.0.1",
        "BOT_DESK_HOST": "127.0.0.1",
        "BOT_PORT": str(free_port()),
        "BOT_DESK_PORT": str(free_port()),
    }


def run(service: Path, command: str) -> None:
    """A step of the build as it is written there."""
    done = subprocess.run(
        ["sh", "-ec", command],
        cwd=service,
        env=settings(service),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.model
def test_the_files_it_copies_are_enough_to_build(service: Path) -> None:
    """Training finds all it needs (and a model made from it); texts and settings are sound.

    Not run here: making the environment and the training itself, which take minutes and a network.
    """
    for command in image.commands():
        if "-m bot train" in command:
            run(service, command + " --if-needed")
        elif "-m bot check" in command or "compileall" in command:
            run(service, command)
        else:  # makes the environment, fetches packages, adds the user: only read here
            subprocess.run(["sh", "-n", "-c", command], check=True)


@contextmanager
def started(service: Path, given: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """What CMD starts, until the block ends."""
    with subprocess.Popen(
        image.started(), cwd=service, env=given, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def is_well(service: Path, given: dict[str, str]) -> bool:
    """The health check, as written, at the port of this test."""
    words = [word.replace(":8001", f":{given['BOT_DESK_PORT']}") for word in image.health_check()]
    done = subprocess.run(words, cwd=service, env=given, capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.model
def test_what_it_starts_is_well_and_writes_only_its_data(service: Path) -> None:
    """Served, found well by the health check, stopped by its signal; the rest is as it was."""
    given = settings(service)
    before = what_is_in(service.parent, but=("data",))
    assert not is_well(service, given), "nothing is there yet"
    with started(service, given) as process:
        end = time.monotonic() + 60
        while not is_well(service, given):
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.2)
        url = f"http://127.0.0.1:{given['BOT_PORT']}"
        form = {"text": "hes outside my door right now", "key": "a-first-form"}
        page = httpx.post(url + "/say", data=form, timeout=30, follow_redirects=True)
        assert page.status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert what_is_in(service.parent, but=("data",)) == before
    assert (service.parent / "data" / "alongside.db").exists()
