"""Backups: made while the service runs, sealed with a key of their own, without anybody's words.

One transaction sees one moment of the whole database, the same way on SQLite and PostgreSQL, so a
backup of the one can be put back into the other. docs/decisions/0010 says why it is no copy of the
file: a copy would hold the keys that open people's words.
"""

import base64
import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection

from bot.errors import BackupProblem
from bot.store import backup_rows, migrations
from bot.store.backup_rows import Line
from bot.store.database import Database
from bot.store.sealed_file import Damaged, NotOurs, Sealing, WrongKey, opened

NAME = "alongside-{:%Y%m%dT%H%M%SZ}.backup"
"""What a backup is called when only its folder is told."""


@dataclass(frozen=True, slots=True)
class Backed:
    """What was made: rows by table, and where."""

    path: Path
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. same_master: the master key is the one of then; None: there is none."""

    made_at: datetime
    counts: dict[str, int]
    same_master: bool | None


@dataclass(frozen=True, slots=True)
class Keys:
    """backup: seals the file. master: never written; only a mark tells whether it is the same."""

    backup: str = field(repr=False)
    master: bytes | None = field(repr=False)

    def mark(self) -> str | None:
        """Tells master keys apart and tells nothing else about them."""
        if self.master is None:
            return None
        return hmac.digest(self.master, b"alongside/backup mark/1", hashlib.sha256).hex()


async def back_up(database: Database, to: Path, keys: Keys, now: datetime) -> Backed:
    """Write a backup of this moment to the file `to`, or into the folder `to` under its moment.

    The service may run. Nothing is overwritten, and a file is there whole or not at all.
    Raises BackupProblem and Away.
    """
    path = _free(to, now)
    part = _beside(path)
    try:
        with part.open("wb") as file:
            sealing = Sealing(file, keys.backup)
            counts = await database.read(lambda c: _dump(c, sealing, keys, now))
            sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        _name(part, path)
    except OSError as error:
        raise _no_room(path, error) from error
    finally:
        part.unlink(missing_ok=True)
    return Backed(path, counts)


async def restore(
    database: Database, backup: Path, keys: Keys, *, now: datetime, idle: timedelta
) -> Restored:
    """Put a backup into a new, empty database and bring its tables up to this version.

    The whole file is read before anything is written. idle: people whose talk was lost and who do
    not write again are forgotten after it. Raises BackupProblem and Away.
    """
    head = _read_through(backup, keys.backup)
    if head["schema"] not in migrations.revisions():
        what = "the backup was made by a newer version of this service"
        raise BackupProblem(what, where=str(backup), do="Install that version, then restore")
    if await database.read(backup_rows.has_tables):
        raise BackupProblem(
            "there are tables in the database already",
            where="BOT_DATABASE_URL",
            do="Stop the service and restore into a new, empty database",
        )
    await database.migrate(head["schema"])

    def load(connection: Connection) -> dict[str, int]:
        with backup.open("rb") as file:
            lines = _lines(file, keys.backup)
            next(lines)
            return backup_rows.load(connection, lines, forget_at=now + idle)

    counts = await database.write(load)
    await database.migrate()
    same = None if keys.master is None else keys.mark() == head["mark"]
    return Restored(datetime.fromisoformat(head["made_at"]), counts, same)


def remove_older(folder: Path, than: timedelta, now: datetime) -> int:
    """Delete the backups in this folder that were named by their moment and are older; how many."""
    old = [path for path in folder.glob("alongside-*.backup") if _made_at(path) < now - than]
    for path in old:
        path.unlink()
    return len(old)


def _free(to: Path, now: datetime) -> Path:
    path = to / NAME.format(now) if to.is_dir() else to
    if path.exists():
        raise BackupProblem("there is a file already", where=str(path), do="Name another")
    return path


def _dump(connection: Connection, sealing: Sealing, keys: Keys, now: datetime) -> dict[str, int]:
    backup_rows.one_moment(connection)
    schema = backup_rows.version(connection)
    if schema is None or not migrations.is_newest(connection):
        raise BackupProblem(
            "the database has no tables yet" if schema is None else "the tables are not of today",
            where="BOT_DATABASE_URL",
            do="Start this version of the service once, then back up",
        )
    sealing.add(_packed({"made_at": now.isoformat(), "schema": schema, "mark": keys.mark()}))
    return backup_rows.dump(connection, lambda line: sealing.add(_packed(line)))


def _read_through(backup: Path, key: str) -> dict[str, Any]:
    """The head of a backup, every byte of which was looked at. Raises BackupProblem."""
    where = str(backup)
    try:
        with backup.open("rb") as file:
            lines = _lines(file, key)
            head = next(lines)
            for _ in lines:
                pass
    except NotOurs:
        raise BackupProblem(
            "this is no backup of this service, or of a newer one",
            where=where,
            do="Name a file that python -m bot backup made",
        ) from None
    except WrongKey:
        raise BackupProblem(
            "the backup was sealed with another key",
            where=where,
            do="Set BOT_BACKUP_KEY or BOT_BACKUP_KEY_FILE to the key of then",
        ) from None
    except (Damaged, ValueError, StopIteration):
        raise BackupProblem(
            "the backup is damaged or its end is missing", where=where, do="Take another copy"
        ) from None
    except OSError as error:
        raise BackupProblem(
            f"the backup cannot be read ({error.strerror})", where=where, do="Name a readable file"
        ) from error
    if not isinstance(head, dict):
        raise BackupProblem("the backup has no head", where=where, do="Take another copy")
    return head


def _lines(file: BinaryIO, key: str) -> Iterator[Line]:
    held = b""
    for piece in opened(file, key):
        *whole, held = (held + piece).split(b"\n")
        for line in whole:
            yield json.loads(line, object_hook=_bytes_back)


def _packed(line: Line) -> bytes:
    return json.dumps(line, default=_bytes_away).encode() + b"\n"


def _bytes_away(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}


def _bytes_back(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["base64"]) if set(found) == {"base64"} else found


def _beside(path: Path) -> Path:
    """A new file beside it that only this user may read."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".alongside-", suffix=".part")
    except OSError as error:
        raise _no_room(path, error) from error
    os.close(handle)
    return Path(name)


def _name(part: Path, path: Path) -> None:
    """Give it its name, unless somebody else did in the meantime; and see that it stays."""
    os.link(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _no_room(path: Path, error: OSError) -> BackupProblem:
    what = f"the backup cannot be written ({error.strerror})"
    return BackupProblem(what, where=str(path), do="Name a place with room where we may write")


def _made_at(path: Path) -> datetime:
    try:
        return datetime.strptime(path.name, "alongside-%Y%m%dT%H%M%SZ.backup").replace(tzinfo=UTC)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)  # not named by us: never too old
