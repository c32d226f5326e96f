"""The preview in a browser, on a phone and on a desk."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from bot.clock import SetClock
from bot.preview.app import preview_app
from bot.preview.folder import Folder
from tests.bot.content.responses import REAL, Responses
from tests.bot.preview.conftest import NOON
from tests.browser.conftest import PHONE, Watch, browser, served
from tests.browser.test_talk import sideways, violations

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("git")]

DESK: ViewportSize = {"width": 1280, "height": 900}
LONG = """\
text:
  - Three gyms, and he finds each one. You can ring {national_stalking_helpline.phone}.
  - It is a crime. {law.def_four}
again: Keep the record where he can't see it.
buttons:
  - {title: Keeping a record, to: menu}
  - {title: Where I live, to: 'question:nation'}
  - {title: Danger now, to: 'ask:emergency'}
  - {title: Helplines, to: 'ask:helpline'}
"""
URGENT = (
    "kind: emergency\ntext: |\n  In danger now, call {emergency_999.phone}.\n  Go to other people."
)
PATHS = (
    "/",
    "/file/responses/topics/feelings.yml",
    "/item/feelings",
    "/item/emergency",
    "/changed",
    "/due?at=2027-05-01T09:00",
    "/item/language.ar",
    "/coverage",
    "/search?q=gyms",
    "/item/nix",
)


@pytest.fixture
async def url(responses: Responses) -> AsyncIterator[str]:
    """The preview of a folder with an edit that is not yet committed, and a complaint."""
    responses.item("feelings", LONG)
    responses.item("threats", "text: Threats are never small!")
    responses.item("emergency", URGENT)
    card = REAL / "languages/ar.yml"
    responses.write("languages/ar.yml", card.read_text(encoding="utf-8"))
    clock = SetClock(NOON)
    async with served(preview_app(Folder(responses.root, clock), clock)) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_barrier_that_an_audit_finds(browser: Browser, url: str, scheme: Any) -> None:
    """On a phone axe finds nothing on any page, nothing runs off the side, nothing is fetched."""
    context = await browser.new_context(viewport=PHONE, color_scheme=scheme)
    context.set_default_timeout(20000)
    page = await context.new_page()
    watch = Watch()
    watch.on(page)
    found: dict[str, list[str]] = {}
    for path in PATHS:
        await page.goto(url + path)
        faults = await violations(page)
        faults += ["runs off the side"] if await sideways(page) else []
        found |= {path: faults} if faults else {}
    assert found == {}
    assert all(asked.startswith(url) for asked in watch.requests)
    assert [said for said in watch.errors if "404" not in said] == []


async def test_screens_stand_side_by_side_and_on_a_phone_one_below_the_other(
    browser: Browser, url: str
) -> None:
    """Three phones in a row on a desk; on a phone each has the width of the screen."""
    page = await browser.new_page(viewport=DESK)
    await page.goto(f"{url}/item/feelings")
    boxes = [await one.bounding_box() for one in (await page.locator(".phone").all())[:3]]
    assert len({box["y"] for box in boxes if box}) == 1
    assert all(box and 340 <= box["width"] <= 390 for box in boxes)
    await page.set_viewport_size(PHONE)
    boxes = [await one.bounding_box() for one in (await page.locator(".phone").all())[:3]]
    assert len({box["x"] for box in boxes if box}) == 1
    assert all(box and 340 <= box["width"] <= 390 for box in boxes)


async def test_the_web_bubble_is_the_web_chats_own(browser: Browser, url: str) -> None:
    """Size, colour and the big number come from the style that people get."""
    page = await browser.new_page(viewport=PHONE, color_scheme="light")
    await page.goto(f"{url}/item/emergency")
    lead = page.locator(".web-chat .urgent .lead").first
    size = await lead.evaluate("one => getComputedStyle(one).fontSize")
    ground = "one => getComputedStyle(one.parentNode).backgroundColor"
    assert (size, await lead.evaluate(ground)) == ("24px", "rgb(255, 216, 61)")
    assert await page.locator(".top").evaluate("one => getComputedStyle(one).position") == "static"


async def test_arabic_is_read_from_the_right(browser: Browser, url: str) -> None:
    """Its numbers and full stops stand where an Arabic reader looks for them, on each channel."""
    page = await browser.new_page(viewport=PHONE)
    await page.goto(f"{url}/item/language.ar")
    bubbles = page.locator(".web-chat .text, .bubble .wording")
    assert await bubbles.count() >= 3
    for one in await bubbles.all():
        assert await one.evaluate("one => getComputedStyle(one).direction") == "rtl"


async def test_a_saved_file_shows_without_a_reload_by_hand(
    browser: Browser, url: str, responses: Responses
) -> None:
    """The editor saves and looks up; a mistake is told the same way, and goes with its cause."""
    page = await browser.new_page(viewport=DESK)
    page.set_default_timeout(20000)
    expect.set_options(timeout=20000)
    await page.goto(f"{url}/item/feelings")
    responses.item("feelings", "text: Words that were just saved.")
    await expect(page.locator(".web-chat .text").first).to_have_text("Words that were just saved.")
    responses.write("topics/feelings.yml", "feelings: [")
    await expect(page.locator(".broken")).to_contain_text("responses/topics/feelings.yml:1")
    await expect(page.locator(".web-chat .text").first).to_have_text("Words that were just saved.")
    responses.item("feelings", "text: And mended.")
    await expect(page.locator(".web-chat .text").first).to_have_text("And mended.")
    await expect(page.locator(".broken")).to_have_count(0)


async def test_all_of_it_works_without_a_script(browser: Browser, url: str) -> None:
    """Pickers, time, buttons and search are links and forms."""
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{url}/item/feelings")
    await page.get_by_role("link", name="Scotland").click()
    await page.fill("#at", "2026-12-25T03:00")
    await page.click(".time button")
    assert page.url.endswith("/item/feelings?nation=scotland&at=2026-12-25T03%3A00")
    await page.locator(".telegram").first.get_by_role("button", name="Danger now").click()
    await expect(page.locator("h1")).to_have_text("A title")
    assert "/item/emergency?nation=scotland" in page.url
    await page.fill("#q", "gyms")
    await page.get_by_role("button", name="Search").click()
    await expect(page.locator("mark").first).to_have_text("gyms")
