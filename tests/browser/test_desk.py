"""Signing in to the desk, in Chromium, on a phone and at a desk, in the light and in the dark."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.audit import OPERATOR
from bot.clock import SetClock, utc_now
from bot.desk.app import whole_desk
from bot.desk.desk import Desk, open_desk
from bot.staff import codes
from bot.staff.roles import Role
from bot.store.database import Database
from tests.browser.conftest import PHONE, Watch, served
from tests.browser.test_talk import sideways, violations
from tests.desk_rig import PASSWORD
from tests.fakes import MASTER

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True)
class DeskSite:
    """The running desk."""

    url: str
    desk: Desk
    clock: SetClock

    async def link(self, name: str, role: Role) -> str:
        """A new account's one-time link."""
        made = await self.desk.accounts.add(name, role, self.clock(), OPERATOR)
        return f"{self.url}/desk/join/{made.token}"


@pytest.fixture
async def desk_site(tmp_path: Path) -> AsyncIterator[DeskSite]:
    """As production has it, but for the clock, which is moved by hand."""
    database = await Database.open(f"sqlite:///{tmp_path / 'desk.db'}")
    await database.migrate()
    clock = SetClock(utc_now())
    desk = open_desk(database=database, master=MASTER, clock=clock)
    async with served(whole_desk(desk)) as url:
        yield DeskSite(url, desk, clock)
    await database.close()


async def code(page: Page, site: DeskSite, secret: bytes | None = None) -> bytes:
    """Type what the app shows now; secret: none for the key on this page."""
    if secret is None:
        text = (await page.locator(".key").first.inner_text()).replace(" ", "")
        secret = base64.b32decode(text + "=" * (-len(text) % 8))
    step = int(site.clock().timestamp()) // codes.SECONDS
    await page.get_by_label("Six digits from the app").fill(codes.code_at(secret, step))
    return secret


async def join(page: Page, site: DeskSite, name: str, role: Role) -> bytes:
    """Use a one-time link as a person does."""
    await page.goto(await site.link(name, role))
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_label("The same again").fill(PASSWORD)
    secret = await code(page, site)
    await page.get_by_role("button", name="Set up and sign in").click()
    return secret


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_from_the_link_to_the_queue_and_back_in(
    browser: Browser, desk_site: DeskSite, size: ViewportSize
) -> None:
    """Link, password, app; sign out; password, code. No error, nothing asked of anybody else."""
    context = await browser.new_context(viewport=size)
    page, watch = await context.new_page(), Watch()
    watch.on(page)
    secret = await join(page, desk_site, "Ann", Role.ADVOCATE)
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    assert not await sideways(page)

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    desk_site.clock.at += timedelta(minutes=2)  # no code works twice
    await page.get_by_label("Name").fill("ann")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Six digits from the app")).to_be_focused()
    await code(page, desk_site, secret)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()

    assert watch.errors == []
    assert all(url.startswith(desk_site.url) for url in watch.requests)
    kept: Any = await page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
    assert kept == ["", 0, 0], "a script sees nothing"
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_can_be_used_by_everybody(
    browser: Browser, desk_site: DeskSite, scheme: Any
) -> None:
    """axe finds nothing on any page, faults and long lists included; no page scrolls sideways."""
    context = await browser.new_context(viewport=PHONE, color_scheme=scheme)
    page = await context.new_page()
    found: dict[str, list[str]] = {}

    async def look(name: str) -> None:
        found[name] = await violations(page)
        assert not await sideways(page), name

    await page.goto(desk_site.url + "/desk/sign-in")
    await look("sign in")
    await page.get_by_label("Name").fill("nobody")
    await page.get_by_label("Password").fill("wrong one here")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await look("refused")
    await page.goto(await desk_site.link("Bea", Role.ADVOCATE))
    await look("join")
    await join(page, desk_site, "Ann", Role.LEAD)
    for path in ("", "/account", "/people", "/audit", "/nothing"):
        await page.goto(f"{desk_site.url}/desk{path}")
        await look(path)
    await page.goto(desk_site.url + "/desk/people")
    await page.get_by_role("button", name="New link for Bea").click()
    await look("new link")
    await page.goto(desk_site.url + "/desk/audit")
    await page.get_by_role("button", name="Check that it is complete").click()
    await expect(page.get_by_role("status")).to_have_text("Every entry is there and unchanged.")
    await look("checked")
    await context.close()

    assert found == {name: [] for name in found}
    assert len(found) == 10
