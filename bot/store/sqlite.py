"""SQLite: one file, nothing to set up.

One thread writes. What waits while it is busy shares the next commit, each piece of work inside a
savepoint of its own, so one flush to the disk makes many turns durable. Another thread reads.
"""

import asyncio
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from bot.store.bell import Bell
from bot.store.sqlite_file import BUSY, begin, identity, is_broken, let_go, prepare

T = TypeVar("T")

_TOGETHER = 64  # pieces of work in one commit, at most
_BACK_TO_PIECE = ("ROLLBACK TO piece", "RELEASE piece")
_SCRUB_TRIES = 20  # 0.1 s apart


@dataclass(slots=True, eq=False)
class _Piece:
    work: Callable[[Connection], Any]
    answer: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.answer.cancelled():
            return
        if self.error is None:
            self.answer.set_result(self.result)
        else:
            self.answer.set_exception(self.error)


class SqliteRooms:
    """Transactions on SQLite. `SqliteRooms.open` makes one."""

    def __init__(self, engine: Engine, *, in_memory: bool) -> None:
        self._engine = engine
        self._in_memory = in_memory
        self._waiting: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="sqlite-read")
        self._writer = threading.Thread(target=self._write_on, name="sqlite-write", daemon=True)
        self._writer.start()
        self._closed = False
        self._identity: tuple[int, int] | None = None  # of the file, as opened

    @classmethod
    async def open(cls, url: URL) -> "SqliteRooms":
        """url: with a file, or without one for a database in memory. Makes the folder."""
        in_memory = url.database in {None, "", ":memory:"}
        if not in_memory and not str(url.database).startswith("file:"):
            Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url.set(drivername="sqlite+pysqlite"),
            hide_parameters=True,
            connect_args={"check_same_thread": False},
            **({"poolclass": StaticPool} if in_memory else {}),
        )
        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", begin)
        rooms = cls(engine, in_memory=in_memory)
        await rooms.write(lambda _: None)  # a file that cannot be opened is told here
        rooms._identity = identity(url.database)
        return rooms

    async def write(self, work: Callable[[Connection], T]) -> T:
        """See Database.write."""
        loop = asyncio.get_running_loop()
        piece = _Piece(work, loop.create_future(), loop)
        self._waiting.put(piece)
        answer: T = await piece.answer
        return answer

    async def read(self, work: Callable[[Connection], T]) -> T:
        """See Database.read."""
        if self._in_memory:
            return await self.write(work)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def migrate(self, change: Callable[[Connection], None]) -> None:
        """BEGIN IMMEDIATE is the lock: a second program waits and then finds nothing to do."""
        await self.write(_Migration(self._engine, change))

    def wire(self, bell: Bell, ring_page: Callable[[str], object]) -> None:  # noqa: ARG002 - Rooms' shape
        """One process has the file."""
        return

    def is_moved(self) -> bool:
        """True when another file, or none, is where ours was: a restart would not find our rows."""
        return identity(self._engine.url.database) != self._identity

    async def scrub(self) -> bool:
        """Empty the write-ahead log, which keeps deleted text until then."""
        for _ in range(_SCRUB_TRIES):
            if self._in_memory or await self.write(_Checkpoint()):
                return True
            await asyncio.sleep(0.1)
        return False

    async def close(self) -> None:
        """See Database.close."""
        if self._closed:
            return
        self._closed = True
        self._waiting.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            try:
                return work(connection)
            except Exception as error:
                if is_broken(error):
                    connection.invalidate()
                raise

    def _write_on(self) -> None:
        connection: Connection | None = None
        while pieces := self._take():
            try:
                connection = connection or self._engine.connect().execution_options(writes=True)
                _commit(connection, pieces)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                for piece in pieces:
                    piece.error = error
            if any(is_broken(piece.error) for piece in pieces) and not self._in_memory:
                let_go(connection)  # the next write opens the file anew: it may be sound again
                connection = None
            _settle(pieces)
        let_go(connection)

    def _take(self) -> list[_Piece]:
        """The work that waits, in order; empty when it is time to stop."""
        pieces: list[_Piece] = []
        piece = self._waiting.get()
        while piece is not None:
            pieces.append(piece)
            alone = isinstance(piece.work, Alone)
            if alone or len(pieces) == _TOGETHER or self._waiting.empty():
                return pieces
            piece = self._waiting.get()
        if pieces:
            self._waiting.put(None)
        return pieces


class Alone(ABC):
    """Work that cannot share a transaction."""

    @abstractmethod
    def __call__(self, connection: Connection) -> Any:
        """Do it."""


class _Checkpoint(Alone):
    def __call__(self, connection: Connection) -> bool:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA busy_timeout=0")  # a reader may be long: nobody's message waits for it
        try:
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            raw.execute(f"PRAGMA busy_timeout={BUSY}")
        return not busy


class _Migration(Alone):
    """Changes tables on a connection of its own, which Alembic may commit as it likes."""

    def __init__(self, engine: Engine, change: Callable[[Connection], None]) -> None:
        self.engine = engine
        self.change = change

    def __call__(self, _: Connection) -> None:
        with self.engine.connect().execution_options(alone=True) as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")  # SQLite copies a table: must not cascade
            try:
                with connection.begin():
                    self.change(connection)
            finally:
                raw.execute("PRAGMA foreign_keys=ON")


def _commit(connection: Connection, pieces: list[_Piece]) -> None:
    if isinstance(pieces[-1].work, Alone):
        if len(pieces) > 1:
            _commit(connection, pieces[:-1])
        _try(connection, pieces[-1])
        return
    if len(pieces) == 1:
        _try(connection, pieces[0], whole=True)
        return
    with _whole(connection):
        for piece in pieces:
            _try_inside(connection, piece)


@contextmanager
def _bracket(
    connection: Connection, before: str, after: str, back: Sequence[str]
) -> Iterator[None]:
    """We say BEGIN and COMMIT ourselves: the engine's own way costs more than the statements."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute(before)
    try:
        yield
        raw.execute(after)
    except BaseException:
        if raw.in_transaction:  # a full disk ends it by itself
            for statement in back:
                raw.execute(statement)
        raise


def _whole(connection: Connection) -> AbstractContextManager[None]:
    return _bracket(connection, "BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))


def _try(connection: Connection, piece: _Piece, *, whole: bool = False) -> None:
    if piece.answer.cancelled():
        return
    try:
        with _whole(connection) if whole else nullcontext():
            if not piece.answer.cancelled():  # it may have waited long for another program
                piece.result = piece.work(connection)
    except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
        piece.error = error


def _try_inside(connection: Connection, piece: _Piece) -> None:
    if piece.answer.cancelled():
        return
    try:
        with _bracket(connection, "SAVEPOINT piece", "RELEASE piece", _BACK_TO_PIECE):
            piece.result = piece.work(connection)
    except Exception as error:  # noqa: BLE001 - its own savepoint is undone, the others go on
        piece.error = error


def _settle(pieces: list[_Piece]) -> None:
    loops = {piece.loop for piece in pieces}
    for loop in loops:
        mine = [piece for piece in pieces if piece.loop is loop]
        try:
            loop.call_soon_threadsafe(_settle_all, mine)
        except RuntimeError:
            continue  # the loop that asked is gone; what was committed stays committed


def _settle_all(pieces: list[_Piece]) -> None:
    for piece in pieces:
        piece.settle()
