"""How much there is of what, for health and metrics: numbers only."""

from sqlalchemy import Connection, func, select

from bot.store.tables import aside, conversations, inbox, outbox


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
