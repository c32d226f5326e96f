"""The audit finds every change, whoever made it, and holds no words."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.audit import (
    NOBODY,
    OPERATOR,
    SERVICE,
    Action,
    Audit,
    Broken,
    Entry,
    Outcome,
    cut_if_sound,
    note,
)
from bot.store import audit_rows
from bot.store.database import Database
from tests.fakes import MASTER, NOON

AUDIT = Audit(MASTER)
TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER audit_no_change",
        "DROP TRIGGER audit_no_removal",
    ),
    "postgresql": (
        "DROP TRIGGER audit_no_change ON audit",
        "DROP TRIGGER audit_no_emptying ON audit",
    ),
}


async def some(database: Database, count: int = 5) -> None:
    """A chain of entries, a minute apart."""
    for number in range(count):
        entry = Entry("s1", Action.CASE_VIEWED, f"case{number}")
        await note(database, AUDIT, entry, NOON + timedelta(minutes=number))


async def by_hand(database: Database, *statements: str) -> None:
    """What somebody does who may do anything with the database, but has no key."""

    def work(connection: Connection) -> None:
        for statement in (*TRIGGERS[connection.dialect.name], *statements):
            connection.execute(text(statement))

    await database.write(work)


async def faults(database: Database, noted: tuple[int, str] | None = None) -> list[str]:
    """What the check finds, as text."""
    found = await database.read(lambda c: AUDIT.find_faults(c, noted))
    return [f"{fault.seq}: {fault.what}" for fault in found]


async def test_a_chain_that_nobody_touched_holds(database: Database) -> None:
    """Also when it is empty."""
    assert await faults(database) == []
    await some(database)
    assert await faults(database) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET actor = 's2' WHERE seq = 3", ["3: it was changed"]),
        ("UPDATE audit SET action = 'sign_in' WHERE seq = 3", ["3: it was changed"]),
        ("UPDATE audit SET object = 'case9' WHERE seq = 3", ["3: it was changed"]),
        ("UPDATE audit SET outcome = 'refused' WHERE seq = 3", ["3: it was changed"]),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3", ["3: it was changed"]),
        ("DELETE FROM audit WHERE seq = 3", ["4: after 2 comes 4", "4: it was changed"]),
        ("DELETE FROM audit WHERE seq = 1", ["2: after 0 comes 2", "2: it was changed"]),
        ("DELETE FROM audit WHERE seq >= 4", ["3: the chain ends at 3, its head is 5"]),
        ("DELETE FROM audit", ["0: the chain ends at 0, its head is 5"]),
        ("DELETE FROM audit_marks WHERE name = 'head'", ["0: the head mark is missing"]),
        (
            (
                "UPDATE audit_marks SET seq = 3, hash = (SELECT hash FROM audit WHERE seq = 3) "
                "WHERE name = 'head'"
            ),
            ["0: the head mark was changed", "5: the chain ends at 5, its head is 3"],
        ),
        (
            (
                "UPDATE audit_marks SET seq = 2, hash = (SELECT hash FROM audit WHERE seq = 2) "
                "WHERE name = 'cut'"
            ),
            ["0: the cut mark was changed", "1: after 2 comes 1", "1: it was changed"],
        ),
        (
            (
                "INSERT INTO audit SELECT 6, at, actor, action, object, outcome, hash FROM audit "
                "WHERE seq = 5"
            ),
            ["6: it was changed", "6: the chain ends at 6, its head is 5"],
        ),
    ],
)
async def test_a_change_by_hand_is_found(
    database: Database, statement: str, found: list[str]
) -> None:
    """Edited, removed, cut off at either end, added: each is told with its place."""
    await some(database)

    await by_hand(database, statement)

    told = await faults(database)
    assert len(told) >= len(found)
    for one, start in zip(told, found, strict=False):
        assert one.startswith(start), told


async def test_two_entries_that_changed_places_are_found(database: Database) -> None:
    """Their contents are untouched, only their numbers."""
    await some(database)

    await by_hand(
        database,
        "UPDATE audit SET seq = 90 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 90",
    )

    assert {told.partition(":")[0] for told in await faults(database)} >= {"2", "3"}


async def test_the_end_cut_off_together_with_an_older_head_is_found_by_what_was_noted(
    database: Database,
) -> None:
    """An older state of everything holds by itself; only a note kept elsewhere shows it."""
    await some(database, 3)
    old = await database.read(lambda c: audit_rows.mark(c, "head"))
    assert old is not None
    await some(database, 2)
    noted = await database.read(AUDIT.head)

    await by_hand(database, "DELETE FROM audit WHERE seq > 3")
    await database.write(lambda c: audit_rows.set_mark(c, "head", old))

    assert await faults(database) == []
    assert await faults(database, noted) == ["5: it is not what was noted down"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor = 's2' WHERE seq = 2", "DELETE FROM audit WHERE seq = 5"],
)
async def test_the_database_itself_refuses_a_change(database: Database, statement: str) -> None:
    """A slip in the program, or in a console, changes nothing."""
    await some(database)

    with pytest.raises(DBAPIError, match="the audit is added to"):
        await database.write(lambda c: c.execute(text(statement)) and None)

    assert await faults(database) == []


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE audit_marks SET seq = 3 WHERE name = 'head'",
        "DELETE FROM audit_marks",
    ],
)
async def test_nothing_is_added_to_a_chain_whose_head_is_not_ours(
    database: Database, spoil: str
) -> None:
    """A forged head would otherwise be sealed by the next entry, and forgotten."""
    await some(database)
    await by_hand(database, spoil)

    with pytest.raises(Broken):
        await some(database, 1)


async def test_a_chain_made_with_another_key_does_not_hold(database: Database) -> None:
    """Whoever has the database but not the key cannot write a new history."""
    other = Audit(bytes(32))
    await note(database, other, Entry(NOBODY, Action.SIGNED_IN), NOON)

    assert len(await faults(database)) == 2


@pytest.mark.parametrize("words", ["he followed me", "naïve", "a\nb", "x" * 81])
def test_words_are_refused(words: str) -> None:
    """Names and sentences cannot get in by mistake."""
    with pytest.raises(ValueError, match="ids, not words") as told:
        Entry("s1", Action.CASE_VIEWED, words)

    assert words not in str(told.value)


async def test_after_twelve_months_entries_go_and_the_rest_still_holds(database: Database) -> None:
    """The cut is noted, sealed, and not before its time."""
    await some(database, 3)
    late = NOON + timedelta(days=300)
    await note(database, AUDIT, Entry(OPERATOR, Action.LINK_GIVEN, "s1"), late)

    assert await cut_if_sound(database, AUDIT, NOON + timedelta(days=365)) == 0
    assert await cut_if_sound(database, AUDIT, NOON + timedelta(days=367)) == 3

    rows = await database.read(lambda c: AUDIT.newest(c, 10))
    assert [(row.seq, row.actor, row.action) for row in rows] == [
        (5, SERVICE, "audit.cut"),
        (4, OPERATOR, "account.link_given"),
    ]
    assert rows[0].object == "to:3"
    assert await faults(database) == []
    assert await cut_if_sound(database, AUDIT, NOON + timedelta(days=367, hours=1)) == 0
    await by_hand(database, "DELETE FROM audit WHERE seq = 4")
    assert (await faults(database))[0] == "5: after 3 comes 5"


async def test_a_chain_with_a_fault_is_not_cut(database: Database) -> None:
    """Cutting would take away what shows the fault."""
    await some(database, 3)
    await by_hand(database, "UPDATE audit SET actor = 's2' WHERE seq = 1")

    assert await cut_if_sound(database, AUDIT, NOON + timedelta(days=400)) == 0
    assert len(await database.read(lambda c: AUDIT.newest(c, 10))) == 3


async def test_entries_that_come_at_once_are_all_kept_in_one_chain(database: Database) -> None:
    """Several processes note things at the same moment."""
    import asyncio  # noqa: PLC0415 - here alone

    entries = [Entry("s1", Action.CASE_VIEWED, f"case{n}", Outcome.DONE) for n in range(20)]
    await asyncio.gather(*(note(database, AUDIT, entry, NOON) for entry in entries))

    assert await faults(database) == []
    assert (await database.read(AUDIT.head))[0] == 20
