"""PostgreSQL: many hosts, one database."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.store.wire import Hears, Wire

T = TypeVar("T")

_MIGRATING = 4_713_209_551  # any number, always the same: who holds this lock may change the tables
_CONNECT_WITHIN = 2  # seconds; a webhook must know soon that the database is away
_CONNECTIONS = 10
_LOCK_WITHIN = 3000  # milliseconds that a change of the tables waits for their readers


class PostgresRooms:
    """Transactions on PostgreSQL, read committed: rows are locked before they are looked at."""

    def __init__(self, url: URL) -> None:
        # Named here too: a server that knows no encoding would give us bytes for text.
        self._connect: dict[str, object] = {"client_encoding": "utf8"}
        if "connect_timeout" not in url.query:
            self._connect["connect_timeout"] = _CONNECT_WITHIN
        self._engine = create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            pool_timeout=_CONNECT_WITHIN,
            connect_args=self._connect,
            hide_parameters=True,
        )

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See Database.write."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See Database.read."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    async def migrate(self, change: Callable[[Connection], None]) -> None:
        """One host changes the tables, the others wait and then find nothing to do."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATING}
            )
            # A change that has to wait for somebody's long look must not make everybody wait
            # behind it: it gives up and is tried again.
            await connection.execute(text(f"SET LOCAL lock_timeout = {_LOCK_WITHIN}"))
            await connection.run_sync(change)

    def wire(self, bell: Hears, ring_page: Callable[[str], object]) -> Wire:
        """See Database.wire."""
        _, connect = self._engine.dialect.create_connect_args(self._engine.url)
        return Wire({**connect, **self._connect}, bell, ring_page)

    def is_moved(self) -> bool:
        """The server keeps its files."""
        return False

    async def scrub(self) -> bool:
        """Old versions of a conversation hold its wrapped key until they are vacuumed.

        Only that table: what the others hold is sealed under the key that is gone.
        """
        async with self._engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.execute(text("VACUUM (TRUNCATE FALSE) conversations"))
        return True

    async def close(self) -> None:
        """See Database.close."""
        await self._engine.dispose()
