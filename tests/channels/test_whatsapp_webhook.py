"""People talk with the bot while Meta calls us."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.aside import MOST
from bot.channels.whatsapp_proof import BODY
from bot.messages import Address
from bot.store.database import Away
from bot.store.pace import Pace
from tests.channels.telegram_rig import until
from tests.channels.whatsapp_rig import Rig, opened
from tests.channels.whatsapp_stand_in import (
    ARRIVED_BUT_CUT,
    CUT,
    NUMBER_ID,
    OTHER_NUMBER_ID,
    PERSON,
    PHONE,
    VERIFY,
    Fault,
    StandIn,
    signed,
    stand_in,
)
from tests.fakes import StepClock

DANGER = "he is outside my door with a knife"
OTHER = "GB.20000000000000000002"


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def ask(rig: Rig, **query: str) -> httpx.Response:
    """Ask what Meta asks when it is told our address."""
    async with httpx.AsyncClient(trust_env=False) as client:
        names = {f"hub.{name}": value for name, value in query.items()}
        return await client.get(f"{rig.url}/whatsapp", params=names)


# Who may call


async def test_meta_hears_its_challenge_back(api: StandIn, tmp_path: Path) -> None:
    """The bare challenge, as plain text: that is how Meta learns that the address is ours."""
    async with opened(api, tmp_path, work=False) as rig:
        answer = await ask(rig, mode="subscribe", verify_token=VERIFY, challenge="1158201444")
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "verify_token": "wrong", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY, "challenge": "1"},
        {"verify_token": VERIFY, "challenge": "1"},
        {"mode": "subscribe", "verify_token": VERIFY + "\u00e9\udce9", "challenge": "1"},
        {},
    ],
)
async def test_nobody_else_hears_anything(
    api: StandIn, tmp_path: Path, query: dict[str, str]
) -> None:
    """A wrong token, another mode, characters that are not ASCII: no, and no fault of ours."""
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    async with opened(api, tmp_path, work=False) as rig:
        answer = await ask(rig, **safe)
    assert (answer.status_code, answer.text) == (403, "")


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"sha256=",
        b"sha256=" + b"0" * 64,
        signed(b"another body"),
        b"sha1=0000",
        "sha256=ünïcödé".encode("latin-1"),
        "sha256=ünïcödé".encode(),
        b"\xff\xfe\xfd",
        b"sha256=" + b"a" * 5_000,
    ],
)
async def test_an_unsigned_call_is_refused(api: StandIn, tmp_path: Path, signature: bytes) -> None:
    """Nobody can write in a person's name, and a strange header is no fault of ours."""
    async with opened(api, tmp_path, work=False) as rig:
        body = json.dumps(api.body(api.text("hello"))).encode()
        assert await api.post(body, signature=signature) == 403
        assert await api.post(body, secret="another secret") == 403
        assert await rig.stored() == 0


async def test_a_call_without_any_signature_is_refused(api: StandIn, tmp_path: Path) -> None:
    """The header is missing altogether."""
    async with (
        opened(api, tmp_path, work=False) as rig,
        httpx.AsyncClient(trust_env=False) as other,
    ):
        assert (await other.post(f"{rig.url}/whatsapp", content=b"{}")).status_code == 403


async def test_the_signature_is_of_the_bytes_as_they_came(api: StandIn, tmp_path: Path) -> None:
    """Spaces, escapes and the order of keys are Meta's: the body is never written anew."""
    async with opened(api, tmp_path, work=False) as rig:
        message = json.dumps(api.body(api.text("d\u00e9sol\u00e9e \U0001f61f")), indent=3)
        assert await api.post(message.encode()) == 200
        escaped = json.dumps(api.body(api.text("d\u00e9j\u00e0"))).replace("/", "\\/")
        assert await api.post(escaped.encode()) == 200
        assert await rig.stored() == 2


async def test_other_methods_are_refused(api: StandIn, tmp_path: Path) -> None:
    """PUT and DELETE mean nothing here."""
    async with (
        opened(api, tmp_path, work=False) as rig,
        httpx.AsyncClient(trust_env=False) as other,
    ):
        assert (await other.put(f"{rig.url}/whatsapp")).status_code == 405


# A talk


async def test_a_person_writes_and_is_answered(api: StandIn, tmp_path: Path) -> None:
    """A signed call, the worker, and the right JSON to the right person, with no number in it."""
    async with opened(api, tmp_path) as rig:
        assert await api.say("hello") == 200
        assert await rig.answered(1) == ["answer to hello [hello]"]
        await until(lambda: bool(api.marks))
        await rig.settled("sent")
    (sent,) = api.tried
    tag = sent.pop("biz_opaque_callback_data")
    assert tag.startswith("1.")
    assert sent == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient": PERSON,
        "type": "interactive",
        "interactive": {
            "type": "button",
            "body": {"text": "answer to hello [hello]"},
            "action": {"buttons": [{"type": "reply", "reply": {"id": "menu", "title": "Menu"}}]},
        },
    }
    (mark,) = api.marks
    assert mark["status"] == "read"
    assert mark["typing_indicator"] == {"type": "text"}
    assert mark["message_id"].startswith("wamid.")
    assert rig.whatsapp.trouble == ""


async def test_a_person_of_whom_only_a_number_comes_is_answered_there(
    api: StandIn, tmp_path: Path
) -> None:
    """Older calls bring no id: then the number is all there is."""
    async with opened(api, tmp_path) as rig:
        message = {"from": PHONE, "id": "wamid.A", "type": "text", "text": {"body": "hello"}}
        assert await api.post(api.body(message, contacts=[{"wa_id": PHONE}])) == 200
        assert await rig.answered(1, PHONE) == ["answer to hello [hello]"]
    assert api.sent[0]["to"] == PHONE
    assert "recipient" not in api.sent[0]


async def test_a_number_beside_an_id_is_not_used(api: StandIn, tmp_path: Path) -> None:
    """The person is the id: a number that changes hands does not take the talk with it."""
    async with opened(api, tmp_path) as rig:
        await api.post(api.body({**api.text("one"), "from": PHONE}))
        await api.post(api.body(api.text("two")))
        await rig.answered(2)
        conversations = await rig.database.read(
            lambda c: c.exec_driver_sql("SELECT count(*) FROM conversations").scalar_one()
        )
    assert conversations == 1
    assert PHONE not in json.dumps(api.tried)


async def test_a_tap_on_a_button_and_a_choice_in_a_list_are_answered(
    api: StandIn, tmp_path: Path
) -> None:
    """What comes back is the id of what we offered."""
    button = {"type": "button_reply", "button_reply": {"id": "menu", "title": "Menu"}}
    row = {"type": "list_reply", "list_reply": {"id": "ask:stop", "title": "Stop"}}
    async with opened(api, tmp_path) as rig:
        for chosen in (button, row):
            message = api.message(type="interactive", interactive=chosen)
            assert await api.post(api.body(message)) == 200
        texts = await rig.answered(2)
    assert texts == ["answer to menu [menu]", "answer to ask:stop [ask:stop]"]


async def test_one_call_may_bring_many_people_and_many_messages(
    api: StandIn, tmp_path: Path
) -> None:
    """All four lists are walked: nobody's message is lost because it was not the first."""
    async with opened(api, tmp_path) as rig:
        first = api.body(api.text("one"), api.text("two"), api.text("three", OTHER))
        second = api.body(api.text("four", OTHER))
        first["entry"].append(second["entry"][0])
        first["entry"][0]["changes"].append(api.body(api.text("five"))["entry"][0]["changes"][0])
        assert await api.post(first) == 200
        mine, others = await rig.answered(3), await rig.answered(2, OTHER)
    assert [text.split()[2] for text in mine] == ["one", "two", "five"]
    assert [text.split()[2] for text in others] == ["three", "four"]


async def test_a_message_is_stored_once_however_often_it_comes(
    api: StandIn, tmp_path: Path
) -> None:
    """Twice in one call, again in the next call, and again beside a new one: one answer."""
    async with opened(api, tmp_path) as rig:
        message = api.text("hello")
        assert await api.post(api.body(message, message)) == 200
        assert await api.post(api.body(message)) == 200
        assert await api.post(api.body(api.text("next"), message)) == 200
        texts = await rig.answered(2)
        assert await rig.stored() == 2
    assert texts == ["answer to hello [hello]", "answer to next [next]"]


async def test_many_at_once_are_each_answered_once(api: StandIn, tmp_path: Path) -> None:
    """Thirty calls at the same time, each of them twice."""
    async with opened(api, tmp_path) as rig:
        bodies = [api.body(api.text("hello", f"GB.{number:020}")) for number in range(30)] * 2
        assert set(await asyncio.gather(*(api.post(body) for body in bodies))) == {200}
        await until(lambda: len(api.sent) == 30)
        await rig.settled(*["sent"] * 30)
        assert len(api.sent) == 30


async def test_what_nobody_can_read_is_kept_aside_and_blocks_nobody(
    api: StandIn, tmp_path: Path
) -> None:
    """The message beside it is answered; the strange part alone is sealed, once."""
    strange = {"id": "wamid.X", "type": "text", "text": {"body": "who am I?"}}
    async with opened(api, tmp_path) as rig:
        body = api.body(strange, api.text("hello"), 7)
        assert await api.post(body) == 200
        assert await api.post(body) == 200
        assert await rig.answered(1) == ["answer to hello [hello]"]
        kept = [json.loads(one) for one in await rig.aside()]
        assert sorted(kept, key=str) == sorted([strange, 7], key=str)
        assert rig.whatsapp.unreadable == 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"entry":' * 50_000,
        b'{"entry": [' + b"1" * 10_000 + b"]}",
        b'{"entry": 7}',
        b"<html></html>",
        b"{}",
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
async def test_a_signed_body_that_is_no_event_is_taken_and_set_aside(
    api: StandIn, tmp_path: Path, body: bytes
) -> None:
    """It is no better the next time: it must not come again for a week."""
    async with opened(api, tmp_path, work=False) as rig:
        assert await api.post(body) == 200
        assert rig.whatsapp.unreadable == 1
        (kept,) = await rig.aside()
    assert kept in {body[:MOST], b"1" * MOST, b"0"}


async def test_a_body_of_three_megabytes_is_read_and_a_bigger_one_refused(
    api: StandIn, tmp_path: Path
) -> None:
    """Meta's calls may be that big; more cannot be told from an attack."""
    async with opened(api, tmp_path) as rig:
        big = json.dumps(api.body(api.text("hello"), filler="x" * 2_900_000)).encode()
        assert len(big) < BODY
        assert await api.post(big) == 200
        assert await rig.answered(1) == ["answer to hello [hello]"]
        with suppress(httpx.WriteError):  # we may close before it has all been sent
            assert await api.post(b" " * (BODY + 1)) == 413
        assert await rig.stored() == 1


async def test_a_caller_who_hangs_up_leaves_no_trace(api: StandIn, tmp_path: Path) -> None:
    """Half a body and no more: nothing is stored, and the next call is served."""
    async with opened(api, tmp_path) as rig:
        port = int(rig.url.rpartition(":")[2])
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = b"POST /whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
        writer.write(head + b'{"entry"')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await api.say("hello") == 200
        assert await rig.answered(1) == ["answer to hello [hello]"]


async def test_what_was_written_to_another_number_is_not_ours(api: StandIn, tmp_path: Path) -> None:
    """One app may serve several numbers: an answer from ours would come from a stranger."""
    async with opened(api, tmp_path) as rig:
        body = api.body(api.text("hello"), metadata={"phone_number_id": OTHER_NUMBER_ID})
        assert await api.post(body) == 200
        assert (
            await api.post(api.body(api.text("mine"), metadata={"phone_number_id": int(NUMBER_ID)}))
            == 200
        )
        assert await rig.answered(1) == ["answer to mine [mine]"]
        assert await rig.stored() == 1


async def test_somebody_whose_number_changed_begins_anew(api: StandIn, tmp_path: Path) -> None:
    """A number may have changed hands: what was said before is forgotten, not carried over."""
    system = {
        "type": "user_changed_user_id",
        "previous_user_id": PERSON,
        "user_id": OTHER,
        "body": "User Nomen changed",
    }
    async with opened(api, tmp_path) as rig:
        await api.say("hello")
        await rig.answered(1)
        message = {"id": "wamid.S", "type": "system", "system": system}
        assert await api.post(api.body(message)) == 200
        assert rig.gone == [Address("whatsapp", PERSON)]
        assert await rig.states() == []
        await api.say("it is me", OTHER)
        assert await rig.answered(1, OTHER) == ["answer to it is me [it is me]"]


# Danger, and the database away


async def test_danger_is_answered_while_the_database_is_away(api: StandIn, tmp_path: Path) -> None:
    """The card goes past the inbox, once; the call is refused, comes again and is answered."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.away = True
        body = api.body(api.text(DANGER))
        assert [await api.post(body) for _ in range(3)] == [503] * 3
        (card,) = api.texts()
        assert "999" in card
        assert "biz_opaque_callback_data" not in api.sent[0]
        rig.inbox.away = False
        assert await api.post(body) == 200
        await rig.answered(2)
        await rig.settled("sent")
    assert sum("999" in text for text in api.texts()) == 1


async def test_a_card_that_did_not_reach_the_person_is_given_again(
    api: StandIn, tmp_path: Path
) -> None:
    """WhatsApp refuses it at first: the next delivery of the same message tries again."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.away = True
        api.fail(Fault(500, 131000), CUT)
        body = api.body(api.text(DANGER))
        assert [await api.post(body) for _ in range(4)] == [503] * 4
        assert len(api.texts()) == 1
        assert len(api.tried) == 3


async def test_danger_behind_others_is_not_held_up(api: StandIn, tmp_path: Path) -> None:
    """The database goes away in the middle of a call: whoever is in danger still hears at once."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.after = 1
        people = [f"GB.{number:020}" for number in range(6)]
        calm = [api.text("hello", person) for person in people[:5]]
        body = api.body(*calm, api.text(DANGER, people[5]))
        assert await api.post(body) == 503
        assert "999" in api.texts(people[5])[0]
        rig.inbox.after, rig.inbox.away = None, False
        assert await api.post(body) == 200
        await until(lambda: len(api.sent) >= 7)
        assert await rig.stored() == 6
    assert [len(api.texts(person)) for person in people[:5]] == [1] * 5


async def test_everything_waits_for_the_database(api: StandIn, tmp_path: Path) -> None:
    """What nobody can read, a status and a changed number come again, too."""

    async def away(*_: Any) -> None:
        raise Away("OperationalError")

    moved = {"type": "user_changed_user_id", "previous_user_id": PERSON, "user_id": OTHER}
    status = {"status": "sent", "biz_opaque_callback_data": "1.ab", "id": "wamid.B"}
    parts: Any = {"set_aside": away, "on_gone": away, "on_receipt": away}
    async with opened(api, tmp_path, work=False, **parts):
        assert await api.post(b"{}") == 503
        assert await api.post(api.body(7)) == 503
        assert await api.post(api.body(statuses=[status])) == 503
        assert await api.post(api.body({"id": "x", "type": "system", "system": moved})) == 503


async def test_a_fault_of_ours_does_not_make_a_call_come_for_ever(
    api: StandIn, tmp_path: Path
) -> None:
    """Never a 500: what breaks on our side is logged, and the others in the call are served."""

    async def broken(*_: Any) -> None:
        raise RuntimeError

    moved = {"type": "user_changed_user_id", "previous_user_id": PERSON, "user_id": OTHER}
    status = {"status": "sent", "biz_opaque_callback_data": "1.ab", "id": "wamid.B"}
    parts: Any = {"set_aside": broken, "on_gone": broken, "on_receipt": broken}
    async with opened(api, tmp_path, **parts) as rig:
        system = {"id": "x", "type": "system", "system": moved}
        body = api.body(7, system, api.text("hello"), statuses=[status])
        assert await api.post(body) == 200
        assert await rig.answered(1) == ["answer to hello [hello]"]


# What becomes of what we send


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
