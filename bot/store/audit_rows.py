"""The audit's rows and its two marks. Rows are added; triggers refuse every other change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.store.staff_tables import accounts, audit, audit_marks

HEAD = "head"
CUT = "cut"
_PAGE = 1000  # rows read at once


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is kept."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    outcome: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain, sealed. seq 0 with an empty seal: never set."""

    seq: int
    hash: bytes
    seal: bytes


def mark(connection: Connection, name: str, *, lock: bool = False) -> Mark | None:
    """The mark; None when its row is gone. lock: until the transaction ends nobody else adds."""
    query = select(audit_marks.c.seq, audit_marks.c.hash, audit_marks.c.seal).where(
        audit_marks.c.name == name
    )
    found = connection.execute(query.with_for_update() if lock else query).first()
    return None if found is None else Mark(found.seq, found.hash, found.seal)


def set_mark(connection: Connection, name: str, new: Mark) -> None:
    """Move a mark."""
    values = {"seq": new.seq, "hash": new.hash, "seal": new.seal}
    connection.execute(update(audit_marks).where(audit_marks.c.name == name).values(values))


def add(connection: Connection, row: Row) -> None:
    """Keep one entry."""
    connection.execute(
        insert(audit).values(
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            action=row.action,
            object=row.object,
            outcome=row.outcome,
            hash=row.hash,
        )
    )


def every(connection: Connection) -> Iterator[Row]:
    """All entries in order, some at a time."""
    after: int | None = None
    while True:
        query = select(audit).order_by(audit.c.seq).limit(_PAGE)
        found = connection.execute(query if after is None else query.where(audit.c.seq > after))
        rows = [Row(*row) for row in found]
        yield from rows
        if len(rows) < _PAGE:
            return
        after = rows[-1].seq


def newest(connection: Connection, most: int, before: int | None = None) -> list[Row]:
    """The newest entries, newest first; before: only older ones than this number."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(most)
    query = query if before is None else query.where(audit.c.seq < before)
    return [Row(*row) for row in connection.execute(query)]


def last_before(connection: Connection, moment: datetime) -> Row | None:
    """The newest of the oldest entries that are all from before this moment."""
    first_young = select(func.min(audit.c.seq)).where(audit.c.at >= moment).scalar_subquery()
    query = (
        select(audit)
        .where((audit.c.seq < first_young) | first_young.is_(None))
        .order_by(audit.c.seq.desc())
        .limit(1)
    )
    found = connection.execute(query).first()
    return None if found is None else Row(*found)


def remove_to(connection: Connection, seq: int) -> int:
    """Delete up to the cut mark, which must have been moved before; how many."""
    return connection.execute(delete(audit).where(audit.c.seq <= seq)).rowcount


def is_any_account(connection: Connection) -> bool:
    """True when there are staff, who cannot have come without an entry."""
    return connection.execute(select(accounts.c.id).limit(1)).first() is not None
