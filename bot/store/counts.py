"""How much there is of what, and for how long: numbers only, for health and metrics."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, text

from bot.store.instants import Instant
from bot.store.tables import ON_ITS_WAY, UNANSWERED, aside, conversations, inbox, outbox

_UNANSWERED_SINCE = select(func.min(inbox.c.received_at)).where(UNANSWERED)
_UNSENT_SINCE = select(func.min(outbox.c.created_at)).where(
    ON_ITS_WAY,
    or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now", type_=Instant())),
)
_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")


def by_state(connection: Connection) -> dict[tuple[str, str], int]:
    """Rows by (table, state)."""
    found: dict[tuple[str, str], int] = {}
    for table in (inbox, outbox):
        query = select(table.c.state, func.count()).group_by(table.c.state)
        for state, number in connection.execute(query):
            found[table.name, state] = number
    for table in (conversations, aside):
        total = connection.execute(select(func.count()).select_from(table)).scalar_one()
        found[table.name, "kept"] = total
    return found


def unanswered_since(connection: Connection) -> datetime | None:
    """When the oldest message came that is not answered yet. Reads only what is unanswered."""
    since: datetime | None = connection.execute(_UNANSWERED_SINCE).scalar()
    return since


def unsent_since(connection: Connection, now: datetime) -> datetime | None:
    """When the oldest reply was made that might have been sent by now and is still on its way."""
    since: datetime | None = connection.execute(_UNSENT_SINCE, {"now": now}).scalar()
    return since


def server_clock(connection: Connection) -> float | None:
    """Seconds since 1970 by the database server; None for SQLite, which has no clock of its own."""
    if connection.dialect.name != "postgresql":
        return None
    return float(connection.execute(_CLOCK).scalar_one())
