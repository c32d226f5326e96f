"""The service with BOT_NLU=rasa: what the operator sees, and where the token comes from."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.app import App, build, chosen_engine
from bot.errors import SettingProblem
from bot.messages import Address, Incoming, Kind, Words
from bot.rasa_token import FILE, kept_rasa_token, rasa_token
from bot.settings import Settings, load_settings
from bot.web import Inside, internal_app
from nlu.embedded import made_from
from nlu.rasa_engine import RasaEngine
from nlu.reading import EngineState
from nlu.training_data import CONFIG_FILE, DATA_DIR
from tests.fakes import NOON, FakeChannel
from tests.nlu.rasa_stand_in import TOKEN, StandIn, answer, says, standing_in

DANGER = "he is outside my door right now trying to get in"
NO_FILE = Path("none")


@pytest.fixture
async def rasa() -> AsyncIterator[StandIn]:
    async with standing_in() as stand_in:
        yield stand_in


def settings(rasa: StandIn, folder: Path, token: str | None = TOKEN) -> Settings:
    given = {"BOT_NLU": "rasa", "BOT_RASA_URL": rasa.url, "BOT_DATA_DIR": str(folder)}
    given["BOT_MODEL_DIR"] = str(folder / "no-model")
    return load_settings(given | ({"BOT_RASA_TOKEN": token} if token else {}), NO_FILE)


@pytest.fixture
async def app(rasa: StandIn, tmp_path: Path) -> AsyncIterator[App]:
    """The service as the settings choose it, over a stand-in that is of our make."""
    made = {k: v for k, v in made_from(DATA_DIR, CONFIG_FILE, None).items() if v}
    added = {"urgent": [], "also": [], "made_from": made}
    rasa.reply = says(answer("evidence", alongside=added))
    app = await build(settings(rasa, tmp_path), channels=(FakeChannel("telegram"),), paces={})
    yield app
    await app.close()


async def seen(app: App, path: str) -> httpx.Response:
    """What the internal app answers."""
    inside = Inside(app.not_ready, app.notes, app.seen)
    transport = httpx.ASGITransport(internal_app(inside))
    async with httpx.AsyncClient(transport=transport, base_url="http://inside") as client:
        return await client.get(path)


async def test_health_tells_that_rasa_is_there(app: App) -> None:
    """Rasa answers: ready, though nothing stands behind it, and that is noted."""
    health = await seen(app, "/health/ready")

    assert isinstance(app.engine, RasaEngine)
    assert health.status_code == httpx.codes.OK
    assert health.json()["ready"] is True
    assert "nothing to fall back on" in health.json()["notes"]["rasa"]


async def test_health_tells_that_rasa_is_away(app: App, rasa: StandIn) -> None:
    """Neither Rasa nor a model: not ready, and both remedies are named."""
    rasa.reply = b""

    health = await seen(app, "/health/ready")

    assert health.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "BOT_RASA_URL" in health.json()["not_ready"]["model"]
    assert "make setup" in health.json()["not_ready"]["model"]


async def test_messages_that_rasa_did_not_read_are_counted(app: App, rasa: StandIn) -> None:
    """Metrics name the reason; health looks count nothing; words and token are nowhere."""
    rasa.reply = b""
    await app.pipe.door.receive(Incoming(Address("telegram", "1"), "1", NOON, words=Words(DANGER)))
    await app.pipe.worker.drain()

    metrics = (await seen(app, "/metrics")).text

    assert 'alongside_engine_fallbacks{reason="garbled"} 1.0' in metrics
    assert 'alongside_engine_fallbacks{reason="away"} 0.0' in metrics
    assert TOKEN not in metrics


async def test_danger_is_answered_while_rasa_is_away(app: App, rasa: StandIn) -> None:
    """The very next message is the 999 card."""
    rasa.reply = b""
    await app.pipe.door.receive(Incoming(Address("telegram", "1"), "1", NOON, words=Words(DANGER)))
    await app.pipe.worker.drain()

    channel = app.channels["telegram"]
    assert isinstance(channel, FakeChannel)
    assert channel.sent["1"][0].kind is Kind.EMERGENCY


def test_an_engine_that_does_not_exist(tmp_path: Path) -> None:
    """A misspelt name is said, not replaced by another engine."""
    with pytest.raises(SettingProblem, match="raza"):
        chosen_engine(Settings(model_dir=tmp_path), "raza")


def test_rasa_may_be_chosen_before_it_is_started(tmp_path: Path) -> None:
    """Nobody has asked it yet: the state is that of the model behind it."""
    engine = chosen_engine(Settings(model_dir=tmp_path, data_dir=tmp_path), "rasa")
    assert engine.state() == EngineState(
        ready=False, detail=chosen_engine(Settings(model_dir=tmp_path)).state().detail
    )


def test_the_token_is_made_once_and_found_again(tmp_path: Path) -> None:
    """What `make rasa` serves with is what the bot sends; nobody else can read the file."""
    mine = Settings(data_dir=tmp_path / "data")
    assert rasa_token(mine) is None

    token = kept_rasa_token(mine)

    assert len(token) >= 32
    assert kept_rasa_token(mine) == rasa_token(mine) == token
    assert stat.S_IMODE((tmp_path / "data" / FILE).stat().st_mode) == 0o600


def test_a_token_that_is_set_goes_before_the_kept_one(tmp_path: Path) -> None:
    """The operator's word counts, for serving and for asking."""
    kept_rasa_token(Settings(data_dir=tmp_path))
    mine = Settings(data_dir=tmp_path, rasa_token=SecretStr("of-the-operator"))
    assert kept_rasa_token(mine) == rasa_token(mine) == "of-the-operator"


def test_the_kept_token_stays_on_this_machine(tmp_path: Path) -> None:
    """A Rasa elsewhere has a token of its own."""
    kept_rasa_token(Settings(data_dir=tmp_path))
    assert rasa_token(Settings(data_dir=tmp_path, rasa_url="https://rasa.example")) is None


def test_words_do_not_cross_a_network_in_the_clear() -> None:
    """Rasa on another machine is reached by https only."""
    with pytest.raises(SettingProblem, match="https"):
        load_settings({"BOT_RASA_URL": "http://rasa.example:5005"}, NO_FILE)
