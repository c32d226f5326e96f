"""The page over the real pipe: SQLite, the worker, the dialogue, the vetted content."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.app import App, build
from bot.channels.webchat import WebChat
from bot.clock import utc_now
from bot.settings import Settings
from tests.channels.web_pages import DANGER, HIS_GYM, SECRET, browser_on, field, say


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """The joined service without a model: the rules and the buttons work."""
    settings = Settings(data_dir=tmp_path, model_dir=tmp_path / "none")
    made = await build(settings, master_key=b"k" * 32)
    yield made
    await made.close()


@pytest.fixture
async def client(app: App, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a script; the worker is drained by hand."""
    monkeypatch.setattr("bot.channels.webchat.PATIENCE", 0.0)
    chat = WebChat(
        door=app.pipe.door,
        pages=app.pipe.pages,
        retention=app.pipe.retention,
        keyring=app.keyring,
        secret=SECRET,
        clock=utc_now,
    )
    app.channels["web"] = chat
    async with browser_on(chat) as made:
        yield made


async def rows(app: App) -> dict[tuple[str, str], int]:
    """How many rows of what is kept there are."""
    return dict((await app.seen()).rows or {})


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def test_danger_is_answered_with_the_card(app: App, client: httpx.AsyncClient) -> None:
    """Stored, answered, shown: with the number to press and the question's buttons."""
    await say(client, DANGER)
    assert DANGER in (await client.get("/")).text
    await app.pipe.worker.drain()
    html = (await client.get("/")).text
    assert 'class="line ours urgent"' in html
    assert 'href="tel:999"' in html
    assert 'name="tap" value="now:yes"' in html


async def test_a_button_is_shown_as_what_it_says(app: App, client: httpx.AsyncClient) -> None:
    """The page shows the button's words as the person's own."""
    await say(client, DANGER)
    await app.pipe.worker.drain()
    html = (await client.get("/")).text
    fields = {name: field(html, name, "/tap") for name in ("key", "form", "after")}
    await client.post("/tap", data={**fields, "tap": "now:yes"})
    await app.pipe.worker.drain()
    html = (await client.get("/")).text
    assert html.count('class="line theirs"') == 2
    assert "now:yes</p>" not in html


async def test_leaving_removes_the_talk_from_the_files(
    app: App, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """After Leave nothing of the talk can be read or found, and its rows are gone."""
    await say(client, HIS_GYM)
    await app.pipe.worker.drain()
    await say(client, "not yet answered")
    assert HIS_GYM.encode() not in files(tmp_path)
    assert sum((await rows(app)).values()) > 0
    answer = await client.post("/leave", data={"form": "any"})
    assert "refresh" in answer.headers
    assert sum((await rows(app)).values()) == 0
    html = (await client.get("/")).text
    assert HIS_GYM not in html
    assert "not yet answered" not in html


async def test_after_erasing_by_word_the_page_shows_only_that(
    app: App, client: httpx.AsyncClient
) -> None:
    """Delete, yes: the old lines are gone from the page, the confirmation is there."""
    await say(client, HIS_GYM)
    await app.pipe.worker.drain()
    for words in ("delete", "yes"):
        await say(client, words)
        await app.pipe.worker.drain()
    html = (await client.get("/")).text
    assert HIS_GYM not in html
    assert 'class="line ours"' in html
