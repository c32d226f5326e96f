"""`python -m bot talk`: the whole service over JSON lines, throw-away database, no network.

Every message goes the real way (inbox, turn, outbox); only the channel is one that collects.
"""

import asyncio
import itertools
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from bot.app import App, build
from bot.clock import Clock, SetClock, utc_now
from bot.content.limits import BY_CHANNEL
from bot.content.shelf import Shelf
from bot.messages import Address, Incoming, Limits, Media, Outcome, Part, Refused, Sent, Words
from bot.ports import Engine
from bot.settings import Settings

STAFF_ACTIONS = ("on_duty", "off_duty", "list", "claim", "say", "release", "close")
NO_DESK = (
    "this version has no advocates' desk yet: nobody can be on duty, and people who ask for a "
    "person are given the helplines"
)


class Unusable(Exception):  # noqa: N818 - an answer, not a fault of ours
    """An event that cannot be used; says why."""


@dataclass(slots=True)
class Collecting:
    """A channel that keeps what it is given, for each chat, until it is asked for it.

    Where a message can be taken off the screen, it knows what stands there and since when.
    """

    name: str
    limits: Limits
    clock: Clock = utc_now
    keeps_page: bool = False
    got: dict[str, list[Part]] = field(default_factory=dict)
    standing: dict[str, dict[str, datetime]] = field(default_factory=dict)
    removed: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def send(self, to: Address, part: Part) -> Outcome:
        """Always arrives."""
        self.got.setdefault(to.to, []).append(part)
        return Sent(self.stands(to))

    def stands(self, to: Address) -> str | None:
        """A message of either side appears on the screen: its number, where one is of use."""
        if self.limits.erase_within is None:
            return None
        number = str(next(self._numbers))
        self.standing.setdefault(to.to, {})[number] = self.clock()
        return number

    async def remove(self, to: Address, messages: Sequence[str]) -> Outcome:
        """Take messages off the screen, but those that are too old."""
        there, within = self.standing.get(to.to, {}), self.limits.erase_within
        if within is None:
            return Refused("cannot")
        now = self.clock()
        gone = [one for one in messages if one in there and now - there[one] < within]
        for one in gone:
            del there[one]
        self.removed[to.to] += len(gone)
        return Refused("too old") if any(one in there for one in messages) else Sent()

    def take_removed(self, chat: str) -> int:
        """How many messages were taken off this chat's screen since the last call."""
        return self.removed.pop(chat, 0)

    def take(self) -> dict[str, list[Part]]:
        """Everything that arrived since the last call, by chat."""
        got, self.got = self.got, {}
        return got


class TalkSession:
    """One run of the protocol: events in, one answer each."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        channel: str,
        at: datetime,
        open_engine: Callable[[], Engine],
        shelf: Shelf | None = None,
    ) -> None:
        """folder: where the throw-away database lives. at: the clock's start, with a zone.

        shelf: content already read; left out, each start and restart reads it anew.
        """
        self._settings = settings.model_copy(
            update={"database_url": f"sqlite:///{folder / 'talk.db'}", "telegram_token": None}
        )
        self._clock = SetClock(at)
        self._channel = Collecting(channel, BY_CHANNEL[channel], self._clock)
        self._open_engine = open_engine
        self._shelf = shelf
        self._app: App | None = None
        self._events = 0

    async def app(self) -> App:
        """The service, built at the first need and again after a restart."""
        if self._app is None:
            self._app = await build(
                self._settings,
                clock=self._clock,
                engine=self._open_engine(),
                channels=(self._channel,),
                master_key=b"talk protocol, throw-away database",
                paces={},  # the clock stands still: nothing may wait for it
                shelf=self._shelf,
            )
        return self._app

    async def close(self) -> None:
        """Drop every object in memory; the database file stays."""
        if self._app is not None:
            await self._app.close()
            self._app = None

    async def handle(self, line: str) -> dict[str, Any]:
        """The answer to one line."""
        try:
            event: Any = json.loads(line)
        except (ValueError, RecursionError):  # a number or a nesting without end, too
            return {"error": "not JSON"}
        try:
            return await self._answer(event)
        except Unusable as fault:
            keys = ("chat", "staff") if isinstance(event, dict) else ()
            known = {k: event[k] for k in keys if isinstance(event.get(k), str)}
            return {**known, "error": str(fault)}

    async def _answer(self, event: Any) -> dict[str, Any]:
        if not isinstance(event, dict):
            raise Unusable("an event is a JSON object")
        if "chat" in event:
            return await self._chat(event)
        if "staff" in event:
            return _staff(event)
        if "at" in event:
            return await self._move_clock(event)
        if "restart" in event:
            if event["restart"] is not True:
                raise Unusable('"restart" is true')
            await self.close()
            return {"restart": True, "ok": True, "deliveries": await self._deliveries()}
        raise Unusable('no known key: an event has "chat", "staff", "at" or "restart"')

    async def _chat(self, event: dict[str, Any]) -> dict[str, Any]:
        chat = _text_of(event, "chat")
        address = Address(self._channel.name, chat)
        self._events += 1
        incoming = Incoming(
            address=address, event_id=str(self._events), at=self._clock(), **_said(event)
        )
        if incoming.tap is None:
            incoming = replace(incoming, message=self._channel.stands(address))
        app = await self.app()
        await app.pipe.door.receive(incoming)
        await app.pipe.worker.drain()
        parts = self._channel.take().get(chat, [])
        return {"chat": chat, **await self._shown(address, parts)}

    async def _move_clock(self, event: dict[str, Any]) -> dict[str, Any]:
        self._clock.at = read_instant(_text_of(event, "at"))
        return {"at": event["at"], "ok": True, "deliveries": await self._deliveries()}

    async def _deliveries(self) -> list[dict[str, Any]]:
        app = await self.app()
        await app.pipe.worker.drain()
        return [
            {"chat": chat, **await self._shown(Address(self._channel.name, chat), parts)}
            for chat, parts in self._channel.take().items()
        ]

    async def _shown(self, address: Address, parts: list[Part]) -> dict[str, Any]:
        app = await self.app()
        talk = await app.conversation(address)
        return {
            "replies": [_reply(part) for part in parts],
            "removed": self._channel.take_removed(address.to),
            "state": {
                "role": talk.facts.role,
                "nation": talk.facts.nation,
                "flow": talk.flow.flow if talk.flow else None,
                "handoff": None,
            },
        }


def _said(event: dict[str, Any]) -> dict[str, Any]:
    """The one thing a chat event brings, as Incoming's arguments."""
    if "text" in event:
        text = _text_of(event, "text", empty=True)
        return {"words": Words(text.encode("utf-8", "replace").decode("utf-8"))}
    if "tap" in event:
        return {"tap": _text_of(event, "tap", empty=True)}
    if "media" in event:
        with suppress(ValueError):
            return {"media": Media(_text_of(event, "media", empty=True))}
        return {"media": Media.OTHER}
    raise Unusable('a chat event has "text", "tap" or "media"')


def _staff(event: dict[str, Any]) -> dict[str, Any]:
    staff = _text_of(event, "staff")
    action = _text_of(event, "do")
    if action not in STAFF_ACTIONS:
        raise Unusable(f"unknown staff action; there are {', '.join(STAFF_ACTIONS)}")
    nothing: dict[str, Any] = {"queue": [], "mine": [], "deliveries": []}
    return {"staff": staff, "ok": False, "error": NO_DESK, **nothing}


def _reply(part: Part) -> dict[str, Any]:
    return {
        "text": part.text,
        "kind": part.kind.value,
        "topic": part.topic,
        "buttons": [{"id": choice.id, "title": choice.title} for choice in part.choices],
        "refs": list(part.refs),
    }


def _text_of(event: dict[str, Any], key: str, *, empty: bool = False) -> str:
    value = event.get(key)
    if not isinstance(value, str) or not (value or empty):
        raise Unusable(f'"{key}" is a text')
    return value


def read_instant(text: str) -> datetime:
    """An ISO 8601 instant in UTC, from 1970 to 9000.

    Raises Unusable for anything else or a time without a zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable("not an ISO 8601 time such as 2026-12-25T10:00:00+00:00") from None
    if at.tzinfo is None:
        raise Unusable("a time needs its zone, such as +00:00")
    if not 1970 <= at.year <= 9000:  # timers are reckoned from it, in both directions
        raise Unusable("a time lies between 1970 and 9000")
    return at.astimezone(UTC)


async def talk(
    lines: TextIO,
    out: TextIO,
    settings: Settings,
    *,
    channel: str,
    at: datetime,
    open_engine: Callable[[], Engine],
) -> None:
    """Answer each line of `lines` with one line on `out`, flushed at once."""
    with tempfile.TemporaryDirectory(prefix="talk-") as folder:
        session = TalkSession(
            settings, Path(folder), channel=channel, at=at, open_engine=open_engine
        )
        try:
            while line := await asyncio.to_thread(lines.readline):
                answer = await session.handle(line)
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
                out.flush()
        finally:
            await session.close()
