"""The messages that were accepted: new, then settled (answered) or parked (set aside, sealed)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.messages import ConversationId
from bot.store.prepared import Prepared
from bot.store.tables import ANSWERED, UNANSWERED, inbox

_I = inbox.c


@dataclass(frozen=True, slots=True)
class Message:
    """One accepted message. tries: turns begun on it, this one included."""

    id: int
    tries: int
    body: bytes = field(repr=False)


_ADD = {
    dialect.__name__.rsplit(".", 1)[-1]: Prepared(
        dialect.insert(inbox).on_conflict_do_nothing(index_elements=["event_key"]).returning(_I.id)
    )
    for dialect in (sqlite, postgresql)
}
_FIRST = select(func.min(_I.id)).where(UNANSWERED)
_FIRST_OF = _FIRST.where(_I.conversation_id == bindparam("of")).scalar_subquery()
_FIRSTS = _FIRST.where(_I.conversation_id.in_(bindparam("these", expanding=True)))
_COUNTED = (
    update(inbox).values(tries=_I.tries + 1).returning(_I.id, _I.conversation_id, _I.tries, _I.body)
)
_BEGIN_ONE = Prepared(_COUNTED.where(_I.id == _FIRST_OF))
_BEGIN = _COUNTED.where(_I.id.in_(_FIRSTS.group_by(_I.conversation_id)))
_SETTLE = Prepared(
    update(inbox).where(_I.id == bindparam("row")).values(state="settled", body=None)
)
_NOT_BEGUN = (
    update(inbox)
    .where(_I.id == bindparam("row"), UNANSWERED, _I.tries > 0)
    .values(tries=_I.tries - 1)
)
_KNOWN = select(_I.id).where(_I.event_key == bindparam("event"))
_AHEAD = select(func.count()).where(_I.conversation_id == bindparam("of"), UNANSWERED)
_PARK = update(inbox).where(_I.id == bindparam("row")).values(state="parked")
_WAITING = (
    select(_I.id, _I.tries, _I.body)
    .where(_I.conversation_id == bindparam("of"), UNANSWERED)
    .order_by(_I.id)
)
_LAST = Prepared(select(func.max(_I.received_at)).where(_I.conversation_id == bindparam("of")))
_REBODY = update(inbox).where(_I.id == bindparam("row")).values(body=bindparam("new_body"))
_OTHERS = delete(inbox).where(
    _I.conversation_id == bindparam("of"), ANSWERED, _I.id != bindparam("row")
)
_OLD = delete(inbox).where(ANSWERED, _I.received_at < bindparam("before"))


def add(
    connection: Connection,
    *,
    event_key: str,
    conversation_id: ConversationId,
    received_at: datetime,
    body: bytes,
) -> bool:
    """Keep a message. False, and nothing kept, when this event is there already."""
    row = _ADD[connection.dialect.name].first(
        connection,
        event_key=event_key,
        conversation_id=conversation_id,
        received_at=received_at,
        state="new",
        tries=0,
        body=body,
    )
    return row is not None


def begin(connection: Connection, these: Sequence[ConversationId]) -> dict[ConversationId, Message]:
    """The oldest unanswered message of each conversation, with one more turn counted on it.

    It is counted before the turn, so that a message that kills the program is counted too.
    """
    rows: Iterable[Sequence[Any]]
    if len(these) == 1:  # by far the most common, and cheaper
        rows = _BEGIN_ONE.rows(connection, of=these[0])
    else:
        rows = connection.execute(_BEGIN, {"these": list(these)})
    return {ConversationId(of): Message(id_, tries, body) for id_, of, tries, body in rows}


def not_begun(connection: Connection, row: int) -> None:
    """The turn that was counted on it did not take place."""
    connection.execute(_NOT_BEGUN, {"row": row})


def ahead(connection: Connection, of: ConversationId, event_key: str) -> int | None:
    """How many messages of this conversation wait; None when this event is there already."""
    if connection.execute(_KNOWN, {"event": event_key}).first() is not None:
        return None
    return int(connection.execute(_AHEAD, {"of": of}).scalar_one())


def settle(connection: Connection, row: int) -> None:
    """It is answered: the words are overwritten."""
    _SETTLE.count(connection, row=row)


def park(connection: Connection, row: int) -> None:
    """Set it aside, still sealed; it never blocks the conversation again."""
    connection.execute(_PARK, {"row": row})


def waiting(connection: Connection, of: ConversationId) -> list[Message]:
    """The unanswered messages of a conversation, oldest first."""
    rows = connection.execute(_WAITING, {"of": of})
    return [Message(row.id, row.tries, row.body) for row in rows]


def last_at(connection: Connection, of: ConversationId) -> datetime | None:
    """When this person last wrote, tapped or sent something; None: nothing is kept of that."""
    row = _LAST.first(connection, of=of)
    moment: datetime | None = row[0] if row else None
    return moment


def replace_body(connection: Connection, row: int, body: bytes) -> None:
    """The same message sealed under another key."""
    connection.execute(_REBODY, {"row": row, "new_body": body})


def remove_answered(connection: Connection, of: ConversationId, *, but: int) -> None:
    """Delete what was answered or parked, except one row."""
    connection.execute(_OTHERS, {"of": of, "row": but})


def remove_old(connection: Connection, before: datetime) -> int:
    """Delete answered and parked messages received before this moment; how many."""
    return connection.execute(_OLD, {"before": before}).rowcount
