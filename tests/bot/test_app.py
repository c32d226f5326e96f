"""The joined service when something has failed: danger is answered all the same."""

import shutil
from pathlib import Path

from bot.app import App, build
from bot.clock import utc_now
from bot.commands.talk import Collecting
from bot.content.limits import TELEGRAM
from bot.messages import Address, Incoming, Kind, Words
from bot.settings import load_settings
from nlu.engine import EmbeddedEngine, open_engine

ROOT = Path(__file__).parents[2]
DANGER = "he is outside my door right now trying to get in"


async def joined(folder: Path, content: Path = ROOT / "responses") -> tuple[App, Collecting]:
    """The service over real content, without a model, and the channel it answers on."""
    channel = Collecting("telegram", TELEGRAM)
    given = {"BOT_DATA_DIR": str(folder / "data"), "BOT_CONTENT_DIR": str(content)}
    app = await build(
        load_settings(given, Path("none")),
        engine=open_engine(folder / "no-model"),
        channels=(channel,),
        paces={},
    )
    return app, channel


async def said(app: App, channel: Collecting, text: str, event: str) -> list[tuple[Kind, str]]:
    """(kind, topic) of each bubble that answers the text."""
    incoming = Incoming(Address("telegram", "1"), event, utc_now(), words=Words(text))
    assert (await app.pipe.door.receive(incoming)).stored
    await app.pipe.worker.drain()
    return [(part.kind, str(part.topic)) for part in channel.take().get("1", [])]


async def test_without_a_model_danger_is_heard_and_the_rest_is_told(tmp_path: Path) -> None:
    """Rules alone; menu and helplines; health names the model."""
    app, channel = await joined(tmp_path)

    assert isinstance(app.engine, EmbeddedEngine)
    assert (await said(app, channel, DANGER, "1"))[0] == (Kind.EMERGENCY, "emergency")
    assert ("technical.weak") in [topic for _, topic in await said(app, channel, "my boss", "2")]
    assert "make setup" in (await app.not_ready())["model"]
    await app.close()


async def test_content_broken_at_a_reload_leaves_the_old_content(tmp_path: Path) -> None:
    """An editor's slip takes nothing from anybody; mended, the new words are used."""
    content = tmp_path / "responses"
    shutil.copytree(ROOT / "responses", content)
    app, channel = await joined(tmp_path, content)
    before = app.shelf.content.version
    file = content / "topics" / "urgent.yml"
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound + "\nemergency: {text: twice}\n", encoding="utf-8")

    assert app.reload_content() > 0
    assert app.shelf.content.version == before
    assert (await said(app, channel, DANGER, "1"))[0] == (Kind.EMERGENCY, "emergency")

    file.write_text(sound + "\n# a note\n", encoding="utf-8")
    assert app.reload_content() == 0
    assert app.shelf.content.version != before
    await app.close()


async def test_with_the_database_away_danger_gets_the_card(
    tmp_path: Path,
) -> None:
    """At the door, without a row; other words are refused so that they are sent again."""
    app, _ = await joined(tmp_path)
    await app.database.close()
    danger = Incoming(Address("telegram", "1"), "1", utc_now(), words=Words(DANGER))
    calm = Incoming(Address("telegram", "1"), "2", utc_now(), words=Words("hello"))

    received = await app.pipe.door.receive(danger)
    assert not received.stored
    assert [part.kind for part in received.parts] == [Kind.EMERGENCY]
    refused = await app.pipe.door.receive(calm)
    assert (refused.stored, refused.parts) == (False, ())
