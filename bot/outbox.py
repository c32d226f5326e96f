"""Replies on their way: in order, one at a time for each person, and honest about doubt.

A bubble is `sending` in the database before it leaves and `sent` after. One found in `sending` by
the next holder may have arrived: it goes once more, and says so, and never a third time by itself.
The 999 card is sent again whenever there is doubt. Where the platform tells what became of a
message (bot/receipts.py), that is awaited some seconds, and what it told is never overwritten.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from bot import metrics
from bot.clock import Clock
from bot.conversation import Facts
from bot.dialogue.decision import Say
from bot.messages import Address, Kind, Limits, Outcome, Part, Refused, TryLater, Unknown
from bot.ports import Channel, Removes, Tags
from bot.store import (
    bubbles,
    conversations,
    inbox_rows,
    jobs,
    outbox_rows,
    screen_rows,
    timer_rows,
)
from bot.store.aftermath import After, after_send
from bot.store.bell import Bell
from bot.store.bubbles import PENDING, Bubble
from bot.store.conversations import Held
from bot.store.database import Away, Database, Work
from bot.store.pace import Pace, Pacing
from bot.store.records import open_address, open_part, open_taken_off, seal_part
from bot.store.seal import DataKey, Keyring, Unopenable

T = TypeVar("T")

_log = structlog.get_logger()

SEND_WITHIN = timedelta(seconds=30)  # then it may have arrived
_RESENT = "You may have had this already."  # when the content is broken
_ONE_LINE = Limits(
    text=200, text_with_choices=200, buttons=0, button_title=20, rows=0, row_title=20
)  # characters; the smallest room any channel gives

STATUS_WITHIN = timedelta(seconds=10)  # that a platform may take to tell what became of a send
_CHANNEL_OFF_WAIT = timedelta(minutes=1)
_CLOSED = Refused("window_closed")
_AWAY_WAIT = 0.25  # seconds before the database is asked again


class Renders(Protocol):
    """bot.content.render.Renderer, and what a test puts in its place."""

    def render(
        self, say: Say, facts: Facts, now: datetime, limits: Limits, channel: str
    ) -> tuple[Part, ...]:
        """The bubbles of one item."""


@dataclass(frozen=True, slots=True)
class _Way:
    key: DataKey
    to: Address
    channel: Channel


class Outbox:
    """Sends what turns have decided."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        channels: Mapping[str, Channel],
        bell: Bell,
        clock: Clock,
        renderer: Callable[[], Renders],
        paces: Mapping[str, Pace],
        lease: timedelta,
    ) -> None:
        """renderer: says "You may have had this already." paces: by channel; none: not paced."""
        self._database = database
        self._keyring = keyring
        self._channels = channels
        self._bell = bell
        self._clock = clock
        self._renderer = renderer
        self._pacing = Pacing(paces)
        self._lease = lease

    def compose(
        self, held: Held, key: DataKey, parts: Sequence[Part], pending: Sequence[Bubble]
    ) -> tuple[Bubble, ...]:
        """What is pending, then a bubble for each part, id 0.

        The one that goes first is `sending` already when it may leave at once: one commit less. A
        new 999 card makes older ones that wait for their next try leave at once, too.
        """
        new = [
            Bubble(0, "new", part.kind is Kind.EMERGENCY, 0, 0, None, seal_part(key, part))
            for part in parts
        ]
        before = list(pending)
        if any(one.urgent for one in new):
            before = [replace(one, not_before=None) if one.urgent else one for one in before]
        first = bubbles.head([*before, *new])
        now = self._clock()
        if first is not None and first.id == 0 and self._ready_at(held, first, now) <= now:
            new[new.index(first)] = bubbles.begun(first)
        return (*before, *new)

    async def deliver(self, held: Held, pending: Sequence[Bubble]) -> jobs.Job | None:
        """Send what may be sent now, then let the conversation go; a Job when a message waits.

        Raises LeaseLost and Away: then the next holder goes on from what the database says.
        """
        way = self._way(held) if any(one.state in PENDING for one in pending) else None
        found = [self._awaited(way, one) for one in pending]
        after = After([one for one in found if one.state not in PENDING or one not in pending])
        waiting = {one.id: one for one in found if one.state in PENDING}
        closed = way is not None and await self._is_closed(held, way.channel)
        while way is not None and (head := bubbles.head(waiting.values())) is not None:
            if self._ready_at(held, head, self._clock()) > self._clock():
                break
            if head.state != "sending":
                head = bubbles.begun(head)
                if not await self._mark(held, replace(after, marks=[*after.marks, head])):
                    del waiting[head.id]  # the platform has told meanwhile what became of it
                    after = After([])
                    continue
            outcome = _CLOSED if closed else await self._send(held, way, head)
            waiting[head.id] = sent = bubbles.after(head, outcome, self._clock())
            if sent.state not in PENDING:
                del waiting[head.id]
            after = after_send(way.key, sent, outcome, waiting, way.channel.limits)
            if isinstance(outcome, Refused) and outcome.gone:
                return await self._finish(held, after, (), gone=True)
        return await self._finish(held, after, tuple(waiting.values()), off=way is None)

    async def _finish(
        self,
        held: Held,
        after: After,
        left: tuple[Bubble, ...],
        *,
        gone: bool = False,
        off: bool = False,
    ) -> jobs.Job | None:
        now = self._clock()
        head = bubbles.head(left)
        due = None if head is None else self._ready_at(held, head, now)
        if due is not None and off:
            due = now + _CHANNEL_OFF_WAIT

        def finish(connection: Connection) -> jobs.Job | None:
            job = jobs.finish(connection, held, now=now, lease=self._lease, pending=left, due=due)
            after.write(connection, held, now)
            if gone:
                outbox_rows.cancel(connection, held.id)
                screen_rows.clear(connection, held.id)
                timer_rows.cancel_sending(connection, held.id)
            return job

        job = await self._keep(finish)
        if job is None and due is not None:
            self._bell.ring_after((due - now).total_seconds())
        if job is None and held.ending and not left:
            await self._database.scrub()
        return job

    async def _mark(self, held: Held, after: After) -> bool:
        """False when the bubble marked last is no longer to be sent."""
        now = self._clock()
        until = now + self._lease

        def mark(connection: Connection) -> bool:
            conversations.keep(connection, held, until)
            return after.write(connection, held, now)

        return await self._keep(mark)

    async def _keep(self, work: Work[T]) -> T:
        """Write down what has happened. A database that is away for a moment makes nothing unknown:
        it is asked again for as long as the lease may be ours.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._lease.total_seconds()
        while True:
            try:
                return await self._database.write(work)
            except Away:
                if loop.time() >= until:
                    raise
                await asyncio.sleep(_AWAY_WAIT)

    async def _send(self, held: Held, way: _Way, bubble: Bubble) -> Outcome:
        if bubble.removes:
            return await _take_off(way, bubble)
        self._pacing.left(held.id, held.channel, self._clock())
        try:
            part = open_part(way.key, bubble.part)
        except Unopenable:
            _log.error("outbox.part_unopenable", channel=held.channel)
            return Refused("unopenable")
        if bubble.doubts:
            part = self._resent(part, way.channel)
        try:
            async with asyncio.timeout(SEND_WITHIN.total_seconds()):
                if isinstance(way.channel, Tags):
                    tag = self._keyring.tag(held.key, bubble.id)
                    outcome = await way.channel.send_tagged(way.to, part, tag)
                else:
                    outcome = await way.channel.send(way.to, part)
        except Exception as error:  # noqa: BLE001 - whatever happened, it may have arrived
            _log.error("outbox.send_raised", channel=held.channel, fault=type(error).__name__)
            outcome = Unknown(type(error).__name__)
        metrics.sent(held.channel, outcome)
        _log.info("outbox.send", channel=held.channel, outcome=type(outcome).__name__)
        return outcome

    async def _is_closed(self, held: Held, channel: Channel) -> bool:
        """Whether this person's last message is too long ago for the platform to take a reply."""
        within = channel.limits.reply_within
        if within is None:
            return False
        last = await self._database.read(lambda c: inbox_rows.last_at(c, held.id))
        closed = last is None or last + within <= self._clock()
        if closed:
            _log.warning("outbox.window_closed", channel=held.channel)
        return closed

    def _awaited(self, way: _Way | None, bubble: Bubble) -> Bubble:
        if way is None or not isinstance(way.channel, Tags):
            return bubble
        return bubbles.awaited(bubble, self._clock() + STATUS_WITHIN)

    def _resent(self, part: Part, channel: Channel) -> Part:
        text = f"{self._resent_line()}\n{part.text}"
        limits = channel.limits
        most = limits.text_with_choices if part.choices else limits.text
        return replace(part, text=text) if len(text) <= most else part

    def _resent_line(self) -> str:
        say = Say("technical.resent")
        try:
            line = self._renderer().render(say, Facts(), self._clock(), _ONE_LINE, "")[0]
        except Exception as error:  # noqa: BLE001 - the message matters more than the wording
            _log.error("outbox.last_resort", fault=type(error).__name__)
            return _RESENT
        return line.text if line.topic == say.item else _RESENT

    def _way(self, held: Held) -> _Way | None:
        channel = self._channels.get(held.channel)
        if channel is None:
            _log.error("outbox.channel_is_off", channel=held.channel)
            return None
        key = self._keyring.unwrap(held.id, held.key)
        return _Way(key, open_address(key, held.address), channel)

    def _ready_at(self, held: Held, bubble: Bubble, now: datetime) -> datetime:
        if bubble.state == "sending":
            return now
        if bubble.not_before is not None and bubble.not_before > now:
            return bubble.not_before
        if bubble.urgent or bubble.removes:
            return now
        return self._pacing.ready_at(held.id, held.channel, now)


async def _take_off(way: _Way, bubble: Bubble) -> Outcome:
    """Take messages off the screen. No doubt remains: what may have been done is done again."""
    if not isinstance(way.channel, Removes):
        return Refused("cannot")
    try:
        numbers = open_taken_off(way.key, bubble.part)
        async with asyncio.timeout(SEND_WITHIN.total_seconds()):
            outcome = await way.channel.remove(way.to, numbers)
    except Unopenable:
        outcome = Refused("unopenable")
    except Exception as error:  # noqa: BLE001 - it is tried again
        outcome = Unknown(type(error).__name__)
    _log.info("outbox.take_off", channel=way.channel.name, outcome=type(outcome).__name__)
    return TryLater(outcome.reason) if isinstance(outcome, Unknown) else outcome
