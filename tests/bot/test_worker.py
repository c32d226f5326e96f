"""The whole way of a message, over a real database and fakes at both ends."""

import asyncio
import random
from collections import defaultdict
from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.messages import Address, Outcome, Part, Sent, TryLater
from bot.store import jobs
from bot.store.pace import PACES
from tests.conftest import House, OpenHouse
from tests.fakes import FakeChannel, FakeEngine, StepClock, telling, written

CHATS = 12
MESSAGES = 8


async def test_a_message_is_answered_once(house: House) -> None:
    """Somebody writes, and one answer comes."""
    assert await house.say("hello") == ["answer to hello [hello]"]


async def test_messages_are_answered_in_order(house: House) -> None:
    """Three messages sent in a row get their answers in that order."""
    for text in ("one", "two", "three"):
        await house.pipe.door.receive(written(text, text))
    await house.pipe.worker.drain()

    assert house.telegram.texts("c1") == [
        "answer to one [one]",
        "answer to two [two]",
        "answer to three [three]",
    ]


async def test_a_running_worker_answers_at_once(house: House) -> None:
    """Nobody waits for the slow poll."""
    arrived = asyncio.Event()
    house.telegram.answer = telling(arrived)
    running = asyncio.create_task(house.pipe.worker.run())
    async with asyncio.timeout(10):
        await asyncio.sleep(0)
        await house.pipe.door.receive(written("hello", "1"))
        await arrived.wait()
        house.pipe.worker.stop()
        await running

    assert house.telegram.texts("c1") == ["answer to hello [hello]"]


async def test_stopping_finishes_what_was_begun(open_house: OpenHouse) -> None:
    """A restart by the operator leaves no half-done turn."""
    began = asyncio.Event()
    engine = FakeEngine(before=lambda _text: began.set(), takes=0.3)
    house = await open_house(engine=engine)
    running = asyncio.create_task(house.pipe.worker.run())
    await house.pipe.door.receive(written("hello", "1"))
    async with asyncio.timeout(10):
        await began.wait()
        house.pipe.worker.stop()
        await running

    assert house.telegram.texts("c1") == ["answer to hello [hello]"]


async def test_a_long_turn_keeps_its_lease(open_house: OpenHouse) -> None:
    """An engine slower than the lease does not make two workers answer one message."""
    parts = {"clock": utc_now, "lease": timedelta(seconds=0.9)}
    telegram = FakeChannel()
    slow = [
        await open_house(engine=FakeEngine(takes=2.5), telegram=telegram, **parts) for _ in range(2)
    ]
    running = [asyncio.create_task(house.pipe.worker.run()) for house in slow]
    await slow[0].pipe.door.receive(written("hello", "1"))
    await asyncio.sleep(4)
    for house in slow:
        house.pipe.worker.stop()
    await asyncio.gather(*running)

    assert telegram.texts("c1") == ["answer to hello [hello]"]


@pytest.mark.parametrize("seed", range(3))
async def test_two_workers_lose_nothing_double_nothing_and_keep_order(
    open_house: OpenHouse, seed: int
) -> None:
    """Many people write at once to two hosts over one database, and the platform is moody."""
    dice = random.Random(seed)
    got: dict[str, list[str]] = defaultdict(list)

    def moody(to: Address, part: Part) -> Outcome:
        if dice.random() < 0.15:
            return TryLater("busy")
        got[to.to].append(part.text)
        return Sent()

    clock = StepClock()
    hosts = [
        await open_house(clock=clock, telegram=FakeChannel(answer=moody, takes=0.001))
        for _ in range(2)
    ]
    running = [asyncio.create_task(host.pipe.worker.run()) for host in hosts]

    async def person(chat: str) -> None:
        for n in range(MESSAGES):
            host = dice.choice(hosts)
            for _ in range(dice.choice((1, 1, 2))):  # some are delivered twice
                message = written(f"{n}", f"{chat}-{n}", chat=chat)
                assert (await host.pipe.door.receive(message)).stored
            await asyncio.sleep(dice.random() * 0.02)

    async with asyncio.timeout(120):
        await asyncio.gather(*(person(f"c{n}") for n in range(CHATS)))
        while sum(map(len, got.values())) < CHATS * MESSAGES:
            clock.move(seconds=5)
            await asyncio.sleep(0.1)
    for host in hosts:
        host.pipe.worker.stop()
    await asyncio.gather(*running)

    expected = [f"answer to {n} [{n}]" for n in range(MESSAGES)]
    assert got == {f"c{n}": expected for n in range(CHATS)}


async def test_a_clock_that_is_set_back_makes_nobody_wait(open_house: OpenHouse) -> None:
    """A machine starts with a wrong clock, and an hour later than it is: then it is put right."""
    house = await open_house(paces=PACES)
    await house.say("before")
    house.telegram.answer = lambda _to, _part: TryLater("too many", timedelta(seconds=2))
    await house.say("one")
    house.telegram.answer = lambda _to, _part: Sent()
    await house.pipe.door.receive(written("two", "two", chat="c2"))

    house.clock.move(hours=-1)
    await house.pipe.worker.drain()

    assert house.telegram.texts("c2") == ["answer to two [two]"]
    assert house.telegram.texts("c1") == ["answer to before [before]", "answer to one [one]"]


async def test_a_dead_workers_lease_ends_though_the_clock_was_set_back(
    open_house: OpenHouse,
) -> None:
    """It held a message when it died, by a clock that was an hour ahead."""
    house = await open_house()
    await house.pipe.door.receive(written("one", "1"))
    await house.database.write(
        lambda c: jobs.take(c, now=house.clock(), lease=timedelta(seconds=15), most=1)
    )

    house.clock.move(hours=-1)
    await house.pipe.worker.drain()
    house.clock.move(seconds=20)
    await house.pipe.worker.drain()

    assert house.telegram.texts("c1") == ["answer to one [one]"]
