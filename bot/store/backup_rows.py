"""What of the database a backup holds, row by row, and how it is put back.

Words must not come back. Of a conversation a backup holds its keyed hash and its channel alone: not
its data key, its talk, its address, its messages or its replies. Rows are read and written as the
database keeps them, so that a backup of an older version goes into tables of that version first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    MetaData,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
)

from bot.store import timer_rows
from bot.store.instants import Instant

VERSION = "alembic_version"
SKIPPED_IDS = 1_000_000
"""Row numbers left free after a restore: those given since the backup must not be given again, or
a page that asks for what came after one of them would miss the next lines."""
_AT_ONCE = 500  # rows in one statement


class Rule(StrEnum):
    """What of a table a backup holds."""

    WHOLE = "whole"
    NAMES = "names only"  # conversations: so that people can be told that their talk was lost
    NOTHING = "nothing"


RULES: Mapping[str, Rule] = {
    "conversations": Rule.NAMES,
    "inbox": Rule.NOTHING,
    "outbox": Rule.NOTHING,
    "aside": Rule.NOTHING,
    "timers": Rule.NOTHING,
    "page_lines": Rule.NOTHING,
    "on_screen": Rule.NOTHING,
    "staff_accounts": Rule.WHOLE,
    "staff_links": Rule.NOTHING,
    "staff_sessions": Rule.NOTHING,  # everybody signs in again
    "staff_attempts": Rule.NOTHING,
    "audit": Rule.WHOLE,
    "audit_marks": Rule.WHOLE,
    VERSION: Rule.NOTHING,
}
"""By table. A table that is not named here is left out: forgetting one must not keep words."""

Line = dict[str, Any] | list[Any]
"""One line of a backup: a table's head, or one of its rows."""


def one_moment(connection: Connection) -> None:
    """The first thing of a transaction: from here on all that it reads is of one moment."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def version(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none."""
    if not inspect(connection).has_table(VERSION):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar()  # noqa: S608 - our own name
    return found


def has_tables(connection: Connection) -> bool:
    """True when anything is there already."""
    return bool(inspect(connection).get_table_names())


def dump(connection: Connection, give: Callable[[Line], None]) -> dict[str, int]:
    """Give everything a backup holds, of one moment; the number of rows by table.

    bytes are given as they are. `one_moment` comes before it in the same transaction.
    """
    counts = {}
    for table in _tables(connection):
        rule = RULES.get(table.name, Rule.NOTHING)
        columns = _columns(table, rule)
        head = {"table": table.name, "rule": rule.value, "columns": columns}
        give({**head, "last_id": _last_id(connection, table)})
        if not columns:
            continue
        query = select(*(table.c[name] for name in columns))
        if rule is Rule.NAMES:
            query = query.where(table.c.ending.is_(False))  # erased: it must not come back
        query = query.order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
        counts[table.name] = 0
        for row in connection.execute(query):
            give(list(row))
            counts[table.name] += 1
    return counts


def load(connection: Connection, lines: Iterable[Line], *, forget_at: datetime) -> dict[str, int]:
    """Put back what `dump` gave; the number of rows by table.

    The tables are of the backup's own version, and new. forget_at: when a conversation whose
    person does not write again is erased.
    """
    known = {table.name: table for table in _tables(connection)}
    counts: dict[str, int] = {}
    for head, rows in _by_table(lines):
        table, names = known[head["table"]], head["rule"] == Rule.NAMES
        blank = _blanks(table) if names else {}
        if head["rule"] == Rule.WHOLE:
            connection.execute(delete(table))  # the rows that every new table begins with
        while some := list(islice(rows, _AT_ONCE)):
            values = [{**blank, **dict(zip(head["columns"], row, strict=True))} for row in some]
            connection.execute(insert(table), values)
            if names:
                _forget(connection, known["timers"], values, forget_at)
            counts[table.name] = counts.get(table.name, 0) + len(some)
        _go_on_after(connection, table, head)
    return counts


def _forget(
    connection: Connection, timers: Table, those: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    due_at = Instant().process_bind_param(at, connection.dialect)
    idle = {"purpose": timer_rows.IDLE, "due_at": due_at}
    connection.execute(insert(timers), [{"conversation_id": row["id"], **idle} for row in those])


def _tables(connection: Connection) -> list[Table]:
    """Every table as it is now, each after those it refers to."""
    found = MetaData()
    found.reflect(connection)
    return list(found.sorted_tables)


def _columns(table: Table, rule: Rule) -> list[str]:
    if rule is Rule.WHOLE:
        return [column.name for column in table.columns]
    return ["id", "channel"] if rule is Rule.NAMES else []


def _blanks(table: Table) -> dict[str, Any]:
    """A row of nothing. An empty key opens nothing: the person begins anew, and is told."""
    return {
        column.name: None if column.nullable else column.type.python_type()
        for column in table.columns
    }


def _by_table(lines: Iterable[Line]) -> Iterator[tuple[dict[str, Any], Iterator[list[Any]]]]:
    """Each head with its rows, which must be read before the next head."""
    rest = iter(lines)
    line = next(rest, None)
    while isinstance(line, dict):
        head, following = line, _Rows(rest)
        yield head, following
        line = following.stopped_at


class _Rows(Iterator[list[Any]]):
    """The rows up to the next head, which it keeps."""

    def __init__(self, rest: Iterator[Line]) -> None:
        self._rest = rest
        self._ended = False
        self.stopped_at: Line | None = None

    def __next__(self) -> list[Any]:
        line = None if self._ended else next(self._rest, None)
        if isinstance(line, list):
            return line
        if not self._ended:
            self.stopped_at, self._ended = line, True
        raise StopIteration


def _counted_by(table: Table) -> str | None:
    """The column that the database numbers by itself, if any."""
    keys: Sequence[Any] = list(table.primary_key.columns)
    return keys[0].name if len(keys) == 1 and isinstance(keys[0].type, Integer) else None


def _last_id(connection: Connection, table: Table) -> int:
    """The highest number ever given in this table, as far as the database knows; else 0."""
    column = _counted_by(table)
    if column is None:
        return 0
    highest: int = connection.execute(select(func.max(table.c[column]))).scalar() or 0
    if connection.dialect.name == "postgresql":
        sequence = _sequence(connection, table, column)
        query = f"SELECT last_value FROM {sequence}" if sequence else "SELECT 0"  # noqa: S608 - the server's own name
        given: int = connection.execute(text(query)).scalar_one()
    else:
        query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name"
        given = connection.execute(text(query), {"name": table.name}).scalar_one()
    return max(highest, given)


def _go_on_after(connection: Connection, table: Table, head: Mapping[str, Any]) -> None:
    """Numbers given from now on come after those that may have been given before."""
    column = _counted_by(table)
    if column is None:
        return
    last = head["last_id"] + (0 if head["rule"] == Rule.WHOLE else SKIPPED_IDS)
    if connection.dialect.name == "postgresql":
        if last and (sequence := _sequence(connection, table, column)):
            connection.execute(
                text("SELECT setval(:name, :last)"), {"name": sequence, "last": last}
            )
        return
    mine = {"name": table.name, "last": last}
    if connection.execute(text(_NUMBERS_ON), {"name": table.name}).first():
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), mine)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), mine)


_NUMBERS_ON = "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"


def _sequence(connection: Connection, table: Table, column: str) -> str | None:
    of = {"table": f'"{table.name}"', "column": column}
    query = text("SELECT pg_get_serial_sequence(:table, :column)")
    found: str | None = connection.execute(query, of).scalar()
    return found
