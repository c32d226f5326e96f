"""What is to happen by itself: at most one timer for each purpose of a conversation."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.messages import ConversationId
from bot.store import inbox_rows
from bot.store.prepared import Prepared
from bot.store.tables import conversations, timers

IDLE = "idle"  # a quiet conversation is erased
FORGET = "forget"  # an erased one, should its last reply never be sent
TOLD = "told"  # nothing happens: until then the person is not told again that we are busy

_AT_ONCE = 100  # timers looked at in one transaction
_BUSY_FOR = timedelta(minutes=1)  # looked at again after this, when somebody works on it

_T = timers.c
_C = conversations.c


def _set(dialect: type[postgresql.Insert | sqlite.Insert]) -> Prepared:
    made = dialect(timers)
    return Prepared(
        made.on_conflict_do_update(
            index_elements=["conversation_id", "purpose"], set_={"due_at": made.excluded.due_at}
        )
    )


_TELL = {
    dialect.__name__.rsplit(".", 1)[-1]: dialect.insert(timers)
    .on_conflict_do_nothing()
    .returning(_T.conversation_id)
    for dialect in (sqlite, postgresql)
}
_SETS = {"sqlite": _set(sqlite.Insert), "postgresql": _set(postgresql.Insert)}
_CANCEL = delete(timers).where(
    _T.conversation_id == bindparam("of"), _T.purpose == bindparam("what")
)
_CANCEL_OTHERS = delete(timers).where(
    _T.conversation_id == bindparam("of"), _T.purpose.not_in((IDLE, FORGET))
)
_PASSED = delete(timers).where(_T.purpose == TOLD, _T.due_at <= bindparam("now"))
_CLEAR = delete(timers).where(_T.conversation_id == bindparam("of"))
_DUE = (
    select(_T.conversation_id, _T.purpose)
    .where(_T.due_at <= bindparam("now"))
    .order_by(_T.due_at)
    .limit(bindparam("most"))
)
_STILL = (
    select(_C.id, _C.lease_until)
    .join(timers, _T.conversation_id == _C.id)
    .where(_C.id == bindparam("of"), _T.purpose == bindparam("what"), _T.due_at <= bindparam("now"))
    .with_for_update(of=conversations, skip_locked=True)
)
_PUT_OFF = (
    update(timers)
    .where(_T.conversation_id == bindparam("of"), _T.purpose == bindparam("what"))
    .values(due_at=bindparam("later"))
)
_DELETE = delete(conversations).where(_C.id == bindparam("of"))


def put(connection: Connection, of: ConversationId, purpose: str, due_at: datetime) -> None:
    """Set this timer, or move it."""
    _SETS[connection.dialect.name].count(
        connection, conversation_id=of, purpose=purpose, due_at=due_at
    )


def mark_told(connection: Connection, of: ConversationId, until: datetime) -> bool:
    """This person is told that we are busy. False when they were told already."""
    row = {"conversation_id": of, "purpose": TOLD, "due_at": until}
    return connection.execute(_TELL[connection.dialect.name], row).first() is not None


def cancel(connection: Connection, of: ConversationId, purpose: str) -> None:
    """This will not happen."""
    connection.execute(_CANCEL, {"of": of, "what": purpose})


def cancel_sending(connection: Connection, of: ConversationId) -> None:
    """The chat is closed to us. What erases the conversation stays: it must still be forgotten."""
    connection.execute(_CANCEL_OTHERS, {"of": of})


def clear(connection: Connection, of: ConversationId) -> None:
    """Cancel every timer of a conversation."""
    connection.execute(_CLEAR, {"of": of})


def fire(connection: Connection, now: datetime) -> tuple[int, bool]:
    """Erase the conversations whose time has come: how many, and whether more may be due.

    A conversation that moved on is left alone: somebody works on it or a message waits, and the
    turn will set the timer anew.
    """
    connection.execute(_PASSED, {"now": now})
    due = connection.execute(_DUE, {"now": now, "most": _AT_ONCE}).all()
    erased = put_off = 0
    for row in due:
        this = {"of": row.conversation_id, "what": row.purpose}
        # The conversation is locked before its timers, in the order in which a turn does it.
        still = connection.execute(_STILL, {**this, "now": now}).first()
        if still is None:
            continue
        held = still.lease_until is not None and still.lease_until > now
        if held or inbox_rows.waiting(connection, ConversationId(row.conversation_id)):
            connection.execute(_PUT_OFF, {**this, "later": now + _BUSY_FOR})
            put_off += 1
            continue
        erased += connection.execute(_DELETE, {"of": row.conversation_id}).rowcount
    return erased, len(due) == _AT_ONCE and erased + put_off > 0
