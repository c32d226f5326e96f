"""`python -m bot staff` and `audit`, as programs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

ROOT = Path(__file__).parents[3]


class Line:
    """The command line over a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a verb."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=ROOT,
            env={**clean, "BOT_DATA_DIR": str(self.folder), **settings},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """Nothing is there yet."""
    return Line(tmp_path / "data")


def test_an_account_is_added_listed_and_closed(line: Line) -> None:
    """The link alone is on stdout, so that a script can take it."""
    added = line("staff", "add", "Ann Example")
    assert re.fullmatch(r"http://127\.0\.0\.1:8001/desk/join/[\w-]{32}\n", added.stdout)
    assert added.stderr.startswith("Link for Ann Example (advocate). It works once, until ")
    line("staff", "add", "Bea", "--role", "auditor", BOT_DESK_URL="https://desk.example/")
    line("staff", "role", "bea", "lead")
    line("staff", "disable", "ANN example")

    assert line("staff", "list").stdout == (
        "Ann Example\tadvocate\tclosed\nBea\tlead\tlink not used yet\n"
    )
    again = line("staff", "link", "ann example", BOT_DESK_URL="https://desk.example/")
    assert again.stdout.startswith("https://desk.example/desk/join/")
    assert line("staff", "list").stdout.startswith("Ann Example\tadvocate\tlink not used yet\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("staff", "add", "  "), "staff add: give a name. Give another name."),
        (("staff", "add", "x" * 41), "a name has at most 40 characters"),
        (("staff", "disable", "nobody"), "staff: there is no account of this name."),
        (("audit", "verify", "--noted", "12"), "--noted: it is not NUMBER:HASH."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(line: Line, words: tuple[str, ...], said: str) -> None:
    """Exit code 2, no traceback."""
    done = line(*words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_audit_is_checked_by_anybody_with_the_key(line: Line) -> None:
    """Exit code 1 and the place, as soon as one letter was changed."""
    line("staff", "add", "Ann")
    noted = line("audit", "head").stdout.strip()
    good = line("audit", "verify", "--noted", noted)
    assert (good.returncode, good.stdout) == (
        0,
        "audit: 2 entries so far, every one in its place and unchanged\n",
    )

    engine = create_engine(f"sqlite:///{line.folder / 'alongside.db'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_change"))
        connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE seq = 1"))
    engine.dispose()

    bad = line("audit", "verify")
    assert (bad.returncode, bad.stdout) == (
        1,
        "entry 1: it was changed, or is not in its place\n",
    )
    other = line("audit", "verify", BOT_SECRET_KEY="another key " * 4)
    assert other.returncode == 1
