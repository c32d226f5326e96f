"""One message is answered, whatever fails on the way; danger first."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.content.last_resort import emergency_card, wrong_on_our_side
from bot.conversation import Conversation
from bot.dialogue.decision import Decision
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.messages import Address, Incoming, Media, Offer
from tests.conftest import House, OpenHouse
from tests.fakes import NOON, ROOMY, FakeEngine, echo, written

CARD = emergency_card("emergency", ROOMY).text
SORRY = wrong_on_our_side(ROOMY).text
OUTSIDE = "he is outside my door right now"


class BrokenRenderer:
    """Content that cannot be shown."""

    def render(self, *_: Any) -> Any:
        raise LookupError("no such item")


def breaks(*_: Any) -> Decision:
    """A dialogue with a fault."""
    raise ZeroDivisionError


def explode(_text: str) -> None:
    """An engine with a fault."""
    raise RuntimeError("he is outside")  # an engine that puts words in its errors


async def place(house: House, chat: str = "c1", channel: str = "telegram") -> Conversation:
    """Where this chat's talk is."""
    of = house.keyring.conversation_id(Address(channel, chat))
    return await house.pipe.turn.where(of)


async def try_thrice(house: House) -> None:
    """Let the time of three attempts pass."""
    for _ in range(4):
        house.clock.move(seconds=10)
        await house.pipe.worker.drain()


async def test_the_place_is_remembered(house: House) -> None:
    """The second message is answered by somebody who knows about the first."""
    await house.say("one")
    await house.say("two")

    talk = await place(house)

    assert talk.turns == 2
    assert talk.offers == (Offer("menu", "Menu"),)


async def test_a_tap_and_a_photo_are_answered(house: House) -> None:
    """Not only words come in."""
    for event, what in (("1", {"tap": "menu"}), ("2", {"media": Media.PHOTO})):
        await house.pipe.door.receive(Incoming(Address("telegram", "c1"), event, NOON, **what))
    await house.pipe.worker.drain()

    assert house.telegram.texts("c1") == ["answer to menu [menu]", "answer to photo [photo]"]


async def test_half_an_emoji_is_no_obstacle(house: House) -> None:
    """Broken characters from a platform do not stop an answer."""
    assert await house.say("help \ud83d") == ["answer to help \ud83d [help \ud83d]"]


async def test_an_engine_that_fails_leaves_the_rules(open_house: OpenHouse) -> None:
    """Without understanding there is still the card for danger and an answer for the rest."""
    heard: list[Heard] = []

    def note(talk: Conversation, said: Heard, now: Any, known: Known) -> Decision:
        heard.append(said)
        return echo(talk, said, now, known)

    house = await open_house(engine=FakeEngine(before=explode), decide=note)
    await house.say(OUTSIDE)
    await house.say("hello")

    assert house.telegram.texts("c1")[0] == "answer to emergency"
    assert [said.reading and said.reading.degraded for said in heard] == [True, True]
    assert heard[1].reading is not None
    assert heard[1].reading.ranking == (("out_of_scope", 0.0),)


async def test_an_engine_that_dawdles_is_not_waited_for(open_house: OpenHouse) -> None:
    """Somebody in danger does not wait for a stuck model."""
    house = await open_house(engine=FakeEngine(takes=60), read_within=timedelta(seconds=0.05))

    async with asyncio.timeout(10):
        assert (await house.say(OUTSIDE))[0] == "answer to emergency"


@pytest.mark.parametrize(
    "parts",
    [{"renderer": BrokenRenderer()}, {"decide": breaks}, {"decide": breaks, "renderer": None}],
)
async def test_danger_gets_the_card_when_all_else_fails(
    open_house: OpenHouse, parts: dict[str, Any]
) -> None:
    """Broken content or a fault in the dialogue does not keep the 999 card back."""
    house = await open_house(**parts)

    assert await house.say(OUTSIDE) == [CARD]


async def test_what_cannot_be_answered_is_set_aside_and_said(open_house: OpenHouse) -> None:
    """After three attempts the person hears that it is our fault, and the talk goes on."""
    calls: list[str] = []

    def picky(talk: Conversation, heard: Heard, now: Any, known: Known) -> Decision:
        calls.append(heard.words)
        if heard.words == "poison":
            raise ZeroDivisionError
        return echo(talk, heard, now, known)

    house = await open_house(decide=picky)
    assert await house.say("poison") == []
    await house.pipe.door.receive(written("hello", "after"))
    await try_thrice(house)

    assert house.telegram.texts("c1") == ["answer to technical.wrong", "answer to hello [hello]"]
    assert calls == ["poison"] * 3 + ["hello"]


async def test_set_aside_with_broken_content(open_house: OpenHouse) -> None:
    """Even then there are 999 and the helpline, built in."""
    house = await open_house(renderer=BrokenRenderer())
    await house.say("hello")
    await try_thrice(house)

    assert house.telegram.texts("c1") == [SORRY]


async def test_nothing_of_a_failed_turn_reaches_the_log(
    open_house: OpenHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words stay out of logs when things break."""
    house = await open_house(engine=FakeEngine(before=explode), decide=breaks)
    await house.say("he is outside the canary house now")
    await house.say("the canary again")
    await try_thrice(house)

    printed = "".join(capsys.readouterr())
    assert "turn.engine_failed" in printed
    assert "turn.failed" in printed
    assert "canary" not in printed
    assert "outside" not in printed


async def test_a_turn_that_was_overtaken_keeps_nothing(open_house: OpenHouse) -> None:
    """Erased while the engine was thinking: the answer is not saved and nothing comes back."""
    house: House
    reached = asyncio.Event()
    go_on = asyncio.Event()

    class Waiting(FakeEngine):
        async def read(self, text: str, context: Any) -> Any:
            reached.set()
            await go_on.wait()
            return await super().read(text, context)

    house = await open_house(engine=Waiting())
    await house.pipe.door.receive(written("hello", "1"))
    of = house.keyring.conversation_id(Address("telegram", "c1"))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(house.pipe.worker.drain())
        await reached.wait()
        assert await house.pipe.retention.erase(of)
        go_on.set()

    assert house.telegram.texts("c1") == []
    assert await place(house) == Conversation()


async def test_a_damaged_record_loses_the_place_and_not_the_answer(house: House) -> None:
    """Somebody whose stored talk cannot be opened is answered as new."""
    await house.say("one")
    await house.database.write(
        lambda c: c.exec_driver_sql("UPDATE conversations SET state = address") and None
    )

    assert (await house.say("two"))[-1] == "answer to two [two]"


async def test_another_master_key_begins_anew(open_house: OpenHouse, house: House) -> None:
    """A lost key makes old talks unreadable, but people are answered."""
    await house.say("one")
    await house.database.write(
        lambda c: c.exec_driver_sql("UPDATE conversations SET key = address") and None
    )

    assert (await house.say("two"))[-1] == "answer to two [two]"
