"""A talk on the page, in Chromium."""

import re
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import AGAIN, PHONE, Site, Watch

pytestmark = pytest.mark.browser

GYM = "he keeps turning up at my gym its the third one ive joined"
DANGER = "hes outside my door right now"


async def opened(context: BrowserContext, site: Site) -> tuple[Page, Watch]:
    page = await context.new_page()
    watch = Watch()
    watch.on(page)
    await page.goto(site.url)
    return page, watch


async def write(page: Page, text: str) -> None:
    await page.fill("#box", text)
    await page.click(".send")


async def violations(page: Page) -> list[str]:
    result = await Axe().run(page)
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result.response["violations"]]


async def sideways(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))


# With a script


async def test_a_whole_talk(context: BrowserContext, site: Site) -> None:
    """Words, an answer, a choice, its answer, danger, the card; no reload, no error."""
    page, watch = await opened(context, site)
    await page.evaluate("window.same = true")
    await write(page, GYM)
    await expect(page.locator(".theirs .text")).to_have_text(GYM)
    choice = page.get_by_role("button", name="Keeping a record")
    await expect(choice).to_be_visible()
    number = page.locator(".ours a[href='tel:08088020300']")
    await expect(number).to_have_text("0808 802 0300")

    await choice.click()
    await expect(page.get_by_text(AGAIN)).to_be_visible()
    await expect(choice).to_have_count(0)
    await expect(page.locator(".theirs .text").last).to_have_text("Keeping a record")

    await write(page, DANGER)
    card = page.locator(".urgent").last
    await expect(card).to_be_in_viewport()
    await expect(card.get_by_role("link", name="Call 999")).to_have_attribute("href", "tel:999")
    await expect(page.locator("#urgent")).to_contain_text("call 999")

    assert await page.evaluate("window.same") is True
    assert watch.errors == []
    assert all(url.startswith(site.url) for url in watch.requests)


async def test_words_are_on_the_screen_before_the_answer_is(
    context: BrowserContext, site: Site
) -> None:
    """While we read, the words stand there and something shows that an answer is coming."""
    site.ear.seconds = 1.5
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.locator(".theirs .text")).to_have_text(GYM)
    await expect(page.locator(".typing")).to_be_visible()
    await expect(page.locator("#box")).to_be_focused()
    await expect(page.get_by_role("button", name="Keeping a record")).to_be_visible()
    await expect(page.locator(".typing")).to_have_count(0)
    await expect(page.locator(".theirs")).to_have_count(1)


async def test_two_messages_in_a_row_stay_in_order(context: BrowserContext, site: Site) -> None:
    """People write in pieces; nothing is lost or doubled."""
    site.ear.seconds = 0.5
    page, _ = await opened(context, site)
    for text in ("first", "second", "third"):
        await page.fill("#box", text)
        await page.press("#box", "Enter")
    await expect(page.locator("#lines .theirs")).to_have_count(3)
    await expect(page.locator(".theirs")).to_have_count(3)
    said = await page.locator(".theirs .text").all_inner_texts()
    assert said == ["first", "second", "third"]


async def test_the_talk_is_there_after_a_reload(context: BrowserContext, site: Site) -> None:
    """A reload by accident loses nothing, and doubles nothing."""
    page, watch = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Keeping a record")).to_be_visible()
    await page.reload()
    await expect(page.locator(".theirs .text")).to_have_text(GYM)
    await expect(page.get_by_role("button", name="Keeping a record")).to_be_in_viewport()
    assert watch.errors == []


async def test_a_second_window_sees_the_answer_too(context: BrowserContext, site: Site) -> None:
    """The same talk in two windows shows the same."""
    first, _ = await opened(context, site)
    await write(first, GYM)
    await expect(first.get_by_role("button", name="Menu")).to_be_visible()
    second, _ = await opened(context, site)
    await write(second, "and again")
    await expect(second.locator(".theirs")).to_have_count(2)
    await first.bring_to_front()
    await expect(first.locator(".theirs")).to_have_count(2)


async def test_shift_enter_makes_a_line_and_enter_sends(
    context: BrowserContext, site: Site
) -> None:
    """As in every messenger."""
    page, _ = await opened(context, site)
    await page.focus("#box")
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(page.locator("#lines .theirs .text")).to_have_text(re.compile("^one\ntwo$"))


async def test_what_could_not_be_sent_is_back_in_the_box(
    context: BrowserContext, site: Site
) -> None:
    """In a lift, in a cellar: the words are not lost, and pressing Send again says them once."""
    page, _ = await opened(context, site)
    await write(page, "hello")
    await expect(page.locator("#lines .theirs")).to_have_count(1)
    await context.set_offline(True)
    await write(page, GYM)
    await expect(page.locator("#notice")).to_contain_text("call 999")
    await expect(page.locator("#box")).to_have_value(GYM)
    await context.set_offline(False)
    await page.click(".send")
    await expect(page.locator("#lines .theirs")).to_have_count(2)
    await expect(page.locator("#notice")).to_be_empty()


async def test_nothing_is_kept_in_the_browser(context: BrowserContext, site: Site) -> None:
    """One session cookie that no script can read; no storage of any kind."""
    page, _ = await opened(context, site)
    assert await context.cookies() == []
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    cookies = await context.cookies()
    assert [(c["name"], c["httpOnly"], c["expires"]) for c in cookies] == [("page", True, -1)]
    kept = await page.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
           (await indexedDB.databases()).length, (await caches.keys()).length,
           (await navigator.serviceWorker.getRegistrations()).length]"""
    )
    assert kept == [0, 0, "", 0, 0, 0]


async def test_erasing_by_word_empties_the_screen(context: BrowserContext, site: Site) -> None:
    """What is erased on our side is gone from the page, without a reload."""
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.locator("#lines .theirs")).to_have_count(1)
    await write(page, "/leave")
    await expect(page.get_by_text(GYM)).to_have_count(0)


# Leaving


@pytest.mark.parametrize("how", ["button", "escape"])
async def test_leaving_is_at_once_and_the_back_button_shows_nothing(
    context: BrowserContext, site: Site, how: str
) -> None:
    """One press or three Escapes: elsewhere, erased, and no way back to the words."""
    page, watch = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    if how == "button":
        await page.click("#leave button")
    else:
        for _ in range(3):
            await page.keyboard.press("Escape")
    await page.wait_for_url(site.elsewhere)
    await expect(page.get_by_text("Dry, some sun.")).to_be_visible()
    assert watch.errors == []

    await page.go_back()
    assert GYM not in await page.content()
    await page.goto(site.url)
    assert GYM not in await page.content()
    assert await context.cookies() == []


async def test_leaving_without_a_script(browser: Browser, site: Site) -> None:
    """The form alone does it: a blank page of ours, then the other site; back shows nothing."""
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page, watch = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    await page.click("#leave button")
    await page.wait_for_url(site.elsewhere)
    assert watch.errors == []
    for _ in range(3):
        await page.go_back()
        assert GYM not in await page.content()
    assert await context.cookies() == []


async def test_going_to_another_page_and_back_shows_the_talk_again(
    context: BrowserContext, site: Site
) -> None:
    """Somebody who follows a link and comes back has lost nothing."""
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    await page.goto(site.elsewhere)
    await page.go_back()
    await expect(page.locator(".theirs .text")).to_have_text(GYM)


# Without a script


async def test_a_talk_without_a_script(browser: Browser, site: Site) -> None:
    """Everything works by forms, and the answer is in view."""
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page, watch = await opened(context, site)
    await write(page, GYM)
    await expect(page.locator(".theirs .text")).to_have_text(GYM)
    await page.get_by_role("button", name="Keeping a record").click()
    await expect(page.get_by_text(AGAIN)).to_be_in_viewport()
    await write(page, DANGER)
    await expect(page.locator(".urgent").get_by_role("link", name="Call 999")).to_be_in_viewport()
    assert watch.errors == []
    assert all(url.startswith(site.url) for url in watch.requests)


async def test_a_slow_answer_without_a_script(browser: Browser, site: Site) -> None:
    """The page looks again by itself; nobody has to know that they must reload."""
    site.ear.seconds = 4
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.locator(".typing")).to_be_visible()
    await expect(page.locator("#say")).to_be_hidden()
    await expect(page.get_by_role("button", name="Menu")).to_be_in_viewport(timeout=15000)
    await expect(page.locator("#say")).to_be_visible()


async def test_writing_more_while_a_slow_answer_comes(browser: Browser, site: Site) -> None:
    """Whoever wants to add something is not interrupted by a page that reloads."""
    site.ear.seconds = 4
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page, _ = await opened(context, site)
    await write(page, GYM)
    await page.get_by_role("link", name="Write something more").click()
    await page.fill("#box", "and his car is there")
    await page.wait_for_timeout(3000)
    await expect(page.locator("#box")).to_have_value("and his car is there")
    await page.click(".send")
    await expect(page.locator("#lines .theirs")).to_have_count(2, timeout=20000)


# For everybody


async def test_by_keyboard_only(browser: Browser, site: Site) -> None:
    """Write, choose, open the small print and leave without a pointer."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page, _ = await opened(context, site)
    await expect(page.locator("#box")).to_be_focused()
    await page.keyboard.type(GYM)
    await page.keyboard.press("Enter")
    choice = page.get_by_role("button", name="Keeping a record")
    await expect(choice).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(choice).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(AGAIN)).to_be_visible()
    await expect(page.locator("#box")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.locator("#leave button")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url(site.elsewhere)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("script", [True, False])
async def test_no_barrier_that_an_audit_finds(
    browser: Browser, site: Site, scheme: Any, script: bool
) -> None:
    """axe finds nothing: empty, in a talk, with the card, with the small print open."""
    context = await browser.new_context(viewport=PHONE, color_scheme=scheme)
    page, _ = await opened(context, site)
    found = await violations(page)
    if script:
        await write(page, GYM)
        await expect(page.get_by_role("button", name="Menu")).to_be_visible()
        found += await violations(page)
        await write(page, DANGER)
        await expect(page.locator(".urgent")).to_be_visible()
    else:
        await page.evaluate("document.documentElement.classList.remove('js')")
        site.ear.seconds = 2
        await write(page, GYM)
        await expect(page.locator(".typing")).to_be_visible()
    found += await violations(page)
    await page.click("summary")
    found += await violations(page)
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(320, 568), (320, 256), (390, 844), (1280, 800)])
async def test_no_width_needs_sideways_scrolling(
    browser: Browser, site: Site, width: int, height: int
) -> None:
    """320 px is a small phone, or 400 % zoom: box, Send and the way out are all in reach."""
    context = await browser.new_context(viewport={"width": width, "height": height})
    page, _ = await opened(context, site)
    await write(page, "w" * 200)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    await write(page, DANGER)
    await expect(page.locator(".urgent")).to_be_visible()
    assert not await sideways(page)
    for part in ("#box", ".send", "#leave button"):
        await expect(page.locator(part)).to_be_in_viewport(ratio=1)


async def test_sizes_for_eyes_and_thumbs(context: BrowserContext, site: Site) -> None:
    """Text of 17 px or more in the talk, and nothing to press that is lower than 44 px."""
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    await write(page, DANGER)
    await expect(page.locator(".urgent")).to_be_visible()
    sizes = await page.evaluate(
        """[...document.querySelectorAll(".text, textarea, button")]
           .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert min(sizes) >= 17
    heights = await page.evaluate(
        """[...document.querySelectorAll("button, .ring a, summary, textarea")]
           .map((one) => [one.textContent.trim(), one.getBoundingClientRect().height])"""
    )
    assert [one for one in heights if one[1] < 44] == []


async def test_no_line_is_longer_than_65_characters(browser: Browser, site: Site) -> None:
    """On a wide screen a line still ends where the eye finds the next."""
    context = await browser.new_context(viewport={"width": 1600, "height": 900})
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("button", name="Menu")).to_be_visible()
    longest = await page.evaluate(
        """() => Math.max(...[...document.querySelectorAll(".text")].map((text) => {
             const lines = {}, range = document.createRange();
             const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
             while (walk.nextNode()) for (let n = 0; n < walk.currentNode.length; n += 1) {
               range.setStart(walk.currentNode, n); range.setEnd(walk.currentNode, n + 1);
               const y = Math.round(range.getBoundingClientRect().top);
               lines[y] = (lines[y] ?? 0) + 1;
             }
             return Math.max(...Object.values(lines));
           }))"""
    )
    assert 45 <= longest <= 65


async def test_motion_stops_when_the_system_asks(browser: Browser, site: Site) -> None:
    """The dots stand still for whoever gets dizzy."""
    site.ear.seconds = 3
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.locator(".typing")).to_be_visible()
    moving = "getComputedStyle(document.querySelector('.dots i')).animationName"
    assert await page.evaluate(moving) == "none"


async def test_a_dark_system_gets_a_dark_page(browser: Browser, site: Site) -> None:
    """No white light in a dark room."""
    context = await browser.new_context(viewport=PHONE, color_scheme="dark")
    page, _ = await opened(context, site)
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", ground)[:3]) < 40


async def test_new_messages_are_announced(context: BrowserContext, site: Site) -> None:
    """A screen reader hears an answer when it has finished speaking, and danger at once."""
    page, _ = await opened(context, site)
    await write(page, GYM)
    await expect(page.get_by_role("status").filter(has_text="Three gyms")).to_have_count(1)
    await expect(page.get_by_role("alert")).to_be_empty()
    await write(page, DANGER)
    await expect(page.get_by_role("alert")).to_contain_text("call 999")
