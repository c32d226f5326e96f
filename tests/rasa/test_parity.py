"""Under Rasa our model reads as it does in the bot's own process."""

import asyncio
import json
from time import perf_counter

import numpy as np
import pytest

from bot.dialogue.topics import ANSWER
from nlu.engine import EmbeddedEngine
from nlu.reading import Context, Reading
from tests.rasa.conftest import ROOT, Running

NOBODY = Context()
DEVELOPMENT = ROOT / "nlu" / "dev" / "nlu_dev.jsonl"
SAME = 0.99  # share of messages with the same best intent
LIMIT = 1.0  # seconds, the engine's limit for one message
NEAR = 0.005  # two fits that stop at the same gain by other roundings
PATIENT = 30.0  # seconds: what is compared is what Rasa says, not how busy the machine is

STORY = (
    "We split up in March. Since then he has been outside my work nearly every day. He got into my"
    " email and my instagram. Last week there was a tracker under my car. I told the police and"
    " they said to keep a diary. I have not slept properly for weeks and I do not know who to talk"
    " to any more. My sister says I should get an order against him. What can I do about it all?"
)
ODD = {
    "nothing": "",
    "a space": " ",
    "a slash": "/",
    "Rasa's own command": "/emergency",
    "a command with entities": '/inform{"name": "x"}',
    "half a character": "\ud83d help",
    "a nought": "help\x00me",
    "emoji": "😭😭🆘",
    "right to left": "ساعدني من فضلك",
    "brackets": "[he](name){x} {{ y }} ${HOME}",
    "a long story": STORY * 20,
    "one long word": "a" * 6_000,
}


@pytest.fixture(scope="module")
def readings(rasa: Running, embedded: EmbeddedEngine) -> list[tuple[Reading, Reading, float]]:
    """Each development message as Rasa and as the embedded engine read it; Rasa's seconds."""
    engine = rasa.engine(seconds=PATIENT)

    async def both() -> list[tuple[Reading, Reading, float]]:
        found = []
        for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            begin = perf_counter()
            there = await engine.read(text, NOBODY)
            took = perf_counter() - begin
            found.append((there, await embedded.read(text, NOBODY), took))
        return found

    found = asyncio.run(both())
    assert not any(engine.fallbacks.values()), engine.fallbacks
    return found


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def test_the_best_intent_is_the_same(readings: list[tuple[Reading, Reading, float]]) -> None:
    """At least 99 of 100 development messages; the rest are near ties of two builds of numpy."""
    assert share([there.intent == here.intent for there, here, _ in readings]) >= SAME


def test_danger_is_raised_for_the_same_messages(
    readings: list[tuple[Reading, Reading, float]],
) -> None:
    """The alarm of the model comes over too, not the rules' alone."""
    assert share([there.urgent == here.urgent for there, here, _ in readings]) >= SAME
    assert any(there.urgent - there.ruled for there, _, _ in readings)


def test_confidence_means_the_same(readings: list[tuple[Reading, Reading, float]]) -> None:
    """The same messages are answered outright, but for those that lie on the threshold."""
    sides = [
        (there.confidence >= ANSWER) == (here.confidence >= ANSWER) for there, here, _ in readings
    ]
    gaps = [abs(there.confidence - here.confidence) for there, here, _ in readings]
    middle, high = np.percentile(gaps, [50, 99])
    print(f"\nconfidence differs by {middle:.4f}, in one of a hundred by more than {high:.4f}")
    assert share(sides) >= SAME
    assert middle < NEAR


def test_every_intent_is_ranked(readings: list[tuple[Reading, Reading, float]]) -> None:
    """Rasa cuts rankings to ten by itself; buttons need them whole."""
    assert {len(there.ranking) for there, _, _ in readings} == {len(readings[0][1].ranking)}


def test_nobody_waits(readings: list[tuple[Reading, Reading, float]]) -> None:
    """Half of the messages within a fifth of the limit, nineteen of twenty within the limit."""
    middle, high = np.percentile([seconds for _, _, seconds in readings], [50, 95])
    print(f"\nby Rasa: p50 {middle * 1000:.1f} ms, p95 {high * 1000:.1f} ms")
    assert middle < LIMIT / 5
    assert high < LIMIT


async def test_a_story_is_read_in_its_parts(rasa: Running, embedded: EmbeddedEngine) -> None:
    """What a long message names besides comes over as well."""
    there, here = (
        await rasa.engine(seconds=PATIENT).read(STORY, NOBODY),
        await embedded.read(STORY, NOBODY),
    )

    assert there.also
    assert there.also == here.also


@pytest.mark.parametrize("kind", ODD)
async def test_odd_messages_are_rasas_too(
    rasa: Running, embedded: EmbeddedEngine, kind: str
) -> None:
    """Nothing that people send makes Rasa fail or read something else."""
    engine = rasa.engine(seconds=PATIENT)

    there, here = await engine.read(ODD[kind], NOBODY), await embedded.read(ODD[kind], NOBODY)

    assert not any(engine.fallbacks.values()), engine.fallbacks
    assert there.intent == here.intent
