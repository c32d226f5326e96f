"""Where every channel hands in what people sent. Danger is seen here even without a database."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot import metrics
from bot.content.last_resort import emergency_card
from bot.danger import brought_by, most_pressing
from bot.inbox import Inbox
from bot.messages import ConversationId, Incoming, Part
from bot.ports import Channel
from bot.store.seal import Keyring

_log = structlog.get_logger()

STORE_WITHIN = timedelta(seconds=2)  # then the database counts as away: platforms wait some seconds
REMEMBERED = 10_000  # events that got the card past the inbox


@dataclass(frozen=True, slots=True)
class Received:
    """stored: it will be answered. If not: deliver `parts` now and refuse the event (503)."""

    stored: bool
    conversation_id: ConversationId
    parts: tuple[Part, ...] = ()


class Door:
    """Takes in one event from any channel."""

    def __init__(self, *, inbox: Inbox, keyring: Keyring, channels: Mapping[str, Channel]) -> None:
        """channels: by name; the card keeps within their limits."""
        self._inbox = inbox
        self._keyring = keyring
        self._channels = channels
        self._carded: OrderedDict[str, None] = OrderedDict()

    async def receive(self, incoming: Incoming) -> Received:
        """Store it, or, while the database is away, give what must be said all the same.

        Never raises. The 999 card is given once for an event, however often it is delivered again,
        and the turn does not repeat it once the event can be stored.
        """
        of = self._keyring.conversation_id(incoming.address)
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)
        try:
            async with asyncio.timeout(STORE_WITHIN.total_seconds()):
                await self._inbox.accept(incoming, answered=event in self._carded)
        except Exception as error:  # noqa: BLE001 - whatever failed, danger comes first
            name = type(error.__cause__ or error).__name__
            metrics.not_stored(incoming.address.channel)
            _log.error("door.not_stored", channel=incoming.address.channel, fault=name)
            return Received(stored=False, conversation_id=of, parts=self._card(incoming, event))
        return Received(stored=True, conversation_id=of)

    def undelivered(self, incoming: Incoming) -> None:
        """The card given for this event did not reach the person: give it again next time."""
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)
        self._carded.pop(event, None)

    def _card(self, incoming: Incoming, event: str) -> tuple[Part, ...]:
        if event in self._carded:
            return ()
        seen = brought_by(incoming)
        if not seen:
            return ()
        self._carded[event] = None
        if len(self._carded) > REMEMBERED:
            self._carded.popitem(last=False)
        limits = self._channels[incoming.address.channel].limits
        metrics.cards((most_pressing(seen),), "door")
        return (emergency_card(most_pressing(seen), limits),)
