"""People talk with the bot while Telegram calls us."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.aside import MOST
from bot.channels.telegram import BODY, COME_AGAIN
from bot.store.database import Away
from tests.channels.telegram_rig import QUICK, SECRET, Rig, opened, until
from tests.channels.telegram_stand_in import CUT, Fault, StandIn, stand_in

DANGER = "he is outside my door with a knife"
PERSON = 1001
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def call(rig: Rig, body: Any, secret: bytes | None = SECRET.encode()) -> httpx.Response:
    """Call the webhook as Telegram does, or as somebody else."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = [] if secret is None else [(HEADER.encode(), secret)]
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(f"{rig.url}/telegram", content=content, headers=headers)


async def test_telegram_is_told_where_to_call(api: StandIn, tmp_path: Path) -> None:
    """With our secret and only our kinds of update; what waited is not thrown away."""
    await api.say("hello")
    async with opened(api, tmp_path, webhook=True) as rig:
        (told,) = api.of("setWebhook")
        assert told["url"] == f"{rig.url}/telegram"
        assert told["secret_token"] == SECRET
        assert told["allowed_updates"] == [
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
        ]
        assert "drop_pending_updates" not in told
        assert await api.deliver() == [200]
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]
        assert api.of("getUpdates") == []
        assert rig.telegram.trouble == ""


async def test_a_person_talks_and_taps(api: StandIn, tmp_path: Path) -> None:
    """Answered by the real worker, in order."""
    async with opened(api, tmp_path, webhook=True) as rig:
        await api.say("hello")
        await api.deliver()
        await rig.answered(PERSON, 1)
        await api.tap("menu")
        await api.deliver()
        texts = await rig.answered(PERSON, 2)
        await until(lambda: bool(api.of("answerCallbackQuery")))
    assert texts == ["answer to hello [hello]", "answer to menu [menu]"]


async def test_an_update_delivered_again_is_taken_and_answered_once(
    api: StandIn, tmp_path: Path
) -> None:
    """Our 2xx was lost: the repeat gets one too, and no second answer."""
    async with opened(api, tmp_path, webhook=True) as rig:
        update = await api.say("hello")
        for _ in range(3):
            assert (await call(rig, update)).status_code == 200
        await call(rig, await api.say("next"))
        texts = await rig.answered(PERSON, 2)
    assert texts == ["answer to hello [hello]", "answer to next [next]"]


async def test_a_tap_may_overtake_a_text(api: StandIn, tmp_path: Path) -> None:
    """Telegram queues taps apart from texts: both are answered once, as they came."""
    async with opened(api, tmp_path, webhook=True) as rig:
        text, tap = await api.say("hello"), await api.tap("menu")
        await call(rig, tap)
        await call(rig, text)
        texts = await rig.answered(PERSON, 2)
    assert texts == ["answer to menu [menu]", "answer to hello [hello]"]


@pytest.mark.parametrize(
    "secret",
    [None, b"", b"wrong", SECRET.encode()[:-1], SECRET.encode() + b"x", "sécret".encode(), b"\xff"],
)
async def test_nobody_else_can_speak_in_telegram_s_name(
    api: StandIn, tmp_path: Path, secret: bytes | None
) -> None:
    """Without the secret: 403 and not a word; nothing is kept, whatever the header's letters."""
    async with opened(api, tmp_path, webhook=True) as rig:
        answer = await call(rig, await api.say("hello"), secret)
        assert (answer.status_code, answer.content) == (403, b"")
        await call(rig, await api.say("real"))
        assert await rig.answered(PERSON, 1) == ["answer to real [real]"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"update_id": 5, "message": "' + b"x" * BODY + b'"}',
        b"null",
        b"[]",
        b'{"update_id": 5, "message": 7}',
        b'{"message": {"text": "hello", "chat": {"id": 1001, "type": "private"}}}',
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
async def test_what_nobody_can_read_is_taken_counted_and_never_comes_again(
    api: StandIn, tmp_path: Path, body: bytes
) -> None:
    """2xx, or it would hold up the person's chat for a day."""
    async with opened(api, tmp_path, webhook=True) as rig:
        assert (await call(rig, body)).status_code == 200
        assert rig.telegram.unreadable == 1
        assert await rig.aside() == [body[:MOST]]
        await call(rig, await api.say("hello"))
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]


async def test_what_nobody_can_read_waits_for_the_database_like_everything_else(
    api: StandIn, tmp_path: Path
) -> None:
    """It is not thrown away unkept while the database is away; another fault does not hold it."""
    faults: list[Exception] = [Away("OperationalError"), LookupError("ours")]

    async def failing(_channel: str, _raw: bytes) -> None:
        raise faults.pop(0)

    async with opened(api, tmp_path, webhook=True, set_aside=failing) as rig:
        assert (await call(rig, b"[]")).status_code == 503
        assert (await call(rig, b"[]")).status_code == 200


async def test_while_the_database_is_away_danger_gets_its_card_and_telegram_comes_again(
    api: StandIn, tmp_path: Path
) -> None:
    """503 with a time to come again; the card at once and only once; then all are answered."""
    async with opened(api, tmp_path, webhook=True) as rig:
        rig.inbox.away = True
        hello, danger = await api.say("hello"), await api.say(DANGER)
        answer = await call(rig, hello)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, str(COME_AGAIN))
        assert api.sent == []
        for _ in range(3):
            assert (await call(rig, danger)).status_code == 503
        (card,) = api.texts(PERSON)
        assert "999" in card
        rig.inbox.away = False
        assert await api.deliver() == [200, 200]
        texts = await rig.answered(PERSON, 2)
    assert texts[1] == "answer to hello [hello]"
    assert sum("999" in text for text in texts) == 1


async def test_a_card_that_did_not_arrive_is_given_again(api: StandIn, tmp_path: Path) -> None:
    """Database away and Telegram in trouble: each delivery is a new try until one arrives."""
    async with opened(api, tmp_path, webhook=True) as rig:
        rig.inbox.away = True
        api.fail("sendMessage", CUT, CUT)
        danger = await api.say(DANGER)
        for count in (0, 0, 1, 1):
            await call(rig, danger)
            assert len(api.texts(PERSON)) == count


async def test_a_block_is_told_again_while_it_could_not_be_done(
    api: StandIn, tmp_path: Path
) -> None:
    """Not 2xx before the conversation is closed."""
    failing = [True]

    async def on_gone(_: object) -> None:
        if failing[0]:
            raise ConnectionError

    async with opened(api, tmp_path, webhook=True, on_gone=on_gone) as rig:
        status = {"status": "kicked"}
        chat = {"id": PERSON, "type": "private"}
        update = await api.push("my_chat_member", {"chat": chat, "new_chat_member": status})
        assert (await call(rig, update)).status_code == 503
        failing[0] = False
        assert (await call(rig, update)).status_code == 200


async def test_a_restart_between_question_and_answer_loses_nothing(
    api: StandIn, tmp_path: Path
) -> None:
    """2xx in one life is a promise to the next."""
    async with opened(api, tmp_path, webhook=True, work=False):
        await api.say("hello")
        assert await api.deliver() == [200]
    async with opened(api, tmp_path, webhook=True) as rig:
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]


async def test_a_webhook_that_was_taken_away_is_set_again(api: StandIn, tmp_path: Path) -> None:
    """Somebody asked for updates with our token, or Telegram gave us up: nobody is left unheard."""
    patience = replace(QUICK, watch=0.1)
    async with opened(api, tmp_path, webhook=True, patience=patience) as rig:
        api.fail("getWebhookInfo", CUT, Fault(200, body=b'{"ok": true, "result": {}}'))
        api.webhook = {}
        await api.say("hello")
        await until(lambda: bool(api.webhook))
        assert await api.deliver() == [200]
        assert await rig.answered(PERSON, 1) == ["answer to hello [hello]"]


async def test_there_is_no_webhook_where_telegram_is_asked(api: StandIn, tmp_path: Path) -> None:
    """Without a secret nothing could prove who calls."""
    async with opened(api, tmp_path) as rig:
        assert (await call(rig, {"update_id": 5}, b"")).status_code == 404
