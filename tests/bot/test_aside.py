"""What nobody could read is kept sealed for a while, and goes by itself."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.aside import MOST, Aside
from bot.retention import Retention
from bot.store import counts
from bot.store.database import Database
from bot.store.seal import Keyring
from bot.store.tables import aside
from tests.conftest import House
from tests.fakes import MASTER, StepClock

ODD = b'{"update_id": 5, "message": "he is outside"}'


async def kept(house: House) -> list[bytes]:
    """Everything that was set aside, opened."""
    rows = await house.database.read(lambda c: c.execute(select(aside)).all())
    return [house.keyring.open_aside(row.id, row.body) for row in rows]


async def test_what_was_set_aside_can_be_opened_with_the_master_key(house: House) -> None:
    """By the operator, and after a restart; another key opens nothing."""
    assert await house.pipe.aside.keep("telegram", ODD)

    assert await kept(house) == [ODD]
    (row,) = await house.database.read(lambda c: c.execute(select(aside)).all())
    assert Keyring(MASTER).open_aside(row.id, row.body) == ODD
    assert b"outside" not in row.body
    assert row.channel == "telegram"


async def test_the_same_thing_again_is_kept_once(house: House) -> None:
    """A platform that delivers it again and again does not fill the disk."""
    assert await house.pipe.aside.keep("telegram", ODD)
    assert not await house.pipe.aside.keep("telegram", ODD)
    assert await house.pipe.aside.keep("whatsapp", ODD)

    assert await kept(house) == [ODD, ODD]


async def test_of_something_huge_the_beginning_is_kept(house: House) -> None:
    """Enough to see what it was."""
    await house.pipe.aside.keep("telegram", ODD + b"x" * 2 * MOST)

    (found,) = await kept(house)
    assert len(found) == MOST
    assert found.startswith(ODD)


async def test_it_goes_by_itself_after_eight_days_and_is_counted(house: House) -> None:
    """Nothing is kept for ever; the metrics show how much there is."""
    await house.pipe.aside.keep("telegram", ODD)
    assert (await house.database.read(counts.by_state))["aside", "kept"] == 1

    house.clock.move(days=7, hours=23)
    assert (await house.pipe.retention.purge(house.clock()))["aside"] == 0
    house.clock.move(hours=2)
    assert (await house.pipe.retention.purge(house.clock()))["aside"] == 1

    assert (await house.database.read(counts.by_state))["aside", "kept"] == 0


async def test_nothing_of_it_is_readable_in_the_files(tmp_path: Path) -> None:
    """Neither while it is kept nor after it went."""
    database = await Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    await database.migrate()
    clock = StepClock()
    await Aside(database, Keyring(MASTER), clock).keep("telegram", ODD)
    sealed = await database.read(lambda c: c.execute(select(aside.c.body)).scalar_one())

    def files() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert sealed in files()
    assert b"outside" not in files()
    await Retention(database).purge(clock() + timedelta(days=9))
    assert sealed not in files()
    await database.close()
