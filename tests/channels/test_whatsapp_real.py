"""WhatsApp from its settings: the whole service, the vetted content, and the stand-in as Meta."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.app import App, build
from bot.channels.whatsapp import WhatsApp
from bot.entrances import messengers, whatsapp
from bot.settings import Settings, load_settings
from bot.web import Inside, public_app
from tests.channels.telegram_rig import until
from tests.channels.telegram_stand_in import served
from tests.channels.whatsapp_stand_in import (
    NUMBER_ID,
    PERSON,
    SECRET,
    TOKEN,
    VERIFY,
    StandIn,
    refusal,
    stand_in,
)

DANGER = "he is outside my door with a knife"


def settings(folder: Path, api: StandIn) -> Settings:
    """As an operator gives them."""
    given = {
        "BOT_DATA_DIR": str(folder),
        "BOT_MODEL_DIR": str(folder / "none"),
        "BOT_WHATSAPP_TOKEN": TOKEN,
        "BOT_WHATSAPP_PHONE_NUMBER_ID": NUMBER_ID,
        "BOT_WHATSAPP_APP_SECRET": SECRET,
        "BOT_WHATSAPP_VERIFY_TOKEN": VERIFY,
        "BOT_WHATSAPP_API": api.url,
    }
    return load_settings(given, Path("none"))


@asynccontextmanager
async def serving(folder: Path, api: StandIn) -> AsyncIterator[tuple[App, str]]:
    """The public app on a port, with its worker."""
    app = await build(settings(folder, api), master_key=b"k" * 32)
    (chat,) = messengers(app)
    assert isinstance(chat, WhatsApp)
    app.channels[chat.name] = chat
    public: Starlette = public_app(chat.routes(), Inside(app.not_ready, app.notes, app.seen))
    await chat.start()
    working = asyncio.create_task(app.pipe.worker.run())
    try:
        async with served(public) as url:
            api.webhook = f"{url}/whatsapp"
            yield app, url
    finally:
        app.pipe.worker.stop()
        await working
        await chat.close()
        await app.close()


async def test_a_person_in_danger_gets_the_card_with_its_buttons(tmp_path: Path) -> None:
    """From a signed call to the JSON at Meta: 999 first, and the question under it."""
    async with stand_in() as api, serving(tmp_path, api) as (app, _url):
        assert await api.say(DANGER) == 200
        await until(lambda: len(api.sent) >= 1)
        assert "999" in api.texts()[0]
        await until(lambda: any(one["type"] == "interactive" for one in api.sent))
        button = api.sent[-1]["interactive"]["action"]["buttons"][0]["reply"]
        chosen = {"type": "button_reply", "button_reply": button}
        before = len(api.sent)
        await api.post(api.body(api.message(type="interactive", interactive=chosen)))
        await until(lambda: len(api.sent) > before)
        assert "whatsapp" not in await app.not_ready()
    assert all(refusal(one) is None for one in api.tried)


async def test_whoever_sends_a_voice_note_is_told_what_can_be_read(tmp_path: Path) -> None:
    """And a menu with more than three choices comes as a list that WhatsApp takes."""
    async with stand_in() as api, serving(tmp_path, api):
        await api.post(api.body(api.message(type="audio", audio={"voice": True, "id": "1"})))
        await until(lambda: len(api.sent) >= 1)
        before = len(api.sent)
        await api.say("menu")
        await until(lambda: len(api.sent) > before)
    assert all(refusal(one) is None for one in api.tried)


async def test_erasing_on_whatsapp_says_what_stays_there(tmp_path: Path) -> None:
    """Nothing can be taken off the screen: the answer says so, and the talk is gone from us."""
    async with stand_in() as api, serving(tmp_path, api) as (app, _url):
        await api.say("he follows me")
        await until(lambda: len(api.sent) >= 1)
        await api.say("erase")
        await until(lambda: any("interactive" in one for one in api.sent[1:]))
        yes = {"type": "button_reply", "button_reply": {"id": "erase:yes", "title": "Yes"}}
        await api.post(api.body(api.message(type="interactive", interactive=yes)))
        await until(lambda: any("Meta" in text for text in api.texts()))

        async def forgotten() -> bool:
            rows = (await app.seen()).rows or {}
            return dict(rows).get(("conversations", "kept")) == 0

        await until(forgotten)
        assert PERSON not in str(await app.not_ready())


async def test_health_says_when_meta_refuses_the_token(tmp_path: Path) -> None:
    """503 and a sentence that says where to look."""
    async with stand_in() as api:
        api.token = "renewed at Meta"
        async with serving(tmp_path, api) as (_, url), httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"{url}/health/ready")
    assert answer.status_code == 503
    assert "docs/whatsapp.md" in answer.json()["not_ready"]["whatsapp"]


async def test_without_settings_there_is_no_channel(tmp_path: Path) -> None:
    """Nothing listens at /whatsapp."""
    app = await build(Settings(data_dir=tmp_path, model_dir=tmp_path), master_key=b"k" * 32)
    assert whatsapp(app) is None
    assert messengers(app) == []
    await app.close()
