"""Where every channel hands in what people sent. Danger is seen here even without a database."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.content.last_resort import emergency_card
from bot.danger import brought_by, most_pressing
from bot.inbox import Inbox
from bot.messages import Address, ConversationId, Incoming, Part, Sent
from bot.ports import Channel
from bot.store.seal import Keyring

_log = structlog.get_logger()

STORE_WITHIN = timedelta(seconds=2)  # then the database counts as away: platforms wait some seconds
SEND_WITHIN = timedelta(seconds=5)  # the platform's call waits so long for us
AHEAD = 3  # unanswered messages of the same person
REMEMBERED = 10_000  # events that got the card past the inbox


@dataclass(frozen=True, slots=True)
class Received:
    """stored: it will be answered. If not: deliver `parts` now and refuse the event (503)."""

    stored: bool
    conversation_id: ConversationId
    parts: tuple[Part, ...] = ()


class Door:
    """Takes in one event from any channel."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        keyring: Keyring,
        channels: Mapping[str, Channel],
        crowded: Callable[[], bool] = lambda: False,
    ) -> None:
        """channels: by name; the card keeps within their limits. crowded: people wait too long."""
        self._inbox = inbox
        self._keyring = keyring
        self._channels = channels
        self._crowded = crowded
        self._carded: OrderedDict[str, str | None] = OrderedDict()  # by event; its number

    async def receive(self, incoming: Incoming) -> Received:
        """Store it, or, while the database is away, give what must be said all the same.

        Never raises. The 999 card is given once for an event, however often it is delivered again,
        and the turn does not repeat it once the event can be stored. Words of danger go before
        everybody else's; where even so they would wait, the card is sent from here.
        """
        of = self._keyring.conversation_id(incoming.address)
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)
        try:
            seen = brought_by(incoming)
            if seen and event not in self._carded and await self._would_wait(incoming):
                await self._store(incoming, event, seen, card=self._show(incoming, event, seen))
            else:
                await self._store(incoming, event, seen)
            if number := self._carded.get(event):  # so that it can be taken off the screen
                self._carded[event] = None
                await self.note(incoming.address, number, incoming.at, mine=False)
        except Exception as error:  # noqa: BLE001 - whatever failed, danger comes first
            name = type(error.__cause__ or error).__name__
            metrics.not_stored(incoming.address.channel)
            _log.error("door.not_stored", channel=incoming.address.channel, fault=name)
            return Received(stored=False, conversation_id=of, parts=self._card(incoming, event))
        return Received(stored=True, conversation_id=of)

    async def _store(
        self, incoming: Incoming, event: str, seen: frozenset[str], *, card: Part | None = None
    ) -> None:
        """Raises Away, TimeoutError. card: to be given now."""
        channel = self._channels[incoming.address.channel]
        on_page = card if channel.keeps_page else None
        if card is not None and not channel.keeps_page:
            await self._send(channel, incoming, card)
        try:
            async with asyncio.timeout(STORE_WITHIN.total_seconds()):
                answered, urgent = event in self._carded, bool(seen)
                await self._inbox.accept(incoming, answered=answered, urgent=urgent, card=on_page)
        except BaseException:
            if on_page is not None:
                self.undelivered(incoming)
            raise

    async def _would_wait(self, incoming: Incoming) -> bool:
        """Whether the turn would come late: many people wait, or many messages of this person."""
        async with asyncio.timeout(STORE_WITHIN.total_seconds()):
            ahead = await self._inbox.ahead(incoming)
        return ahead is not None and (self._crowded() or ahead >= AHEAD)

    async def _send(self, channel: Channel, incoming: Incoming, card: Part) -> None:
        outcome: object = None
        try:
            async with asyncio.timeout(SEND_WITHIN.total_seconds()):
                outcome = await channel.send(incoming.address, card)
        except Exception as error:  # noqa: BLE001 - the turn gives it again
            _log.error("door.send_raised", channel=channel.name, fault=type(error).__name__)
        self.delivered(incoming, outcome)

    async def note(self, address: Address, number: str, at: datetime, *, mine: bool) -> None:
        """A message stands in this chat that nobody answers; it should go with the others.

        number: the platform's. mine: the person wrote it. Best effort, never raises.
        """
        try:
            async with asyncio.timeout(STORE_WITHIN.total_seconds()):
                await self._inbox.note(address, number, at, mine=mine)
        except Exception as error:  # noqa: BLE001 - only its erasing hangs on it
            _log.error("door.not_noted", channel=address.channel, fault=type(error).__name__)

    def delivered(self, incoming: Incoming, outcome: object) -> None:
        """What became of the card given for this event. Unless it was sent, it is given again."""
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)
        if not isinstance(outcome, Sent):
            self._carded.pop(event, None)
        elif self._channels[incoming.address.channel].limits.erase_within is not None:
            self._carded[event] = outcome.provider_id

    def undelivered(self, incoming: Incoming) -> None:
        """The card given for this event did not reach the person: give it again next time."""
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)
        self._carded.pop(event, None)

    def _card(self, incoming: Incoming, event: str) -> tuple[Part, ...]:
        if event in self._carded:
            return ()
        seen = brought_by(incoming)
        return (self._show(incoming, event, seen),) if seen else ()

    def _show(self, incoming: Incoming, event: str, seen: frozenset[str]) -> Part:
        self._carded[event] = None
        if len(self._carded) > REMEMBERED:
            self._carded.popitem(last=False)
        limits = self._channels[incoming.address.channel].limits
        metrics.cards((most_pressing(seen),), "door")
        return emergency_card(most_pressing(seen), limits)
