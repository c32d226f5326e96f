"""Leaving, outages, and the lines that the script asks for."""

import asyncio
import re

import httpx
import pytest

from bot.content.last_resort import emergency_card
from bot.content.limits import WEB
from bot.messages import Words
from tests.channels.web_fakes import KEYRING, HeldPipe
from tests.channels.web_pages import (
    DANGER,
    HIS_GYM,
    SCRIPT,
    box,
    browser_on,
    field,
    page_of,
    say,
)


async def test_a_message_that_could_not_be_stored_says_so_and_keeps_the_words(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """Nobody believes they were heard when they were not, and 999 is named."""
    pipe.away = True
    answer = await say(browser, HIS_GYM)

    assert answer.status_code == 503
    assert box(answer.text) == HIS_GYM
    assert "call 999" in answer.text
    assert "set-cookie" not in answer.headers


async def test_danger_gets_its_card_although_nothing_could_be_stored(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The card that the door gives is on the page, with the number to press."""
    pipe.away = True
    pipe.card = (emergency_card("emergency", WEB),)
    answer = await say(browser, DANGER)

    assert answer.status_code == 503
    assert 'href="tel:999"' in answer.text
    assert len(pipe.undelivered_cards) == 1  # the card is not kept: the next try gives it again
    told = (await say(browser, DANGER, Accept="application/json")).json()
    assert told["kept"] is False
    assert 'href="tel:999"' in told["parts"]


async def test_words_sent_again_after_an_outage_are_one_message(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The form that failed keeps its id, so that pressing Send again cannot say it twice."""
    await say(browser, "hello")
    pipe.away = True
    failed = await say(browser, HIS_GYM)
    pipe.away = False
    data = {name: field(failed.text, name) for name in ("key", "form", "after")}
    for _ in range(2):
        await browser.post("/say", data={**data, "text": HIS_GYM})
    assert [one.words for one in pipe.got] == [Words("hello"), Words(HIS_GYM)]


async def test_the_page_opens_when_its_lines_cannot_be_read(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The box and the way out are there, and the page says what is wrong."""
    await say(browser, HIS_GYM)
    pipe.away = True
    answer = await browser.get("/")

    assert answer.status_code == 503
    assert "call 999" in answer.text
    assert 'action="/say"' in answer.text
    assert 'id="leave"' in answer.text


async def test_leaving_erases_takes_the_cookie_and_goes_elsewhere(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """One press: our side is erased, the page is blank, the browser is on its way."""
    await say(browser, HIS_GYM)
    html = (await browser.get("/")).text
    answer = await browser.post("/leave", data={"form": field(html, "form", "/leave")})

    assert answer.headers["refresh"] == "0; url=https://www.bbc.co.uk/weather"
    assert re.search(r"<body>\s*</body>", answer.text)
    assert 'page=""' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert pipe.erased == [KEYRING.conversation_id(pipe.got[0].address)]
    assert HIS_GYM not in (await browser.get("/")).text


async def test_the_script_leaves_too(browser: httpx.AsyncClient, pipe: HeldPipe) -> None:
    """The message that the script sends while it goes away erases as well."""
    await say(browser, HIS_GYM)
    answer = await browser.post("/leave", data={"form": "any"}, headers=SCRIPT)

    assert answer.status_code == 204
    assert len(pipe.erased) == 1


async def test_leaving_works_before_anything_was_said(browser: httpx.AsyncClient) -> None:
    """The way out never depends on a talk."""
    answer = await browser.post("/leave", data={"form": ""})

    assert answer.status_code == 200
    assert "refresh" in answer.headers


async def test_leaving_does_not_wait_for_the_database(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The person is gone within moments, and the erasure is done as soon as it can be."""
    await say(browser, HIS_GYM)
    pipe.away = True
    async with asyncio.timeout(2):
        answer = await browser.post("/leave", data={"form": "any"})
    assert "refresh" in answer.headers
    pipe.away = False
    await asyncio.sleep(1.2)
    assert len(pipe.erased) == 1


async def test_without_a_session_there_is_nothing_to_wait_for(browser: httpx.AsyncClient) -> None:
    """An idle page does not keep a line open."""
    async with asyncio.timeout(1):
        told = (await browser.get("/lines?after=0&wait=25", headers=SCRIPT)).json()
    assert told["session"] is False


async def test_new_lines_come_as_soon_as_they_are_there(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """A look that waits is answered the moment the answer is there."""
    pipe.answering = False
    told = (await say(browser, HIS_GYM, **SCRIPT)).json()
    assert told["kept"] is True
    assert HIS_GYM in told["tail"]
    waiting = asyncio.create_task(browser.get("/lines?after=0&wait=25", headers=SCRIPT))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await pipe.answer_now()
    async with asyncio.timeout(1):
        told = (await waiting).json()
    assert f"You said: {HIS_GYM}" in told["lines"]
    assert "An answer is on its way" not in told["tail"]


async def test_only_new_lines_are_sent(browser: httpx.AsyncClient) -> None:
    """What is on the screen is not sent again."""
    await say(browser, "hello")
    told = (await say(browser, HIS_GYM, **SCRIPT)).json()

    assert "You said: hello" not in told["lines"]
    assert f"You said: {HIS_GYM}" in told["lines"]


async def test_the_script_learns_that_the_talk_was_erased(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """Lines that are erased here vanish from a screen elsewhere."""
    await say(browser, HIS_GYM)
    await pipe.erase(KEYRING.conversation_id(pipe.got[0].address))
    told = (await browser.get("/lines?after=2&wait=0", headers=SCRIPT)).json()

    assert told["oldest"] == 0
    assert told["lines"].strip() == ""


@pytest.mark.parametrize("query", ["after=-1", "after=abc", "after=9&wait=-5", "after=1e9", ""])
async def test_nonsense_in_the_address_is_taken_for_nothing(
    browser: httpx.AsyncClient, query: str
) -> None:
    """A damaged address still gets an answer."""
    await say(browser, HIS_GYM)

    assert (await browser.get(f"/lines?{query}", headers=SCRIPT)).status_code == 200
    assert (await browser.get(f"/?again=x&since=-3&{query}")).status_code == 200


async def test_nothing_is_sent_to_the_page(pipe: HeldPipe) -> None:
    """The outbox has no business here: the page fetches."""
    chat = page_of(pipe)
    await browser_on(chat).aclose()
    assert (chat.name, chat.keeps_page, chat.limits) == ("web", True, WEB)
