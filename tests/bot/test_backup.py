"""A backup brings the service back, and nobody's words with it."""

import asyncio
import base64
import json
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, inspect, text

from bot.audit import OPERATOR, Audit
from bot.backup import Keys, back_up, remove_older, restore
from bot.errors import BackupProblem
from bot.messages import Address, ConversationId
from bot.staff.accounts import Accounts
from bot.staff.keys import StaffKeys
from bot.staff.roles import Role
from bot.store import backup_rows, conversations, migrations
from bot.store.database import Database
from bot.store.sealed_file import Sealing, opened
from tests.conftest import House, OpenHouse
from tests.fakes import MASTER, NOON, written

KEY = "a key of backups and nothing else"
KEYS = Keys(KEY, MASTER)
IDLE = timedelta(hours=24)
MARK = "zanzibarflamingo"


def in_clear(backup: Path) -> bytes:
    """All that whoever has the backup and its key can read."""
    with backup.open("rb") as file:
        return b"".join(opened(file, KEY))


@pytest.fixture
def new_database(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Any:
    """Opens a new database of the same kind as the first."""

    @asynccontextmanager
    async def open_new(*, postgres: bool = database.postgres) -> AsyncIterator[Database]:
        url = f"sqlite:///{tmp_path / 'new' / 'alongside.db'}"
        server = request.getfixturevalue("postgres") if postgres else None
        if server:
            url = server.rsplit("/", 1)[0] + "/restored"
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(b"CREATE DATABASE restored")
        fresh = await Database.open(url)
        try:
            yield fresh
        finally:
            await fresh.close()
            if server:
                with psycopg.connect(server, autocommit=True) as connection:
                    connection.execute(b"DROP DATABASE restored WITH (FORCE)")

    return open_new


async def count(database: Database, table: str) -> int:
    """Rows of a table."""
    query = text(f"SELECT count(*) FROM {table}")
    return await database.read(lambda c: int(c.execute(query).scalar_one()))


async def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    return await database.read(lambda c: [tuple(row) for row in c.execute(text(query))])


async def test_nothing_anybody_wrote_is_in_a_backup_or_comes_back(
    house: House, tmp_path: Path, new_database: Any
) -> None:
    """Marked words on every way, answered and waiting: not even with every key are they there."""
    await house.say(f"hello {MARK}", chat=MARK)
    await house.say(f"hello {MARK}", chat=MARK, channel="web")
    await house.pipe.aside.keep("telegram", MARK.encode())
    await house.pipe.door.receive(written(f"waits {MARK}", "waits", chat=MARK))
    secrets = await rows(house.database, "SELECT key, address, state FROM conversations")
    sealed = [blob for row in secrets for blob in row if blob]
    assert len(sealed) == 6

    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)

    clear = in_clear(made.path)
    assert b'"conversations"' in clear, "it is being looked at"
    assert MARK.encode() not in clear
    assert MASTER.hex().encode() not in clear
    assert all(base64.b64encode(bytes(blob)) not in clear for blob in sealed)
    async with new_database() as fresh:
        await restore(fresh, made.path, KEYS, now=NOON, idle=IDLE)
        for table in ("inbox", "outbox", "page_lines", "aside"):
            assert await count(fresh, table) == 0, table
        kept = await rows(fresh, "SELECT key, address, state FROM conversations")
        assert kept == [(b"", b"", None)] * 2


async def after_restore(house: House, open_house: OpenHouse, made: Path, fresh: Database) -> House:
    """The service over the restored database, with the same master key."""
    await restore(fresh, made, KEYS, now=house.clock(), idle=IDLE)
    return await open_house(database=fresh)


async def test_who_was_talking_or_waiting_is_told_once_and_answered(
    house: House, open_house: OpenHouse, tmp_path: Path, new_database: Any
) -> None:
    """Their next message gets its answer, and before it the sentence that the talk was lost."""
    await house.say("hello", chat="talked")
    await house.pipe.door.receive(written("hello", "w", chat="waited"))
    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)

    async with new_database() as fresh:
        later = await after_restore(house, open_house, made.path, fresh)
        for chat in ("talked", "waited"):
            first = await later.say(f"again {chat}", chat=chat)
            assert first == ["answer to technical.lost", f"answer to again {chat} [again {chat}]"]
            assert len(await later.say("more", chat=chat)) == 3
        assert await later.say("new", chat="new") == ["answer to new [new]"]


async def test_the_999_card_still_goes_first(
    house: House, open_house: OpenHouse, tmp_path: Path, new_database: Any
) -> None:
    """A loss on our side does not stand before danger."""
    await house.say("hello")
    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)

    async with new_database() as fresh:
        later = await after_restore(house, open_house, made.path, fresh)
        texts = await later.say("danger")
        assert texts[:2] == ["answer to emergency", "answer to technical.lost"]


async def test_who_does_not_come_back_is_forgotten_in_time(
    house: House, open_house: OpenHouse, tmp_path: Path, new_database: Any
) -> None:
    """The mark that somebody once wrote goes like every quiet conversation."""
    await house.say("hello")
    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)

    async with new_database() as fresh:
        later = await after_restore(house, open_house, made.path, fresh)
        later.clock.move(hours=23)
        await later.pipe.worker.drain()
        assert await count(fresh, "conversations") == 1
        later.clock.move(hours=2)
        await later.pipe.worker.drain()
        assert await count(fresh, "conversations") == 0


async def test_who_erased_everything_is_not_in_the_backup(house: House, tmp_path: Path) -> None:
    """Not even while the last reply is on its way."""
    await house.say("hello", chat="stays")
    await house.say("hello", chat="goes")
    of = house.keyring.conversation_id(Address("telegram", "goes"))
    mark = text("UPDATE conversations SET ending = true WHERE id = :of")
    await house.database.write(lambda c: c.execute(mark, {"of": of}) and None)

    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)

    assert of.encode() not in in_clear(made.path)
    assert made.counts["conversations"] == 1


async def test_a_page_gets_no_line_number_a_second_time(
    house: House, open_house: OpenHouse, tmp_path: Path, new_database: Any
) -> None:
    """A page that is still open asks for what came after the last line it has."""
    for number in range(5):
        await house.say(f"hello {number}", channel="web")
    of = house.keyring.conversation_id(Address("web", "c1"))
    last = (await house.pipe.pages.lines(of))[-1].seq
    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)
    await house.say("after the backup", channel="web")

    async with new_database() as fresh:
        later = await after_restore(house, open_house, made.path, fresh)
        await later.say("again", channel="web")
        assert await later.pipe.pages.lines(of, after=last + 10)


async def test_a_backup_is_of_one_moment_while_people_write(
    database: Database, tmp_path: Path
) -> None:
    """Conversations come in pairs, each pair at once: no backup ever holds half a pair."""
    written_pairs = 0

    def pair(number: int) -> Callable[[Connection], None]:
        def write(connection: Connection) -> None:
            for half in ("a", "b"):
                name = ConversationId(f"{half}{number:06}")
                conversations.create(
                    connection,
                    name,
                    channel="web",
                    key=b"k",
                    address=b"a",
                    now=NOON,
                )

        return write

    async def go_on() -> None:
        nonlocal written_pairs
        while True:
            await database.write(pair(written_pairs))
            written_pairs += 1

    writing = asyncio.create_task(go_on())
    counts = []
    for number in range(8):
        await asyncio.sleep(0.05)
        made = await back_up(database, tmp_path / str(number), KEYS, NOON)
        counts.append(made.counts["conversations"])
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)

    assert counts[0] < counts[-1], "people wrote meanwhile"
    assert [number % 2 for number in counts] == [0] * len(counts)


@pytest.mark.postgres
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_backup_of_one_machine_goes_into_postgresql(
    house: House, tmp_path: Path, new_database: Any
) -> None:
    """The way from one machine to several."""
    await house.say("hello")
    made = await back_up(house.database, tmp_path / "b", KEYS, NOON)

    async with new_database(postgres=True) as server:
        assert server.postgres
        done = await restore(server, made.path, KEYS, now=NOON, idle=IDLE)
        assert done.counts["conversations"] == 1
        again = await back_up(server, tmp_path / "c", KEYS, NOON)
    async with new_database(postgres=False) as file:
        assert (await restore(file, again.path, KEYS, now=NOON, idle=IDLE)).counts == done.counts


async def test_every_table_is_told_what_a_backup_holds_of_it(database: Database) -> None:
    """A new table gets a line in backup_rows.RULES: whole, names only, or nothing."""
    names = await database.read(lambda c: inspect(c).get_table_names())
    assert set(names) == set(backup_rows.RULES)


async def test_accounts_come_back_and_the_audit_holds(
    database: Database, tmp_path: Path, new_database: Any
) -> None:
    """Whoever works at the desk signs in as before, and no entry is missing or changed."""
    audit = Audit(MASTER)
    staff = Accounts(database, StaffKeys(MASTER), audit)
    for name in ("Heron", "Wren"):
        await staff.add(name, Role.ADVOCATE, NOON, OPERATOR)
    before, head = await staff.every(), await database.read(audit.head)
    made = await back_up(database, tmp_path / "b", KEYS, NOON)

    assert b"Heron" not in bytes_of(made.path)
    async with new_database() as fresh:
        await restore(fresh, made.path, KEYS, now=NOON, idle=IDLE)
        assert await Accounts(fresh, StaffKeys(MASTER), audit).every() == before
        assert await fresh.read(lambda c: audit.find_faults(c, head)) == []
        assert await count(fresh, "staff_links") == 0, "a link from before must not open"
        await Accounts(fresh, StaffKeys(MASTER), audit).add("Kite", Role.LEAD, NOON, OPERATOR)
        assert await fresh.read(lambda c: audit.find_faults(c, head)) == []


async def test_an_older_backup_is_brought_up_to_date(empty_url: str, tmp_path: Path) -> None:
    """Its tables are made as they were then, filled, and changed step by step."""
    old = {"table": "conversations", "rule": "names only", "columns": ["id", "channel"]}
    with (tmp_path / "b").open("wb") as file:
        sealing = Sealing(file, KEY)
        head = {"made_at": NOON.isoformat(), "schema": "0001", "mark": None}
        for line in (head, {**old, "last_id": 0}, ["c1", "web"]):
            sealing.add(backup_bytes(line))
        sealing.finish()
    database = await Database.open(empty_url)

    done = await restore(database, tmp_path / "b", KEYS, now=NOON, idle=IDLE)

    assert done.counts == {"conversations": 1}
    assert await database.read(migrations.is_newest)
    assert await count(database, "timers") == 1
    await database.close()


def backup_bytes(line: Any) -> bytes:
    """A line as a backup keeps it."""
    return json.dumps(line).encode() + b"\n"


def bytes_of(path: Path) -> bytes:
    """A file's bytes."""
    return path.read_bytes()


def mode_of(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def left_beside(folder: Path) -> list[Path]:
    """Half-done files."""
    return list(folder.glob(".alongside-*"))


@pytest.fixture
async def made(house: House, tmp_path: Path) -> Path:
    """A backup of somebody's talk."""
    await house.say("hello")
    return (await back_up(house.database, tmp_path / "made", KEYS, NOON)).path


async def refused(database: Database, backup: Path, keys: Keys = KEYS) -> str:
    """Why it was not restored; nothing is in the database after it."""
    with pytest.raises(BackupProblem) as problem:
        await restore(database, backup, keys, now=NOON, idle=IDLE)
    assert not await database.read(backup_rows.has_tables)
    return str(problem.value)


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_restored_is_refused_before_anything_is_written(
    made: Path, tmp_path: Path, new_database: Any
) -> None:
    """Another key, no backup, a newer version, a folder, nothing."""
    newer = tmp_path / "newer"
    with newer.open("wb") as file:
        sealing = Sealing(file, KEY)
        sealing.add(backup_bytes({"made_at": NOON.isoformat(), "schema": "9999", "mark": None}))
        sealing.finish()
    (tmp_path / "other").write_bytes(b"alongside backup 2\n" + b"x" * 500)
    async with new_database() as fresh:
        other = replace(KEYS, backup="another key of thirty-two or more")
        assert "sealed with another key" in await refused(fresh, made, other)
        assert "made by a newer version" in await refused(fresh, newer)
        assert "no backup of this service" in await refused(fresh, tmp_path / "other")
        assert "cannot be read" in await refused(fresh, tmp_path)
        assert "cannot be read" in await refused(fresh, tmp_path / "none")


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_damage_anywhere_is_noticed(made: Path, tmp_path: Path, new_database: Any) -> None:
    """A byte changed, the end missing, a piece missing, something added."""
    whole = bytes_of(made)
    hurt = tmp_path / "hurt"
    ways = [whole[:cut] for cut in (30, 60, 70, 80, len(whole) - 1)]
    ways += [whole + b"x", whole[:67] + whole[67:71] + whole[71:][::-1]]
    ways += [
        whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        for at in range(len(b"alongside backup 1\n"), len(whole), 97)
    ]
    async with new_database() as fresh:
        for way in ways:
            hurt.write_bytes(way)
            said = await refused(fresh, hurt)
            assert "damaged" in said or "another key" in said


async def test_a_database_that_is_in_use_is_not_written_over(house: House, made: Path) -> None:
    """Restoring is for a new database."""
    with pytest.raises(BackupProblem, match="tables in the database already"):
        await restore(house.database, made, KEYS, now=NOON, idle=IDLE)
    assert await count(house.database, "inbox") == 1


async def test_a_file_that_is_there_is_not_written_over(database: Database, tmp_path: Path) -> None:
    """Nor is anything left half-done beside it."""
    (tmp_path / "b").write_text("mine")
    with pytest.raises(BackupProblem, match="a file already"):
        await back_up(database, tmp_path / "b", KEYS, NOON)
    assert (tmp_path / "b").read_text() == "mine"
    with pytest.raises(BackupProblem, match="cannot be written"):
        await back_up(database, tmp_path / "none" / "b", KEYS, NOON)
    assert not left_beside(tmp_path)


async def test_a_database_without_tables_has_nothing_to_back_up(
    empty_url: str, tmp_path: Path
) -> None:
    """An empty backup would be taken for one."""
    database = await Database.open(empty_url)
    with pytest.raises(BackupProblem, match="no tables yet"):
        await back_up(database, tmp_path / "b", KEYS, NOON)
    assert not (tmp_path / "b").exists()
    await database.close()


async def test_only_the_owner_may_read_a_backup(made: Path) -> None:
    """Whatever the shell's mask is."""
    assert mode_of(made) == 0o600


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_old_backups_in_the_folder_go_and_other_files_stay(
    database: Database, tmp_path: Path
) -> None:
    """A backup brings back who wrote: it is kept for days."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for days in (0, 6, 8, 30):
        await back_up(database, folder, KEYS, NOON - timedelta(days=days))
    (folder / "alongside-mine.backup").write_text("")

    assert remove_older(folder, timedelta(days=7), NOON) == 2
    assert sorted(path.name for path in folder.iterdir()) == [
        "alongside-20261118T120000Z.backup",
        "alongside-20261124T120000Z.backup",
        "alongside-mine.backup",
    ]


def test_a_long_backup_is_in_many_pieces(tmp_path: Path) -> None:
    """And one piece taken out, or two changed over, is noticed."""
    with (tmp_path / "long").open("wb") as file:
        sealing = Sealing(file, KEY)
        for number in range(1000):
            sealing.add(bytes([number % 256]) * 1000)
        sealing.finish()
    assert len(in_clear(tmp_path / "long")) == 1_000_000
