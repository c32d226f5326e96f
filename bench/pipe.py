"""How much of what the disk allows the pipe makes use of: python -m bench.pipe

Both sides run in this process, in turns, on SQLite files with the same pragmas. One side is the
whole way of a message (Door, inbox, turn, outbox, a channel that accepts at once) with an engine
that answers at once and the real dialogue and content. The other is an empty Starlette route,
called without a socket, that makes as many durable commits of one small row as a turn makes.
"""

import asyncio
import itertools
import logging
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import known_of
from bot.clock import utc_now
from bot.content.limits import BY_CHANNEL
from bot.content.shelf import Shelf
from bot.dialogue.policy import decide
from bot.messages import Address, Incoming, Outcome, Part, Sent, Words
from bot.pipe import Pipe, open_pipe
from bot.store.database import Database, Rooms, Work
from bot.store.seal import Keyring
from bot.turn import Mind
from nlu.reading import Context, EngineState, Reading

T = TypeVar("T")

ROUNDS = 40  # short ones, ours and theirs in turns: disks have moods
TURNS = 24  # in one round
ALONE = 200  # turns one after the other, to see where the time of one goes
PEOPLE, MANY = 1, 8  # who wait for their answer before they write again
AIM = 0.7


class Ready:
    """An engine that answers at once."""

    name = "ready"

    async def read(self, text: str, context: Context) -> Reading:  # noqa: ARG002 - Engine's shape
        """The same for everything."""
        return Reading((("followed_or_watched", 0.95), ("out_of_scope", 0.01)), language="en")

    def state(self) -> EngineState:
        """Always."""
        return EngineState(ready=True)


class Accepting:
    """A channel whose platform takes everything at once, and the moment it does."""

    name = "telegram"
    keeps_page = False
    limits = BY_CHANNEL["telegram"]

    def __init__(self) -> None:
        self.arrived: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.count = 0

    async def send(self, to: Address, part: Part) -> Outcome:  # noqa: ARG002 - Channel's shape
        """Taken."""
        self.count += 1
        self.arrived[to.to].set()
        return Sent()


class Steps:
    """Where the time of a turn goes."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, step: str) -> Iterator[None]:
        """Count this block for a step."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.spent[step] += time.perf_counter() - began


NAMES = {
    "Inbox.accept": "accept (commit)",
    "Worker._claim": "claim and load (commit)",
    "Turn._keep": "save (commit)",
    "Outbox._mark": "next bubble (commit)",
    "Outbox._finish": "sent, let go (commit)",
}


class Counting(Database):
    """A database whose transactions are counted, and timed by what they do."""

    def __init__(self, rooms: Rooms, *, postgres: bool) -> None:
        super().__init__(rooms, postgres=postgres)
        self.steps = Steps()
        self.commits = 0
        self.let_go = asyncio.Event()

    async def write(self, work: Work[T]) -> T:
        """As the real one."""
        name = next((n for of, n in NAMES.items() if work.__qualname__.startswith(of)), "other")
        with self.steps.of(name):
            result = await super().write(work)
        if name == NAMES["Outbox._finish"]:
            self.let_go.set()
        if not (name.startswith("claim") and result == []):
            self.commits += 1
        return result


class TimedRenderer:
    """The real renderer, timed."""

    def __init__(self, shelf: Shelf, steps: Steps) -> None:
        self._shelf = shelf
        self._steps = steps

    def render(self, *arguments: Any) -> tuple[Part, ...]:
        """As the real one."""
        with self._steps.of("render"):
            return self._shelf.renderer.render(*arguments)


class PipeSide:
    """The whole way of a message."""

    def __init__(self, database: Counting, shelf: Shelf) -> None:
        self.steps = database.steps
        self.counting = database
        self.channel = Accepting()
        self.pipe = self._open(database, shelf)
        self._numbers = itertools.count()

    def _open(self, database: Database, shelf: Shelf) -> Pipe:
        renderer = TimedRenderer(shelf, self.steps)

        known = known_of(shelf.content, shelf.content.library.ids)

        def timed_decide(*arguments: Any) -> Any:
            with self.steps.of("decide"):
                return decide(*arguments)

        return open_pipe(
            database=database,
            keyring=Keyring(bytes(32)),
            mind=Mind(Ready(), timed_decide, lambda: renderer, lambda: known),
            channels={"telegram": self.channel},
            clock=utc_now,
            idle=timedelta(hours=24),
            paces={},
        )

    async def turn(self, chat: str) -> None:
        """One message, until the platform has accepted the first bubble of its answer."""
        arrived = self.channel.arrived[chat]
        arrived.clear()
        event = str(next(self._numbers))
        words = Words("he keeps following me home from work")
        await self.pipe.door.receive(Incoming(Address("telegram", chat), event, utc_now(), words))
        await arrived.wait()

    async def whole_turn(self, chat: str) -> None:
        """The same, until the conversation has been let go: no step overlaps another message's."""
        self.counting.let_go.clear()
        await self.turn(chat)
        await self.counting.let_go.wait()


class RouteSide:
    """An empty route with as many durable commits of one small row."""

    def __init__(self, path: Path, commits: int) -> None:
        self.commits = commits
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("CREATE TABLE small (id INTEGER PRIMARY KEY, body BLOB)")
        self._one = asyncio.Lock()
        self._app = Starlette(routes=[Route("/", self._route, methods=["POST"])])

    async def _route(self, _: Request) -> Response:
        async with self._one:
            await asyncio.to_thread(self._commit)
        return Response(status_code=200)

    def _commit(self) -> None:
        for _ in range(self.commits):
            self._file.execute("BEGIN IMMEDIATE")
            self._file.execute("INSERT INTO small (body) VALUES (?)", (b"x" * 100,))
            self._file.execute("COMMIT")

    async def turn(self, _: str) -> None:
        """One request."""
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [],
            "scheme": "http",
            "server": ("bench", 80),
            "client": ("bench", 1),
            "root_path": "",
        }

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            assert message.get("status", 200) == 200

        await self._app(scope, receive, send)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


async def rate(turn: Callable[[str], Awaitable[None]], people: int, turns: int) -> float:
    """Turns a second, with so many people who each wait for their answer."""

    async def person(number: int) -> None:
        for _ in range(turns // people):
            await turn(f"chat {number}")

    began = time.perf_counter()
    await asyncio.gather(*(person(number) for number in range(people)))
    return turns / (time.perf_counter() - began)


async def measure(folder: Path) -> None:
    """Print everything."""
    database = await Counting.open(f"sqlite:///{folder / 'pipe.db'}")
    await database.migrate()
    assert isinstance(database, Counting)
    side = PipeSide(database, Shelf(Path("responses")))
    working = asyncio.create_task(side.pipe.worker.run())
    await rate(side.turn, MANY, TURNS)  # warm: caches filled, greetings said
    await asyncio.sleep(1)  # the last ones are let go
    side.counting.commits, side.channel.count = 0, 0
    side.steps.spent.clear()
    alone = await rate(side.whole_turn, PEOPLE, ALONE)
    commits = round(side.counting.commits / ALONE)
    print(
        f"a turn: {side.counting.commits / ALONE:.2f} commits, "
        f"{side.channel.count / ALONE:.2f} bubbles; its time goes to"
    )
    show_shares(side.steps, ALONE / alone)
    route = RouteSide(folder / "route.db", commits)
    for people in (PEOPLE, MANY):
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(await rate(side.turn, people, TURNS))
            theirs.append(await rate(route.turn, people, TURNS))
        ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
        quarter = len(ratios) // 4
        print(
            f"{people} at once: {statistics.median(ratios):.2f} of a route with {commits} commits "
            f"(half of the rounds within {ratios[quarter]:.2f} to {ratios[-quarter]:.2f}; "
            f"aim {AIM}); {statistics.median(ours):.0f} turns/s"
        )
    side.pipe.worker.stop()
    await working
    await database.close()
    route.close()


def show_shares(steps: Steps, total: float) -> None:
    """Print what part of a turn's time each step takes, one person at a time."""
    for name, spent in sorted(steps.spent.items(), key=lambda item: -item[1]):
        print(f"  {spent / total:6.1%}  {name}")
    print(f"  {1 - sum(steps.spent.values()) / total:6.1%}  open, seal, send, event loop")


def main() -> None:
    """Measure in the working copy: a temporary folder may be a memory disk."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
