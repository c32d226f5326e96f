"""`make setup` on a machine that lacks something: one sentence that says what to install."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TOO_OLD = """#!/bin/sh
case "$*" in
  *version_info*) exit 1 ;;
  --version) echo "Python 3.9.2" ;;
esac
"""
NO_VENV = """#!/bin/sh
case "$*" in
  *ensurepip*) exit 1 ;;
esac
"""
CANNOT_WRITE = """#!/bin/sh
case "$*" in
  "-m venv .venv") exit 1 ;;
esac
"""


def setup_with(folder: Path, python: str | None) -> subprocess.CompletedProcess[str]:
    """Run the script in an empty folder; python: how it behaves, None: there is none."""
    shutil.copy(ROOT / "tools" / "setup.sh", folder / "setup.sh")
    name = str(folder / "python")
    if python is not None:
        Path(name).write_text(python)
        Path(name).chmod(0o755)
    return subprocess.run(
        ["sh", "setup.sh", "run"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHON": name},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("python", "said"),
    [
        (None, "setup: Python is missing. Install Python 3.11 or newer"),
        (TOO_OLD, "setup: Python 3.9.2 is too old. Install Python 3.11 or newer"),
        (NO_VENV, "setup: Python's venv module is missing. Install it"),
        (CANNOT_WRITE, "setup: the environment could not be made in .venv."),
    ],
)
def test_one_sentence_says_what_to_install(tmp_path: Path, python: str | None, said: str) -> None:
    """No traceback, no half-made environment that the next start would trip over."""
    done = setup_with(tmp_path, python)

    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / ".venv").exists()
