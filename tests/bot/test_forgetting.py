"""Erasing leaves nothing behind: not in the rows, not in the files."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text

from bot.conversation import Conversation
from bot.messages import Address, TryLater
from bot.store.database import Database
from bot.store.tables import metadata
from tests.conftest import House, OpenHouse
from tests.fakes import NOON, FakeChannel, written


async def rows(house: House) -> dict[str, int]:
    """How many rows each table has that can hold something of a talk."""

    def count(connection: Connection) -> dict[str, int]:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name in NOTHING or "conversation_id" in table.c
        }

    return await house.database.read(count)


NOTHING = {
    "conversations": 0,
    "inbox": 0,
    "outbox": 0,
    "timers": 0,
    "page_lines": 0,
    "aside": 0,
    "on_screen": 0,
}


async def wrapped_key(house: House) -> bytes:
    """The first conversation's wrapped key, as the files hold it."""
    return await house.database.read(
        lambda c: bytes(c.execute(text("SELECT key FROM conversations")).scalar_one())
    )


async def test_erase_answers_and_leaves_nothing(house: House) -> None:
    """The person reads that it is done, and then it is done."""
    await house.say("one")

    assert (await house.say("erase"))[-1] == "answer to erase.done"
    assert await rows(house) == NOTHING


async def test_erase_on_the_page_shows_the_last_line_for_ten_minutes(house: House) -> None:
    """The page can still show that it is done; then that goes too."""
    of = house.keyring.conversation_id(Address("web", "w1"))
    await house.say("one", chat="w1", channel="web")
    await house.say("erase", chat="w1", channel="web")

    lines = await house.pipe.pages.lines(of)
    assert [(line.mine, line.text) for line in lines] == [(False, "answer to erase.done")]

    house.clock.move(minutes=11)
    await house.pipe.worker.drain()
    assert await rows(house) == NOTHING


async def test_what_comes_after_an_erasure_is_answered_as_new(house: House) -> None:
    """Nothing accepted is lost, and nothing is remembered."""
    for event, said in enumerate(("one", "erase", "two", "three")):
        await house.pipe.door.receive(written(said, f"e{event}"))
    await house.pipe.worker.drain()

    assert house.telegram.texts("c1")[1:] == [
        "answer to erase.done",
        "answer to two [two]",
        "answer to three [three]",
    ]
    of = house.keyring.conversation_id(Address("telegram", "c1"))
    assert (await house.pipe.turn.where(of)).turns == 2
    house.clock.move(minutes=11)
    await house.pipe.worker.drain()
    assert (await house.pipe.turn.where(of)).turns == 2  # the erasure's timer is gone


async def test_an_erased_talk_goes_even_if_the_last_reply_cannot(open_house: OpenHouse) -> None:
    """A platform that is down for long does not keep the key alive."""
    house = await open_house(telegram=FakeChannel(answer=lambda *_: TryLater("down")))
    await house.say("erase")
    assert (await rows(house))["conversations"] == 1

    house.clock.move(minutes=11)
    await house.pipe.worker.drain()
    house.clock.move(minutes=2)
    await house.pipe.worker.drain()

    assert await rows(house) == NOTHING


async def test_a_quiet_talk_is_forgotten(house: House) -> None:
    """A day after the last message nothing is left."""
    await house.say("one")
    house.clock.move(hours=23)
    await house.say("two")
    house.clock.move(hours=23)
    await house.pipe.worker.drain()
    assert (await rows(house))["conversations"] == 1

    house.clock.move(hours=2)
    await house.pipe.worker.drain()

    assert await rows(house) == NOTHING


async def test_a_message_that_waits_is_answered_first(house: House) -> None:
    """The timer does nothing to a talk that has moved on."""
    await house.say("one")
    house.clock.move(hours=25)
    await house.pipe.door.receive(written("two", "late"))
    await house.pipe.retention.purge(house.clock())

    await house.pipe.worker.drain()

    assert house.telegram.texts("c1")[-1] == "answer to two [two]"
    assert (await rows(house))["conversations"] == 1


async def test_purge_counts_what_it_removes(house: House) -> None:
    """An operator sees that old rows go."""
    await house.say("one", chat="c1")
    house.clock.move(days=9)
    await house.say("two", chat="c2")

    counts = await house.pipe.retention.purge(house.clock() + timedelta(hours=2))

    assert counts == {"conversations": 0, "inbox": 0, "outbox": 1, "aside": 0, "on_screen": 0}
    assert (await rows(house))["conversations"] == 1


async def test_erase_from_outside(house: House) -> None:
    """Leaving the page erases at once; doing it twice is no error."""
    of = house.keyring.conversation_id(Address("telegram", "c1"))
    await house.say("one")

    assert await house.pipe.retention.erase(of) is True
    assert await house.pipe.retention.erase(of) is False
    assert await rows(house) == NOTHING
    assert await house.pipe.turn.where(of) == Conversation()


@pytest.mark.parametrize("how", ["by words", "from outside", "by itself"])
async def test_no_file_holds_anything_of_an_erased_talk(
    tmp_path: Path, open_house: OpenHouse, how: str
) -> None:
    """Searching the database and its log file finds neither words, chat id nor the old key."""
    path = tmp_path / "searched.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.migrate()
    house = await open_house(database=database)
    await house.say("canary words", chat="canary-chat")
    await house.pipe.pages.forget(house.keyring.conversation_id(Address("telegram", "x")))
    key = await wrapped_key(house)
    files = [path, path.with_name(path.name + "-wal")]
    assert any(key in file.read_bytes() for file in files)

    if how == "by words":
        await house.say("erase", chat="canary-chat")
    elif how == "from outside":
        of = house.keyring.conversation_id(Address("telegram", "canary-chat"))
        await house.pipe.retention.erase(of)
    else:
        house.clock.move(hours=25)
        await house.pipe.worker.drain()

    kept = b"".join(file.read_bytes() for file in files)
    assert b"canary" not in kept
    assert key not in kept
    await database.close()


def _contents(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_nothing_readable_is_ever_written(tmp_path: Path, open_house: OpenHouse) -> None:
    """Words, replies and chat ids are sealed or hashed at every step, not only after erasing."""
    path = tmp_path / "searched.db"
    database = await Database.open(f"sqlite:///{path}")
    await database.migrate()
    house = await open_house(database=database)
    for channel in ("telegram", "web"):
        await house.pipe.door.receive(
            written("canary words", f"canary-{channel}", chat="canary-chat", channel=channel)
        )
        kept = _contents(tmp_path)
        assert b"canary" not in kept
        await house.pipe.worker.drain()
    assert house.telegram.texts("canary-chat") == ["answer to canary words [canary words]"]

    kept = _contents(tmp_path)

    assert b"canary" not in kept
    assert NOON.isoformat().encode() not in kept
    await database.close()
