"""The engine as the bot uses it: danger is found whatever happened to the model."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.embedded import Embedded
from nlu.engine import EmbeddedEngine, open_engine
from nlu.reading import Context, EngineState

LABELS = ("emergency", "followed_or_watched", "accounts_hacked", "greet")
ABOUT = {"door": 0, "followed": 1, "password": 2}
NOBODY = Context()
READY = EngineState(ready=True)


class Told:
    """A model that reads a word it knows as its intent, nine parts in ten."""

    labels = LABELS

    def alarm(self, row: NDArray[np.float32], least: float = 0.0) -> frozenset[str]:
        return frozenset({"emergency"} if row[0] >= max(0.5, least) else ())

    def probabilities(self, texts: list[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), len(LABELS)), 0.1 / 3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[next((place for word, place in ABOUT.items() if word in text), 3)] = 0.9
        return rows


class Strict(Told):
    def probabilities(self, texts: list[str]) -> NDArray[np.float32]:
        for text in texts:
            text.encode()  # as the encoder's tokenizer does
        return super().probabilities(texts)


class Broken(Told):
    def probabilities(self, texts: list[str]) -> NDArray[np.float32]:
        raise MemoryError("his words must not be here")


def engine(model: Told, rules: Any = lambda _text: frozenset()) -> EmbeddedEngine:
    joined = SimpleNamespace(model=model, probabilities=model.probabilities)
    return EmbeddedEngine(cast("Embedded", joined), READY, rules)


class Story(Told):
    """A model that is sure of danger in one sentence; of the whole, as sure as it was made."""

    def __init__(self, whole: float) -> None:
        self.whole = whole

    def probabilities(self, texts: list[str]) -> NDArray[np.float32]:
        rows = super().probabilities(texts)
        rows[0] = [self.whole, 1 - self.whole, 0, 0]
        return rows


@pytest.mark.parametrize(("whole", "raised"), [(0.02, False), (0.3, True)])
async def test_a_sentence_raises_a_card_only_where_its_story_allows_it(
    whole: float, *, raised: bool
) -> None:
    """Read alone, "he was at the door" is danger; the story says when that was."""
    told = "It began last spring. We had split up by then. He came to the door. I moved in June."

    reading = await engine(Story(whole)).read(told, NOBODY)

    assert ("emergency" in reading.urgent) == raised


async def test_without_a_model_danger_is_still_found(tmp_path: Path) -> None:
    """An empty model folder: the engine says so, and the rules raise the card."""
    reader = open_engine(tmp_path)

    reading = await reader.read("he is breaking my door down right now", NOBODY)

    assert not reader.state().ready
    assert "make setup" in reader.state().detail
    assert reading.degraded
    assert reading.intent == "emergency"
    assert "emergency" in reading.urgent


async def test_without_a_model_nothing_is_guessed(tmp_path: Path) -> None:
    """An ordinary message gets no confident reading from rules alone."""
    reading = await open_engine(tmp_path).read("what do I write in a diary?", NOBODY)

    assert reading.confidence == 0.0
    assert reading.urgent == frozenset()


async def test_a_failing_model_leaves_the_rules_and_its_words_in_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever the model raises, the person is answered and the log holds no word of it."""
    reader = engine(Broken(), lambda _text: frozenset({"emergency"}))

    reading = await reader.read("canary", NOBODY)

    assert reading.degraded
    assert reading.intent == "emergency"
    assert "MemoryError" in reader.state().detail
    assert "words" not in caplog.text
    assert "canary" not in caplog.text


async def test_an_intent_of_the_rules_comes_first() -> None:
    """The model reads a topic, the rules see danger: danger leads, the topic stays behind it."""
    reader = engine(Told(), lambda _text: frozenset({"emergency", "suicide_self_harm"}))

    reading = await reader.read("I was followed", NOBODY)

    assert reading.intent == "emergency"
    assert reading.confidence >= 0.9
    assert reading.ranking[1][0] == "followed_or_watched"
    assert sum(share for _, share in reading.ranking) == pytest.approx(1.0)
    assert reading.urgent == {"emergency", "suicide_self_harm"}


async def test_a_story_is_read_for_all_it_tells() -> None:
    """The whole leads, and what its sentences are clearly about is named beside it."""
    story = "I was followed home. It was dark and cold. He has my password. What do I do?"

    reading = await engine(Told()).read(story, NOBODY)

    assert reading.intent == "followed_or_watched"
    assert reading.also == ("accounts_hacked",)


async def test_what_is_said_in_passing_is_heard() -> None:
    """Who it is, since when, what was done and through what: the dialogue asks no more of it."""
    story = "My sister's ex has followed her for 3 months. He put a tracker on her car."

    reading = await engine(Told()).read(story, NOBODY)

    assert (reading.hints.role, reading.hints.relationship) == ("supporter", "ex")
    assert reading.hints.devices == ("tracker", "car")
    assert (reading.since, reading.corrects) == ("months", frozenset())
    assert "repeated" in reading.signs
    assert "ex_partner" in reading.risks


async def test_what_the_talk_knows_weighs_on_who_is_writing() -> None:
    """A mother who is rung by him as well is still a mother."""
    reader = engine(Told())

    assert (await reader.read("he rings me every night", NOBODY)).hints.role == "victim"
    known = Context(role="supporter")
    assert (await reader.read("he rings me every night", known)).hints.role is None
    right = await reader.read("no, it's happening to me", known)
    assert (right.hints.role, right.corrects) == ("victim", frozenset({"role"}))


async def test_danger_at_the_end_of_a_very_long_message_is_seen() -> None:
    """The model stops at 5,000 characters; the rules read on."""
    heard: list[int] = []

    def rules(text: str) -> frozenset[str]:
        heard.append(len(text))
        return frozenset({"emergency"} if "now" in text else ())

    reading = await engine(Told(), rules).read("and so on " * 1_500 + "he is here now", NOBODY)

    assert reading.urgent == {"emergency"}
    assert heard == [15_014]


@pytest.mark.parametrize("times", [2_300, 30_000])  # 25,000 and 330,000 characters
async def test_danger_at_the_very_end_is_seen_however_long_the_message(times: int) -> None:
    """Somebody pastes all of a chat, and then writes what happens now."""
    text = "and so on. " * times + "he is breaking down my door right now"

    reading = await EmbeddedEngine(None, READY).read(text, NOBODY)

    assert "emergency" in reading.urgent


@pytest.mark.parametrize("text", ["", "   ", "\x00\ud83d", "😭" * 400, "a" * 30_000, "؟؟؟"])
async def test_no_text_makes_it_raise(text: str, tmp_path: Path) -> None:
    """Empty, broken, endless or foreign: there is always a reading."""
    for reader in (open_engine(tmp_path), engine(Told())):
        assert (await reader.read(text, NOBODY)).ranking


async def test_half_a_character_does_not_stop_the_model() -> None:
    """The rest of the message is understood, and the engine is still ready."""
    reader = engine(Strict())

    reading = await reader.read("I was followed \ud83d", NOBODY)

    assert reading.intent == "followed_or_watched"
    assert reader.state().ready


def test_an_engine_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A misspelt BOT_NLU is found at start."""
    with pytest.raises(ValueError, match="embeded"):
        open_engine(tmp_path, kind="embeded")
