"""`python -m bot backup` and `restore`: the database into a sealed file, and back."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from bot.backup import Keys, back_up, remove_older
from bot.backup import restore as put_back
from bot.errors import BackupProblem, SettingProblem
from bot.settings import Settings
from bot.store.database import Away, Database
from bot.store.master_key import FILE, master_key
from bot.store.sealed_file import SHORTEST

_OR = "BOT_BACKUP_KEY"


async def backup(
    settings: Settings, to: Path, out: TextIO, now: datetime, *, keep_days: int | None = None
) -> None:
    """Write a backup and print what it holds. The service may run.

    keep_days: then delete older backups in the same folder. Raises Problem.
    """
    keys = _keys(settings)
    if to.parent == to or not to.parent.is_dir():
        raise BackupProblem("there is no such folder", where=str(to.parent), do="Make it first")
    database = await _open(settings)
    try:
        made = await back_up(database, to, keys, now)
    except Away as away:
        raise _away(away) from None
    finally:
        await database.close()
    print(made.path, file=out)
    for table, count in sorted(made.counts.items()):
        print(f"{table} {count}", file=out)
    if keep_days is not None:
        removed = remove_older(made.path.parent, timedelta(days=keep_days), now)
        print(f"older backups removed {removed}", file=out)


async def restore(settings: Settings, backup_: Path, out: TextIO, now: datetime) -> None:
    """Put a backup into a new database and print what was put back. Raises Problem."""
    keys = _keys(settings)
    idle = timedelta(hours=settings.idle_hours)
    database = await _open(settings, new=True)
    try:
        done = await put_back(database, backup_, keys, now=now, idle=idle)
    except Away as away:
        raise _away(away) from None
    finally:
        await database.close()
    print(f"as of {done.made_at:%d %B %Y, %H:%M} UTC", file=out)
    for table, count in sorted(done.counts.items()):
        print(f"{table} {count}", file=out)
    if done.same_master is not True:
        known = "there is no master key here" if done.same_master is None else "it is another one"
        print(
            f"NOTE  master key: {known}. With the one of then (BOT_SECRET_KEY) people are told "
            "that their talk was lost, and the staff's second factors work.",
            file=out,
        )


def _keys(settings: Settings) -> Keys:
    master = None
    if settings.secret_key is not None or (settings.data_dir / FILE).exists():
        master = master_key(settings)
    key = _backup_key(settings)
    if master is not None and key.encode() == master:
        raise SettingProblem(
            "it is the master key", where=_OR, do="Make another one: openssl rand -hex 32"
        )
    return Keys(key, master)


def _backup_key(settings: Settings) -> str:
    given, file = settings.backup_key, settings.backup_key_file
    if (given is None) == (file is None):
        what = "no key for backups is set" if given is None else "two keys for backups are set"
        do = "Set BOT_BACKUP_KEY or BOT_BACKUP_KEY_FILE (openssl rand -hex 32), and keep it apart"
        raise SettingProblem(what, where=_OR, do=do)
    if given is not None:
        return given.get_secret_value()
    assert file is not None
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingProblem(
            "the file cannot be read", where="BOT_BACKUP_KEY_FILE", do="Name one that holds the key"
        ) from None
    if len(key) < SHORTEST:
        raise SettingProblem(
            f"the key in the file is shorter than {SHORTEST} characters",
            where="BOT_BACKUP_KEY_FILE",
            do="Make one: openssl rand -hex 32",
        )
    return key


async def _open(settings: Settings, *, new: bool = False) -> Database:
    """The database as it is, without bringing its tables up to date. new: it may be made."""
    file = settings.data_dir / "alongside.db"
    if not new and settings.database_url is None and not file.exists():
        raise BackupProblem(
            "there is no database yet", where=str(file), do="Start the service once, then back up"
        )
    try:
        return await Database.open(settings.database)
    except Away as away:
        raise _away(away) from None


def _away(away: Away) -> SettingProblem:
    return SettingProblem(
        f"the database cannot be used ({away})",
        where="BOT_DATABASE_URL",
        do="See that it runs and that we may write to it",
    )
