"""`python -m bot backup` and `restore` as programs: what they print, write and refuse."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.database import Database

ROOT = Path(__file__).parents[3]
MASTER = "m" * 32
KEY = "b" * 32


def bot(folder: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One verb, with settings of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    own = {"BOT_DATA_DIR": str(folder), "BOT_SECRET_KEY": MASTER, "BOT_BACKUP_KEY": KEY}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**clean, **own, **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A data folder with a database."""
    database = await Database.open(f"sqlite:///{tmp_path / 'data' / 'alongside.db'}")
    await database.migrate()
    await database.close()
    return tmp_path / "data"


def test_there_and_back(data: Path, tmp_path: Path) -> None:
    """Into a folder, named by its moment; restored into a new data folder."""
    made = bot(data, "backup", str(tmp_path))
    assert made.returncode == 0, made.stderr
    file = Path(made.stdout.splitlines()[0])
    assert file.parent == tmp_path
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "conversations 0" in made.stdout.splitlines()

    back = bot(tmp_path / "new", "restore", str(file))
    assert back.returncode == 0, back.stderr
    assert back.stdout.startswith("as of ")
    assert "NOTE" not in back.stdout
    other = bot(tmp_path / "newer", "restore", str(file), BOT_SECRET_KEY="x" * 32)
    assert "NOTE  master key: it is another one" in other.stdout
    none = bot(tmp_path / "newest", "restore", str(file), BOT_SECRET_KEY="")
    assert "NOTE  master key: there is no master key here" in none.stdout
    assert not (tmp_path / "newest" / "secret.key").exists(), "restoring makes no key"


def test_a_file_that_is_there_stays_as_it_is(data: Path, tmp_path: Path) -> None:
    """One sentence, exit 2."""
    (tmp_path / "there").write_text("mine")
    done = bot(data, "backup", str(tmp_path / "there"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is a file already" in done.stderr
    assert (tmp_path / "there").read_text() == "mine"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"BOT_BACKUP_KEY": ""}, "BOT_BACKUP_KEY: no key for backups is set"),
        ({"BOT_BACKUP_KEY": "short"}, "BOT_BACKUP_KEY: is shorter than 32 characters"),
        ({"BOT_BACKUP_KEY": MASTER}, "BOT_BACKUP_KEY: it is the master key"),
        ({"BOT_BACKUP_KEY_FILE": "README.md"}, "BOT_BACKUP_KEY: two keys for backups are set"),
        (
            {"BOT_BACKUP_KEY": "", "BOT_BACKUP_KEY_FILE": "none"},
            "BOT_BACKUP_KEY_FILE: the file cannot be read",
        ),
        (
            {"BOT_BACKUP_KEY": "", "BOT_BACKUP_KEY_FILE": "tests/rules/__init__.py"},
            "BOT_BACKUP_KEY_FILE: the key in the file is shorter than 32 characters",
        ),
        ({"BOT_DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "BOT_DATABASE_URL: the database"),
    ],
)
def test_without_a_key_of_its_own_nothing_is_written(
    data: Path, tmp_path: Path, given: dict[str, str], said: str
) -> None:
    """A sentence that names the setting; no traceback, no file."""
    done = bot(data, "backup", str(tmp_path / "b"), **given)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "b").exists()


def test_the_key_may_be_in_a_file(data: Path, tmp_path: Path) -> None:
    """As containers and systemd give secrets; a line end after it does not count."""
    (tmp_path / "key").write_text(KEY + "\n")
    by_file = {"BOT_BACKUP_KEY": "", "BOT_BACKUP_KEY_FILE": str(tmp_path / "key")}
    assert bot(data, "backup", str(tmp_path / "b"), **by_file).returncode == 0
    assert bot(tmp_path / "new", "restore", str(tmp_path / "b")).returncode == 0


def test_no_database_yet_is_one_sentence_and_makes_none(tmp_path: Path) -> None:
    """A mistyped folder must not give an empty backup."""
    done = bot(tmp_path / "none", "backup", str(tmp_path / "b"))
    assert done.returncode == 2
    assert "there is no database yet" in done.stderr
    assert not (tmp_path / "none").exists()


def test_the_wrong_key_is_told_and_nothing_is_restored(data: Path, tmp_path: Path) -> None:
    """The new folder can be used for the next try."""
    bot(data, "backup", str(tmp_path / "b"))
    wrong = bot(tmp_path / "new", "restore", str(tmp_path / "b"), BOT_BACKUP_KEY="w" * 32)
    assert wrong.returncode == 2
    assert "sealed with another key" in wrong.stderr
    assert bot(tmp_path / "new", "restore", str(tmp_path / "b")).returncode == 0
    twice = bot(tmp_path / "new", "restore", str(tmp_path / "b"))
    assert "there are tables in the database already" in twice.stderr


def test_old_backups_can_be_removed_in_the_same_call(data: Path, tmp_path: Path) -> None:
    """What a nightly timer does."""
    old = tmp_path / "alongside-20200101T000000Z.backup"
    old.write_text("")
    done = bot(data, "backup", str(tmp_path), "--keep-days", "7")
    assert "older backups removed 1" in done.stdout
    assert not old.exists()
