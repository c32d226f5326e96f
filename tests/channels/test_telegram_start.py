"""The first meeting with Telegram, and its troubles."""

import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.telegram_calls import COMMANDS
from bot.errors import SettingProblem
from tests.channels.telegram_rig import QUICK, opened, until
from tests.channels.telegram_stand_in import (
    FLOOD,
    TOKEN,
    Answering,
    Fault,
    StandIn,
    free_port,
    served,
    stand_in,
)

TELLING = ("stalk", "abuse", "police", "help line", "helpline", "safe", "danger", "victim", "999")


async def test_the_commands_give_nothing_away(tmp_path: Path) -> None:
    """Who looks over the shoulder sees a dull menu; each command is one the talk knows."""
    async with stand_in() as api, opened(api, tmp_path):
        pass
    assert {one["command"] for one in api.commands} == {"start", "help", "menu", "erase", "leave"}
    shown = " ".join(one["description"] for one in api.commands).lower()
    assert shown
    assert not [word for word in TELLING if word in shown]
    assert len(api.commands) == len(COMMANDS)


@pytest.mark.parametrize("token", ["1:wrong", "no-token-at-all"])
async def test_a_wrong_token_stops_the_start_and_says_what_to_do(
    tmp_path: Path, token: str
) -> None:
    """The operator learns which setting it is, and never sees the token printed."""
    async with stand_in() as api:
        with pytest.raises(SettingProblem) as caught:
            async with opened(api, tmp_path, token=token):
                pass
    assert caught.value.where == "BOT_TELEGRAM_TOKEN"
    assert "BotFather" in caught.value.do
    assert token not in str(caught.value)


async def test_a_webhook_that_telegram_refuses_stops_the_start(tmp_path: Path) -> None:
    """The operator learns which setting it is."""
    async with stand_in() as api:
        api.fail("setWebhook", Fault(400, "Bad Request: bad webhook: IP address is reserved"))
        with pytest.raises(SettingProblem) as caught:
            async with opened(api, tmp_path, webhook=True):
                pass
    assert caught.value.where == "BOT_TELEGRAM_WEBHOOK_URL"


async def test_without_network_the_rest_of_the_service_starts_and_telegram_follows(
    tmp_path: Path,
) -> None:
    """Nobody listens at first: start returns, says it is not ready, and the talk begins later."""
    port = free_port()
    api = StandIn(url=f"http://127.0.0.1:{port}")
    async with opened(api, tmp_path) as rig:
        assert rig.telegram.trouble
        route = Route("/bot{token}/{method}", Answering(api), methods=["GET", "POST"])
        async with served(Starlette(routes=[route]), port):
            await api.say("hello")
            assert await rig.answered(1001, 1) == ["answer to hello [hello]"]
            assert rig.telegram.trouble == ""


async def test_a_telegram_that_does_not_answer_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Start returns within its time, however slow the other side is."""
    async with stand_in() as api:
        api.fail("getMe", Fault(seconds=30), Fault(500), FLOOD)
        async with asyncio.timeout(QUICK.start + 2):
            async with opened(api, tmp_path) as rig:
                pass
        assert rig.telegram.trouble


@pytest.mark.parametrize("webhook", [True, False])
async def test_troubles_at_the_start_pass(tmp_path: Path, *, webhook: bool) -> None:
    """Flood, faults and a token refused later on: it is tried until it goes well."""
    async with stand_in() as api:
        api.fail("getMe", Fault(500), FLOOD, Fault(401, "Unauthorized"))
        api.fail("setWebhook", Fault(429, "Too Many Requests"), Fault(502, body=b"<html>"))
        api.fail("setMyCommands", Fault(500), Fault(500), Fault(500))
        async with opened(api, tmp_path, webhook=webhook) as rig:
            await until(lambda: rig.telegram.trouble == "")
            await api.say("hello")
            if webhook:
                await api.deliver()
            assert await rig.answered(1001, 1) == ["answer to hello [hello]"]


async def test_odd_answers_to_small_questions_are_no_trouble(tmp_path: Path) -> None:
    """The token was taken: what else Telegram tells about us does not matter."""
    async with stand_in() as api:
        api.fail("getMe", Fault(200, body=b'{"ok": true, "result": {"id": 1}}'))
        async with opened(api, tmp_path) as rig:
            assert rig.telegram.trouble == ""


async def test_it_can_start_again_after_a_stop(tmp_path: Path) -> None:
    """One object, two lives."""
    async with stand_in() as api, opened(api, tmp_path) as rig:
        await rig.telegram.stop()
        await api.say("hello")
        await rig.telegram.start()
        assert await rig.answered(1001, 1) == ["answer to hello [hello]"]
        assert TOKEN not in repr(rig.telegram)
