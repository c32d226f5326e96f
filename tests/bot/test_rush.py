"""Many people write at once: nobody is forgotten, everybody knows, and danger does not wait."""

import asyncio
from datetime import timedelta

import pytest

from bot.messages import Kind, Part, Refused, TryLater
from bot.rush import AT_ONCE, BUSY_AFTER
from bot.store.pace import Pace
from bot.worker import AT_ONCE as ROOM
from bot.worker import CLAIMED, DANGER_BESIDE
from tests.conftest import House, OpenHouse
from tests.fakes import FakeChannel, FakeEngine, StepClock, written

BUSY = "answer to technical.busy"
OUTSIDE = "he is outside my door right now"


async def crowd(house: House, people: int) -> None:
    """So many people write, and nobody answers for longer than anybody takes for granted."""
    for n in range(people):
        await house.pipe.door.receive(written("hello", f"crowd {n}", chat=f"p{n}"))
    house.clock.move(seconds=BUSY_AFTER.total_seconds() + 1)


async def test_whoever_waits_long_is_told_once(house: House) -> None:
    """The notice comes once, and the answer after it."""
    await crowd(house, 3)
    assert await house.pipe.rush.look() == 3
    assert await house.pipe.rush.look() == 0
    house.clock.move(seconds=30)
    assert await house.pipe.rush.look() == 0
    await house.pipe.worker.drain()

    for n in range(3):
        assert house.telegram.texts(f"p{n}") == [BUSY, "answer to hello [hello]"]
    await house.pipe.rush.look()
    assert not house.pipe.rush.on


async def test_everybody_in_a_long_queue_is_told(house: House) -> None:
    """Some at a time, the longest waiting first, until all know."""
    await crowd(house, AT_ONCE + 3)

    assert [await house.pipe.rush.look() for _ in range(3)] == [AT_ONCE, 3, 0]
    assert house.telegram.texts("p0") == [BUSY]


async def test_two_hosts_tell_a_person_once(open_house: OpenHouse) -> None:
    """Every process looks, and none repeats what another said."""
    clock, telegram = StepClock(), FakeChannel()
    hosts = [await open_house(clock=clock, telegram=telegram) for _ in range(2)]
    await crowd(hosts[0], 10)

    told = await asyncio.gather(*(host.pipe.rush.look() for host in hosts for _ in range(2)))

    assert sum(told) == 10
    assert all(telegram.texts(f"p{n}") == [BUSY] for n in range(10))


async def test_the_page_shows_the_notice(house: House) -> None:
    """Somebody on the web page reads it where they wait."""
    message = written("hello", "1", chat="w1", channel="web")
    of = house.keyring.conversation_id(message.address)
    await house.pipe.door.receive(message)
    await crowd(house, 1)
    await house.pipe.rush.look()

    assert [line.text for line in await house.pipe.pages.lines(of)] == [BUSY]


async def test_the_notice_is_told_again_another_day(house: House) -> None:
    """The mark that somebody was told goes by itself, and erases nothing."""
    await crowd(house, 1)
    await house.pipe.rush.look()
    await house.pipe.worker.drain()
    house.clock.move(minutes=11)
    await house.pipe.worker.drain()
    await house.say("back again", chat="p0")

    assert house.telegram.texts("p0")[-1] == "answer to back again [back again]"
    await house.pipe.door.receive(written("and", "again", chat="p0"))
    house.clock.move(seconds=BUSY_AFTER.total_seconds() + 1)
    assert await house.pipe.rush.look() == 1


async def test_broken_texts_do_not_silence_the_notice(open_house: OpenHouse) -> None:
    """The words built into the code are there."""

    class Broken:
        def render(self, *_: object) -> tuple[Part, ...]:
            raise KeyError

    house = await open_house(renderer=Broken())
    await crowd(house, 1)
    await house.pipe.rush.look()

    assert "999" in house.telegram.texts("p0")[0]


async def test_danger_is_answered_before_everybody_else(house: House) -> None:
    """A hundred people wait; the one in danger wrote last and is among the first answered."""
    order: list[str] = []
    house.telegram.answer = lambda to, part: order.append(to.to) or Refused("seen")  # type: ignore[func-returns-value]
    for n in range(100):
        await house.pipe.door.receive(written("hello", f"{n}", chat=f"p{n}"))
    await house.pipe.door.receive(written(OUTSIDE, "danger", chat="victim"))
    await house.pipe.worker.drain()

    assert order.index("victim") < CLAIMED
    assert len(set(order)) == 101


async def test_danger_finds_room_where_all_room_is_taken(open_house: OpenHouse) -> None:
    """Every place is held by a platform that hangs: somebody in danger is answered all the same."""
    house = await open_house(engine=FakeEngine(), lease=timedelta(seconds=60))
    hanging, saved = asyncio.Event(), asyncio.Event()

    class Hanging(FakeChannel):
        async def send(self, to, part):  # type: ignore[no-untyped-def]
            if to.to == "victim":
                saved.set()
            else:
                await hanging.wait()
            return await super().send(to, part)

    house = await open_house(telegram=Hanging())
    for n in range(ROOM + DANGER_BESIDE):
        await house.pipe.door.receive(written("hello", f"{n}", chat=f"p{n}"))
    running = asyncio.create_task(house.pipe.worker.run())
    await asyncio.sleep(0.5)
    await house.pipe.door.receive(written(OUTSIDE, "danger", chat="victim"))
    async with asyncio.timeout(5):
        await saved.wait()
    assert house.telegram.sent.keys() <= {"victim"}
    hanging.set()
    house.pipe.worker.stop()
    await running


async def test_in_a_crowd_the_door_itself_gives_the_card(house: House) -> None:
    """People wait too long: the card is there before the message is even answered, and once."""
    await crowd(house, 2)
    await house.pipe.rush.look()
    received = await house.pipe.door.receive(written("danger " + OUTSIDE, "d", chat="victim"))
    again = await house.pipe.door.receive(written("danger " + OUTSIDE, "d", chat="victim"))

    assert (received.stored, again.stored) == (True, True)
    assert [part.kind for part in house.telegram.sent["victim"]] == [Kind.EMERGENCY]
    await house.pipe.worker.drain()
    assert [part.kind for part in house.telegram.sent["victim"]].count(Kind.EMERGENCY) == 1
    assert house.telegram.texts("victim")[1:] == ["answer to question.now"]


async def test_the_doors_card_is_on_the_page(house: House) -> None:
    """On the web page it is a line of the talk at once."""
    await crowd(house, 1)
    await house.pipe.rush.look()
    message = written("danger " + OUTSIDE, "d", chat="w1", channel="web")
    await house.pipe.door.receive(message)
    of = house.keyring.conversation_id(message.address)

    assert [line.kind for line in await house.pipe.pages.lines(of)] == [Kind.EMERGENCY]
    await house.pipe.worker.drain()
    kinds = [line.kind for line in await house.pipe.pages.lines(of)]
    assert kinds.count(Kind.EMERGENCY) == 1
    assert len(kinds) == 3


async def test_a_card_the_door_could_not_send_is_given_by_the_turn(house: House) -> None:
    """The platform is busy at that moment: nothing is taken as done that was not."""
    await crowd(house, 1)
    await house.pipe.rush.look()
    house.telegram.answer = lambda _to, _part: TryLater("busy")
    await house.pipe.door.receive(written("danger " + OUTSIDE, "d", chat="victim"))
    house.telegram.answer = FakeChannel().answer
    await house.pipe.worker.drain()

    assert house.telegram.texts("victim")[0] == "answer to emergency"


async def test_behind_many_messages_of_ones_own_danger_does_not_wait(house: House) -> None:
    """Somebody who wrote a lot, and then of danger, has the card before the rest is read."""
    for n in range(5):
        await house.pipe.door.receive(written(f"{n}", f"{n}", chat="victim"))
    await house.pipe.door.receive(written(OUTSIDE, "d", chat="victim"))

    assert [part.kind for part in house.telegram.sent["victim"]] == [Kind.EMERGENCY]


async def test_one_person_who_writes_without_end_slows_down_nobody_else(
    open_house: OpenHouse,
) -> None:
    """As many as there is room for write fifty messages each; a newcomer is answered soon."""
    order: list[str] = []

    class Noting(FakeChannel):
        async def send(self, to, part):  # type: ignore[no-untyped-def]
            order.append(to.to)
            return await super().send(to, part)

    house = await open_house(telegram=Noting())
    for chat in range(ROOM):
        for n in range(12):
            await house.pipe.door.receive(written(f"{n}", f"{chat}-{n}", chat=f"loud {chat}"))
    await house.pipe.door.receive(written("hello", "quiet", chat="quiet"))
    running = asyncio.create_task(house.pipe.worker.run())
    async with asyncio.timeout(60):
        while len(order) < ROOM * 12 + 1:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    house.pipe.worker.stop()
    await running

    assert order.index("quiet") < ROOM * 9
    for chat in range(ROOM):
        assert house.telegram.texts(f"loud {chat}") == [f"answer to {n} [{n}]" for n in range(12)]


@pytest.mark.parametrize("burst", [1, 3])
async def test_the_card_does_not_wait_for_the_bots_own_pace(
    open_house: OpenHouse, burst: int
) -> None:
    """However fast a bot may send, the card leaves at once."""
    slow = Pace(timedelta(hours=1), burst)
    house = await open_house(paces={"telegram": slow})
    for n in range(3):
        await house.say("a+b+c", chat=f"p{n}")
    await house.say("danger", chat="p0")

    assert "answer to emergency" in house.telegram.texts("p0")
