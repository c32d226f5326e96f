"""More people write than can be answered at once: those who wait long are told so, once.

The measure is how long the first in the queue has waited for a worker to begin (`conversations.
due_at` of whoever nobody holds); what a platform's pace holds back does not count. Every process
looks by itself, so that it is told also when no worker runs at all.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.content.last_resort import busy
from bot.conversation import Facts
from bot.dialogue.decision import Say
from bot.messages import ConversationId, Part, Sent
from bot.outbox import Renders
from bot.pages import Pages
from bot.ports import Channel
from bot.store import conversations, page_rows, screen_rows, timer_rows
from bot.store.conversations import Waiting
from bot.store.database import Away, Database
from bot.store.records import open_address, seal_line, seal_shown
from bot.store.seal import DataKey, Keyring, Unopenable

_log = structlog.get_logger()

BUSY_AFTER = timedelta(seconds=10)  # longer than a person takes for granted
NOT_AGAIN = timedelta(minutes=10)  # whoever was told is not told again so soon
AT_ONCE = 16  # told in one look: the way out is needed for answers, too
_EVERY = 2.0  # seconds between two looks
_SEND_WITHIN = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class _Told:
    waiting: Waiting
    part: Part
    key: DataKey = field(repr=False)


class Rush:
    """Looks how long people wait. on: too long, now. waited: how long, at the last look."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        channels: Mapping[str, Channel],
        pages: Pages,
        renderer: Callable[[], Renders],
        clock: Clock,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._channels = channels
        self._pages = pages
        self._renderer = renderer
        self._clock = clock
        self.on = False
        self.waited = timedelta(0)

    async def run(self) -> None:
        """Look every two seconds, for as long as it is let."""
        while True:
            try:
                await self.look()
            except Away:
                pass  # the door says what is to be said
            except Exception as error:  # noqa: BLE001 - answers matter more than this
                _log.error("rush.failed", fault=type(error).__name__)
            await asyncio.sleep(_EVERY)

    async def look(self) -> int:
        """See how long people wait, and tell those who wait too long; how many. Raises Away."""
        now = self._clock()
        since = await self._database.read(lambda c: conversations.waiting_since(c, now))
        self.waited = timedelta(0) if since is None else now - since
        if self.on != (self.waited > BUSY_AFTER):
            self.on = not self.on
            _log.warning("rush.began" if self.on else "rush.over")
        return await self._tell() if self.on else 0

    async def _tell(self) -> int:
        now = self._clock()

        def mark(connection: Connection) -> list[_Told]:
            """Who is told now; nobody else tells them after this commit."""
            told, since = [], now - BUSY_AFTER
            for one in conversations.waiting_long(connection, now=now, by=since, most=AT_ONCE):
                if timer_rows.mark_told(connection, one.id, now + NOT_AGAIN):
                    told += self._to_tell(connection, one)
            return told

        told = await self._database.write(mark)
        await asyncio.gather(*(self._send(one) for one in told))
        if told:
            _log.info("rush.told", count=len(told))
        return len(told)

    def _to_tell(self, connection: Connection, waiting: Waiting) -> list[_Told]:
        channel = self._channels.get(waiting.channel)
        if channel is None:
            return []
        try:
            key = self._keyring.unwrap(waiting.id, waiting.key)
        except Unopenable:
            return []
        told = [_Told(waiting, part, key) for part in self._parts(channel)]
        if channel.keeps_page:
            now = self._clock()
            for one in told:
                body = seal_line(key, one.part)
                page_rows.add(connection, waiting.id, mine=False, body=body, now=now)
        return told

    async def _send(self, told: _Told) -> None:
        """It is said once or not at all: a notice that got lost is not worth a second one."""
        channel = self._channels[told.waiting.channel]
        if channel.keeps_page:
            self._pages.ring(ConversationId(told.waiting.id))
            return
        try:
            to = open_address(told.key, told.waiting.address)
            async with asyncio.timeout(_SEND_WITHIN):
                outcome = await channel.send(to, told.part)
            if isinstance(outcome, Sent) and outcome.provider_id and channel.limits.erase_within:
                await self._note(told, outcome.provider_id)
        except Exception as error:  # noqa: BLE001 - see above
            _log.warning("rush.not_told", channel=channel.name, fault=type(error).__name__)

    async def _note(self, told: _Told, number: str) -> None:
        """So that it goes with the others when the person erases their talk."""
        body, now = seal_shown(told.key, number, mine=False), self._clock()
        of = told.waiting.id
        await self._database.write(lambda c: screen_rows.add(c, of, body=body, at=now))

    def _parts(self, channel: Channel) -> tuple[Part, ...]:
        say, now = Say("technical.busy"), self._clock()
        try:
            parts = self._renderer().render(say, Facts(), now, channel.limits, channel.name)
        except Exception as error:  # noqa: BLE001 - the content may be what is broken
            _log.error("rush.last_resort", channel=channel.name, fault=type(error).__name__)
            return (busy(channel.limits),)
        return parts if parts and parts[0].topic == say.item else (busy(channel.limits),)
