"""Who is signed in. The cookie itself is never kept, only a keyed hash of it."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from bot.store.staff_tables import sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session, as kept."""

    id: str = field(repr=False)
    account_id: str
    stage: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


_SESSION = select(
    sessions.c.id,
    sessions.c.account_id,
    sessions.c.stage,
    sessions.c.opened_at,
    sessions.c.seen_at,
    sessions.c.ends_at,
)


def add(connection: Connection, row: SessionRow) -> None:
    """Keep a new session."""
    connection.execute(
        insert(sessions).values(
            id=row.id,
            account_id=row.account_id,
            stage=row.stage,
            opened_at=row.opened_at,
            seen_at=row.seen_at,
            ends_at=row.ends_at,
        )
    )


def get(connection: Connection, id_: str) -> SessionRow | None:
    """The session, however old."""
    found = connection.execute(_SESSION.where(sessions.c.id == id_)).first()
    return None if found is None else SessionRow(*found)


def of_account(connection: Connection, account_id: str) -> list[SessionRow]:
    """All sessions of an account, newest first."""
    query = _SESSION.where(sessions.c.account_id == account_id)
    return [
        SessionRow(*row) for row in connection.execute(query.order_by(sessions.c.opened_at.desc()))
    ]


def seen(connection: Connection, id_: str, now: datetime) -> None:
    """It was used now."""
    connection.execute(update(sessions).where(sessions.c.id == id_).values(seen_at=now))


def end(connection: Connection, id_: str) -> bool:
    """End one; False when it had ended."""
    return connection.execute(delete(sessions).where(sessions.c.id == id_)).rowcount == 1


def end_all(connection: Connection, account_id: str, but: str = "") -> int:
    """End an account's sessions, but perhaps one; how many."""
    gone = delete(sessions).where(sessions.c.account_id == account_id, sessions.c.id != but)
    return connection.execute(gone).rowcount


def remove_old(connection: Connection, now: datetime, idle_before: datetime) -> int:
    """Delete what has ended; how many."""
    over = (sessions.c.ends_at <= now) | (sessions.c.seen_at <= idle_before)
    return connection.execute(delete(sessions).where(over)).rowcount
