"""The bubbles on their way: new → sending → sent | refused | unknown | failed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.messages import ConversationId
from bot.store.bubbles import PENDING, Bubble
from bot.store.prepared import Prepared
from bot.store.tables import FINAL, ON_ITS_WAY, conversations, outbox

_O = outbox.c


_ADD = Prepared(insert(outbox).returning(_O.id))
_CHANGE = (
    update(outbox)
    .where(_O.id == bindparam("row"), ON_ITS_WAY)  # what the platform told meanwhile stands
    .values(
        state=bindparam("new_state"),
        tries=bindparam("new_tries"),
        doubts=bindparam("new_doubts"),
        not_before=bindparam("new_not_before"),
    )
)
_MARK = Prepared(_CHANGE)
_FINISH = Prepared(_CHANGE.values(part=None))
_SHOWN = (
    select(
        _O.id,
        _O.conversation_id,
        _O.state,
        _O.urgent,
        _O.tries,
        _O.doubts,
        _O.not_before,
        _O.part,
        _O.removes,
    )
    .where(ON_ITS_WAY)
    .order_by(_O.id)
)
_PENDING_ONE = Prepared(_SHOWN.where(_O.conversation_id == bindparam("of")))
_PENDING = _SHOWN.where(_O.conversation_id.in_(bindparam("these", expanding=True)))
_REWORD = update(outbox).where(_O.id == bindparam("row")).values(part=bindparam("new_part"))
_NOTED = Prepared(
    select(_O.state, _O.doubts, _O.conversation_id, conversations.c.key)
    .join(conversations, conversations.c.id == _O.conversation_id)
    .where(_O.id == bindparam("row"))
)
_SETTLE = (
    update(outbox)
    .where(_O.id == bindparam("row"))
    .values(state=bindparam("new_state"), not_before=None, part=None)
)
_CANCEL = (
    update(outbox)
    .where(_O.conversation_id == bindparam("of"), ON_ITS_WAY)
    .values(state="refused", part=None)
)
_CLEAR = delete(outbox).where(_O.conversation_id == bindparam("of"))
_OLD = delete(outbox).where(FINAL, _O.created_at < bindparam("before"))


def add(connection: Connection, of: ConversationId, bubble: Bubble, now: datetime) -> int:
    """Keep a bubble until it is sent; its id."""
    row = _ADD.first(
        connection,
        conversation_id=of,
        created_at=now,
        state=bubble.state,
        urgent=bubble.urgent,
        tries=bubble.tries,
        doubts=bubble.doubts,
        not_before=bubble.not_before,
        part=bubble.part,
        removes=bubble.removes,
    )
    assert row is not None
    return int(row[0])


def mark(connection: Connection, bubble: Bubble) -> bool:
    """Keep what became of it. A final state takes the sealed part away.

    False, and nothing changed, when the platform has told meanwhile what became of it.
    """
    statement = _MARK if bubble.state in PENDING else _FINISH
    rows = statement.count(
        connection,
        row=bubble.id,
        new_state=bubble.state,
        new_tries=bubble.tries,
        new_doubts=bubble.doubts,
        new_not_before=bubble.not_before,
    )
    return rows > 0


@dataclass(frozen=True, slots=True)
class Noted:
    """A bubble as the platform's news find it. key: its conversation's, wrapped."""

    state: str
    doubts: int
    of: ConversationId
    key: bytes = field(repr=False)


def noted(connection: Connection, row: int) -> Noted | None:
    """One bubble; None when it is gone."""
    found = _NOTED.first(connection, row=row)
    return None if found is None else Noted(found[0], found[1], ConversationId(found[2]), found[3])


def settle(connection: Connection, row: int, state: str) -> None:
    """The platform told what became of it: `state`, a final one. Its sealed part goes."""
    connection.execute(_SETTLE, {"row": row, "new_state": state})


def reword(connection: Connection, bubble: Bubble) -> None:
    """It says something else than it was going to."""
    connection.execute(_REWORD, {"row": bubble.id, "new_part": bubble.part})


def pending(
    connection: Connection, these: Sequence[ConversationId]
) -> dict[ConversationId, tuple[Bubble, ...]]:
    """What is still on its way, oldest first."""
    found: dict[ConversationId, tuple[Bubble, ...]] = {}
    rows: Iterable[Sequence[Any]]
    if len(these) == 1:  # by far the most common, and cheaper
        rows = _PENDING_ONE.rows(connection, of=these[0])
    else:
        rows = connection.execute(_PENDING, {"these": list(these)})
    for id_, of, *rest in rows:
        found[of] = (*found.get(of, ()), Bubble(id_, *rest))
    return found


def cancel(connection: Connection, of: ConversationId) -> None:
    """The chat is closed to us: nothing more is sent."""
    connection.execute(_CANCEL, {"of": of})


def clear(connection: Connection, of: ConversationId) -> None:
    """Delete every bubble of a conversation."""
    connection.execute(_CLEAR, {"of": of})


def remove_old(connection: Connection, before: datetime) -> int:
    """Delete what is final and was made before this moment; how many."""
    return connection.execute(_OLD, {"before": before}).rowcount
