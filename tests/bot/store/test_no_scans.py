"""Finding work never reads a whole table, however many people have written."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.messages import Incoming
from bot.store import conversations
from bot.store.database import Database
from tests.conftest import House
from tests.fakes import written

Seen = dict[str, Any]
"""Statements, each with one set of its parameters."""


@asynccontextmanager
async def _recorded(database: Database) -> AsyncIterator[Seen]:
    """Every statement that reaches the database."""
    seen: Seen = {}

    def note(statement: str, parameters: Any = ()) -> None:
        if statement.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE", "INSERT"}:
            seen.setdefault(statement, parameters)

    def noting(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        note(statement, parameters)

    def trace(connection: Connection) -> None:
        # What goes straight to SQLite's driver is seen only there, parameters written out.
        raw: Any = connection.connection.dbapi_connection
        raw.set_trace_callback(note)

    if not database.postgres:
        await database.write(trace)
    event.listen(Engine, "before_cursor_execute", noting)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", noting)


def _plan(statement: str, parameters: Any) -> Callable[[Connection], list[str]]:
    def explain(connection: Connection) -> list[str]:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [str(row[3]) for row in rows]
        # Tables this small are read whole unless that is forbidden.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
        return [str(row[0]) for row in rows]

    return explain


def _scans(line: str) -> bool:
    whole = line.startswith("SCAN ") and "INDEX" not in line and "SUBQUERY" not in line
    return whole or "Seq Scan" in line


async def test_no_statement_of_the_service_reads_a_whole_table(house: House) -> None:
    """A turn on each kind of channel, timers, purge, the page and an erasure all use indexes."""
    async with _recorded(house.database) as seen:
        await house.say("hello")
        await house.say("hello again+and more")
        await house.say("danger")
        for text in ("hello", "erase", "hello"):
            await house.say(text, chat="w1", channel="web")
        for chat in ("c2", "c3", "c4"):
            await house.pipe.door.receive(_later(chat))
        await house.pipe.worker.drain()
        of = house.keyring.conversation_id(_later("w1", channel="web").address)
        await house.pipe.pages.lines(of)
        await house.pipe.pages.pending(of)
        house.clock.move(days=9)
        await house.pipe.worker.drain()
        await house.pipe.retention.purge(house.clock())
        await house.pipe.retention.erase(of)
        await house.database.write(lambda c: conversations.renew(c, ["a", "b"], house.clock()))

    assert len({statement[:40] for statement in seen}) > 15
    assert await _that_scan(house.database, dict(seen)) == {}


def _later(chat: str, channel: str = "telegram") -> Incoming:
    return written("hello", f"later {chat}", chat=chat, channel=channel)


async def _that_scan(database: Database, seen: Seen) -> dict[str, list[str]]:
    found = {}
    for statement, parameters in seen.items():
        if statement.startswith("INSERT") or "alembic" in statement or "pg_" in statement:
            continue
        lines = [line for line in await database.read(_plan(statement, parameters)) if _scans(line)]
        if lines:
            found[statement] = lines
    return found
