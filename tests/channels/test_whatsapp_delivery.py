"""What becomes of what we send: doubts, news, the window, the pace."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.pace import Pace
from tests.channels.telegram_rig import until
from tests.channels.whatsapp_rig import opened
from tests.channels.whatsapp_stand_in import (
    ARRIVED_BUT_CUT,
    CUT,
    Fault,
    StandIn,
    stand_in,
)
from tests.fakes import StepClock


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def test_what_timed_out_but_arrived_is_not_sent_again(api: StandIn, tmp_path: Path) -> None:
    """Meta's news of the message come before its time is up: one message on the phone, not two."""
    async with opened(api, tmp_path) as rig:
        api.fail(ARRIVED_BUT_CUT)
        await api.say("hello")
        await rig.answered(1)
        assert await api.post(api.body(statuses=[api.status(api.sent[0])])) == 200
        await rig.settled("sent")
        await asyncio.sleep(1.3)  # longer than a status is waited for
        assert len(api.tried) == 1
        await api.say("next")
        assert len(await rig.answered(2)) == 2
        await rig.settled("sent", "sent")


async def test_news_that_come_while_the_send_still_hangs_count(
    api: StandIn, tmp_path: Path
) -> None:
    """The status overtakes the answer: what it says is not overwritten by the time-out."""
    async with opened(api, tmp_path) as rig:
        api.fail(Fault(done=True, seconds=2.5, status=500))
        await api.say("hello")
        await rig.answered(1)
        assert await api.post(api.body(statuses=[api.status(api.sent[0], "sent")])) == 200
        await rig.settled("sent")
        await api.say("next")
        await rig.answered(2)
        await rig.settled("sent", "sent")
        assert len(api.tried) == 2


async def test_without_news_it_is_sent_once_more_and_says_so(api: StandIn, tmp_path: Path) -> None:
    """It may not have arrived: after some seconds it goes again, with a word about it."""
    async with opened(api, tmp_path) as rig:
        api.fail(CUT)
        await api.say("hello")
        texts = await rig.answered(1)
        await rig.settled("sent")
    assert texts == ["You may have had this already.\nanswer to hello [hello]"]
    assert len(api.tried) == 2


async def test_a_status_that_is_not_of_our_message_changes_nothing(
    api: StandIn, tmp_path: Path
) -> None:
    """Another row's number, a damaged tag, a tag of an erased talk: the doubt stays."""
    async with opened(api, tmp_path) as rig:
        api.fail(CUT)
        await api.say("hello")
        await until(lambda: len(api.tried) == 1)
        (tried,) = api.tried
        good = tried["biz_opaque_callback_data"]
        for tag in ("1.0", "1", "", "x.y", "9" * 30 + ".0", f"2.{good[2:]}", good + "0", "\u0661"):
            status = {**api.status(tried), "biz_opaque_callback_data": tag}
            assert await api.post(api.body(statuses=[status])) == 200
        await rig.answered(1)
        assert len(api.tried) == 2  # it was sent again: nobody vouched for the first


async def test_a_message_that_meta_gives_up_later_is_known_to_have_failed(
    api: StandIn, tmp_path: Path
) -> None:
    """Accepted first, undeliverable after: what waits for this person is given up as well."""
    async with opened(api, tmp_path) as rig:
        await api.say("hello")
        await rig.answered(1)
        await rig.settled("sent")
        failed = api.status(api.sent[0], "failed", errors=[{"code": 131026}])
        assert await api.post(api.body(statuses=[failed])) == 200
        await rig.settled("refused")
        assert await api.post(api.body(statuses=[api.status(api.sent[0], "delivered")])) == 200
        await rig.settled("sent")  # news come in any order; one who has it has it


async def test_a_message_that_failed_for_now_is_told_apart(api: StandIn, tmp_path: Path) -> None:
    """A fault on Meta's side after it had accepted: it counts as failed, not as refused."""
    async with opened(api, tmp_path) as rig:
        await api.say("hello")
        await rig.answered(1)
        await rig.settled("sent")
        failed = api.status(api.sent[0], "failed", errors=[{"code": 131000}])
        await api.post(api.body(statuses=[failed]))
        await rig.settled("failed")


async def test_outside_the_window_nothing_is_sent(api: StandIn, tmp_path: Path) -> None:
    """A reply that waited for more than a day is given up without asking Meta."""
    clock = StepClock()
    async with opened(api, tmp_path, clock=clock, idle=100) as rig:
        api.away = Fault(400, 4)  # the app's limit: it is tried again later
        await api.say("hello")
        await rig.settled("new")
        api.away = None
        clock.move(hours=23, minutes=59)
        await rig.settled("sent")
        await api.say("one+two")
        await rig.answered(3)
        api.away = Fault(400, 4)
        await api.say("later")
        await rig.settled("sent", "sent", "sent", "new")
        api.away = None
        clock.move(hours=24)
        await rig.settled("sent", "sent", "sent", "refused")
        assert len(api.tried) == 5


async def test_meta_says_that_the_window_is_closed(api: StandIn, tmp_path: Path) -> None:
    """Its clock decides: no second try, and the next message opens it again."""
    async with opened(api, tmp_path) as rig:
        api.fail(Fault(400, 131047))
        await api.say("hello")
        await rig.settled("refused")
        await api.say("again")
        assert await rig.answered(1) == ["answer to again [again]"]


async def test_nobody_is_flooded_and_the_card_never_waits(api: StandIn, tmp_path: Path) -> None:
    """One person's replies keep WhatsApp's pace; danger goes before them, at once."""
    paces = {"whatsapp": Pace(timedelta(seconds=60), burst=2)}
    async with opened(api, tmp_path, paces=paces) as rig:
        await api.say("a+b+c+d")
        await rig.answered(2)
        await asyncio.sleep(0.2)
        assert len(api.sent) == 2
        await api.say("danger")
        texts = await rig.answered(3)
        await asyncio.sleep(0.2)
    assert texts[2] == "answer to emergency"
    assert len(api.sent) == 3


async def test_what_waits_for_a_person_who_cannot_be_reached_is_given_up(
    api: StandIn, tmp_path: Path
) -> None:
    """Blocked, or not on WhatsApp any more: nothing further is tried until they write."""
    async with opened(api, tmp_path) as rig:
        api.fail(Fault(400, 131026))
        await api.say("one+two+three")
        await rig.settled("refused", "refused", "refused")
        assert len(api.tried) == 1
        await api.say("back")
        assert await rig.answered(1) == ["answer to back [back]"]
