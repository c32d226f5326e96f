"""What becomes of one message to a person, by what Telegram answers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.telegram import Telegram
from bot.channels.telegram_wire import NoAnswer, NotSent, TooMany, outcome_of, refusal
from bot.clock import utc_now
from bot.door import Door
from bot.messages import (
    Address,
    Choice,
    Kind,
    Outcome,
    Part,
    Refused,
    Sent,
    TryLater,
    Unknown,
)
from bot.ports import Channel
from tests.channels.telegram_rig import QUICK
from tests.channels.telegram_stand_in import (
    ARRIVED_BUT_CUT,
    BLOCKED,
    CUT,
    FLOOD,
    MALFORMED,
    NOT_FOUND,
    Fault,
    StandIn,
    free_port,
    stand_in,
)

TO = Address("telegram", "1001")
PART = Part("You are not alone.", Kind.ADVICE)


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


@pytest.fixture
async def telegram(api: StandIn) -> AsyncIterator[Telegram]:
    channel = make(api.url, api.token)
    yield channel
    await channel.close()


class NoDoor(Door):
    """Nothing is received in these tests."""

    def __init__(self) -> None:
        pass


def make(url: str, token: str) -> Telegram:
    async def on_gone(_: Address) -> None: ...

    async def set_aside(_channel: str, _raw: bytes) -> None: ...

    return Telegram(
        token=token,
        api=url,
        door=NoDoor(),
        clock=utc_now,
        on_gone=on_gone,
        set_aside=set_aside,
        patience=QUICK,
    )


async def test_a_person_gets_plain_text_and_one_button_a_row(
    api: StandIn, telegram: Telegram
) -> None:
    """Markup in the text stays as it is; links show no preview; each button has its own line."""
    fits: Channel = telegram
    part = Part(
        "<b>Call</b> *now* _or_ [later](x) https://example.org & more",
        Kind.ADVICE,
        choices=(Choice("ask:helpline", "Talk to a person"), Choice("menu", "Menu")),
    )

    outcome = await fits.send(TO, part)

    (message,) = api.sent
    assert outcome == Sent(str(message["message_id"]))
    assert message["text"] == part.text
    assert "parse_mode" not in message
    assert message["link_preview_options"] == {"is_disabled": True}
    assert message["reply_markup"]["inline_keyboard"] == [
        [{"text": "Talk to a person", "callback_data": "ask:helpline"}],
        [{"text": "Menu", "callback_data": "menu"}],
    ]


async def test_a_bad_button_does_not_cost_the_person_the_message(
    api: StandIn, telegram: Telegram
) -> None:
    """Telegram refuses the whole message for one long button id: the button goes, not the text."""
    choices = (Choice("x" * 65, "Long"), Choice("", "Empty"), Choice("menu", "Menu"))

    outcome = await telegram.send(TO, Part("Call 999.", Kind.EMERGENCY, choices=choices))

    assert isinstance(outcome, Sent)
    assert api.sent[0]["reply_markup"]["inline_keyboard"] == [
        [{"text": "Menu", "callback_data": "menu"}]
    ]


async def test_half_a_character_does_not_stop_a_message(api: StandIn, telegram: Telegram) -> None:
    """Text that cannot be written as UTF-8 is sent with a question mark in its place."""
    assert isinstance(await telegram.send(TO, Part("a \ud83d b", Kind.ADVICE)), Sent)
    assert api.texts(1001) == ["a ? b"]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (FLOOD, TryLater("too many", timedelta(seconds=1))),
        (Fault(429, "Too Many Requests"), TryLater("too many", None)),
        (BLOCKED, Refused("blocked", gone=True)),
        (Fault(403, "Forbidden: user is deactivated"), Refused("blocked", gone=True)),
        (Fault(400, "Bad Request: chat not found"), Refused("no chat", gone=True)),
        (MALFORMED, Refused("malformed")),
        (Fault(400, "Bad Request: message is not modified"), Sent()),
        (Fault(400, "Bad Request: moved", {"migrate_to_chat_id": -1001}), Refused("moved")),
        (NOT_FOUND, Refused("token")),
        (Fault(401, "Unauthorized"), Refused("token")),
        (Fault(500), Unknown()),
        (Fault(500, "restart", {"retry_after": 5}), Unknown()),
        (Fault(502, body=b"<html>Bad Gateway</html>"), Unknown()),
        (Fault(200, body=b"<html>not Telegram</html>"), Unknown()),
        (Fault(200, body=b'{"ok": true}'), Unknown()),
        (Fault(200, body=b'{"ok": true, "result": true}'), Sent()),
        (Fault(200, body=b'{"ok": true, "result": {"message_id": 5}}'), Sent("5")),
        (Fault(400, body=b'{"parameters": [1]}'), Refused("malformed")),
        (Fault(400, body=b"[" * 100_000), Refused("malformed")),
        (CUT, Unknown()),
        (ARRIVED_BUT_CUT, Unknown()),
        (Fault(seconds=2.5, done=True), Unknown()),
    ],
    ids=lambda value: f"{value.status} {value.description}" if isinstance(value, Fault) else "",
)
async def test_each_answer_of_telegram_is_taken_for_what_it_means(
    api: StandIn, telegram: Telegram, fault: Fault, outcome: Outcome
) -> None:
    """Wait, give up, ask nobody, or admit that it may have arrived: never one for another."""
    api.fail("sendMessage", fault)
    assert await telegram.send(TO, PART) == outcome


async def test_a_message_that_never_left_is_simply_tried_again() -> None:
    """Nobody listens: the message cannot have arrived, so no doubt is told to the person."""
    telegram = make(f"http://127.0.0.1:{free_port()}", "1:A")
    assert await telegram.send(TO, PART) == TryLater("not reached")
    await telegram.close()


async def test_after_the_end_a_message_waits_for_the_next_start(
    api: StandIn, telegram: Telegram
) -> None:
    """Until the connections go it can be sent; then it waits, with no doubt about it."""
    await telegram.stop()
    assert isinstance(await telegram.send(TO, PART), Sent)
    await telegram.close()
    assert await telegram.send(TO, PART) == TryLater("not reached")
    assert len(api.sent) == 1


async def test_a_cancelled_send_is_cancelled(api: StandIn, telegram: Telegram) -> None:
    """The outbox's own time limit is not taken for an answer of Telegram."""
    api.fail("sendMessage", Fault(seconds=5))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await telegram.send(TO, PART)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (BadRequest("x"), Refused("malformed")),  # a NetworkError in the library
        (TimedOut("x"), Unknown()),  # a NetworkError, too
        (NetworkError("x"), Unknown()),
        (NoAnswer("x"), Unknown()),
        (NotSent("x"), TryLater("not reached")),
        (TooMany(3), TryLater("too many", timedelta(seconds=3))),
        (Forbidden("x"), Refused("blocked", gone=True)),
        (ChatMigrated(-1), Refused("moved")),
        (InvalidToken("x"), Refused("token")),
        (TelegramError("x"), Unknown()),
    ],
)
def test_kinds_of_error_are_told_apart_in_the_right_order(
    error: TelegramError, outcome: Outcome
) -> None:
    """A refusal is never repeated because the library files it under network errors."""
    assert outcome_of(error) == outcome


@pytest.mark.parametrize(
    "parameters", [None, [], "x", {"retry_after": "soon"}, {"retry_after": None}]
)
def test_a_flood_warning_without_a_time_is_still_one(parameters: Any) -> None:
    """We wait by our own measure when Telegram does not say how long."""
    error = refusal(429, {"parameters": parameters})
    assert isinstance(error, TooMany)
    assert error.seconds is None
