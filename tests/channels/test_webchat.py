"""The page, and a talk on it, as a browser without a script meets them."""

import asyncio
import re

import httpx
import pytest

from bot.messages import Choice, Kind, Part
from tests.channels.web_fakes import HeldPipe
from tests.channels.web_pages import (
    HIS_GYM,
    browser_on,
    field,
    page_of,
    say,
)


async def test_opening_the_page_leaves_no_cookie(browser: httpx.AsyncClient) -> None:
    """Somebody who only looks takes nothing away."""
    answer = await browser.get("/")

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


async def test_the_page_is_ordinary_at_a_glance(browser: httpx.AsyncClient) -> None:
    """Nothing that a bystander reads first says what this is about."""
    html = (await browser.get("/")).text

    assert "<title>Notes</title>" in html
    top = html[: html.index("</h1>")]
    assert not re.search("stalk|abuse|police|violence|help", top, re.IGNORECASE)


async def test_the_page_asks_nobody_else_for_anything(browser: httpx.AsyncClient) -> None:
    """Every file comes from the page's own address."""
    html = (await browser.get("/")).text

    assert all(url.startswith("/") for url in re.findall(r'(?:src|href)="([^"]+)"', html))


async def test_there_is_no_script_or_style_inside_the_page(browser: httpx.AsyncClient) -> None:
    """The strict policy stops inline code, so there is none."""
    await say(browser, HIS_GYM)
    html = (await browser.get("/")).text

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("GET", "/lines"), ("POST", "/say"), ("POST", "/tap"), ("POST", "/leave"),
        ("GET", "/say"), ("GET", "/page/none.css"),
    ],
)  # fmt: skip
async def test_every_answer_is_strict(browser: httpx.AsyncClient, method: str, path: str) -> None:
    """No cache, no frame, no referrer, no foreign code, whatever was asked."""
    headers = (await browser.request(method, path)).headers

    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy


async def test_files_have_a_hash_in_their_name_and_may_be_kept(browser: httpx.AsyncClient) -> None:
    """A new version has a new name; the old name gives nothing."""
    html = (await browser.get("/")).text
    paths = sorted(set(re.findall(r'"(/page/[^"]+)"', html)))

    assert {re.sub("-[0-9a-f]{12}", "", path) for path in paths} == {
        "/page/icon.svg",
        "/page/page.css",
        "/page/page.js",
    }
    for path in paths:
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
    assert (await browser.get("/page/page.css")).status_code == 404
    assert (await browser.get("/page/..%2fwebchat.py")).status_code == 404


async def test_a_greeting_and_its_choices_stand_before_the_first_message(pipe: HeldPipe) -> None:
    """The first thing to press is there before anything was written."""
    hello = Part("Hello.", Kind.NOTICE, choices=(Choice("menu", "Menu"),))
    async with browser_on(page_of(pipe, greeting=lambda: (hello,), banner=lambda: ["Demo"])) as b:
        html = (await b.get("/")).text
        assert "Hello." in html
        assert 'name="tap" value="menu"' in html
        assert "Demo" in html


async def test_a_talk_without_a_script(browser: httpx.AsyncClient, pipe: HeldPipe) -> None:
    """Write, press Send, read the answer, press a choice, read the next."""
    answer = await say(browser, HIS_GYM)
    assert answer.status_code == 303
    html = (await browser.get(answer.headers["location"])).text
    assert f"You said: {HIS_GYM}" in html
    assert 'http-equiv="refresh"' not in html

    fields = {name: field(html, name, "/tap") for name in ("key", "form", "after")}
    answer = await browser.post("/tap", data={**fields, "tap": "menu"})
    assert answer.status_code == 303
    assert "You said: tap menu" in (await browser.get("/")).text
    assert [one.tap for one in pipe.got] == [None, "menu"]
    assert len({one.address.to for one in pipe.got}) == 1


async def test_the_first_message_sets_one_session_cookie(browser: httpx.AsyncClient) -> None:
    """One cookie, out of reach for scripts and other sites, gone when the browser is closed."""
    answer = await say(browser, HIS_GYM)

    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 1
    cookie = cookies[0].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie
    assert "set-cookie" not in (await say(browser, "and again")).headers


async def test_over_https_the_cookie_is_bound_to_the_host(pipe: HeldPipe) -> None:
    """No neighbouring site can plant or read it."""
    chat = page_of(pipe, public_url="https://page.test")
    async with browser_on(chat, "https://page.test") as client:
        cookie = (await say(client, HIS_GYM)).headers["set-cookie"]
        assert cookie.startswith("__Host-page=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert HIS_GYM in (await client.get("/")).text


async def test_the_session_is_long_random_and_signed(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """Nobody guesses or makes up somebody else's talk."""
    await say(browser, HIS_GYM)
    token = pipe.got[0].address.to
    assert len(token) >= 32
    browser.cookies.set("page", token)
    assert HIS_GYM not in (await browser.get("/")).text


async def test_what_people_write_is_shown_as_text(browser: httpx.AsyncClient) -> None:
    """Markup in a message is words, not markup."""
    await say(browser, "<script>alert(1)</script>\n'\"&")
    html = (await browser.get("/")).text

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


async def test_while_the_answer_is_on_its_way_the_page_looks_again(
    browser: httpx.AsyncClient, pipe: HeldPipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are on the page at once, and the page without a script looks for the answer."""
    monkeypatch.setattr("bot.channels.webchat.PATIENCE", 0.05)
    pipe.answering = False
    answer = await say(browser, HIS_GYM)
    html = (await browser.get(answer.headers["location"])).text
    assert HIS_GYM in html
    assert "An answer is on its way" in html
    again = re.search(r'<noscript><meta http-equiv="refresh" content="\d+;url=([^"]+)"', html)
    assert again
    held = re.search(r'<a href="([^"]+)">Write something more', html)
    assert held
    html = (await browser.get(held[1].replace("&amp;", "&"))).text
    assert 'http-equiv="refresh"' not in html
    assert "Look for the answer" in html

    await pipe.answer_now()
    html = (await browser.get(again[1].replace("&amp;", "&"))).text
    assert f"You said: {HIS_GYM}" in html
    assert "An answer is on its way" not in html


async def test_after_a_button_the_page_looks_for_the_answer_too(
    browser: httpx.AsyncClient, pipe: HeldPipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A press is on its way as much as words are, and cannot be pressed twice meanwhile."""
    monkeypatch.setattr("bot.channels.webchat.PATIENCE", 0.05)
    await say(browser, HIS_GYM)
    html = (await browser.get("/")).text
    fields = {name: field(html, name, "/tap") for name in ("key", "form", "after")}
    pipe.answering = False
    answer = await browser.post("/tap", data={**fields, "tap": "menu"})
    html = (await browser.get(answer.headers["location"])).text
    assert "An answer is on its way" in html
    assert 'name="tap"' not in html


async def test_an_answer_that_comes_soon_is_on_the_page_at_once(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """Without a script the form waits a moment, so that nobody sees the page flicker."""
    pipe.answering = False
    sent = asyncio.create_task(say(browser, HIS_GYM))
    await asyncio.sleep(0.1)
    await pipe.answer_now()
    html = (await browser.get((await sent).headers["location"])).text
    assert f"You said: {HIS_GYM}" in html
    assert 'http-equiv="refresh"' not in html
