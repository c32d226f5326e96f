"""The one database: SQLite by default, PostgreSQL for several machines, the same code for both.

A transaction is a plain function of a connection. It cannot wait for anything but the database, so
no engine and no channel is ever called while one is open; and on SQLite it runs in one thread hop.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import SettingProblem
from bot.store import migrations
from bot.store.bell import Bell
from bot.store.sqlite import SqliteRooms

if TYPE_CHECKING:
    from bot.store.wire import Wire

T = TypeVar("T")
Work = Callable[[Connection], T]
"""What one transaction does."""


PROBE = 2.0  # seconds
_TOUCH = text("UPDATE alembic_version SET version_num = version_num")  # changes nothing, is kept

_AWAY = (
    sqlite3.DatabaseError,  # damage ("malformed", "not a database") is no narrower class
    DatabaseError,
    InterfaceError,
    DisconnectionError,
    PoolTimeout,
    TimeoutError,
    OSError,
)
_OURS = (  # kinds of DatabaseError that are faults of this program, wherever the database is
    DataError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.NotSupportedError,
    sqlite3.ProgrammingError,
)


class Away(Exception):  # noqa: N818 - a fact about the database
    """The database is out of reach, full, locked or damaged: what was asked may not be kept."""


class Rooms(Protocol):
    """What SQLite and PostgreSQL do differently."""

    async def write(self, work: Work[T]) -> T: ...  # noqa: D102
    async def read(self, work: Work[T]) -> T: ...  # noqa: D102
    async def migrate(self, change: Callable[[Connection], None]) -> None: ...  # noqa: D102
    async def scrub(self) -> bool: ...  # noqa: D102
    def is_moved(self) -> bool: ...  # noqa: D102
    async def close(self) -> None: ...  # noqa: D102
    def wire(self, bell: Bell, ring_page: Callable[[str], object]) -> "Wire | None": ...  # noqa: D102


class Database:
    """Rows that survive a crash. `Database.open` makes one."""

    def __init__(self, rooms: Rooms, *, postgres: bool) -> None:
        self._rooms = rooms
        self._probed_at: float | None = None
        self.postgres = postgres  # several hosts may share it, and rows can be locked one by one

    @classmethod
    async def open(cls, url: str) -> "Database":
        """A database ready for use; its tables come with `migrate`.

        url: SQLAlchemy's, for SQLite (`sqlite:///file`, `sqlite://` in memory) or PostgreSQL, with
        or without a driver's name. Raises SettingProblem for any other. PostgreSQL is not contacted
        before the first use; a SQLite file that cannot be used raises Away.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise _bad_url("it cannot be read as an address") from error
        match parsed.get_backend_name():
            case "sqlite":
                return cls(await _told(SqliteRooms.open(parsed)), postgres=False)
            case "postgresql" | "postgres":
                from bot.store.postgres import PostgresRooms  # noqa: PLC0415 - often not used

                return cls(PostgresRooms(parsed), postgres=True)
            case _:
                raise _bad_url("it is neither SQLite nor PostgreSQL")

    async def write(self, work: Work[T]) -> T:
        """Run work as one durable transaction: when this returns, all of it will survive a crash.

        If work raises, nothing of it is kept and the exception comes out here. Raises Away.
        """
        return await _told(self._rooms.write(work))

    async def read(self, work: Work[T]) -> T:
        """Run work, which writes nothing, on one consistent view. Raises Away."""
        return await _told(self._rooms.read(work))

    async def probe(self) -> None:
        """Make sure that a write would be kept now, and found after a restart. Raises Away.

        A good result is taken for granted for `PROBE` seconds: anybody may ask.
        """
        now = asyncio.get_running_loop().time()
        if self._probed_at is not None and now - self._probed_at < PROBE:
            return
        await self.write(lambda c: c.execute(_TOUCH) and None)
        if self._rooms.is_moved():
            raise Away("the file was removed or replaced")
        self._probed_at = now

    async def migrate(self, to: str = "head") -> None:
        """Bring the tables to a version; the newest unless told. Two hosts may call it at once.

        Raises Away.
        """
        await _told(self._rooms.migrate(lambda connection: migrations.move(connection, to)))

    async def scrub(self) -> bool:
        """Remove what deleted rows leave in the database's files. Every erasure ends with it.

        False when it could not be done, because a reader was in the way for two seconds or the
        database is away: what was erased stays erased, and the next scrub clears the files.
        """
        try:
            return await self._rooms.scrub()
        except _AWAY:
            return False

    def wire(self, bell: Bell, ring_page: Callable[[str], object]) -> "Wire | None":
        """What joins our bell and pages to the other processes'; None where there are none."""
        return self._rooms.wire(bell, ring_page)

    async def close(self) -> None:
        """Finish what was given to `write`, then let go."""
        await self._rooms.close()


async def _told(doing: Awaitable[T]) -> T:
    """What it gives; a database that is away is told as Away, faults of ours as they are."""
    try:
        return await doing
    except _OURS:
        raise
    except _AWAY as error:
        raise Away(type(error).__name__) from error


def _bad_url(what: str) -> SettingProblem:
    return SettingProblem(
        f"the database URL is not usable: {what}",
        where="BOT_DATABASE_URL",
        do="Give a SQLite or PostgreSQL URL, such as sqlite:///.data/alongside.db",
    )
