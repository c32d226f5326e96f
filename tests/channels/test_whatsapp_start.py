"""The first meeting with Meta, and its troubles."""

import asyncio
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.whatsapp_errors import CHECK_TOKEN, NUMBER_GONE
from tests.channels.telegram_rig import until
from tests.channels.telegram_stand_in import free_port, served
from tests.channels.whatsapp_rig import QUICK, opened
from tests.channels.whatsapp_stand_in import TOKEN, Answering, Fault, StandIn, stand_in


async def test_a_good_token_is_no_trouble(tmp_path: Path) -> None:
    """Meta knows us: health has nothing to say."""
    async with stand_in() as api, opened(api, tmp_path) as rig:
        assert rig.whatsapp.trouble == ""
        assert api.looks == 1
        assert TOKEN not in repr(rig.whatsapp)


async def test_a_token_that_has_run_out_does_not_keep_the_rest_from_starting(
    tmp_path: Path,
) -> None:
    """Meta's first tokens last a day: the web page must start all the same, and health says why."""
    async with stand_in() as api, opened(api, tmp_path, token="another") as rig:
        assert rig.whatsapp.trouble == CHECK_TOKEN
        api.token = "another"  # put right at Meta
        await until(lambda: rig.whatsapp.trouble == "")
        await api.say("hello")
        assert await rig.answered(1) == ["answer to hello [hello]"]


async def test_a_wrong_number_id_is_told(tmp_path: Path) -> None:
    """The phone number in place of its id is the common slip."""
    async with stand_in() as api, opened(api, tmp_path, number_id="447700900000") as rig:
        assert rig.whatsapp.trouble == NUMBER_GONE


async def test_a_token_that_runs_out_later_is_noticed(tmp_path: Path) -> None:
    """Before anybody has to wait in vain."""
    async with stand_in() as api, opened(api, tmp_path) as rig:
        api.token = "changed"
        await until(lambda: rig.whatsapp.trouble == CHECK_TOKEN)


async def test_a_trouble_that_looking_cannot_see_stays(tmp_path: Path) -> None:
    """Payment is missing: our number looks well, and still nobody is answered."""
    async with stand_in() as api, opened(api, tmp_path) as rig:
        api.fail(Fault(400, 131042))
        await api.say("hello")
        await until(lambda: "payment" in rig.whatsapp.trouble)
        looks = api.looks
        await until(lambda: api.looks > looks + 2)
        assert "payment" in rig.whatsapp.trouble


async def test_meta_tells_of_a_trouble_by_itself(tmp_path: Path) -> None:
    """An error in the account comes by the webhook; one that concerns nobody is passed over."""
    async with stand_in() as api, opened(api, tmp_path) as rig:
        assert await api.post(api.body(errors=[{"code": 131000}])) == 200
        assert rig.whatsapp.trouble == ""
        assert await api.post(api.body(errors=[{"code": 131031}])) == 200
        assert "blocked" in rig.whatsapp.trouble


async def test_without_network_the_rest_starts_and_whatsapp_follows(tmp_path: Path) -> None:
    """Nobody listens at first: start returns, says so, and the talk begins later."""
    port = free_port()
    api = StandIn(url=f"http://127.0.0.1:{port}/v26.0")
    async with opened(api, tmp_path) as rig:
        assert rig.whatsapp.trouble
        end = Answering(api)
        routes = [Route("/v26.0/{number}", end), Route("/v26.0/{number}/messages", end)]
        async with served(Starlette(routes=routes), port):
            await until(lambda: rig.whatsapp.trouble == "")
            await api.say("hello")
            assert await rig.answered(1) == ["answer to hello [hello]"]


async def test_a_meta_that_does_not_answer_keeps_nobody_waiting(tmp_path: Path) -> None:
    """Start returns within its time, however slow the other side is."""
    async with stand_in() as api:
        api.fail_looks(*[Fault(seconds=30)] * 3)
        async with asyncio.timeout(QUICK.start + 2):
            async with opened(api, tmp_path) as rig:
                assert rig.whatsapp.trouble


async def test_it_can_start_again_after_an_end(tmp_path: Path) -> None:
    """One object, two lives."""
    async with stand_in() as api, opened(api, tmp_path) as rig:
        await rig.whatsapp.close()
        await rig.whatsapp.start()
        await api.say("hello")
        assert await rig.answered(1) == ["answer to hello [hello]"]


async def test_half_a_service_only_sends(tmp_path: Path) -> None:
    """Where another process takes the calls, this one asks Meta nothing."""
    async with stand_in() as api, opened(api, tmp_path, start=False) as rig:
        await rig.whatsapp.open()
        assert rig.whatsapp.trouble == ""
        await api.say("hello")
        assert await rig.answered(1) == ["answer to hello [hello]"]
        assert api.looks == 0
