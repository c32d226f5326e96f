"""Events that nobody could make anything of, sealed, for a while."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import aside

_ADD = {
    dialect.__name__.rsplit(".", 1)[-1]: dialect.insert(aside)
    .on_conflict_do_nothing()
    .returning(aside.c.id)
    for dialect in (sqlite, postgresql)
}
_OLD = delete(aside).where(aside.c.at < bindparam("before"))


def add(connection: Connection, *, id_: str, channel: str, body: bytes, now: datetime) -> bool:
    """Keep one. False, and nothing kept, when it is there already."""
    row = {"id": id_, "channel": channel, "at": now, "body": body}
    return connection.execute(_ADD[connection.dialect.name], row).first() is not None


def remove_old(connection: Connection, before: datetime) -> int:
    """Delete what was set aside before this moment; how many."""
    return connection.execute(_OLD, {"before": before}).rowcount
