"""The whole turn for benches: the real dialogue and content, an engine that answers at once."""

import sys
import time
from datetime import timedelta
from pathlib import Path

from bot.clock import utc_now
from bot.content.limits import BY_CHANNEL
from bot.content.shelf import Shelf
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from bot.messages import Address, Incoming, Outcome, Part, Sent, Words
from bot.pipe import Pipe, open_pipe
from bot.ports import Engine
from bot.store.database import Database
from bot.store.seal import Keyring
from bot.turn import Mind
from nlu.reading import Context, EngineState, Reading

MASTER = bytes(32)
WORDS = "he keeps following me home from work"


class Ready:
    """An engine that answers at once."""

    name = "ready"

    async def read(self, text: str, context: Context) -> Reading:  # noqa: ARG002 - Engine's shape
        """The same for everything."""
        return Reading((("followed_or_watched", 0.95), ("out_of_scope", 0.01)), language="en")

    def state(self) -> EngineState:
        """Always."""
        return EngineState(ready=True)


class Telling:
    """A channel whose platform takes everything at once, and says so on stdout: chat and moment."""

    name = "telegram"
    keeps_page = False
    limits = BY_CHANNEL["telegram"]

    async def send(self, to: Address, part: Part) -> Outcome:  # noqa: ARG002 - Channel's shape
        """Taken."""
        sys.stdout.write(f"{to.to} {time.monotonic()}\n")
        sys.stdout.flush()
        return Sent()


def mind(engine: Engine | None = None) -> Mind:
    """What makes an answer, from the texts of this working copy."""
    shelf = Shelf(Path("responses"))
    known = Known(shelf.content.library.ids, shelf.content.flows)
    return Mind(engine or Ready(), decide, lambda: shelf.renderer, lambda: known)


def pipe(database: Database, channel: object, engine: Engine | None = None) -> Pipe:
    """The whole way of a message. channel: fits bot.ports.Channel."""
    return open_pipe(
        database=database,
        keyring=Keyring(MASTER),
        mind=mind(engine),
        channels={"telegram": channel},  # type: ignore[dict-item]
        clock=utc_now,
        idle=timedelta(hours=24),
        paces={},
    )


def message(chat: str, number: object, words: str = WORDS) -> Incoming:
    """One message of this chat; number: of the event, different for each."""
    return Incoming(Address("telegram", chat), f"{chat}-{number}", utc_now(), Words(words))
