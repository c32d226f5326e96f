"""A platform's news of a message settle whether it arrived, whoever is told first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.messages import Address, Outcome, Part, Refused, Sent, TryLater, Unknown
from bot.ports import Tags
from bot.receipts import Receipt
from tests.bot.test_outbox import RESENT, later, states
from tests.conftest import House, OpenHouse
from tests.fakes import ROOMY, FakeChannel, written


@dataclass(eq=False)
class Telling(FakeChannel):
    """A platform that tells later what became of each message. outcomes: of the first sends."""

    outcomes: list[Outcome] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    during: Callable[[str], None] = lambda _tag: None

    async def send_tagged(self, to: Address, part: Part, tag: str) -> Outcome:
        self.tags.append(tag)
        self.during(tag)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        if isinstance(outcome, Sent):
            self.sent.setdefault(to.to, []).append(part)
        return outcome


@dataclass(eq=False)
class Hanging(Telling):
    """A send that hangs until it is let go."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_tagged(self, to: Address, part: Part, tag: str) -> Outcome:
        self.tags.append(tag)
        self.reached.set()
        await self.go_on.wait()
        return Unknown("no answer", timedelta(seconds=10))


async def took(house: House, tag: str, outcome: Outcome | None = None) -> bool:
    """The platform tells."""
    return await house.pipe.receipts.took(Receipt("telegram", tag, outcome or Sent()))


DOUBT = Unknown("no answer", timedelta(seconds=10))


async def test_news_that_it_arrived_end_the_doubt(open_house: OpenHouse) -> None:
    """It is not sent again, and what stood behind it need not wait any longer."""
    platform = Telling(outcomes=[DOUBT])
    assert isinstance(platform, Tags)
    house = await open_house(telegram=platform)
    assert await house.say("one+two") == []
    assert await took(house, platform.tags[0])
    await house.pipe.worker.drain()

    assert house.telegram.texts("c1") == ["answer to one+two [two]"]
    await later(house, 30)
    assert await states(house) == [("sent", True), ("sent", True)]
    assert len(platform.tags) == 2


async def test_without_news_it_goes_again_after_the_platforms_time(open_house: OpenHouse) -> None:
    """Ten seconds here, not three; the card is not held back for it."""
    platform = Telling(outcomes=[DOUBT, DOUBT])
    house = await open_house(telegram=platform)
    await house.say("hello")
    await later(house, 9)
    assert len(platform.tags) == 1
    await later(house, 2)
    assert len(platform.tags) == 2
    platform.outcomes = [DOUBT]
    await house.say("danger", chat="c2")
    await later(house, 4)
    assert house.telegram.texts("c2")[0] == f"{RESENT}\nanswer to emergency"


async def test_news_that_overtake_the_answer_are_not_overwritten(open_house: OpenHouse) -> None:
    """The send hangs, the message is on the phone, the news come first: they stand."""
    platform = Hanging()
    house = await open_house(telegram=platform)
    await house.pipe.door.receive(written("hello", "1"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(house.pipe.worker.drain())
        await platform.reached.wait()
        assert await took(house, platform.tags[0])
        platform.go_on.set()
    assert await states(house) == [("sent", True)]
    await later(house, 60)
    assert len(platform.tags) == 1


async def news_while_next_is_answered(
    house: House, platform: Hanging, first: str, second: str
) -> None:
    """The first send hangs; the next message is there before the platform tells of the first."""
    await house.pipe.door.receive(written(first, "1"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(house.pipe.worker.drain())
        await platform.reached.wait()
        await house.pipe.door.receive(written(second, "2"))
        assert await took(house, platform.tags[0])
        platform.go_on.set()


async def test_news_that_come_while_the_next_message_is_answered_count(
    open_house: OpenHouse,
) -> None:
    """The holder still has the doubt in memory: it looks again before it sends."""
    platform = Hanging()
    house = await open_house(telegram=platform)
    await news_while_next_is_answered(house, platform, "one", "two")
    await later(house, 11, 11)
    assert platform.tags[0] not in platform.tags[1:]
    assert (await states(house))[0] == ("sent", True)


async def test_a_card_that_arrived_is_not_sent_again_with_the_next_one(
    open_house: OpenHouse,
) -> None:
    """Danger said twice: the first card was in doubt, the news came, only the second one goes."""
    platform = Hanging()
    house = await open_house(telegram=platform)
    await news_while_next_is_answered(house, platform, "danger", "danger")
    assert platform.tags.count(platform.tags[0]) == 1
    assert len(platform.tags) == 2


@pytest.mark.parametrize("told", [True, False])
async def test_what_a_lost_worker_was_sending_waits_for_news_first(
    open_house: OpenHouse, *, told: bool
) -> None:
    """Its successor asks for some seconds whether it arrived, then sends it once more."""
    lost = await open_house(telegram=Hanging())
    platform = Telling()
    heir = await open_house(clock=lost.clock, telegram=platform)
    hanging = lost.telegram
    assert isinstance(hanging, Hanging)
    await lost.pipe.door.receive(written("hello", "1"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(lost.pipe.worker.drain())
        await hanging.reached.wait()
        await later(heir, 16)
        assert platform.tags == []  # the lease ran out; now it is waited for news
        if told:
            assert await took(heir, hanging.tags[0])
        await later(heir, 11)
        hanging.go_on.set()
    await later(heir, 60)
    again = [] if told else [f"{RESENT}\nanswer to hello [hello]"]
    assert heir.telegram.texts("c1") == again
    assert await states(heir) == [("sent", True)]


async def test_a_card_that_a_lost_worker_was_sending_goes_at_once(open_house: OpenHouse) -> None:
    """999 twice is better than ten seconds late."""
    lost = await open_house(telegram=Hanging())
    heir = await open_house(clock=lost.clock, telegram=Telling())
    hanging = lost.telegram
    assert isinstance(hanging, Hanging)
    await lost.pipe.door.receive(written("danger", "1"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(lost.pipe.worker.drain())
        await hanging.reached.wait()
        await later(heir, 16)
        assert heir.telegram.texts("c1")[0] == f"{RESENT}\nanswer to emergency"
        hanging.go_on.set()


async def test_news_after_it_was_given_up_still_count(open_house: OpenHouse) -> None:
    """Twice in doubt, then the news: it arrived."""
    platform = Telling(outcomes=[DOUBT, DOUBT])
    house = await open_house(telegram=platform)
    await house.say("hello")
    await later(house, 11, 11)
    assert await states(house) == [("unknown", True)]
    assert await took(house, platform.tags[0])
    assert await states(house) == [("sent", True)]


async def test_news_that_nothing_reaches_this_person_end_what_waits(open_house: OpenHouse) -> None:
    """Accepted, then undeliverable: nothing more is tried until they write."""
    platform = Telling(outcomes=[Sent(), TryLater("busy", timedelta(seconds=30))])
    house = await open_house(telegram=platform)
    await house.say("one+two")
    assert await took(house, platform.tags[0], Refused("unreachable", gone=True))
    await later(house, 60)
    assert await states(house) == [("refused", True)] * 2
    assert len(platform.tags) == 2


async def test_news_of_a_failure_for_now_leave_the_next_try(open_house: OpenHouse) -> None:
    """In doubt, and then told that it did not go: it goes as it was to go."""
    platform = Telling(outcomes=[DOUBT])
    house = await open_house(telegram=platform)
    await house.say("hello")
    assert not await took(house, platform.tags[0], Unknown("unavailable"))
    await later(house, 11)
    assert await states(house) == [("sent", True)]
    assert await took(house, platform.tags[0], TryLater("busy"))
    assert await states(house) == [("failed", True)]


async def test_news_of_what_never_left_are_not_believed(open_house: OpenHouse) -> None:
    """It waits for its next try and there is no doubt about it: it goes."""
    platform = Telling(outcomes=[TryLater("busy", timedelta(seconds=5))])
    house = await open_house(telegram=platform)
    await house.say("hello")
    assert not await took(house, platform.tags[0])
    await later(house, 6)
    assert house.telegram.texts("c1") == ["answer to hello [hello]"]


async def test_a_tag_is_worth_nothing_elsewhere(open_house: OpenHouse) -> None:
    """Another row, another talk, a talk erased since, or no tag at all: nothing changes."""
    platform = Telling(outcomes=[DOUBT, DOUBT])
    house = await open_house(telegram=platform)
    await house.say("hello")
    await house.say("hello", chat="c2")
    first, second = platform.tags
    swapped = f"{first.partition('.')[0]}.{second.partition('.')[2]}"
    for tag in (swapped, "", ".", "1", "x.y", f"{10**30}.a", first.upper() + "x", "\u0661.a"):
        assert not await took(house, tag)
    platform.outcomes = [Sent(), DOUBT]
    await house.say("erase")
    assert not await took(house, first)


async def test_news_twice_change_nothing(open_house: OpenHouse) -> None:
    """Sent, delivered, read: the first settles it, the others cost a look."""
    platform = Telling()
    house = await open_house(telegram=platform)
    await house.say("hello")
    for _ in range(3):
        assert not await took(house, platform.tags[0])


async def test_outside_the_reply_window_nothing_is_sent(open_house: OpenHouse) -> None:
    """What waited for longer than the platform takes replies is given up; within it, it goes."""
    busy = TryLater("busy", timedelta(hours=2))
    limits = replace(ROOMY, reply_within=timedelta(hours=3))
    platform = Telling(outcomes=[busy, busy], limits=limits)
    house = await open_house(telegram=platform)
    await house.say("one")
    await later(house, 2.1 * 3600)
    assert len(platform.tags) == 2
    await later(house, 2.1 * 3600)
    assert await states(house) == [("refused", True)]
    assert await house.say("two") == ["answer to two [two]"]
