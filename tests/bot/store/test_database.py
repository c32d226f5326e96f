"""One database, two kinds, the same promises."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, TextClause, inspect, text
from sqlalchemy.exc import ProgrammingError

from bot.errors import SettingProblem
from bot.messages import ConversationId
from bot.store import conversations, staff_tables
from bot.store.database import Away, Database
from bot.store.tables import metadata
from tests.fakes import NOON

assert staff_tables.accounts.metadata is metadata  # its tables are among those that are compared


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _indexes(connection: Connection) -> set[str]:
    """Name and condition of every index, which the comparison above does not look at."""
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        query = (
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND tablename <> 'alembic_version'"
        )
    return {" ".join(row[0].split()) for row in connection.execute(text(query))}


async def test_the_migrations_make_exactly_the_tables(empty_url: str) -> None:
    """What the code expects and what an operator's database becomes are the same."""
    database = await Database.open(empty_url)
    try:
        await database.migrate()
        assert await database.read(_differences) == []
        migrated = await database.read(_indexes)
        await database.migrate("base")
        await database.write(metadata.create_all)
        assert await database.read(_indexes) == migrated
    finally:
        await database.close()


async def test_the_migrations_can_be_taken_back(empty_url: str) -> None:
    """Down removes everything, and up works again after it."""
    database = await Database.open(empty_url)
    try:
        await database.migrate()
        await database.migrate("base")
        assert await database.read(_indexes) == set()
        await database.migrate()
        assert await database.read(_differences) == []
    finally:
        await database.close()


async def test_an_update_of_the_tables_keeps_what_is_there(empty_url: str) -> None:
    """From the first version up to the newest, and one step back: no conversation is lost."""
    database = await Database.open(empty_url)
    try:
        await database.migrate("0001")
        await database.write(_conversation)
        for to in ("0002", "head", "-1", "head"):
            await database.migrate(to)
            assert await database.read(_count) == 1
            tables = await database.read(lambda c: inspect(c).get_table_names())
            assert "aside" in tables
        assert await database.read(_differences) == []
    finally:
        await database.close()


async def test_two_hosts_may_migrate_at_once(empty_url: str) -> None:
    """Two services that start together do not trip over each other."""
    first, second = await Database.open(empty_url), await Database.open(empty_url)
    try:
        await asyncio.gather(first.migrate(), second.migrate())
        assert await first.read(_differences) == []
    finally:
        await first.close()
        await second.close()


def _note(word: str) -> TextClause:
    return text("INSERT INTO timers VALUES ('c', :word, 1)").bindparams(word=word)


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    """Half a turn is never kept, and what shared its commit is not harmed."""
    await database.write(_conversation)

    def good(connection: Connection) -> None:
        connection.execute(_note("good"))

    def bad(connection: Connection) -> None:
        connection.execute(_note("bad"))
        raise KeyError

    def numbered(n: int) -> Callable[[Connection], object]:
        return lambda connection: connection.execute(_note(f"n{n}"))

    work = [bad if n % 3 == 0 else numbered(n) for n in range(12)]
    outcomes = await asyncio.gather(
        *(database.write(one) for one in (*work, good)), return_exceptions=True
    )

    kept = await database.read(
        lambda c: {row[0] for row in c.execute(text("SELECT purpose FROM timers"))}
    )
    assert kept == {"good", *(f"n{n}" for n in range(12) if n % 3)}
    assert sum(isinstance(outcome, KeyError) for outcome in outcomes) == 4


def _conversation(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO conversations (id, channel, key, address, ending) "
            "VALUES ('c', 'web', :none, :none, :no)"
        ).bindparams(none=b"", no=False)
    )


async def test_a_conversation_is_made_once(database: Database) -> None:
    """Whoever makes it hears so, and whoever comes second hears that it is there."""

    def make(connection: Connection) -> bool:
        return conversations.create(
            connection, ConversationId("c"), channel="web", key=b"k", address=b"a", now=NOON
        )

    assert await database.write(make) is True
    assert await database.write(make) is False


async def test_deleting_a_conversation_deletes_what_belongs_to_it(database: Database) -> None:
    """No row of an erased person is left behind."""
    await database.write(_conversation)
    await database.write(lambda c: c.execute(_note("idle")) and None)

    await database.write(lambda c: c.execute(text("DELETE FROM conversations")) and None)

    assert await database.read(lambda c: c.execute(text("SELECT * FROM timers")).all()) == []


@pytest.mark.parametrize("url", ["mysql://somewhere/db", "nonsense", ""])
async def test_other_databases_are_refused(url: str) -> None:
    """The operator reads which setting is wrong."""
    with pytest.raises(SettingProblem, match="BOT_DATABASE_URL"):
        await Database.open(url)


async def test_a_database_that_is_away_says_so_soon() -> None:
    """A webhook learns within its time that nothing can be stored."""
    database = await Database.open("postgresql://nobody@127.0.0.1:1/none")
    async with asyncio.timeout(5):
        with pytest.raises(Away):
            await database.write(lambda c: None)
    await database.close()


async def test_a_throw_away_database_needs_no_file() -> None:
    """`talk` leaves nothing on the disk."""
    database = await Database.open("sqlite://")
    await database.migrate()
    await database.write(_conversation)
    assert await database.read(lambda c: c.execute(text("SELECT id FROM conversations")).all())
    await database.close()


async def test_sqlite_is_set_up_for_a_crash_and_for_erasing(tmp_path: Path) -> None:
    """Commits reach the disk, and deleted text is overwritten."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'folder' / 'a.db'}")

    def pragmas(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")
        return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in names}

    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
    assert await database.write(pragmas) == expected
    assert await database.read(pragmas) == expected
    await database.close()


async def test_scrubbing_empties_the_log_file(tmp_path: Path) -> None:
    """Deleted text would stay in the -wal file until then."""
    path = tmp_path / "a.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.write(lambda c: c.execute(text("CREATE TABLE t (a)")) and None)
    await database.write(lambda c: c.execute(text("INSERT INTO t VALUES ('marked')")) and None)
    wal = path.with_name("a.db-wal")
    assert b"marked" in wal.read_bytes()
    await database.write(lambda c: c.execute(text("DELETE FROM t")) and None)

    assert await database.scrub()

    assert wal.read_bytes() == b""
    assert b"marked" not in path.read_bytes()
    await database.close()


async def test_a_locked_file_is_told_as_away(tmp_path: Path) -> None:
    """Another program that never lets go must not look like success."""
    path = tmp_path / "a.db"
    database = await Database.open(f"sqlite:///{path}?timeout=0")
    await database.write(lambda c: c.exec_driver_sql("PRAGMA busy_timeout=50") and None)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Away):
            await database.write(lambda c: None)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert await database.write(lambda c: 1) == 1
    await database.close()


async def test_a_long_reader_holds_up_nobody_while_files_are_scrubbed(tmp_path: Path) -> None:
    """Somebody erases while a backup reads: another person's message is stored at once."""
    path = tmp_path / "a.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.write(lambda c: c.execute(text("CREATE TABLE t (a)")) and None)
    backup = sqlite3.connect(path, isolation_level=None)
    backup.execute("BEGIN")
    backup.execute("SELECT count(*) FROM t").fetchone()
    try:
        scrubbing = asyncio.create_task(database.scrub())
        await asyncio.sleep(0.2)
        async with asyncio.timeout(1):
            await database.write(lambda c: c.execute(text("INSERT INTO t VALUES (1)")) and None)
        assert not await scrubbing
    finally:
        backup.close()
    await database.close()


async def test_what_nobody_waits_for_any_more_is_not_stored_later(tmp_path: Path) -> None:
    """The person was told "not kept": it must not be answered after all, a second time."""
    path = tmp_path / "a.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.write(lambda c: c.execute(text("CREATE TABLE t (a)")) and None)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await database.write(lambda c: c.execute(text("INSERT INTO t VALUES (1)")) and None)
    other.execute("ROLLBACK")
    other.close()

    assert await database.write(lambda c: c.execute(text("SELECT count(*) FROM t")).scalar()) == 0
    await database.close()


async def test_a_damaged_file_is_told_as_away_and_a_sound_one_is_taken_up_again(
    tmp_path: Path,
) -> None:
    """An operator who restores the file need not restart the service."""
    path = tmp_path / "a.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.migrate()
    await database.probe()
    await database.scrub()
    sound = path.read_bytes()
    path.write_bytes(b"not a database. " * 600)
    for ask in (database.write, database.read):
        with pytest.raises(Away):
            await ask(_count)
    path.write_bytes(sound)

    assert await database.write(_count) == 0
    assert await database.read(_count) == 0
    await database.close()


def _count(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM conversations")).scalar_one())


async def test_a_file_that_was_removed_is_noticed(tmp_path: Path) -> None:
    """SQLite writes on into a file that no longer has a name, and a restart would lose it all."""
    path = tmp_path / "a.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.migrate()
    path.unlink()

    with pytest.raises(Away, match="removed"):
        await database.probe()
    await database.close()


async def test_a_probe_is_a_write(database: Database) -> None:
    """Reading alone would call a full disk ready."""
    await database.probe()
    await database.migrate("base")
    await database.write(lambda c: c.execute(text("DROP TABLE alembic_version")) and None)
    database._probed_at = None

    with pytest.raises((Away, ProgrammingError)):
        await database.probe()
