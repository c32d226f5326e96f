"""People talk with the bot while it asks Telegram for their messages."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.messages import Address
from tests.channels.telegram_rig import QUICK, opened, until
from tests.channels.telegram_stand_in import (
    ARRIVED_BUT_CUT,
    CUT,
    FLOOD,
    NOT_FOUND,
    Fault,
    StandIn,
    stand_in,
)

DANGER = "he is outside my door with a knife"
PERSON, OTHER, GROUP = 1001, 1002, -1001234567890


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def test_a_person_talks_and_taps(api: StandIn, tmp_path: Path) -> None:
    """Words and taps are answered in order; the tap's clock stops; typing is shown."""
    async with opened(api, tmp_path) as rig:
        await api.say("hello")
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]
        await api.tap("menu")
        await api.say("and then?")
        texts = await rig.answered(PERSON, 3)
        await until(lambda: len(api.of("answerCallbackQuery")) == 1)

    assert texts[1:] == ["answer to menu [menu]", "answer to and then? [and then?]"]
    assert {"chat_id": PERSON, "action": "typing"} in api.of("sendChatAction")


async def test_only_what_we_use_is_asked_for(api: StandIn, tmp_path: Path) -> None:
    """Reactions, business chats and inline queries never leave Telegram."""
    async with opened(api, tmp_path):
        await until(lambda: bool(api.of("getUpdates")))
    kinds = ["message", "edited_message", "callback_query", "my_chat_member"]
    assert all(asked["allowed_updates"] == kinds for asked in api.of("getUpdates"))


async def test_an_update_that_comes_twice_is_answered_once(api: StandIn, tmp_path: Path) -> None:
    """The same update_id is the same message, in one batch, later, and after a restart."""
    async with opened(api, tmp_path) as rig:
        update = await api.say("hello")
        await api.push("message", update["message"], update["update_id"])
        await rig.answered(PERSON, 1)
    async with opened(api, tmp_path) as rig:
        api.waiting.append(update)
        await api.say("once more")
        texts = await rig.answered(PERSON, 2)

    assert texts == ["answer to hello [hello]", "answer to once more [once more]"]


@pytest.mark.parametrize(
    "poison",
    [
        {"chat": {"id": "x"}, "text": 5},
        None,
        [],
        {"chat": {"id": 7, "type": "private"}, "text": {"a": 1}},
    ],
)
async def test_an_update_nobody_can_read_stops_nobody(
    api: StandIn, tmp_path: Path, poison: Any
) -> None:
    """People before and after it are answered, and it never comes again."""
    async with opened(api, tmp_path) as rig:
        await api.say("before", PERSON)
        await api.push("message", poison)
        await api.say("after", OTHER)
        assert await rig.answered(PERSON, 1) == ["answer to before [before]"]
        assert await rig.answered(OTHER, 1) == ["answer to after [after]"]
        await until(lambda: not api.waiting)
        assert rig.telegram.unreadable == 1
        assert [json.loads(one)["message"] for one in await rig.aside()] == [poison]
        assert rig.telegram.trouble == ""


async def test_an_update_without_a_number_does_not_spin(api: StandIn, tmp_path: Path) -> None:
    """It cannot be confirmed, so it comes again; the bot waits between two looks and goes on."""
    async with opened(api, tmp_path) as rig:
        api.waiting.append({"odd": 1})
        await until(lambda: rig.telegram.unreadable >= 2)
        assert await rig.aside() == [b'{"odd": 1}'], "the same is kept once"
        before = len(api.of("getUpdates"))
        await asyncio.sleep(0.5)
        assert len(api.of("getUpdates")) - before < 10
        await api.say("hello")
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]


async def test_an_album_is_answered_once(api: StandIn, tmp_path: Path) -> None:
    """Five pictures sent together are one thing that a person did."""
    async with opened(api, tmp_path) as rig:
        for _ in range(5):
            await api.push("message", api.message(PERSON, photo=[], media_group_id="88"))
        await api.say("done")
        texts = await rig.answered(PERSON, 2)
    assert texts == ["answer to photo [photo]", "answer to done [done]"]


async def test_words_under_an_album_are_the_answer_s_subject(api: StandIn, tmp_path: Path) -> None:
    """The pictures beside them are not answered a second time."""
    async with opened(api, tmp_path) as rig:
        words = {"caption": "all from him"}
        await api.push("message", api.message(PERSON, photo=[], media_group_id="88", **words))
        await api.push("message", api.message(PERSON, photo=[], media_group_id="88"))
        await api.say("done")
        texts = await rig.answered(PERSON, 2)
    assert texts == ["answer to all from him [all from him]", "answer to done [done]"]


async def test_a_group_is_left_without_a_word(api: StandIn, tmp_path: Path) -> None:
    """Nobody's case is talked about where others read along, not even a case of danger."""
    async with opened(api, tmp_path) as rig:
        chat = {"id": GROUP, "type": "supergroup", "title": "A group"}
        status = {"status": "member"}
        await api.push("my_chat_member", {"chat": chat, "new_chat_member": status})
        await api.push("message", {**api.message(PERSON, text=DANGER), "chat": chat})
        await api.say("hello", OTHER)
        await rig.answered(OTHER, 1)
        await until(lambda: bool(api.of("leaveChat")))

    assert api.of("leaveChat") == [{"chat_id": GROUP}]
    assert [one["chat_id"] for one in api.sent] == [OTHER]


async def test_leaving_is_tried_again_when_it_failed(api: StandIn, tmp_path: Path) -> None:
    """The next sign of life from the group is the next occasion."""
    async with opened(api, tmp_path):
        api.fail("leaveChat", CUT)
        for count in (1, 2):
            await api.push("message", {**api.message(PERSON, text="hi"), "chat": {"id": GROUP}})
            await until(lambda count=count: len(api.of("leaveChat")) == count)  # type: ignore[misc]


async def test_a_person_who_blocks_us_is_forgotten(api: StandIn, tmp_path: Path) -> None:
    """The wiring is told, and told again while it could not be done."""
    told = []

    async def on_gone(address: Address) -> None:
        told.append(address)
        if len(told) == 1:
            raise ConnectionError

    async with opened(api, tmp_path, on_gone=on_gone):
        chat = {"id": PERSON, "type": "private"}
        status = {"status": "kicked"}
        await api.push("my_chat_member", {"chat": chat, "new_chat_member": status})
        await until(lambda: not api.waiting)

    assert told == [Address("telegram", str(PERSON))] * 2


async def test_when_telegram_says_wait_we_wait_and_send_once(api: StandIn, tmp_path: Path) -> None:
    """429 with a time: the message comes after it, once, with no word of doubt."""
    async with opened(api, tmp_path) as rig:
        api.fail("sendMessage", FLOOD)
        await api.say("hello")
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]
        await until(lambda: _is(rig.states, ["sent"]))
    assert len(api.of("sendMessage")) == 2


async def test_to_a_person_who_has_blocked_us_nothing_more_is_sent(
    api: StandIn, tmp_path: Path
) -> None:
    """403: the rest of the answer is cancelled with it."""
    async with opened(api, tmp_path) as rig:
        api.blocked.add(PERSON)
        await api.say("one+two+three")
        await until(lambda: _is(rig.states, ["refused"] * 3))
    assert len(api.of("sendMessage")) == 1


async def test_a_message_that_may_have_arrived_comes_once_more_and_says_so(
    api: StandIn, tmp_path: Path
) -> None:
    """Telegram took it and the line broke: the person gets it twice, the second time marked."""
    async with opened(api, tmp_path) as rig:
        api.fail("sendMessage", ARRIVED_BUT_CUT)
        await api.say("hello")
        first, second = await rig.answered(PERSON, 2)
        await until(lambda: _is(rig.states, ["sent"]))
        await asyncio.sleep(0.2)

    assert first == "answer to hello [hello]"
    assert second == f"You may have had this already.\n{first}"
    assert len(api.sent) == 2


async def test_a_restart_between_question_and_answer_loses_nothing(
    api: StandIn, tmp_path: Path
) -> None:
    """Accepted in one life, answered in the next; later words come after it."""
    async with opened(api, tmp_path, work=False) as rig:
        await api.say("hello")
        await until(lambda: not api.waiting)
        assert api.sent == []
    await api.say("are you there?")
    await api.tap("menu")  # a button of the earlier life
    async with opened(api, tmp_path) as rig:
        texts = await rig.answered(PERSON, 3)
    assert texts == [
        "answer to hello [hello]",
        "answer to are you there? [are you there?]",
        "answer to menu [menu]",
    ]


async def test_while_the_database_is_away_danger_is_still_answered(
    api: StandIn, tmp_path: Path
) -> None:
    """The card comes past the inbox, once, also from behind a message that has to wait; then all
    are answered in their order.
    """
    async with opened(api, tmp_path) as rig:
        rig.inbox.away = True
        await api.say("hello", PERSON)
        await api.say("first", OTHER)
        await api.say(DANGER, OTHER)
        (card,) = await rig.answered(OTHER, 1)
        assert "999" in card
        asked = len(api.of("getUpdates"))
        await until(lambda: len(api.of("getUpdates")) > asked + 2)
        assert len(api.sent) == 1
        assert len(api.waiting) == 3
        rig.inbox.away = False
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]
        texts = await rig.answered(OTHER, 2)
        await until(lambda: not api.waiting)

    assert texts[1] == "answer to first [first]"


@pytest.mark.parametrize(
    "faults",
    [
        [CUT] * 3,
        [Fault(500)] * 3,
        [FLOOD],
        [Fault(502, body=b"<html>")] * 2,
        [Fault(200, body=b'{"ok": true, "result": [{')],
        [Fault(200, body=b'{"ok": true, "result": 5}')],
        [NOT_FOUND],
        [Fault(409, "Conflict: terminated by other getUpdates request")],
        [Fault(seconds=3.5, done=True)],
    ],
    ids=lambda faults: f"{faults[0].status} {faults[0].body!r} {faults[0].drop}",
)
async def test_nothing_that_telegram_answers_ends_the_asking(
    api: StandIn, tmp_path: Path, faults: list[Fault]
) -> None:
    """Whatever goes wrong on the way, the next message is answered all the same."""
    async with opened(api, tmp_path) as rig:
        await until(lambda: bool(api.of("getUpdates")))
        api.fail("getUpdates", *faults)
        await api.say("hello")
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]
        await until(lambda: rig.telegram.trouble == "")


async def test_a_webhook_set_by_somebody_else_is_taken_away(api: StandIn, tmp_path: Path) -> None:
    """409: the webhook goes, what waits stays, and the asking goes on."""
    async with opened(api, tmp_path) as rig:
        await until(lambda: api.polls == 1)
        api.webhook = {"url": "https://example.org/telegram"}
        await api.say("hello")
        await rig.answered(PERSON, 1)
        await api.say("still there?")
        texts = await rig.answered(PERSON, 2)
    assert texts[1] == "answer to still there? [still there?]"
    assert not any("drop_pending_updates" in data for data in api.of("deleteWebhook"))


async def test_stopping_does_not_wait_for_telegram(api: StandIn, tmp_path: Path) -> None:
    """A poll that would go on for a second ends at once, and leaves no task behind."""
    async with opened(api, tmp_path) as rig:
        await until(lambda: api.polls == 1)
        async with asyncio.timeout(QUICK.poll / 2):
            await rig.telegram.stop()


async def test_numbers_may_start_anywhere_after_a_quiet_week(api: StandIn, tmp_path: Path) -> None:
    """After days without updates Telegram counts from a random number, maybe a lower one."""
    from tests.fakes import StepClock  # noqa: PLC0415

    clock = StepClock()
    async with opened(api, tmp_path, clock=clock) as rig:
        await api.say("hello")
        await rig.answered(PERSON, 1)
        await until(lambda: bool(api.of("getUpdates")[-1].get("offset")))
        clock.move(days=8)
        await until(lambda: "offset" not in api.of("getUpdates")[-1])
        await api.push("message", api.message(PERSON, text="again"), 5)
        texts = await rig.answered(PERSON, 2)
    assert texts[1] == "answer to again [again]"


async def _is(ask: Any, expected: object) -> bool:
    return bool(await ask() == expected)
