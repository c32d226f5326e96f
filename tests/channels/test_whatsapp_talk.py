"""People talk with the bot while Meta calls us."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from bot.aside import MOST
from bot.channels.whatsapp_proof import BODY
from bot.messages import Address
from tests.channels.telegram_rig import until
from tests.channels.whatsapp_rig import opened
from tests.channels.whatsapp_stand_in import (
    NUMBER_ID,
    OTHER_NUMBER_ID,
    PERSON,
    PHONE,
    StandIn,
    stand_in,
)

OTHER = "GB.20000000000000000002"


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


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
