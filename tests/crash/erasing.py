"""A talk that is erased, in a process that may die at a named step (`-m tests.crash.erasing`).

The chat itself is a file, which survives the process: what stands on the person's screen can be
read from it. Arguments: database URL, that file, step (`none`), how often it is passed before.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.clock import utc_now
from bot.content.limits import TELEGRAM
from bot.dialogue.known import Known
from bot.messages import Address, Outcome, Part, Sent
from bot.pipe import Pipe, open_pipe
from bot.store.seal import Keyring
from bot.turn import Mind
from tests.crash.child import LEASE, Death, MortalDatabase, _is_done
from tests.fakes import MASTER, EchoRenderer, FakeChannel, FakeEngine, echo, written

_DAY = timedelta(days=1)
SAID = ("m1", "m2", "erase")


class Chat(FakeChannel):
    """Telegram, as far as a chat's screen goes: one JSON line for all that happens."""

    def __init__(self, path: Path, death: Death) -> None:
        super().__init__(limits=TELEGRAM)
        self.path = path
        self.death = death

    def note(self, **what: object) -> None:
        with self.path.open("ab", buffering=0) as file:
            file.write(json.dumps(what).encode() + b"\n")

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()]

    async def send(self, to: Address, part: Part) -> Outcome:
        self.death.at("send.before")
        number = str(100 + len(self.lines()))
        self.note(sent=part.text, number=number)
        self.death.at("send.after")
        return Sent(number)

    async def remove(self, to: Address, messages: Sequence[str]) -> Outcome:
        self.death.at("remove.before")
        self.note(removed=list(messages))
        self.death.at("remove.after")
        return Sent()


def _pipe(database: MortalDatabase, chat: Chat) -> Pipe:
    return open_pipe(
        database=database,
        keyring=Keyring(MASTER),
        mind=Mind(FakeEngine(), echo, EchoRenderer, Known),
        channels={"telegram": chat},
        clock=utc_now,
        idle=_DAY,
        paces={},
        lease=LEASE,
    )


async def serve(url: str, path: Path, death: Death) -> None:
    """Deliver what was not accepted yet, each once what came before it is answered."""
    database = await MortalDatabase.open(url)
    assert isinstance(database, MortalDatabase)
    database.death = death
    await database.migrate()
    chat = Chat(path, death)
    pipe = _pipe(database, chat)
    async with asyncio.timeout(60):
        for number, text in enumerate(("", *SAID)):  # first, what an earlier life left
            accepted = {line.get("accepted") for line in chat.lines()}
            if text and number not in accepted:
                chat.note(said=text, number=str(number))
                incoming = replace(written(text, f"e{number}", at=utc_now()), message=str(number))
                assert (await pipe.door.receive(incoming)).stored
                chat.note(accepted=number)
            while True:
                await pipe.worker.drain()
                if await _is_done(database):
                    break
                await asyncio.sleep(0.1)
    await database.close()


if __name__ == "__main__":
    _, url_, path_, point_, passes_ = sys.argv
    asyncio.run(serve(url_, Path(path_), Death(point_, int(passes_))))
