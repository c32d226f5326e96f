"""Danger is seen at the door, with or without a database."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.content.last_resort import emergency_card
from bot.door import REMEMBERED, Door
from bot.messages import Address, Incoming
from bot.store.database import Away, Database
from tests.conftest import House, OpenHouse
from tests.fakes import NOON, ROOMY, telling, written

OUTSIDE = "he is outside my door right now"
CARD = emergency_card("emergency", ROOMY)


class Moody(Database):
    """A real database that can be away."""

    def __init__(self, real: Database) -> None:
        super().__init__(real._rooms, postgres=real.postgres)
        self.mood: Callable[[], Any] = lambda: None

    async def write(self, work: Any) -> Any:
        told = self.mood()
        if asyncio.iscoroutine(told):
            await told
        return await super().write(work)


def away() -> None:
    """The mood of a database that cannot be reached."""
    raise Away("OperationalError")


@pytest.fixture
async def moody(database: Database, open_house: OpenHouse) -> tuple[House, Moody]:
    """A pipe whose database can be away."""
    moody = Moody(database)
    return await open_house(database=moody), moody


async def test_the_same_event_is_answered_once(house: House) -> None:
    """A platform that delivers twice is told yes twice, and the person hears once."""
    first = await house.pipe.door.receive(written("one", "1"))
    again = await house.pipe.door.receive(written("one", "1"))
    await house.pipe.worker.drain()
    late = await house.pipe.door.receive(written("one", "1"))
    await house.pipe.worker.drain()

    assert (first.stored, again.stored, late.stored) == (True, True, True)
    assert house.telegram.texts("c1") == ["answer to one [one]"]


async def test_the_same_event_id_on_another_channel_is_another_event(house: House) -> None:
    """Platforms count by themselves."""
    await house.pipe.door.receive(written("one", "1"))
    await house.pipe.door.receive(written("two", "1", channel="web"))
    await house.pipe.worker.drain()

    of = house.keyring.conversation_id(written("", "", channel="web").address)
    assert house.telegram.texts("c1") == ["answer to one [one]"]
    assert len(await house.pipe.pages.lines(of)) == 2


async def test_without_a_database_danger_still_gets_the_card(moody: tuple[House, Moody]) -> None:
    """The card is given at once, once, and the platform is asked to deliver again."""
    house, database = moody
    database.mood = away

    first = await house.pipe.door.receive(written(OUTSIDE, "1"))
    again = await house.pipe.door.receive(written(OUTSIDE, "1"))
    other = await house.pipe.door.receive(written("hello", "2"))

    assert (first.stored, first.parts) == (False, (CARD,))
    assert (again.stored, again.parts) == (False, ())
    assert (other.stored, other.parts) == (False, ())


async def test_a_card_given_at_the_door_is_not_repeated(moody: tuple[House, Moody]) -> None:
    """Once the database is back the event is taken in, and only the rest of the answer comes."""
    house, database = moody
    database.mood = away
    await house.pipe.door.receive(written(OUTSIDE, "1"))
    database.mood = lambda: None

    assert (await house.pipe.door.receive(written(OUTSIDE, "1"))).stored
    await house.pipe.worker.drain()

    assert "answer to emergency" not in house.telegram.texts("c1")


async def test_a_card_that_did_not_arrive_comes_again(moody: tuple[House, Moody]) -> None:
    """When the channel could not deliver it, the turn does."""
    house, database = moody
    database.mood = away
    await house.pipe.door.receive(written("danger " + OUTSIDE, "1"))
    house.pipe.door.undelivered(written("danger " + OUTSIDE, "1"))
    database.mood = lambda: None

    await house.pipe.door.receive(written("danger " + OUTSIDE, "1"))
    await house.pipe.worker.drain()

    assert house.telegram.texts("c1")[0] == "answer to emergency"


async def test_a_database_that_does_not_answer_counts_as_away(
    moody: tuple[House, Moody],
) -> None:
    """Two seconds are waited, no more: the platform and the person wait, too."""
    house, database = moody
    database.mood = lambda: asyncio.sleep(60)
    async with asyncio.timeout(6):
        received = await house.pipe.door.receive(written(OUTSIDE, "1"))

    assert (received.stored, received.parts) == (False, (CARD,))


async def test_the_worker_outlives_a_database_that_is_away(moody: tuple[House, Moody]) -> None:
    """It goes on when the database is back, and nothing is lost."""
    house, database = moody
    await house.pipe.door.receive(written("one", "1"))
    database.mood = away
    arrived = asyncio.Event()
    house.telegram.answer = telling(arrived)
    running = asyncio.create_task(house.pipe.worker.run())
    await asyncio.sleep(0.2)
    assert house.telegram.texts("c1") == []
    database.mood = lambda: None
    async with asyncio.timeout(10):
        await arrived.wait()
    house.pipe.worker.stop()
    await running

    assert house.telegram.texts("c1") == ["answer to one [one]"]


async def test_what_is_remembered_is_bounded(moody: tuple[House, Moody]) -> None:
    """A flood while the database is away does not fill the memory."""
    house, database = moody
    database.mood = away
    door: Door = house.pipe.door
    for n in range(REMEMBERED + 5):
        await door.receive(written(OUTSIDE, str(n)))

    assert len(door._carded) == REMEMBERED


@pytest.mark.parametrize(
    ("tap", "topic"),
    [
        ("ask:emergency", "emergency"),
        ("show:suicide_self_harm", "suicide_self_harm"),
        ("now:yes", "emergency"),
        ("now:cannot_call", "cannot_speak"),
        ("menu", None),
        ("made up", None),
    ],
)
async def test_without_a_database_a_danger_button_gets_the_card(
    moody: tuple[House, Moody], tap: str, topic: str | None
) -> None:
    """Who taps "Danger now" must not hear nothing."""
    house, database = moody
    database.mood = away

    received = await house.pipe.door.receive(
        Incoming(Address("telegram", "c1"), "1", NOON, tap=tap)
    )

    assert [part.topic for part in received.parts] == ([topic] if topic else [])


async def test_the_worker_outlives_what_nobody_thought_of(moody: tuple[House, Moody]) -> None:
    """A worker that ends takes the whole service with it, and with it the ear for danger."""
    house, database = moody
    await house.pipe.door.receive(written("one", "1"))
    arrived = asyncio.Event()
    house.telegram.answer = telling(arrived)

    def strange() -> None:
        raise LookupError

    database.mood = strange
    running = asyncio.create_task(house.pipe.worker.run())
    await asyncio.sleep(0.2)
    assert not running.done()
    database.mood = lambda: None
    async with asyncio.timeout(10):
        await arrived.wait()
    house.pipe.worker.stop()
    await running
