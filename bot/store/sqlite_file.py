"""Our hold on a SQLite file: how it is opened, which file it is, and when it is let go."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

BUSY = 5000  # milliseconds to wait for another program that writes


def prepare(raw: Any, _: object) -> None:
    """A connection as all of ours are: durable, and without a trace of what was deleted."""
    raw.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        raw.execute(f"PRAGMA {pragma}")


def begin(connection: Connection) -> None:
    """Begin a transaction of the engine's own, one that reads or one that changes tables."""
    options = connection.get_execution_options()
    if not options.get("writes", False):  # the writer says it itself
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("alone") else "BEGIN")


def identity(path: str | None) -> tuple[int, int] | None:
    """Which file this is; None for one that is not there, or that is no plain path."""
    try:
        found = Path(path or "").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_broken(error: BaseException | None) -> bool:
    """True for a fault of the file, or of our hold on it, rather than of the work."""
    return (
        isinstance(error, sqlite3.OperationalError | OperationalError)
        or type(error) in {sqlite3.DatabaseError, DatabaseError}
        or (error is not None and not isinstance(error, Exception))
    )


def let_go(connection: Connection | None) -> None:
    """Close it for good, whatever state it is in."""
    if connection is None:
        return
    try:
        connection.invalidate()  # not back into the pool, which would give it out again
        connection.close()
    except (DBAPIError, sqlite3.Error):
        return
