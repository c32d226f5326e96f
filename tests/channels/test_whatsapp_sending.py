"""What becomes of one message to a person, by what Meta answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.whatsapp_calls import Calls
from bot.channels.whatsapp_errors import (
    CHECK_TOKEN,
    MEANINGS,
    NUMBER_GONE,
    Do,
    meaning_of,
    outcome_of,
)
from bot.messages import Kind, Outcome, Part, Refused, Sent, TryLater, Unknown
from tests.channels.telegram_stand_in import free_port
from tests.channels.whatsapp_rig import QUICK
from tests.channels.whatsapp_stand_in import (
    ARRIVED_BUT_CUT,
    CUT,
    NUMBER_ID,
    PERSON,
    PHONE,
    TOKEN,
    Fault,
    StandIn,
    stand_in,
)

PART = Part("You are not alone.", Kind.ADVICE)
DOUBT = timedelta(seconds=1)


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


@pytest.fixture
async def calls(api: StandIn) -> AsyncIterator[Calls]:
    calls = Calls(TOKEN, NUMBER_ID, api.url, QUICK)
    calls.open()
    yield calls
    await calls.close()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(401, 190), TryLater("token", timedelta(seconds=120))),
        (Fault(403, 10), TryLater("token", timedelta(seconds=120))),
        (Fault(403, 299), TryLater("token", timedelta(seconds=120))),
        (Fault(500, 3), TryLater("token", timedelta(seconds=120))),
        (Fault(401), TryLater("token", timedelta(seconds=120))),
        (Fault(400, 4), TryLater("app limit", timedelta(seconds=60))),
        (Fault(429), TryLater("app limit", timedelta(seconds=60))),
        (Fault(400, 130429), TryLater("throughput", timedelta(seconds=5))),
        (Fault(400, 131056), TryLater("too many to one person", timedelta(seconds=1))),
        (Fault(400, 131057), TryLater("maintenance", timedelta(seconds=60))),
        (Fault(400, 131042), TryLater("payment", timedelta(seconds=300))),
        (Fault(400, 133010), TryLater("number not registered", timedelta(seconds=120))),
        (Fault(400, 33), TryLater("no such number", timedelta(seconds=120))),
        (Fault(404), TryLater("no such number", timedelta(seconds=120))),
        (Fault(400, 131047), Refused("window_closed")),
        (Fault(400, 131026), Refused("unreachable", gone=True)),
        (Fault(403, 131031), Refused("account limited")),
        (Fault(400, 368), Refused("account limited")),
        (Fault(400, 131048), Refused("account limited")),
        (Fault(400, 131050), Refused("stopped")),
        (Fault(400, 131030), Refused("not allowed here")),
        (Fault(400, 100), Refused("malformed")),
        (Fault(400, 131009), Refused("malformed")),
        (Fault(400, 131062), Refused("malformed")),
        (Fault(400, 132001), Refused("malformed")),
        (Fault(400, 999_999), Refused("malformed")),
        (Fault(400), Refused("malformed")),
        (Fault(400, body=b"[" * 100_000), Refused("malformed")),
        (Fault(400, body=b'{"error": 7}'), Refused("malformed")),
        (Fault(400, body=b'{"error": {"code": "190"}}'), Refused("malformed")),
        (Fault(500, 131000), Unknown("unavailable", DOUBT)),
        (Fault(503, 131016), Unknown("unavailable", DOUBT)),
        (Fault(400, 1), Unknown("unavailable", DOUBT)),
        (Fault(500), Unknown("unavailable", DOUBT)),
        (Fault(500, 999_999), Unknown("unavailable", DOUBT)),
        (Fault(502, body=b"<html>Bad Gateway</html>"), Unknown("unavailable", DOUBT)),
        (Fault(200, body=b"<html>not Meta</html>"), Unknown("unavailable", DOUBT)),
        (Fault(302, body=b""), Unknown("unavailable", DOUBT)),
        (Fault(200, body=b'{"success": true}'), Unknown("unavailable", DOUBT)),
        (Fault(200, body=b'{"messages": []}'), Sent()),
        (Fault(200, body=b'{"messages": [7]}'), Sent()),
        (Fault(200, body=b'{"messages": [{"id": "wamid.5"}]}'), Sent("wamid.5")),
        (CUT, Unknown("no answer", DOUBT)),
        (ARRIVED_BUT_CUT, Unknown("no answer", DOUBT)),
        (Fault(seconds=2.5, done=True), Unknown("no answer", DOUBT)),
    ],
    ids=lambda value: f"{value.status} {value.code}" if isinstance(value, Fault) else "",
)
async def test_each_answer_of_meta_is_taken_for_what_it_means(
    api: StandIn, calls: Calls, fault: Fault, outcome: Outcome
) -> None:
    """Wait, give up, call somebody, or admit that it may have arrived: never one for another."""
    api.fail(fault)
    assert await calls.send(PERSON, PART) == outcome


def test_the_table_knows_every_code_once_and_its_words_are_fixed() -> None:
    """Only fixed words reach a log; what concerns the whole account tells somebody what to do."""
    reasons = {meaning.reason for meaning in MEANINGS.values()}
    assert all(reason.replace("_", " ").replace(" ", "").isalpha() for reason in reasons)
    assert len(MEANINGS) > 130
    for code in (0, 190, 10, 200, 131042, 131031, 131045, 33, 368):
        assert MEANINGS[code].page, code
    for code in (131047, 131026, 131056, 131000, 100, 4):
        assert not MEANINGS[code].page, code


def test_a_failure_told_later_without_a_reason_did_not_go() -> None:
    """In a status there is no HTTP answer to judge by."""
    assert outcome_of(meaning_of(None)) == Refused("malformed")
    assert meaning_of(131000).do is Do.DOUBT


async def test_too_many_to_one_person_waits_longer_each_time_and_only_for_them(
    api: StandIn, calls: Calls
) -> None:
    """1, 4, 16, 64, 256 seconds, as Meta wants it; a message that goes begins anew."""
    crowded = Fault(400, 131056)
    waits = []
    for _ in range(6):
        api.fail(crowded)
        outcome = await calls.send(PERSON, PART)
        assert isinstance(outcome, TryLater)
        assert outcome.after is not None
        waits.append(outcome.after.total_seconds())
    assert waits == [1, 4, 16, 64, 256, 256]
    api.fail(crowded)
    assert await calls.send(PHONE, PART) == TryLater("too many to one person", timedelta(seconds=1))
    assert isinstance(await calls.send(PERSON, PART), Sent)
    api.fail(crowded)
    assert await calls.send(PERSON, PART) == TryLater(
        "too many to one person", timedelta(seconds=1)
    )


async def test_a_trouble_of_the_account_is_told_until_a_message_goes(
    api: StandIn, calls: Calls
) -> None:
    """Health says what somebody has to do; one person who cannot be reached is no trouble."""
    api.fail(Fault(401, 190), Fault(400, 131026), Fault(400, 131042))
    await calls.send(PERSON, PART)
    assert calls.trouble == CHECK_TOKEN
    await calls.send(PERSON, PART)
    assert calls.trouble == CHECK_TOKEN
    await calls.send(PERSON, PART)
    assert "payment" in calls.trouble
    await calls.send(PERSON, PART)
    assert calls.trouble == ""


async def test_a_message_that_never_left_is_simply_tried_again() -> None:
    """Nobody listens: it cannot have arrived, so no doubt is told to the person."""
    calls = Calls(TOKEN, NUMBER_ID, f"http://127.0.0.1:{free_port()}/v26.0", QUICK)
    assert await calls.send(PERSON, PART) == TryLater("closed")
    calls.open()
    assert await calls.send(PERSON, PART) == TryLater("not reached")
    await calls.close()
    assert await calls.send(PERSON, PART) == TryLater("closed")


async def test_a_cancelled_send_is_cancelled(api: StandIn, calls: Calls) -> None:
    """The outbox's own time limit is not taken for an answer of Meta."""
    api.fail(Fault(seconds=1.5))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await calls.send(PERSON, PART)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (None, ""),
        (Fault(401, 190), CHECK_TOKEN),
        (Fault(400, 100), NUMBER_GONE),
        (Fault(404), NUMBER_GONE),
        (Fault(403, 200), CHECK_TOKEN),
        (CUT, "not been reached"),
        (Fault(500), "not been reached"),
        (Fault(200, body=b"?"), ""),
    ],
)
async def test_a_look_at_our_number_says_what_is_wrong(
    api: StandIn, calls: Calls, fault: Fault | None, found: str
) -> None:
    """Without sending anything to anybody."""
    if fault is not None:
        api.fail_looks(fault)
    said = await calls.look()
    assert found in said
    assert bool(said) is bool(found)
    assert api.tried == []


async def test_a_read_mark_that_fails_is_nobodys_trouble(api: StandIn, calls: Calls) -> None:
    """A wrong id, a closed channel: nothing is raised."""
    await calls.show_read_and_typing("no such message")
    await calls.close()
    await calls.show_read_and_typing("wamid.1")
    assert len(api.marks) == 1


async def test_the_token_travels_in_the_header_alone(api: StandIn, calls: Calls) -> None:
    """An address may stand in a log; the token never is part of one."""
    seen: Any = await calls.send(PERSON, PART)
    assert isinstance(seen, Sent)
    assert TOKEN not in json.dumps(api.tried)
    assert TOKEN not in repr(calls)
