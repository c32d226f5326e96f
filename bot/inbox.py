"""What people sent is stored once, sealed, before anybody is told that we have it."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot import metrics
from bot.clock import Clock
from bot.messages import Address, ConversationId, Incoming, Part
from bot.store import conversations, inbox_rows, page_rows, screen_rows
from bot.store.bell import Bell
from bot.store.conversations import FIRST
from bot.store.database import Database
from bot.store.records import seal_address, seal_incoming, seal_line, seal_shown
from bot.store.seal import DataKey, Keyring, Unopenable

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is stored. new: False when this event had been stored before."""

    conversation_id: ConversationId
    new: bool


class Inbox:
    """Accepts messages. Order inside a conversation is the order of the commits."""

    def __init__(self, database: Database, keyring: Keyring, bell: Bell, clock: Clock) -> None:
        self._database = database
        self._keyring = keyring
        self._bell = bell
        self._clock = clock

    async def accept(
        self,
        incoming: Incoming,
        *,
        answered: bool = False,
        urgent: bool = False,
        card: Part | None = None,
    ) -> Accepted:
        """Store one message durably, and the conversation on first sight. A repeat changes nothing.

        answered: the 999 card has gone out already; the turn will not repeat it. urgent: it goes
        before everybody else's. card: the 999 card, shown on the page at once. Raises Away.
        """
        of = self._keyring.conversation_id(incoming.address)
        now = self._clock()
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)

        def store(connection: Connection) -> bool:
            key, lost = self._key(connection, of, incoming, FIRST if urgent else now)
            new = inbox_rows.add(
                connection,
                event_key=event,
                conversation_id=of,
                received_at=now,
                body=seal_incoming(key, incoming, answered=answered or card is not None, lost=lost),
            )
            if incoming.message is not None:
                shown = seal_shown(key, incoming.message, mine=True)
                screen_rows.add(connection, of, body=shown, at=incoming.at)
            if new and card is not None:
                page_rows.add(connection, of, mine=False, body=seal_line(key, card), now=now)
            return new

        new = await self._database.write(store)
        metrics.accepted(incoming.address.channel, new=new)
        if new:
            self._bell.ring(urgent=urgent)
        return Accepted(of, new)

    async def note(self, address: Address, number: str, at: datetime, *, mine: bool) -> None:
        """Remember a message that stands in the chat, of a conversation that there is.

        mine: the person wrote it. Raises Away.
        """
        of = self._keyring.conversation_id(address)

        def store(connection: Connection) -> None:
            wrapped = conversations.wrapped_key(connection, of)
            if wrapped is not None:
                key = self._keyring.unwrap(of, wrapped)
                screen_rows.add(connection, of, body=seal_shown(key, number, mine=mine), at=at)

        await self._database.write(store)

    async def ahead(self, incoming: Incoming) -> int | None:
        """How many messages of this person wait; None when this one is stored already.

        Raises Away.
        """
        of = self._keyring.conversation_id(incoming.address)
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)
        return await self._database.read(lambda c: inbox_rows.ahead(c, of, event))

    def _key(
        self, connection: Connection, of: ConversationId, incoming: Incoming, due: datetime
    ) -> tuple[DataKey, bool]:
        """The conversation's key, and whether what was said under an earlier one is lost."""
        wrapped = conversations.wake(connection, of, due)
        while wrapped is None:
            key, fresh = self._keyring.new_key(of)
            address = seal_address(key, incoming.address)
            if conversations.create(
                connection,
                of,
                channel=incoming.address.channel,
                key=fresh,
                address=address,
                now=due,
            ):
                return key, False
            wrapped = conversations.wake(connection, of, due)
        try:
            return self._keyring.unwrap(of, wrapped), False
        except Unopenable:
            # A backup was put back, another master key, or damage. They begin anew, and are told.
            _log.error("conversation.key_unopenable")
            key, fresh = self._keyring.new_key(of)
            address = seal_address(key, incoming.address)
            conversations.reset(connection, of, key=fresh, address=address)
            return key, True
