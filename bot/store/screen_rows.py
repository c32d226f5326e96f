"""What stands in a chat and can be taken off it: messages' numbers, sealed, for a while."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, LargeBinary, bindparam, delete, exists, insert, select

from bot.messages import ConversationId
from bot.store.instants import Instant
from bot.store.prepared import Prepared
from bot.store.tables import conversations, inbox, on_screen

_S = on_screen.c


@dataclass(frozen=True, slots=True)
class Row:
    """One message. at: when we received or sent it."""

    at: datetime
    body: bytes = field(repr=False)


_ADD = Prepared(  # nothing where the conversation has ended meanwhile
    insert(on_screen).from_select(
        ["conversation_id", "at", "body"],
        select(
            conversations.c.id,
            bindparam("noted_at", type_=Instant()),
            bindparam("sealed", type_=LargeBinary()),
        ).where(conversations.c.id == bindparam("of")),
    )
)
_OF = select(_S.at, _S.body).where(_S.conversation_id == bindparam("of")).order_by(_S.id)
_CLEAR = delete(on_screen).where(_S.conversation_id == bindparam("of"))
_OLD = delete(on_screen).where(_S.at < bindparam("before"))
_HEARD_BEFORE = select(
    exists().where(
        inbox.c.conversation_id == bindparam("of"), inbox.c.received_at < bindparam("before")
    )
)


def add(connection: Connection, of: ConversationId, *, body: bytes, at: datetime) -> None:
    """Remember a message until the conversation ends, or until nobody could take it back.

    Does nothing where there is no such conversation.
    """
    _ADD.count(connection, of=of, noted_at=at, sealed=body)


def of_conversation(connection: Connection, of: ConversationId) -> list[Row]:
    """All that is remembered, in the order in which it was noted."""
    return [Row(row.at, row.body) for row in connection.execute(_OF, {"of": of})]


def clear(connection: Connection, of: ConversationId) -> None:
    """Forget all of them."""
    connection.execute(_CLEAR, {"of": of})


def remove_old(connection: Connection, before: datetime) -> int:
    """Forget what is older than this moment; how many."""
    return connection.execute(_OLD, {"before": before}).rowcount


def heard_before(connection: Connection, of: ConversationId, before: datetime) -> bool:
    """Whether this person wrote to us before this moment: that still stands in the chat."""
    return bool(connection.execute(_HEARD_BEFORE, {"of": of, "before": before}).scalar_one())
