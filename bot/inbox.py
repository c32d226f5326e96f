"""What people sent is stored once, sealed, before anybody is told that we have it."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot import metrics
from bot.clock import Clock
from bot.messages import ConversationId, Incoming
from bot.store import conversations, inbox_rows
from bot.store.bell import Bell
from bot.store.database import Database
from bot.store.records import seal_address, seal_incoming
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

    async def accept(self, incoming: Incoming, *, answered: bool = False) -> Accepted:
        """Store one message durably, and the conversation on first sight. A repeat changes nothing.

        answered: the 999 card was sent while the database was away; the turn will not repeat it.
        Raises Away.
        """
        of = self._keyring.conversation_id(incoming.address)
        now = self._clock()
        event = self._keyring.event_key(incoming.address.channel, incoming.event_id)

        def store(connection: Connection) -> bool:
            key = self._key(connection, of, incoming, now)
            return inbox_rows.add(
                connection,
                event_key=event,
                conversation_id=of,
                received_at=now,
                body=seal_incoming(key, incoming, answered=answered),
            )

        new = await self._database.write(store)
        metrics.accepted(incoming.address.channel, new=new)
        if new:
            self._bell.ring()
        return Accepted(of, new)

    def _key(
        self, connection: Connection, of: ConversationId, incoming: Incoming, now: datetime
    ) -> DataKey:
        wrapped = conversations.wake(connection, of, now)
        while wrapped is None:
            key, fresh = self._keyring.new_key(of)
            address = seal_address(key, incoming.address)
            if conversations.create(
                connection,
                of,
                channel=incoming.address.channel,
                key=fresh,
                address=address,
                now=now,
            ):
                return key
            wrapped = conversations.wake(connection, of, now)
        try:
            return self._keyring.unwrap(of, wrapped)
        except Unopenable:
            # Another master key, or damage. The person must be answered: they begin anew.
            _log.error("conversation.key_unopenable")
            key, fresh = self._keyring.new_key(of)
            address = seal_address(key, incoming.address)
            conversations.reset(connection, of, key=fresh, address=address)
            return key
