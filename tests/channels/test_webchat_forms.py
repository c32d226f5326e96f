"""Each message once, from our own page, and kind words for what is none."""

import httpx
import pytest

from bot.messages import Words
from tests.channels.web_fakes import HeldPipe
from tests.channels.web_pages import DANGER, HIS_GYM, OURS, box, browser_on, field, page_of, say


async def test_the_same_form_sent_twice_is_one_message(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """A double tap on Send, or the back button and Send, says it once."""
    await say(browser, "hello")
    html = (await browser.get("/")).text
    data = {name: field(html, name) for name in ("key", "form", "after")} | {"text": HIS_GYM}
    for _ in range(2):
        assert (await browser.post("/say", data=data)).status_code == 303
    assert [one.words.text for one in pipe.got if one.words] == ["hello", HIS_GYM]


async def test_a_double_first_message_starts_one_talk(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The second press may come before the cookie of the first: it is still the same talk."""
    html = (await browser.get("/")).text
    data = {name: field(html, name) for name in ("key", "form", "after")} | {"text": HIS_GYM}
    first = await browser.post("/say", data=data)
    browser.cookies.clear()
    second = await browser.post("/say", data=data)
    assert len(pipe.got) == 1
    assert first.headers["set-cookie"] == second.headers["set-cookie"]


async def test_two_people_never_share_a_talk(pipe: HeldPipe) -> None:
    """The same words from two browsers are two talks."""
    chat = page_of(pipe)
    async with browser_on(chat) as hers, browser_on(chat) as his:
        await say(hers, HIS_GYM)
        await say(his, "hello")
        assert HIS_GYM not in (await his.get("/")).text
        assert len({one.address.to for one in pipe.got}) == 2


async def test_words_typed_on_a_page_that_has_expired_start_a_new_talk(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The cookie is gone or no longer ours: the words are still heard."""
    await say(browser, "hello")
    html = (await browser.get("/")).text
    data = {name: field(html, name) for name in ("key", "form", "after")} | {"text": HIS_GYM}
    browser.cookies.clear()
    browser.cookies.set("page", "made-up.signature")
    answer = await browser.post("/say", data=data)
    assert answer.status_code == 303
    assert "set-cookie" in answer.headers
    assert [one.words for one in pipe.got][-1] == Words(HIS_GYM)


async def test_pressing_reload_on_a_form_address_leads_back(browser: httpx.AsyncClient) -> None:
    """Nobody is left on a blank or broken page."""
    for path in ("/say", "/tap", "/leave"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://page.test"}, 303),
        ({}, 303),  # an old browser; the form token is right
        ({"Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://page.test"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "https://page.test"}, 403),
    ],
)
async def test_only_our_own_page_can_speak_for_a_person(
    pipe: HeldPipe, headers: dict[str, str], status: int
) -> None:
    """Another site cannot send words, press a button or erase a talk in the person's name."""
    async with browser_on(page_of(pipe)) as client:
        await say(client, "hello")
        html = (await client.get("/")).text
        data = {name: field(html, name) for name in ("key", "form", "after")} | {"text": HIS_GYM}
        for name in OURS:
            del client.headers[name]
        assert (await client.post("/say", data=data, headers=headers)).status_code == status
        assert len(pipe.got) == (2 if status == 303 else 1)
        if status == 403:
            answer = await client.post("/leave", data=data, headers=headers)
            assert answer.status_code == 403
            assert "hello" not in answer.text
            assert pipe.erased == []


async def test_a_form_of_unknown_origin_needs_the_sessions_token(pipe: HeldPipe) -> None:
    """Where the browser says nothing, a form made for another session is asked for once more."""
    async with browser_on(page_of(pipe)) as client:
        await say(client, "hello")
        for name in OURS:
            del client.headers[name]
        answer = await client.post("/say", data={"text": HIS_GYM, "form": "stale"})
        assert answer.status_code == 409
        assert box(answer.text) == HIS_GYM
        assert len(pipe.got) == 1


@pytest.mark.parametrize("text", ["", "   ", "\r\n \r\n"])
async def test_an_empty_box_is_answered_kindly(
    browser: httpx.AsyncClient, pipe: HeldPipe, text: str
) -> None:
    """Nothing was sent, and the page says so."""
    answer = await say(browser, text)

    assert answer.status_code == 422
    assert "The box was empty" in answer.text
    assert pipe.got == []


@pytest.mark.parametrize("text", ["😟", "a" * 5000, "é" * 19_999, "one\r\ntwo"])
async def test_odd_words_arrive_whole(
    browser: httpx.AsyncClient, pipe: HeldPipe, text: str
) -> None:
    """An emoji, a very long story, several lines: all of it reaches the talk."""
    assert (await say(browser, text)).status_code == 303
    assert [one.words for one in pipe.got] == [Words(text.replace("\r\n", "\n"))]


async def test_words_beyond_measure_stay_in_the_box(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """Too long to be taken, not too long to be kept in front of the person."""
    answer = await say(browser, "a" * 20_001)

    assert answer.status_code == 413
    assert box(answer.text) == "a" * 20_001
    assert pipe.got == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"text": "hello"}}, 415),
        ({"content": b"text=hello", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"files": {"text": ("a.png", b"x", "image/png")}}, 415),
        ({"content": b"x" * 20, "headers": {"Content-Type": "multipart/form-data"}}, 415),
        ({"content": b"text=" + b"a" * 3_000_000,
          "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 413),
        ({"content": b""}, 415),
    ],
)  # fmt: skip
async def test_what_is_no_form_of_ours_gets_a_kind_page(
    browser: httpx.AsyncClient, pipe: HeldPipe, sent: dict[str, object], status: int
) -> None:
    """A file, JSON, three megabytes: a page with the box and a way on, and nothing is kept."""
    answer = await browser.post("/say", **sent)  # type: ignore[arg-type] # a table of keywords

    assert answer.status_code == status
    assert 'action="/say"' in answer.text
    assert 'id="leave"' in answer.text
    assert pipe.got == []


@pytest.mark.parametrize("tap", ["", "nonsense", "show:" + "x" * 5000, "ü" * 60])
async def test_an_unknown_button_reaches_the_talk_and_is_answered_there(
    browser: httpx.AsyncClient, pipe: HeldPipe, tap: str
) -> None:
    """The dialogue knows what to say to an old button; it is never longer than a button's id."""
    await say(browser, "hello")
    assert (await browser.post("/tap", data={"tap": tap, "key": "12345678"})).status_code == 303
    assert pipe.got[-1].tap is not None
    assert len(pipe.got[-1].tap.encode()) <= 64


async def test_too_much_in_a_short_time_is_asked_to_wait(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """The words stay in the box and the page says how long to wait."""
    answers = [await say(browser, f"message {n}") for n in range(12)]

    over = [answer for answer in answers if answer.status_code == 429]
    assert over
    assert over[0].headers["retry-after"] == "10"
    assert box(over[0].text).startswith("message ")
    assert len(pipe.got) == 12 - len(over)


async def test_words_of_danger_are_never_held_back(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """However fast somebody writes, danger now goes through."""
    for n in range(12):
        await say(browser, f"message {n}")
    assert (await say(browser, DANGER)).status_code == 303
    assert pipe.got[-1].words == Words(DANGER)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({}, {"text": "and so on " * 2_500 + DANGER}),  # too long
        ({"Sec-Fetch-Site": "cross-site"}, {}),  # not from our page
    ],
)
async def test_danger_in_what_cannot_be_taken_gets_the_card_all_the_same(
    browser: httpx.AsyncClient, headers: dict[str, str], changes: dict[str, str], accept: str
) -> None:
    """Whatever stands against the message, 999 is the next thing on the screen."""
    html = (await browser.get("/")).text
    data = {name: field(html, name) for name in ("key", "form", "after")} | {"text": DANGER}

    refused = await browser.post("/say", data=data | changes, headers={"Accept": accept, **headers})

    assert refused.status_code in {403, 413}
    assert "tel:999" in (refused.json()["parts"] if "json" in accept else refused.text)


async def test_danger_on_an_old_form_gets_the_card_and_can_be_sent_again(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """A browser that says nothing of where a form came from, and a form that has expired."""
    await say(browser, "hello")
    html = (await browser.get("/")).text
    data = {"key": field(html, "key"), "form": "old", "after": "0", "text": DANGER}
    for header in OURS:
        del browser.headers[header]

    refused = await browser.post("/say", data=data)

    assert len(pipe.got) == 1
    assert "tel:999" in refused.text
    assert box(refused.text) == DANGER


async def test_what_is_too_big_to_be_read_is_told_of_999(browser: httpx.AsyncClient) -> None:
    """The words are thrown away unread: they might have been words of danger."""
    refused = await browser.post("/say", data={"text": "x" * 300_000})

    assert refused.status_code == 413
    assert "999" in refused.text.partition('id="notice"')[2][:400]


def in_charset(name: str, field_name: str, value: str) -> dict[str, object]:
    body = f'--x\r\nContent-Disposition: form-data; name="{field_name}"\r\n\r\n{value}\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={name}"
    return {"content": body.encode(), "headers": {"Content-Type": kind}}


@pytest.mark.parametrize("path", ["/say", "/tap", "/leave"])
@pytest.mark.parametrize("charset", ["undefined", "idna", "utf-7", "punycode"])
@pytest.mark.parametrize("name", ["text", "tap", "form", "key"])
async def test_a_form_in_a_charset_that_is_none_is_no_error_of_ours(
    browser: httpx.AsyncClient, path: str, charset: str, name: str
) -> None:
    """Half a character must not get in: the page that shows it could never be sent again."""
    form = in_charset(charset, name, "+2AA- hello." + "a" * 80)

    answer = await browser.post(path, **form)  # type: ignore[arg-type] # httpx's own names

    assert answer.status_code < 500
    assert (await browser.get("/")).status_code == 200
