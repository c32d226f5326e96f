"""A real browser on a real server over the real pipe; only the texts and the reading are ours."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.channels.web_page import Look
from bot.channels.webchat import WebChat
from bot.clock import utc_now
from bot.conversation import Facts
from bot.danger import by_rules
from bot.dialogue.decision import Say
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from bot.messages import Choice, Kind, Limits, Part
from bot.pipe import Pipe, open_pipe
from bot.ports import Channel
from bot.store.database import Database
from bot.store.seal import Keyring
from bot.turn import Mind
from nlu.reading import Context, EngineState, Reading

FLAGS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
CARD = (
    "If he is there now, call 999.\n"
    "Can't speak? Call 999 from a mobile, listen, and press 55 when you are asked.\n"
    "Go to a locked room or to other people, away from doors and windows.\n"
    "Is he there now?"
)
ADVICE = (
    "Three gyms, and he finds each one. That is not bad luck, and you're right to take it "
    "seriously.\nTwo things help most now: tell someone at the gym who he is, so he isn't let in "
    "after you, and note each time with the date, time and who saw. That record is what shows a "
    "pattern.\nThe helpline is on 0808 802 0300.\nWould it help to think about how he finds out "
    "where you go?"
)
AGAIN = "Keep the record where he cannot see it."


class Texts:
    """Fixed bubbles in place of the vetted content."""

    def render(
        self,
        say: Say,
        facts: Facts,
        now: datetime,
        limits: Limits,
        channel: str,
    ) -> tuple[Part, ...]:
        """The card, one piece of advice, or the item's own name."""
        if say.kind is Kind.EMERGENCY:
            choices = (Choice("now:yes", "Yes, now"), Choice("now:gone", "No, he's gone"))
            return (Part(CARD, Kind.EMERGENCY, say.item, choices),)
        if say.item == "followed_or_watched":
            choices = (Choice("show:evidence.diary", "Keeping a record"), Choice("menu", "Menu"))
            return (Part(ADVICE, Kind.ADVICE, say.item, choices),)
        if say.item == "evidence.diary":
            return (Part(AGAIN, Kind.ADVICE, say.item),)
        return (Part(f"About {say.item}.", say.kind or Kind.NOTICE, say.item),)


class Ear:
    """Hears danger by the real rules, and being followed in everything else."""

    name = "ear"

    def __init__(self) -> None:
        self.seconds = 0.0  # how long it takes

    async def read(self, text: str, context: Context) -> Reading:
        """What the words mean."""
        await asyncio.sleep(self.seconds)
        seen = by_rules(text)
        return seen if seen.urgent else Reading(ranking=(("followed_or_watched", 0.95),))

    def state(self) -> EngineState:
        """Always ready."""
        return EngineState(ready=True)


@dataclass(frozen=True, slots=True)
class Site:
    """The running page. elsewhere: the neutral site that leaving leads to."""

    url: str
    elsewhere: str
    pipe: Pipe
    ear: Ear


@dataclass(slots=True)
class Watch:
    """What a page did that it must not do."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Write down every error, refused policy and request of this page."""
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda asked: self.requests.append(asked.url))


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none",
    )  # fmt: skip
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, no event
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def _weather(_: Request) -> Response:
    return HTMLResponse(
        "<!doctype html><html lang=en><title>Weather</title>"
        "<link rel=icon href='data:,'><p>Dry, some sun."
    )


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """The page over a fresh SQLite file, with a worker that runs."""
    keyring = Keyring(b"k" * 32)
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'talks.db'}")
    await database.migrate()
    channels: dict[str, Channel] = {}
    ear = Ear()
    items = frozenset({"followed_or_watched", "evidence.diary", "emergency"})
    mind = Mind(engine=ear, decide=decide, renderer=Texts, known=lambda: Known(items))
    pipe = open_pipe(
        database=database,
        keyring=keyring,
        mind=mind,
        channels=channels,
        clock=utc_now,
        idle=timedelta(hours=24),
    )
    working = asyncio.create_task(pipe.worker.run())
    async with served(Starlette(routes=[Route("/weather", _weather)])) as elsewhere:
        chat = WebChat(
            door=pipe.door,
            pages=pipe.pages,
            retention=pipe.retention,
            keyring=keyring,
            secret=b"s" * 32,
            clock=utc_now,
            look=Look(leave_url=f"{elsewhere}/weather"),
            banner=lambda: ["Demonstration. Nobody has approved these texts.", "No model"],
            greeting=lambda: (Part("Hello. What is going on?", Kind.NOTICE),),
        )
        channels["web"] = chat
        async with served(Starlette(routes=chat.routes())) as url:
            yield Site(url, f"{elsewhere}/weather", pipe, ear)
            chat.close()
    pipe.worker.stop()
    await working
    await database.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, started for one test."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed: apt-get install chromium")
        pytest.skip("chromium is not installed")
    async with async_playwright() as player:
        started = await player.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A phone with a script."""
    made = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    made.set_default_timeout(8000)
    yield made
    await made.close()
