"""Several processes over one PostgreSQL hear of each other's work at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from sqlalchemy import text

from bot.clock import utc_now
from bot.pipe import Pipe
from bot.store.database import Database
from tests.conftest import House, OpenHouse
from tests.fakes import FakeChannel, telling, written


@asynccontextmanager
async def on_the_wire(*pipes: Pipe) -> AsyncIterator[None]:
    """These processes hear each other."""
    watching = [asyncio.create_task(pipe.watch()) for pipe in pipes]
    while not all(pipe.wire is not None and pipe.wire.up for pipe in pipes):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


ON_POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)
pytestmark = pytest.mark.parametrize("empty_url", [ON_POSTGRES], indirect=True)
"""News between processes: a SQLite file has one."""


@pytest.fixture
async def two(open_house: OpenHouse, database: Database) -> AsyncIterator[tuple[House, House]]:
    """A process that takes in, and one that answers, each with a database of its own."""
    own = await Database.open(_url(database))
    yield (
        await open_house(clock=utc_now),
        await open_house(clock=utc_now, database=own, telegram=FakeChannel()),
    )
    await own.close()


def _url(database: Database) -> str:
    engine = database._rooms._engine  # type: ignore[attr-defined]
    return str(engine.url.render_as_string(hide_password=False))


async def test_another_process_answers_at_once(two: tuple[House, House]) -> None:
    """Nobody waits for the slow poll, whoever took the message in."""
    door, worker = two
    arrived = asyncio.Event()
    worker.telegram.answer = telling(arrived)
    async with on_the_wire(door.pipe, worker.pipe):
        running = asyncio.create_task(worker.pipe.worker.run())
        await asyncio.sleep(0.3)  # it has looked, found nothing, and waits
        took = []
        for n in range(5):
            arrived.clear()
            began = asyncio.get_running_loop().time()
            await door.pipe.door.receive(written("hello", f"{n}", chat=f"c{n}"))
            async with asyncio.timeout(5):
                await arrived.wait()
            took.append(asyncio.get_running_loop().time() - began)
            await asyncio.sleep(0.05)
        worker.pipe.worker.stop()
        await running

    assert sorted(took)[2] < 0.3, took  # the poll alone would take half a second, and up to one


async def test_a_page_hears_of_a_line_written_elsewhere(two: tuple[House, House]) -> None:
    """The page that waits is told by the process that answered."""
    door, worker = two
    message = written("hello", "1", chat="w1", channel="web")
    of = door.keyring.conversation_id(message.address)
    async with on_the_wire(door.pipe, worker.pipe):
        waiting = asyncio.create_task(door.pipe.pages.wait(of, 0, 20))
        await asyncio.sleep(0.2)
        await door.pipe.door.receive(message)
        async with asyncio.timeout(3):  # the poll behind the wire looks every five seconds
            await worker.pipe.worker.drain()
            assert len(await waiting) == 2


async def test_a_lost_line_is_opened_again(two: tuple[House, House], postgres: str) -> None:
    """Somebody ends the connections: what was missed is found, and news come as before."""
    door, worker = two
    arrived = asyncio.Event()
    worker.telegram.answer = telling(arrived)
    async with on_the_wire(door.pipe, worker.pipe):
        running = asyncio.create_task(worker.pipe.worker.run())
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname LIKE 'test_%' AND query LIKE 'LISTEN%'"
            )
        async with asyncio.timeout(10):
            await door.pipe.door.receive(written("hello", "1"))
            await arrived.wait()
            while not (worker.pipe.wire and worker.pipe.wire.up):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        worker.pipe.worker.stop()
        await running

    assert worker.telegram.texts("c1") == ["answer to hello [hello]"]


async def test_many_hosts_purge_and_migrate_at_once(two: tuple[House, House]) -> None:
    """Nobody leads: whoever does it, it is done once, and nobody is in anybody's way."""
    door, _ = two
    for n in range(40):
        await door.pipe.door.receive(written("hello", f"{n}", chat=f"c{n}"))
    await door.pipe.worker.drain()
    later = utc_now().replace(year=utc_now().year + 1)

    counts = await asyncio.gather(
        *(house.pipe.retention.purge(later) for house in two for _ in range(3)),
        *(house.database.migrate() for house in two),
    )

    assert sum(count["conversations"] for count in counts if count) == 40
    left = await door.database.read(
        lambda c: c.execute(text("SELECT count(*) FROM conversations")).scalar()
    )
    assert left == 0
