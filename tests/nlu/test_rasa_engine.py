"""The Rasa engine: danger is heard and every message is read, whatever Rasa does."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.embedded import Embedded
from nlu.engine import EmbeddedEngine, open_engine
from nlu.problem import ModelProblem
from nlu.rasa_engine import RasaEngine, StockReader, open_rasa
from nlu.rasa_server import next_port, rasa_server
from nlu.reading import Context, EngineState
from tests.nlu.rasa_stand_in import INTENTS, MADE, TOKEN, StandIn, answer, http, says, standing_in

NOBODY = Context()
DANGER = "he is breaking my door down right now"
CALM = "somebody reads my mail, my name is Qwertzuiop"
QUICK = 0.3  # seconds instead of the real limit of one


class Local:
    """A model in this process that takes everything for a diary question."""

    labels = INTENTS

    def alarm(self, _row: NDArray[np.float32], _least: float = 0.0) -> frozenset[str]:
        return frozenset()

    def probabilities(self, texts: list[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), len(INTENTS)), 0.1 / (len(INTENTS) - 1), np.float32)
        rows[:, INTENTS.index("evidence")] = 0.9
        return rows


def local() -> EmbeddedEngine:
    model = Local()
    joined = SimpleNamespace(model=model, probabilities=model.probabilities)
    return EmbeddedEngine(cast("Embedded", joined), EngineState(ready=True))


@pytest.fixture
async def rasa() -> AsyncIterator[StandIn]:
    async with standing_in() as stand_in:
        yield stand_in


def asking(
    rasa: StandIn,
    token: str | None = TOKEN,
    behind: EmbeddedEngine | None = None,
    seconds: float = 5.0,
) -> RasaEngine:
    server = rasa_server(rasa.url, token, seconds=seconds)
    return RasaEngine(server, behind or local(), MADE)


async def test_a_message_is_read_by_rasa(rasa: StandIn) -> None:
    """Rasa's ranking is the reading, and the state says that all is well."""
    engine = asking(rasa)

    reading = await engine.read(CALM, NOBODY)

    assert reading.intent == "accounts_hacked"
    assert reading.confidence == pytest.approx(0.94)
    assert len(reading.ranking) == len(INTENTS)
    assert not reading.degraded
    assert rasa.texts == [CALM]
    assert rasa.paths == ["/model/parse"]
    assert engine.state() == EngineState(ready=True)
    assert not any(engine.fallbacks.values())


async def test_what_the_model_raises_and_names_comes_over(rasa: StandIn) -> None:
    """Urgent intents and further topics of a story are taken from Rasa's model, too."""
    added = {"urgent": ["suicide_self_harm"], "also": ["evidence"], "made_from": MADE}
    rasa.reply = says(answer(alongside=added))

    reading = await asking(rasa).read(CALM, NOBODY)

    assert reading.urgent == {"suicide_self_harm"}
    assert reading.ruled == frozenset()
    assert reading.also == ("evidence",)


async def test_danger_leads_though_rasa_takes_it_for_something_else(rasa: StandIn) -> None:
    """The rules read the very words here; Rasa cannot outvote them."""
    reading = await asking(rasa).read(DANGER, NOBODY)

    assert reading.intent == "emergency"
    assert reading.urgent == {"emergency"}


async def test_hints_language_and_fishing_do_not_need_rasa(rasa: StandIn) -> None:
    """The same facts are heard as with the embedded engine."""
    engine = asking(rasa)
    for text in (
        "my sister lives in Scotland",
        "gdzie jest policja, on mnie śledzi",
        "find her address",
        "no, it's my sister",
        "her ex has followed my sister for 3 months and put a tracker on her car",
    ):
        mine, theirs = await engine.read(text, NOBODY), await local().read(text, NOBODY)
        assert replace(mine, ranking=(), urgent=frozenset(), also=()) == replace(
            theirs, ranking=(), urgent=frozenset(), also=(), degraded=mine.degraded
        )


BAD = {
    "error 500": (http(b"{}", "500 Internal Server Error"), "failed"),
    "sent elsewhere": (
        b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n",
        "failed",
    ),
    "no model loaded": (http(b"{}", "409 Conflict"), "other_model"),
    "not HTTP": (b"no idea\r\n\r\n", "garbled"),
    "silence": (b"", "garbled"),
    "half a body": (http(json.dumps(answer()).encode()[:200], length=9_000), "garbled"),
    "not JSON": (http(b"<html>"), "garbled"),
    "half a character": (http(b'{"text": "\xc3'), "garbled"),
    "a nesting without end": (http(b"[" * 100_000), "garbled"),
    "a list": (says([]), "garbled"),
    "no ranking": (says(answer(intent_ranking=[])), "garbled"),
    "a ranking of words": (says(answer(intent_ranking=["emergency"])), "garbled"),
    "no number": (says(answer(intent_ranking=[{"name": "greet", "confidence": "x"}])), "garbled"),
    "not a number": (http(json.dumps(answer()).replace("0.94", "NaN").encode()), "garbled"),
    "more than sure": (http(json.dumps(answer()).replace("0.94", "1.5").encode()), "garbled"),
    "an intent nobody knows": (
        http(json.dumps(answer()).replace("accounts_hacked", "order_pizza").encode()),
        "other_model",
    ),
    "one intent twice": (
        http(json.dumps(answer()).replace("accounts_hacked", "greet").encode()),
        "other_model",
    ),
    "an intent is missing": (
        says(answer(intent_ranking=answer()["intent_ranking"][:-1])),
        "other_model",
    ),
    "another pipeline": (
        says({k: v for k, v in answer().items() if k != "alongside"}),
        "other_model",
    ),
    "a calm intent as urgent": (
        says(answer(alongside={"urgent": ["greet"], "also": [], "made_from": MADE})),
        "other_model",
    ),
    "made from other examples": (
        says(answer(alongside={"urgent": [], "also": [], "made_from": MADE | {"data": "x"}})),
        "other_model",
    ),
    "made from nobody knows what": (
        says(answer(alongside={"urgent": [], "also": [], "made_from": None})),
        "other_model",
    ),
}


@pytest.mark.parametrize("case", BAD)
async def test_whatever_rasa_says_instead_the_message_is_read(rasa: StandIn, case: str) -> None:
    """The embedded engine reads that message, the reason is counted, and danger is heard."""
    rasa.reply, reason = BAD[case]
    engine = asking(rasa)

    calm, danger = await engine.read(CALM, NOBODY), await engine.read(DANGER, NOBODY)

    assert (calm.intent, calm.degraded) == ("evidence", False)
    assert danger.intent == "emergency"
    assert {k: v for k, v in engine.fallbacks.items() if v} == {reason: 2}
    assert engine.state().ready
    assert "reading by the embedded engine meanwhile" in engine.state().detail


async def test_nobody_waits_longer_than_the_limit(rasa: StandIn) -> None:
    """A Rasa that hangs costs a person the limit, and no more."""
    rasa.after = 30.0
    engine = asking(rasa, seconds=QUICK)

    assert (await engine.read(CALM, NOBODY)).intent == "evidence"
    assert engine.fallbacks["slow"] == 1


async def test_a_wrong_token_is_said(rasa: StandIn) -> None:
    """The operator reads which setting is wrong."""
    for token in ("another", None):
        engine = asking(rasa, token)
        assert (await engine.read(CALM, NOBODY)).intent == "evidence"
        assert engine.fallbacks["refused"] == 1
        assert "BOT_RASA_TOKEN" in engine.state().detail


async def test_a_server_that_is_not_there(rasa: StandIn) -> None:
    """Rasa was not started: messages are read all the same, and what to do is said."""
    rasa.url = "http://127.0.0.1:1"
    engine = asking(rasa)

    assert (await engine.read(CALM, NOBODY)).intent == "evidence"
    assert engine.fallbacks["away"] == 1
    assert "make rasa" in engine.state().detail


async def test_rasa_comes_back(rasa: StandIn) -> None:
    """The next message after an outage is Rasa's again, and the state forgets it."""
    engine = asking(rasa)
    good, rasa.reply = rasa.reply, http(b"{}", "500 Internal Server Error")
    await engine.read(CALM, NOBODY)
    rasa.reply = good

    assert (await engine.read(CALM, NOBODY)).intent == "accounts_hacked"
    assert engine.state() == EngineState(ready=True)


async def test_a_look_at_health_is_no_message(rasa: StandIn) -> None:
    """Asking how Rasa is counts nobody's message, and sends nobody's words."""
    rasa.reply = http(b"{}", "500 Internal Server Error")
    engine = asking(rasa)

    await engine.probe()

    assert rasa.texts == ["hello"]
    assert not any(engine.fallbacks.values())
    assert engine.state().detail


async def test_without_rasa_and_without_a_model_danger_is_still_heard(
    rasa: StandIn, tmp_path: Path
) -> None:
    """Both are gone: not ready, and the rules read alone."""
    rasa.url = "http://127.0.0.1:1"
    engine = asking(rasa, behind=open_engine(tmp_path))

    reading = await engine.read(DANGER, NOBODY)

    assert (reading.intent, reading.degraded) == ("emergency", True)
    assert not engine.state().ready
    assert "make setup" in engine.state().detail


async def test_rasa_alone_is_enough_but_it_is_said(rasa: StandIn, tmp_path: Path) -> None:
    """No model in this process: Rasa reads, and the operator knows that nothing stands behind."""
    engine = asking(rasa, behind=open_engine(tmp_path))

    assert not engine.state().ready  # nobody knows yet whether Rasa is there
    assert not (await engine.read(CALM, NOBODY)).degraded
    assert engine.state().ready
    assert "nothing to fall back on" in engine.state().detail


async def test_a_slash_is_no_command_to_rasa(rasa: StandIn) -> None:
    """Rasa takes `/name` for the name of an intent; people write what they like."""
    await asking(rasa).read(" /emergency", NOBODY)

    assert not rasa.texts[0].strip().startswith("/")


async def test_half_a_character_and_a_message_without_end(rasa: StandIn) -> None:
    """Rasa gets whole characters, and no more of them than the model reads."""
    await asking(rasa).read("\ud83d is this" + " very" * 20_000, NOBODY)

    assert len(rasa.texts[0]) == 5_000
    assert rasa.texts[0].startswith("? is this")


@pytest.mark.parametrize("case", ["error 500", "half a body", "not HTTP", "another pipeline"])
async def test_neither_words_nor_token_are_logged(
    rasa: StandIn, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong is logged once, as a sentence of ours."""
    caplog.set_level(logging.WARNING)
    rasa.reply, _ = BAD[case]
    engine = asking(rasa)

    for _ in range(3):
        await engine.read(CALM, NOBODY)

    assert len(caplog.records) == 1
    assert "Qwertzuiop" not in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN not in engine.state().detail


async def test_the_token_is_in_nobodys_repr(rasa: StandIn) -> None:
    """An error page or a debugger's line that shows the engine shows no token."""
    engine = asking(rasa)
    assert TOKEN not in repr(engine)
    assert TOKEN not in repr(rasa_server(rasa.url, TOKEN))


async def test_no_proxy_hears_what_people_write(
    rasa: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy set for the machine is not asked: the words go to Rasa and nowhere else."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert (await asking(rasa).read(CALM, NOBODY)).intent == "accounts_hacked"


async def test_other_rules_beside_the_same_server(rasa: StandIn) -> None:
    """For measuring: without rules only Rasa's model is heard."""
    engine = asking(rasa).with_rules(lambda _text: frozenset())

    assert (await engine.read(DANGER, NOBODY)).intent == "accounts_hacked"


async def test_the_model_must_be_made_from_what_is_here(rasa: StandIn, tmp_path: Path) -> None:
    """Opened as the bot does it, a model of unknown make is not trusted."""
    engine = open_rasa(rasa_server(rasa.url, TOKEN), tmp_path)

    assert (await engine.read(DANGER, NOBODY)).degraded
    assert engine.fallbacks["other_model"] == 1


async def test_the_stock_pipeline_is_read_as_it_is(rasa: StandIn) -> None:
    """For comparison: its ranking alone, no rules; an error where no answer comes."""
    rasa.reply = says({k: v for k, v in answer("emergency").items() if k != "alongside"})
    reader = StockReader(rasa_server(rasa.url, TOKEN))

    reading = await reader.read("hello there", NOBODY)

    assert reading.intent == "emergency"
    assert reading.urgent == {"emergency"}
    rasa.reply = http(b"{}", "500 Internal Server Error")
    with pytest.raises(ModelProblem, match="error"):
        await reader.read(CALM, NOBODY)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("http://127.0.0.1:5005", "http://127.0.0.1:5006"),
        ("http://[::1]:5005/", "http://[::1]:5006"),
        ("https://rasa.example", "https://rasa.example:444"),
    ],
)
def test_the_stock_pipeline_is_one_port_further(here: str, there: str) -> None:
    """So that both can be scored in one run."""
    assert next_port(here) == there
