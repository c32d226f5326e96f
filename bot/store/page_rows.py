"""The lines that the web page shows, sealed; they die with the conversation."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.messages import ConversationId
from bot.store.tables import page_lines

MOST = 500  # lines of one talk: more than anybody reads back, and each look loads them all

_P = page_lines.c


@dataclass(frozen=True, slots=True)
class Line:
    """One line. mine: the person's own words. seq: grows, never given twice."""

    seq: int
    mine: bool
    at: datetime
    body: bytes = field(repr=False)


_ADD = insert(page_lines)
_AFTER = (
    select(_P.seq, _P.mine, _P.at, _P.body)
    .where(_P.conversation_id == bindparam("of"), _P.seq > bindparam("after"))
    .order_by(_P.seq)
)
_TOO_OLD = (
    select(_P.seq)
    .where(_P.conversation_id == bindparam("of"))
    .order_by(_P.seq.desc())
    .offset(MOST)
    .limit(1)
    .scalar_subquery()
)
_TRIM = delete(page_lines).where(_P.conversation_id == bindparam("of"), _P.seq <= _TOO_OLD)
_CLEAR = delete(page_lines).where(_P.conversation_id == bindparam("of"))


def add(
    connection: Connection, of: ConversationId, *, mine: bool, body: bytes, now: datetime
) -> None:
    """Keep a line until the conversation is erased."""
    connection.execute(_ADD, {"conversation_id": of, "mine": mine, "at": now, "body": body})


def after(connection: Connection, of: ConversationId, seq: int) -> list[Line]:
    """The lines that came after this one, oldest first."""
    rows = connection.execute(_AFTER, {"of": of, "after": seq})
    return [Line(row.seq, row.mine, row.at, row.body) for row in rows]


def trim(connection: Connection, of: ConversationId) -> int:
    """Delete all but the newest `MOST` lines of a conversation; how many."""
    return connection.execute(_TRIM, {"of": of}).rowcount


def clear(connection: Connection, of: ConversationId) -> int:
    """Delete a conversation's lines; how many."""
    return connection.execute(_CLEAR, {"of": of}).rowcount
