"""The web page's own talk: what was said, kept sealed here because the page keeps nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot.messages import Address, Choice, ConversationId, Kind, Part, Words
from bot.store import conversations, inbox_rows, page_rows
from bot.store.database import Database
from bot.store.records import open_incoming, open_line
from bot.store.seal import DataKey, Keyring, Unopenable

_POLL = 1.0  # seconds: another process may have answered
_POLL_BEHIND = 5.0  # seconds: where others tell us of their lines


class Joined(Protocol):
    """What joins us to the other processes (bot.store.wire.Wire)."""

    up: bool  # their news reach us

    def page(self, of: str) -> None:
        """Tell them of a new line."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line as the page shows it. mine: the person's own words, then kind is None.

    seq: grows along the talk and is never given twice. at: UTC.
    """

    seq: int
    mine: bool
    text: str = field(repr=False)
    at: datetime
    kind: Kind | None = None
    topic: str | None = None
    choices: tuple[Choice, ...] = ()


class Pages:
    """Reads and forgets page lines. The turn writes them."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        self._waiting: dict[ConversationId, set[asyncio.Event]] = {}
        self._wire: Joined | None = None

    def join(self, wire: "Joined") -> None:
        """Tell the other processes of new lines, and rely on hearing of theirs."""
        self._wire = wire

    async def lines(self, of: ConversationId, after: int = 0) -> list[PageLine]:
        """The lines after this one, oldest first; none where there is no such conversation."""

        def load(connection: Connection) -> tuple[bytes | None, Sequence[page_rows.Line]]:
            wrapped = conversations.wrapped_key(connection, of)
            return wrapped, page_rows.after(connection, of, after) if wrapped else ()

        wrapped, lines = await self._database.read(load)
        if wrapped is None or not lines:
            return []
        key = self._keyring.unwrap(of, wrapped)
        return [_line(key, line) for line in lines]

    async def pending(self, of: ConversationId) -> list[Words]:
        """What the person wrote and is not answered yet, oldest first."""

        def load(connection: Connection) -> tuple[bytes | None, list[inbox_rows.Message]]:
            wrapped = conversations.wrapped_key(connection, of)
            return wrapped, inbox_rows.waiting(connection, of)

        wrapped, messages = await self._database.read(load)
        if wrapped is None or not messages:
            return []
        key = self._keyring.unwrap(of, wrapped)
        said = (_words(key, message) for message in messages)
        return [words for words in said if words is not None]

    async def wait(self, of: ConversationId, after: int, seconds: float) -> list[PageLine]:
        """The lines after this one, as soon as there are any; empty when the time is up."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        rung = asyncio.Event()
        self._waiting.setdefault(of, set()).add(rung)
        try:
            while True:
                rung.clear()
                found = await self.lines(of, after)
                left = until - loop.time()
                if found or left <= 0:
                    return found
                heard = self._wire is not None and self._wire.up
                await _within(rung, min(_POLL_BEHIND if heard else _POLL, left))
        finally:
            self._waiting[of].discard(rung)
            if not self._waiting[of]:
                del self._waiting[of]

    async def forget(self, of: ConversationId) -> int:
        """Delete the page's lines and leave the talk as it is; how many there were."""
        count = await self._database.write(lambda connection: page_rows.clear(connection, of))
        await self._database.scrub()
        return count

    def ring(self, of: ConversationId) -> None:
        """There is a new line."""
        if not self.answer(of) and self._wire is not None:
            self._wire.page(of)

    def answer(self, of: str) -> bool:
        """Another process says that there is a new line. False: nobody here waits for it."""
        waiting = self._waiting.get(ConversationId(of), ())
        for rung in waiting:
            rung.set()
        return bool(waiting)


async def _within(rung: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await rung.wait()
    except TimeoutError:
        return


def _line(key: DataKey, line: page_rows.Line) -> PageLine:
    said = open_line(key, line.body)
    if isinstance(said, Part):
        return PageLine(
            line.seq, line.mine, said.text, line.at, said.kind, said.topic, said.choices
        )
    return PageLine(line.seq, line.mine, said.text, line.at)


def _words(key: DataKey, message: inbox_rows.Message) -> Words | None:
    try:
        incoming, _ = open_incoming(key, message.body, Address("", ""))
    except Unopenable:
        return None
    return incoming.words
