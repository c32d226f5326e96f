"""Who may work on a conversation: one holder at a time, by a lease that runs out if it dies.

The lease's token is the fence. Everything a holder writes checks, in the same transaction, that the
token is still there; an erasure or a successor takes it away, and then nothing of it is kept.
These are functions of a connection: each runs inside a transaction of Database.write.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter

from sqlalchemy import Connection, bindparam, case, delete, exists, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.messages import ConversationId
from bot.store.instants import Instant
from bot.store.prepared import Prepared
from bot.store.tables import DUE, ON_ITS_WAY, UNANSWERED, conversations, inbox, outbox, timers

_C = conversations.c

FIRST = datetime(1970, 1, 1, tzinfo=UTC)  # `due_at` of danger: before all who wait


class LeaseLost(Exception):  # noqa: N818 - a fact about the lease
    """Somebody else has the conversation now, or it was erased: keep nothing of what was done."""


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation under our lease. Everything but the names is sealed."""

    id: ConversationId
    channel: str
    token: str
    key: bytes = field(repr=False)
    state: bytes | None = field(repr=False)
    address: bytes = field(repr=False)
    ending: bool  # erased: it lives only until its last reply is sent


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whom nobody answers yet. Key and address are sealed."""

    id: ConversationId
    channel: str
    key: bytes = field(repr=False)
    address: bytes = field(repr=False)


_KEY = select(_C.key).where(_C.id == bindparam("of"))
_KEPT = select(_C.key, _C.state).where(_C.id == bindparam("of"))
_NEW = {
    "sqlite": sqlite.insert(conversations).on_conflict_do_nothing().returning(_C.id),
    "postgresql": postgresql.insert(conversations).on_conflict_do_nothing().returning(_C.id),
}
_NOW = bindparam("now", type_=Instant())
_WAKE = Prepared(
    update(conversations)
    .where(_C.id == bindparam("of"))
    .values(due_at=case((_C.due_at <= _NOW, _C.due_at), else_=_NOW))
    .returning(_C.key)
)
_CLAIM = Prepared(
    update(conversations)
    .where(
        _C.id.in_(
            select(_C.id)
            .where(
                _C.due_at <= bindparam("due_by"),
                or_(_C.lease_until.is_(None), _C.lease_until <= bindparam("now")),
            )
            .order_by(_C.due_at)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
        )
    )
    .values(lease_token=bindparam("token"), lease_until=bindparam("until"))
    .returning(_C.id, _C.channel, _C.key, _C.state, _C.address, _C.ending, _C.due_at)
)
_OLDEST = (
    select(_C.due_at)
    .where(
        _C.due_at > FIRST,
        _C.due_at <= bindparam("now"),
        or_(_C.lease_until.is_(None), _C.lease_until <= bindparam("now")),
    )
    .order_by(_C.due_at)
    .limit(1)
)
_LONG = (
    select(_C.id, _C.channel, _C.key, _C.address)
    .where(
        _C.due_at <= bindparam("by"),
        or_(_C.lease_until.is_(None), _C.lease_until <= bindparam("now")),
        _C.ending.is_(False),
        exists().where(inbox.c.conversation_id == _C.id, UNANSWERED),
        not_(exists().where(timers.c.conversation_id == _C.id, timers.c.purpose == "told")),
    )
    .order_by(_C.due_at)
    .limit(bindparam("most"))
    .with_for_update(of=conversations, skip_locked=True)
)
_HOLDING = (_C.id == bindparam("of"), _C.lease_token == bindparam("token"))
_KEEP = Prepared(update(conversations).where(*_HOLDING).values(lease_until=bindparam("until")))
_RENEW = (
    update(conversations)
    .where(DUE, _C.lease_token.in_(bindparam("tokens", expanding=True)))  # what is held is due
    .values(lease_until=bindparam("until"))
)
_SAVE = Prepared(
    update(conversations)
    .where(*_HOLDING)
    .values(state=bindparam("new_state"), last_at=bindparam("now"), ending=False)
)
_RELEASE = Prepared(
    update(conversations)
    .where(*_HOLDING)
    .values(lease_token=None, lease_until=None, due_at=bindparam("due"))
)
_REKEY = (
    update(conversations)
    .where(*_HOLDING)
    .values(
        key=bindparam("new_key"),
        address=bindparam("new_address"),
        state=None,
        last_at=bindparam("now"),
        ending=True,
    )
)
_RESET = (
    update(conversations)
    .where(_C.id == bindparam("of"))
    .values(key=bindparam("new_key"), address=bindparam("new_address"), state=None)
)
_SOONER = update(conversations).where(DUE, _C.due_at > _NOW).values(due_at=_NOW)
_SHORTER = (
    update(conversations)
    .where(DUE, _C.lease_until > bindparam("until"))
    .values(lease_until=bindparam("until"))
)
_BUBBLES_SOONER = (
    update(outbox)
    .where(ON_ITS_WAY, outbox.c.not_before > bindparam("until"))
    .values(not_before=None)
)
_END = delete(conversations).where(*_HOLDING)
_DELETE = delete(conversations).where(_C.id == bindparam("of"))


def wrapped_key(connection: Connection, of: ConversationId) -> bytes | None:
    """The conversation's wrapped key; None where there is no such conversation."""
    key: bytes | None = connection.execute(_KEY, {"of": of}).scalar()
    return key


def wake(connection: Connection, of: ConversationId, now: datetime) -> bytes | None:
    """Something waits for this conversation from now on: its wrapped key, None without one.

    now: or FIRST, and it goes before everybody else's.

    The row stays locked until the transaction ends, so that no erasure comes in between and
    messages of one conversation are stored one after the other.
    """
    row = _WAKE.first(connection, of=of, now=now)
    return None if row is None else row[0]


def kept(connection: Connection, of: ConversationId) -> tuple[bytes, bytes | None] | None:
    """The wrapped key and the sealed talk; None where there is no such conversation."""
    row = connection.execute(_KEPT, {"of": of}).first()
    return None if row is None else (row.key, row.state)


def create(
    connection: Connection,
    of: ConversationId,
    *,
    channel: str,
    key: bytes,
    address: bytes,
    now: datetime,
) -> bool:
    """A conversation on first sight. False, and nothing kept, when another host was first."""
    row = {
        "id": of,
        "channel": channel,
        "key": key,
        "address": address,
        "due_at": now,
        "ending": False,
    }
    # Not its rowcount: PostgreSQL's driver gives none for an INSERT.
    return connection.execute(_NEW[connection.dialect.name], row).first() is not None


def reset(connection: Connection, of: ConversationId, *, key: bytes, address: bytes) -> None:
    """Begin anew under another key: the old one does not open any more."""
    connection.execute(_RESET, {"of": of, "new_key": key, "new_address": address})


def claim(
    connection: Connection, *, now: datetime, until: datetime, most: int, due_by: datetime
) -> list[Held]:
    """Lease conversations that something waits for and nobody holds, in that order.

    due_by: now, or FIRST for those where somebody spoke of danger and no others.
    """
    token = secrets.token_hex(8)
    rows = _CLAIM.rows(connection, now=now, until=until, most=most, token=token, due_by=due_by)
    return [
        Held(ConversationId(of), channel, token, key, state, address, ending)
        for of, channel, key, state, address, ending, _ in sorted(rows, key=itemgetter(-1))
    ]


def waiting_since(connection: Connection, now: datetime) -> datetime | None:
    """Since when the first in the queue waits for somebody to begin; None when nobody waits."""
    since: datetime | None = connection.execute(_OLDEST, {"now": now}).scalar()
    return since


def waiting_long(
    connection: Connection, *, now: datetime, by: datetime, most: int
) -> list[Waiting]:
    """People who wait since `by` or longer, whom nobody answers now and nobody has told so."""
    rows = connection.execute(_LONG, {"now": now, "by": by, "most": most})
    return [Waiting(ConversationId(of), *rest) for of, *rest in rows]


def renew(connection: Connection, tokens: Collection[str], until: datetime) -> None:
    """Hold on for longer. Leases that were lost stay lost."""
    connection.execute(_RENEW, {"tokens": list(tokens), "until": until})


def keep(connection: Connection, held: Held, until: datetime) -> None:
    """Make sure that the lease is ours and stays so for longer. Raises LeaseLost."""
    _must(_KEEP.count(connection, of=held.id, token=held.token, until=until))


def save(connection: Connection, held: Held, *, state: bytes, now: datetime) -> None:
    """Keep where the talk is now. Raises LeaseLost."""
    _must(_SAVE.count(connection, of=held.id, token=held.token, new_state=state, now=now))


def release(connection: Connection, held: Held, *, due: datetime | None) -> None:
    """Let go. due: when something is to be done next; None: nothing waits. Raises LeaseLost.

    On PostgreSQL the row is locked from here on: look for waiting messages after it, not before.
    """
    _must(_RELEASE.count(connection, of=held.id, token=held.token, due=due))


def retake(connection: Connection, held: Held, *, now: datetime, until: datetime) -> None:
    """Undo a release of this same transaction."""
    connection.execute(
        update(conversations)
        .where(_C.id == held.id)
        .values(lease_token=held.token, lease_until=until, due_at=now)
    )


def rekey(connection: Connection, held: Held, *, key: bytes, address: bytes, now: datetime) -> None:
    """Forget the talk: a fresh key, nothing known, to end when the last reply is sent.

    Raises LeaseLost. The old key is overwritten; Database.scrub then clears it from the files.
    """
    values = {"of": held.id, "token": held.token, "now": now}
    _must(connection.execute(_REKEY, {**values, "new_key": key, "new_address": address}).rowcount)


def end(connection: Connection, held: Held) -> None:
    """Delete it with everything that belongs to it. Raises LeaseLost."""
    _must(connection.execute(_END, {"of": held.id, "token": held.token}).rowcount)


def remove(connection: Connection, of: ConversationId) -> bool:
    """Delete it with everything that belongs to it, whoever holds it. False: there was none."""
    return connection.execute(_DELETE, {"of": of}).rowcount > 0


def clock_went_back(connection: Connection, now: datetime, until: datetime) -> None:
    """Nothing waits any more for a moment that the clock showed before it was set back.

    until: the longest that a lease may last now. A bubble's own moment stands unless it is later.
    """
    connection.execute(_SOONER, {"now": now})
    connection.execute(_SHORTER, {"until": until})
    connection.execute(_BUBBLES_SOONER, {"until": until})


def _must(rows: int) -> None:
    if rows != 1:
        raise LeaseLost
