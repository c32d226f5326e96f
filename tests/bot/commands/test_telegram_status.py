"""`python -m bot telegram status` tells an operator what Telegram knows, and what to put right."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram_reading import KINDS
from bot.clock import utc_now
from bot.commands.telegram import status
from bot.errors import SettingProblem
from bot.settings import Settings, load_settings
from tests.channels.telegram_stand_in import CUT, FLOOD, TOKEN, Fault, StandIn, free_port, stand_in

URL = "https://bot.example.org/telegram"


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


def settings(api: str, url: str | None = URL, token: str | None = TOKEN) -> Settings:
    """As in the environment."""
    given = {"BOT_TELEGRAM_API": api}
    if token is not None:
        given["BOT_TELEGRAM_TOKEN"] = token
    if url is not None:
        given |= {"BOT_TELEGRAM_WEBHOOK_URL": url, "BOT_TELEGRAM_WEBHOOK_SECRET": "s" * 32}
    return load_settings(given, Path("none"))


async def told(api: StandIn, url: str | None = URL) -> tuple[int, list[str]]:
    """The exit code and the lines; never the token or the secret."""
    out = io.StringIO()
    code = await status(settings(api.url, url), out, utc_now())
    said = out.getvalue()
    assert TOKEN not in said
    assert "s" * 32 not in said
    return code, said.splitlines()


async def test_all_is_well(api: StandIn) -> None:
    """The webhook as set, our kinds of update, a dull name, nothing waits: 0."""
    api.webhook = {"url": URL, "allowed_updates": list(KINDS)}
    code, lines = await told(api)
    assert code == 0
    assert all(line.startswith("ok ") for line in lines)
    assert any("Notes" in line and "t.me/notes_bot" in line for line in lines)
    assert any("calls bot.example.org, as it should" in line for line in lines)
    assert {call.method for call in api.calls} == {"getMe", "getWebhookInfo"}, "nothing is changed"


async def test_polling_is_well_too(api: StandIn) -> None:
    """Without an address the service asks for messages."""
    code, lines = await told(api, None)
    assert code == 0
    assert any("polling" in line for line in lines)


@pytest.mark.parametrize(
    ("webhook", "news", "name", "sentence"),
    [
        ({}, {}, "Notes", "calls nobody yet"),
        ({"url": "https://evil.example.net/x"}, {}, "Notes", "evil.example.net"),
        ({"url": URL + "/old"}, {}, "Notes", "another path"),
        ({"url": URL, "allowed_updates": ["message"]}, {}, "Notes", "not callback_query"),
        ({"url": URL}, {}, "Notes", "not callback_query"),
        (
            {"url": URL, "allowed_updates": [*KINDS, "message_reaction"]},
            {},
            "Notes",
            "needlessly message_reaction",
        ),
        ({"url": URL, "allowed_updates": list(KINDS)}, {}, "Stalking Helpline", "dull one"),
        (
            {"url": URL, "allowed_updates": list(KINDS)},
            {"pending_update_count": 51},
            "Notes",
            "51 messages",
        ),
    ],
)
async def test_what_has_to_be_put_right_is_told(
    api: StandIn, webhook: dict[str, Any], news: dict[str, Any], name: str, sentence: str
) -> None:
    """Exit code 1, and one line that names it."""
    api.webhook, api.webhook_news, api.name = webhook, news, name
    code, lines = await told(api)
    assert code == 1
    assert any(line.startswith("PUT RIGHT") and sentence in line for line in lines), lines


async def test_a_webhook_where_none_is_wanted_is_told(api: StandIn) -> None:
    """Somebody else may use the token."""
    api.webhook = {"url": "https://evil.example.net/secret-path"}
    code, lines = await told(api, None)
    assert code == 1
    assert any("evil.example.net" in line for line in lines)
    assert not any("secret-path" in line for line in lines)


@pytest.mark.parametrize(("minutes", "code"), [(5, 1), (600, 0)])
async def test_an_error_of_just_now_counts_and_an_old_one_is_only_told(
    api: StandIn, minutes: int, code: int
) -> None:
    """Telegram remembers the last one for ever."""
    api.webhook = {"url": URL, "allowed_updates": list(KINDS)}
    at = int((utc_now() - timedelta(minutes=minutes)).timestamp())
    api.webhook_news = {"last_error_date": at, "last_error_message": "Connection refused"}
    got, lines = await told(api)
    assert got == code
    assert any("Connection refused" in line for line in lines)


@pytest.mark.parametrize("fault", [CUT, FLOOD, Fault(500), Fault(502, body=b"<html>")])
async def test_telegram_in_trouble_is_one_sentence(api: StandIn, fault: Fault) -> None:
    """What to do, and no stack of calls."""
    api.fail("getMe", fault)
    with pytest.raises(SettingProblem, match="could not be asked") as caught:
        await told(api)
    assert caught.value.where == "BOT_TELEGRAM_API"


async def test_no_token_a_wrong_one_and_nobody_there_are_told_apart(api: StandIn) -> None:
    """Each with its setting."""
    for given, where in (
        (settings(api.url, token=None), "BOT_TELEGRAM_TOKEN"),
        (settings(api.url, token="1:wrong"), "BOT_TELEGRAM_TOKEN"),
        (settings(f"http://127.0.0.1:{free_port()}"), "BOT_TELEGRAM_API"),
    ):
        with pytest.raises(SettingProblem) as caught:
            await status(given, io.StringIO(), utc_now())
        assert caught.value.where == where
        assert "wrong" not in str(caught.value)
