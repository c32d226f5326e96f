"""`make rasa` finds a Python 3.10 where there is one, and says what to do where there is none."""

from pathlib import Path

import pytest

from tools import rasa

YES = "#!/bin/sh\necho True\n"
BROKEN_SHIM = "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n"
OTHER = "#!/bin/sh\necho False\n"


def program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, encoding="ascii")
    path.chmod(0o755)
    return path


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is on the path, beside the shell's own programs."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("RASA_PYTHON", raising=False)
    program(tmp_path / "bin" / "python3", OTHER)
    return tmp_path


def test_the_one_on_the_path(path: Path) -> None:
    """The plain case."""
    program(path / "bin" / "python3.10", YES)
    assert rasa.find_python() == "python3.10"


def test_a_shim_that_leads_nowhere(path: Path) -> None:
    """pyenv puts a python3.10 on the path that fails; its own versions are looked through."""
    program(path / "bin" / "python3.10", BROKEN_SHIM)
    program(path / "bin" / "pyenv", f"#!/bin/sh\necho {path / 'pyenv'}\n")
    program(path / "pyenv/versions/3.10.2/bin/python3.10", BROKEN_SHIM)
    real = program(path / "pyenv/versions/3.10.13/bin/python3.10", YES)

    assert rasa.find_python() == str(real)


def test_a_named_one_is_taken_or_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a Python does not get another one silently."""
    program(path / "bin" / "python3.10", YES)
    monkeypatch.setenv("RASA_PYTHON", str(program(path / "mine", OTHER)))
    assert rasa.find_python() is None

    monkeypatch.setenv("RASA_PYTHON", str(program(path / "mine", YES)))
    assert rasa.find_python() == str(path / "mine")


def test_without_python_3_10_one_sentence_says_how_to_get_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and nothing half made is left."""
    lock = rasa.LOCK.read_bytes()
    monkeypatch.chdir(path)
    (path / rasa.LOCK).parent.mkdir(parents=True)
    (path / rasa.LOCK).write_bytes(lock)
    monkeypatch.setenv("RASA_PYTHON", str(path / "missing"))

    with pytest.raises(SystemExit) as stopped:
        rasa.install()

    assert stopped.value.code == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "needs Python 3.10" in said[0]
    assert "uv python install 3.10" in said[0]
    assert not (path / ".rasa").exists()


def test_the_lock_is_hashed_and_names_no_registry() -> None:
    """What is installed is what was locked, from whatever registry is set up."""
    text = rasa.LOCK.read_text(encoding="ascii")
    pins = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    assert "rasa==3.6.21" in text
    assert len(pins) > 100
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text
