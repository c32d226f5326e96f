"""A whole service in a process of its own, which may die at a named step (`-m tests.crash.child`).

Nothing in the service knows of these steps: the parts given to it do the dying. Arguments: database
URL, file that sends are appended to, step (`none`), and how often the step is passed before.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, text

from bot.clock import utc_now
from bot.dialogue.decision import Decision
from bot.dialogue.known import Known
from bot.messages import Address, Outcome, Part, Sent
from bot.pipe import Pipe, open_pipe
from bot.store.database import Database, Work
from bot.store.seal import Keyring
from bot.turn import Mind
from tests.fakes import MASTER, EchoRenderer, FakeChannel, FakeEngine, echo, written

T = TypeVar("T")

LEASE = timedelta(seconds=1)
EVENTS = {
    "c1": ["m1", "m2+more", "danger", "m3"],
    "c2": ["n1", "n2"],
}
COMMITS = {  # named by the function that gives the transaction
    "accept": "Inbox.accept",
    "claim": "Worker._claim",
    "keep": "Turn._keep",
    "erase": "Erasing.carry_out",
    "mark": "Outbox._mark",
    "finish": "Outbox._finish",
}
POINTS = (
    "accept.before",
    "accept.after",
    "claim.before",
    "claim.after",
    "engine",
    "decide",
    "render",
    "keep.before",
    "keep.after",
    "send.before",
    "send.after",
    "mark.before",
    "mark.after",
    "finish.before",
    "finish.after",
)


class Death:
    """Kills this process when its step is reached for the nth time."""

    def __init__(self, point: str, passes: int) -> None:
        self.point = point
        self.passes = passes

    def at(self, point: str) -> None:
        if point != self.point:
            return
        if self.passes == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passes -= 1


class MortalDatabase(Database):
    """Dies just before or just after a named commit."""

    death: Death

    async def write(self, work: Work[T]) -> T:
        name = next((n for n, of in COMMITS.items() if work.__qualname__.startswith(of)), "")

        def dying(connection: Connection) -> T:
            result = work(connection)
            self.death.at(f"{name}.before")
            return result

        result = await super().write(dying)
        self.death.at(f"{name}.after")
        return result


class MortalRenderer(EchoRenderer):
    """Dies while rendering."""

    def __init__(self, death: Death) -> None:
        self.death = death

    def render(self, *arguments: Any, **named: Any) -> tuple[Part, ...]:
        self.death.at("render")
        return super().render(*arguments, **named)


class FileChannel(FakeChannel):
    """Appends what it sends to a file, which survives the process."""

    def __init__(self, path: str, death: Death) -> None:
        super().__init__()
        self.path = path
        self.death = death

    async def send(self, to: Address, part: Part) -> Outcome:
        self.death.at("send.before")
        line = f"{to.to}\t{part.text!r}\n".encode()
        with open(self.path, "ab", buffering=0) as file:  # noqa: PTH123, ASYNC230 - one write
            file.write(line)
        self.death.at("send.after")
        return Sent()


def mortal_decide(death: Death) -> Callable[..., Decision]:
    """Dies while deciding."""

    def decide(*arguments: Any) -> Decision:
        death.at("decide")
        return echo(*arguments)

    return decide


async def _is_done(database: Database) -> bool:
    def left(connection: Connection) -> int:
        inbox = "SELECT count(*) FROM inbox WHERE state = 'new'"
        outbox = "SELECT count(*) FROM outbox WHERE state IN ('new', 'sending')"
        return sum(int(connection.execute(text(query)).scalar_one()) for query in (inbox, outbox))

    return await database.read(left) == 0


def _pipe(database: Database, sends: str, death: Death) -> Pipe:
    renderer = MortalRenderer(death)
    return open_pipe(
        database=database,
        keyring=Keyring(MASTER),
        mind=Mind(
            FakeEngine(before=lambda _text: death.at("engine")),
            mortal_decide(death),
            lambda: renderer,
            Known,
        ),
        channels={"telegram": FileChannel(sends, death)},
        clock=utc_now,
        idle=timedelta(hours=24),
        paces={},
        lease=LEASE,
    )


async def serve(url: str, sends: str, death: Death) -> None:
    """Deliver every event, as platforms do until they hear yes, and work until all is answered."""
    database = await MortalDatabase.open(url)
    assert isinstance(database, MortalDatabase)
    database.death = death
    await database.migrate()
    pipe = _pipe(database, sends, death)
    for chat, texts in EVENTS.items():
        for number, said in enumerate(texts):
            received = await pipe.door.receive(written(said, f"{chat}-{number}", chat=chat))
            assert received.stored
    async with asyncio.timeout(60):
        while True:
            await pipe.worker.drain()
            if await _is_done(database):
                break
            await asyncio.sleep(0.1)
    await database.close()


if __name__ == "__main__":
    _, url_, sends_, point_, passes_ = sys.argv
    asyncio.run(serve(url_, sends_, Death(point_, int(passes_))))
