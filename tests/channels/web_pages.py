"""The page over a held pipe, and a browser without a script on it."""

import re
from datetime import UTC, datetime
from typing import cast

import httpx
from starlette.applications import Starlette

from bot.channels.webchat import WebChat
from bot.clock import SetClock
from bot.door import Door
from bot.pages import Pages
from bot.retention import Retention
from tests.channels.web_fakes import KEYRING, HeldPipe

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = b"s" * 32
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}  # what a browser sends from our forms
SCRIPT = OURS | {"Accept": "application/json"}
HIS_GYM = "he keeps turning up at my gym"
DANGER = "hes outside my door right now"


def page_of(pipe: HeldPipe, **changes: object) -> WebChat:
    given: dict[str, object] = {
        "door": cast("Door", pipe),
        "pages": cast("Pages", pipe),
        "retention": cast("Retention", pipe),
        "keyring": KEYRING,
        "secret": SECRET,
        "clock": SetClock(NOON),
        **changes,
    }
    return WebChat(**given)  # type: ignore[arg-type] # the fakes have the same shape


def browser_on(chat: WebChat, base: str = "http://page.test") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Starlette(routes=chat.routes()))
    return httpx.AsyncClient(transport=transport, base_url=base, headers=OURS)


def field(html: str, name: str, action: str = "/say") -> str:
    form = html[html.index(f'action="{action}"') :]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found
    return found[1]


def box(html: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", html, re.DOTALL)
    assert found
    return found[1]


async def say(client: httpx.AsyncClient, text: str, **headers: str) -> httpx.Response:
    """Write in the box of the page as it is now and press Send."""
    html = (await client.get("/")).text
    fields = {name: field(html, name) for name in ("key", "form", "after")}
    return await client.post("/say", data={**fields, "text": text}, headers=headers)
