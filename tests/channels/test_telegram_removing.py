"""What was said comes off the person's screen when they erase; what stays is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.channels.telegram_removing import MOST_CALLS
from bot.messages import Address, Refused, Sent, TryLater, Unknown
from bot.store.tables import on_screen, outbox
from tests.channels.telegram_rig import Rig, opened, until
from tests.channels.telegram_stand_in import (
    ARRIVED_BUT_CUT,
    BLOCKED,
    CUT,
    FLOOD,
    Fault,
    StandIn,
    stand_in,
)
from tests.fakes import StepClock

PERSON, OTHER = 1001, 1002
DONE, STAYS = "answer to erase.done", "answer to erase.done.stays"


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def shown(rig: Rig) -> int:
    """How many messages are remembered."""
    query = select(func.count()).select_from(on_screen)
    return await rig.database.read(lambda c: int(c.execute(query).scalar_one()))


async def last_of(rig: Rig, chat: int = PERSON) -> str:
    """The last reply after an erasing, once there is one."""
    await until(lambda: any(text in (DONE, STAYS) for text in rig.api.texts(chat)))
    return rig.api.texts(chat)[-1]


async def test_erasing_clears_the_screen_of_both_sides_and_leaves_one_line(
    api: StandIn, tmp_path: Path
) -> None:
    """Words, pictures, answers and the command itself go; only the line that says so is left."""
    async with opened(api, tmp_path) as rig:
        await api.say("he follows me")
        await api.push("message", api.message(PERSON, photo=[], caption="his car"))
        await api.push("message", api.message(PERSON, voice={"file_id": "x"}))
        await rig.answered(PERSON, 3)
        await api.say("hello", OTHER)
        await rig.answered(OTHER, 1)
        await api.say("erase")
        assert await last_of(rig) == DONE

        assert api.on_screen(PERSON) == [api.sent[-1]["message_id"]]
        assert len(api.on_screen(OTHER)) == 2
        assert await shown(rig) == 2  # the other person's
        await until(lambda: _no_rows_of(rig, 1))


async def _no_rows_of(rig: Rig, left: int) -> bool:
    query = select(func.count()).select_from(outbox)
    return await rig.database.read(lambda c: int(c.execute(query).scalar_one())) <= left


async def test_every_picture_of_an_album_and_what_got_no_answer_goes_too(
    api: StandIn, tmp_path: Path
) -> None:
    """Four pictures answered as one, a pinned message: they stand there as well."""
    async with opened(api, tmp_path) as rig:
        for number in range(4):
            words = {"caption": "all from him"} if number == 0 else {}
            await api.push("message", api.message(PERSON, photo=[], media_group_id="8", **words))
        await api.push("message", api.message(PERSON, pinned_message={"message_id": 1}))
        await rig.answered(PERSON, 1)
        await api.say("erase")
        assert await last_of(rig) == DONE
        assert len(api.on_screen(PERSON)) == 1


async def test_hundreds_of_messages_go_in_hundreds(api: StandIn, tmp_path: Path) -> None:
    """The platform takes at most a hundred at a time."""
    async with opened(api, tmp_path, work=False) as rig:
        for number in range(130):
            await api.say(f"line {number}")
        await until(lambda: not api.waiting)
    async with opened(api, tmp_path) as rig:
        await rig.answered(PERSON, 130)
        await api.say("erase")
        assert await last_of(rig) == DONE
        assert [len(call["message_ids"]) for call in api.of("deleteMessages")] == [100, 100, 61]
        assert len(api.on_screen(PERSON)) == 1


async def test_what_is_written_after_the_wish_is_a_new_talk_and_stays(
    api: StandIn, tmp_path: Path
) -> None:
    """It is answered, and the next erasing takes it off as well."""
    async with opened(api, tmp_path, work=False):
        for text in ("he follows me", "erase", "are you there?"):
            await api.say(text)
        await until(lambda: not api.waiting)
    async with opened(api, tmp_path):
        await until(lambda: len(api.texts(PERSON)) == 3)
        assert api.texts(PERSON)[1:] == [DONE, "answer to are you there? [are you there?]"]
        assert len(api.on_screen(PERSON)) == 3  # the question, the line and the answer
        await api.say("erase")
        await until(lambda: len(api.texts(PERSON)) == 4)
        assert len(api.on_screen(PERSON)) == 1


@pytest.mark.parametrize(
    "faults",
    [[FLOOD], [Fault(500)] * 2, [CUT], [ARRIVED_BUT_CUT], [Fault(502, body=b"<html>")]],
    ids=lambda faults: f"{faults[0].status} {faults[0].done} {len(faults)}",
)
async def test_trouble_on_the_way_is_waited_out(
    api: StandIn, tmp_path: Path, faults: list[Fault]
) -> None:
    """The line comes once, after everything is gone."""
    async with opened(api, tmp_path) as rig:
        await api.say("he follows me")
        await rig.answered(PERSON, 1)
        api.fail("deleteMessages", *faults)
        await api.say("erase")
        assert await last_of(rig) == DONE
        assert len(api.on_screen(PERSON)) == 1
        assert len(api.texts(PERSON)) == 2


async def test_what_cannot_be_taken_off_is_said(api: StandIn, tmp_path: Path) -> None:
    """A message that is too old stays; all others go; the line does not claim otherwise."""
    async with opened(api, tmp_path) as rig:
        await api.say("he follows me")
        await api.say("every day")
        await rig.answered(PERSON, 2)
        old = api.on_screen(PERSON)[0]
        api.standing[PERSON][old] = 49
        await api.say("erase")
        assert await last_of(rig) == STAYS
        assert api.on_screen(PERSON) == [old, api.sent[-1]["message_id"]]


async def test_telegram_that_takes_nothing_off_for_minutes_is_said(
    api: StandIn, tmp_path: Path
) -> None:
    """After the last try the person learns that only they can do it; the talk is erased here."""
    clock = StepClock()
    async with opened(api, tmp_path, work=False, clock=clock) as rig:
        await api.say("he follows me")
        await until(lambda: not api.waiting)
        await rig.pipe.worker.drain()
        api.fail("deleteMessages", *[Fault(500)] * 20)
        await api.say("erase")
        await until(lambda: not api.waiting)
        for _ in range(12):
            await rig.pipe.worker.drain()
            clock.move(minutes=3)
        assert api.texts(PERSON)[-1] == STAYS
        assert await shown(rig) == 0


async def test_what_was_said_three_days_ago_is_known_to_stay(api: StandIn, tmp_path: Path) -> None:
    """Its number is not even kept any more, but that it was said is."""
    clock = StepClock()
    api.clock = clock
    async with opened(api, tmp_path, work=False, clock=clock) as rig:
        for text in ("one", "two", "three", "four", "erase"):
            await api.say(text)
            await until(lambda: not api.waiting)
            await rig.pipe.retention.purge(clock())
            await rig.pipe.worker.drain()
            clock.move(hours=20)
        assert api.texts(PERSON)[-1] == STAYS
        (call,) = api.of("deleteMessages")
        assert len(call["message_ids"]) == 5  # of the last two days, and the wish itself
    assert len(api.on_screen(PERSON)) == 5


async def test_to_a_person_who_has_blocked_us_nothing_is_tried_again(
    api: StandIn, tmp_path: Path
) -> None:
    """403: the chat is closed to us, nothing more is kept of it."""
    async with opened(api, tmp_path) as rig:
        await api.say("he follows me")
        await rig.answered(PERSON, 1)
        api.fail("deleteMessages", BLOCKED)
        await api.say("erase")
        await until(lambda: _no_rows_of(rig, 0))
        assert len(api.of("deleteMessages")) == 1
        assert api.texts(PERSON) == ["answer to he follows me [he follows me]"]


async def test_a_restart_between_erasing_and_taking_off_finishes_it(
    api: StandIn, tmp_path: Path
) -> None:
    """Hours later, too: the wish is kept though nothing else of the talk is."""
    clock = StepClock()
    async with opened(api, tmp_path, work=False, clock=clock) as rig:
        await api.say("he follows me")
        await until(lambda: not api.waiting)
        await rig.pipe.worker.drain()
        api.fail("deleteMessages", CUT)
        await api.say("erase")
        await until(lambda: not api.waiting)
        await rig.pipe.worker.drain()
        assert api.texts(PERSON)[1:] == []
    clock.move(hours=5)
    async with opened(api, tmp_path, work=False, clock=clock) as rig:
        await rig.pipe.worker.drain()
        assert api.texts(PERSON)[1:] == [DONE]
        assert len(api.on_screen(PERSON)) == 1
        await until(lambda: _no_rows_of(rig, 0))


async def test_a_second_wish_before_the_first_is_done_loses_nothing(
    api: StandIn, tmp_path: Path
) -> None:
    """What was to go still goes."""
    async with opened(api, tmp_path) as rig:
        await api.say("he follows me")
        await rig.answered(PERSON, 1)
        api.fail("deleteMessages", Fault(429, "later", {"retry_after": 2}))
        await api.say("erase")
        await until(lambda: bool(api.of("deleteMessages")))
        await api.say("erase")
        assert await last_of(rig) == DONE
        assert len(api.on_screen(PERSON)) == 1


async def test_the_card_given_while_the_database_was_away_goes_with_the_rest(
    api: StandIn, tmp_path: Path
) -> None:
    """Its number is remembered until it can be kept."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.away = True
        await api.say("he is outside my door with a knife")
        await rig.answered(PERSON, 1)
        rig.inbox.away = False
        await until(lambda: not api.waiting)
        await api.say("erase")
        assert await last_of(rig) == DONE
        assert len(api.on_screen(PERSON)) == 1


async def test_a_message_that_arrived_twice_goes_once_its_button_was_tapped(
    api: StandIn, tmp_path: Path
) -> None:
    """Telegram never told us the number of the first copy; the tap does."""
    async with opened(api, tmp_path) as rig:
        api.fail("sendMessage", ARRIVED_BUT_CUT)
        await api.say("hello")
        await until(lambda: len(api.texts(PERSON)) == 1)
        await api.tap("menu")  # under the first copy
        await rig.answered(PERSON, 3)
        await api.say("erase")
        assert await last_of(rig) == DONE
        assert len(api.on_screen(PERSON)) == 1


@pytest.mark.parametrize("old", [0, 1, 3, 50, 97, 99, 100])
async def test_however_many_are_too_old_the_others_go(
    api: StandIn, tmp_path: Path, old: int
) -> None:
    """The old ones are found by halving, in a bounded number of calls."""
    async with opened(api, tmp_path, start=False) as rig:
        numbers = [api.message(PERSON)["message_id"] for _ in range(100)]
        for number in numbers[:old]:
            api.standing[PERSON][number] = 60
        outcome = await rig.telegram.remove(
            Address("telegram", str(PERSON)), [str(number) for number in numbers]
        )
        assert isinstance(outcome, Refused if old else Sent)
        assert api.on_screen(PERSON)[: old or None] == numbers[:old]
        assert len(api.on_screen(PERSON)) <= old + 2
        assert len(api.of("deleteMessages")) <= MOST_CALLS


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (FLOOD, TryLater),
        (CUT, Unknown),
        (Fault(500), Unknown),
        (BLOCKED, Refused),
        (Fault(400, "Bad Request: chat not found"), Refused),
        (Fault(401, "Unauthorized"), Refused),
    ],
)
async def test_each_answer_is_taken_for_what_it_means(
    api: StandIn, tmp_path: Path, fault: Fault, kind: type
) -> None:
    """What may be tried again is, and nothing else."""
    async with opened(api, tmp_path, start=False) as rig:
        api.fail("deleteMessages", fault)
        to = Address("telegram", str(PERSON))
        assert isinstance(await rig.telegram.remove(to, ["5"]), kind)
        assert isinstance(await rig.telegram.remove(to, ["x"]), Refused)  # no number of theirs


async def test_numbers_are_forgotten_after_two_days(api: StandIn, tmp_path: Path) -> None:
    """Then nothing can be taken off, and they would be of no use."""
    clock = StepClock()
    api.clock = clock
    async with opened(api, tmp_path, work=False, clock=clock) as rig:
        kept = []
        for _ in range(4):
            await api.say("he follows me")
            await until(lambda: not api.waiting)
            await rig.pipe.worker.drain()
            clock.move(hours=20)
            await rig.pipe.retention.purge(clock())
            kept.append(await shown(rig))
        assert kept == [2, 4, 4, 4]


async def test_a_quiet_talk_is_forgotten_here_and_stays_on_the_screen(
    api: StandIn, tmp_path: Path
) -> None:
    """Nobody asked for it: the person may want to read it again, and a gap may be noticed."""
    clock = StepClock()
    async with opened(api, tmp_path, work=False, clock=clock) as rig:
        await api.say("he follows me")
        await until(lambda: not api.waiting)
        await rig.pipe.worker.drain()
        clock.move(hours=25)
        await rig.pipe.worker.drain()
        assert await shown(rig) == 0
    assert len(api.on_screen(PERSON)) == 2
    assert api.of("deleteMessages") == []
