"""Marked words and chat ids, driven through the service, are found in no file and no log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.app import App, build
from bot.clock import utc_now
from bot.commands.talk import Collecting
from bot.content.limits import TELEGRAM, WEB
from bot.logs import set_up_logs
from bot.messages import Address, Incoming, Media, Words
from bot.settings import load_settings
from nlu.engine import EmbeddedEngine
from nlu.reading import EngineState

MARK = "zanzibarflamingo"
CHAT = "8675309424242"
WEAK = EngineState(ready=False, detail="no model in this test")


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Other tests keep their own logging."""
    yield
    structlog.reset_defaults()


async def service(folder: Path) -> App:
    """The joined service over a file in the folder, reading by rules alone."""
    settings = load_settings({"BOT_DATA_DIR": str(folder / "data")}, Path("none"))
    channels = (
        Collecting("telegram", TELEGRAM),
        Collecting("web", WEB, keeps_page=True),
    )
    return await build(settings, engine=EmbeddedEngine(None, WEAK), channels=channels, paces={})


async def send_everything(app: App) -> None:
    """The mark as words, as danger, as a button; and a picture from a marked chat."""
    events = [
        {"words": Words(f"hello {MARK}")},
        {"words": Words(f"he is outside my door right now {MARK}")},
        {"tap": f"show:{MARK}"},
        {"media": Media.PHOTO},
    ]
    for channel in ("telegram", "web"):
        for number, said in enumerate(events):
            event = f"{CHAT}{channel}{number}"
            incoming = Incoming(Address(channel, CHAT), event, utc_now(), **said)  # type: ignore[arg-type]
            assert (await app.pipe.door.receive(incoming)).stored
    await app.pipe.worker.drain()


def found_in(folder: Path) -> list[str]:
    """The files that hold the mark or the chat id in clear."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file()
        and any(text in path.read_bytes() for text in (MARK.encode(), CHAT.encode()))
    ]


async def test_nothing_is_kept_in_clear(tmp_path: Path) -> None:
    """Database, write-ahead log, key file: while the talk goes on and after it was erased."""
    app = await service(tmp_path)
    await send_everything(app)
    assert found_in(tmp_path) == []
    for channel in ("telegram", "web"):
        await app.pipe.retention.erase(app.keyring.conversation_id(Address(channel, CHAT)))
    assert found_in(tmp_path) == []
    await app.close()


async def test_nothing_is_logged(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """At the most talkative level, libraries included."""
    set_up_logs(logging.DEBUG)  # as the service does; the fixture below puts it back
    app = await service(tmp_path)
    await send_everything(app)
    await app.close()
    said = "".join(capfd.readouterr())

    assert "outbox.send" in said, "the log is being looked at"
    assert MARK not in said
    assert CHAT not in said


def test_the_search_finds_a_leak(tmp_path: Path) -> None:
    """The search itself can fail."""
    (tmp_path / "leak").write_text(f"x{CHAT}x")

    assert found_in(tmp_path) == ["leak"]
