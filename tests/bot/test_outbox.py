"""Replies arrive in order, once, and when in doubt they say so."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.messages import Address, Outcome, Part, Refused, Sent, TryLater, Unknown
from bot.store.pace import Pace
from tests.conftest import House, OpenHouse
from tests.fakes import FakeChannel, written

RESENT = "You may have had this already."


def channel(*outcomes: Outcome) -> FakeChannel:
    """Answers sends with these outcomes, then accepts everything."""
    left: Iterator[Outcome] = iter(outcomes)
    return FakeChannel(answer=lambda _to, _part: next(left, Sent()))


async def states(house: House) -> list[tuple[str, bool]]:
    """State of each outbox row, and whether its text is gone."""
    rows = await house.database.read(
        lambda c: c.execute(
            text("SELECT state, part IS NULL AS gone FROM outbox ORDER BY id")
        ).all()
    )
    return [(row.state, bool(row.gone)) for row in rows]


async def later(house: House, *seconds: float) -> None:
    """Let time pass, with work in between."""
    for some in seconds:
        house.clock.move(seconds=some)
        await house.pipe.worker.drain()


async def test_several_bubbles_arrive_in_order(house: House) -> None:
    """A longer answer keeps its order, and its text is gone from the outbox."""
    await house.say("one+two+three")

    assert [part[-4:] for part in house.telegram.texts("c1")] == ["one]", "two]", "ree]"]
    assert await states(house) == [("sent", True)] * 3


async def test_what_could_not_be_sent_goes_later_and_in_order(open_house: OpenHouse) -> None:
    """A platform that is busy delays a person's replies, and does not mix them up."""
    house = await open_house(telegram=channel(TryLater("busy", timedelta(seconds=30))))
    await house.say("one+two")
    assert await house.say("three") == []

    await later(house, 29)
    assert house.telegram.texts("c1") == []
    await later(house, 2)

    assert [part[-4:] for part in house.telegram.texts("c1")] == ["one]", "two]", "ree]"]


async def test_after_eight_tries_it_is_given_up(open_house: OpenHouse) -> None:
    """A dead platform does not keep a reply for ever."""
    telegram = FakeChannel(answer=lambda _to, _part: TryLater("down"))
    house = await open_house(telegram=telegram)
    await house.say("hello")
    await later(house, *([400] * 10))

    assert await states(house) == [("failed", True)]


async def test_in_doubt_it_is_sent_once_more_and_says_so(open_house: OpenHouse) -> None:
    """A reply that may have arrived comes again with a word about it, in the same message."""
    house = await open_house(telegram=channel(Unknown()))
    assert await house.say("hello") == []
    await later(house, 5)

    assert house.telegram.texts("c1") == [f"{RESENT}\nanswer to hello [hello]"]


async def test_never_a_third_time(open_house: OpenHouse) -> None:
    """After two doubts it stays unknown, and the next reply goes on."""
    house = await open_house(telegram=channel(Unknown(), Unknown()))
    await house.say("one")
    await later(house, 5, 60, 600)
    await house.say("two")

    assert house.telegram.texts("c1") == ["answer to two [two]"]
    assert await states(house) == [("unknown", True), ("sent", True)]


async def test_the_card_is_sent_again_whenever_there_is_doubt(open_house: OpenHouse) -> None:
    """999 twice is better than not at all."""
    house = await open_house(telegram=channel(Unknown(), Unknown(), Unknown()))
    await house.say("danger")
    await later(house, 15, 15, 15)

    assert house.telegram.texts("c1") == [
        f"{RESENT}\nanswer to emergency",
        "answer to question.now",
    ]


async def test_a_send_that_breaks_counts_as_doubt(open_house: OpenHouse) -> None:
    """A fault in a channel neither loses a reply nor stops the worker."""

    def broken(_to: Address, _part: Part) -> Outcome:
        raise ConnectionResetError

    house = await open_house(telegram=FakeChannel(answer=broken))
    await house.say("hello")
    house.telegram.answer = lambda _to, _part: Sent()
    await later(house, 5)

    assert house.telegram.texts("c1") == [f"{RESENT}\nanswer to hello [hello]"]


async def test_a_closed_chat_is_left_alone(open_house: OpenHouse) -> None:
    """Somebody who blocked us is sent nothing more, and is still forgotten in time."""
    house = await open_house(telegram=channel(Refused("blocked", gone=True)))
    await house.say("one+two")

    assert await states(house) == [("refused", True)] * 2
    timers = await house.database.read(
        lambda c: [row[0] for row in c.execute(text("SELECT purpose FROM timers"))]
    )
    assert timers == ["idle"]


async def test_a_refused_bubble_does_not_stop_the_next(open_house: OpenHouse) -> None:
    """One message a platform will not take is no reason to stay silent."""
    house = await open_house(telegram=channel(Refused("malformed")))

    assert await house.say("one+two") == ["answer to one+two [two]"]


@pytest.fixture
async def paced(open_house: OpenHouse) -> House:
    """Two bubbles at once, then one a second."""
    return await open_house(paces={"telegram": Pace(timedelta(seconds=1), burst=2)})


async def test_nobody_is_flooded(paced: House) -> None:
    """Many replies come at the platform's pace, in order."""
    await paced.say("a+b+c+d")
    assert len(paced.telegram.texts("c1")) == 2
    await later(paced, 0.5)
    assert len(paced.telegram.texts("c1")) == 2
    await later(paced, 0.6, 1, 1)

    assert [part[-2:] for part in paced.telegram.texts("c1")] == ["a]", "b]", "c]", "d]"]


async def test_pace_is_for_each_person(paced: House) -> None:
    """One person's long answer does not hold up another."""
    await paced.say("a+b+c", chat="c1")

    assert await paced.say("a+b", chat="c2") == ["answer to a+b [a]", "answer to a+b [b]"]


async def test_the_card_overtakes_what_waits(paced: House) -> None:
    """Danger is answered at once, before older replies that are held back."""
    await paced.say("a+b+c+d")
    sent = await paced.say("danger")

    assert sent[2:] == ["answer to emergency"]
    await later(paced, 2, 1, 1, 1, 1)
    assert [part.split()[-1] for part in paced.telegram.texts("c1")[3:]] == [
        "[c]",
        "[d]",
        "question.now",
    ]


async def test_a_second_card_does_not_wait_for_the_first(open_house: OpenHouse) -> None:
    """A card that is to be tried again later goes at once when danger is said again."""
    house = await open_house(telegram=channel(TryLater("busy", timedelta(minutes=5))))
    assert await house.say("danger") == []

    assert (await house.say("danger"))[:2] == ["answer to emergency", "answer to emergency"]


class Stuck(FakeChannel):
    """A send that hangs until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def send(self, to: Address, part: Part) -> Outcome:
        self.reached.set()
        await self.go_on.wait()
        return await super().send(to, part)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("one+two", [f"{RESENT}\nanswer to one+two [one]", "answer to one+two [two]"]),
        ("danger", [f"{RESENT}\nanswer to emergency", "answer to question.now"]),
    ],
)
async def test_what_a_lost_worker_was_sending_goes_once_more(
    open_house: OpenHouse, said: str, expected: list[str]
) -> None:
    """Its successor sends only the doubtful bubble again, and the lost one can change nothing."""
    stuck = Stuck()
    lost = await open_house(telegram=stuck)
    heir = await open_house(clock=lost.clock)
    await lost.pipe.door.receive(written(said, "1"))
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(lost.pipe.worker.drain())
        await stuck.reached.wait()
        await later(heir, 1)
        assert heir.telegram.texts("c1") == []  # the lease still holds
        await later(heir, 15)
        stuck.go_on.set()

    assert heir.telegram.texts("c1") == expected
    assert len(stuck.texts("c1")) == 1
    assert await states(heir) == [("sent", True)] * 2
