"""The shipped model on hands that neither half of it has seen."""

import numpy as np
import pytest

from nlu.classifier import Model
from nlu.training_data import Example
from nlu.tuned import Head, line_key
from tests.tools.test_held_out import LABELS, WORDS, setting, written
from tools.unseen import by_twin

OTHERS = tuple(written("a", 6) + written("c", 6))
HELD = tuple(written("b", 4))


def head(meant: dict[str, str]) -> Head:
    """A head whose twin read each line of hand b as this intent."""
    unseen = {
        line_key(one.text, one.intent): np.array(
            [9.0 if label == meant[one.intent] else 0.0 for label in LABELS], np.float32
        )
        for one in HELD
    }
    empty = np.zeros((384, len(LABELS)), np.float32)
    return Head(LABELS, empty, np.zeros(len(LABELS), np.float32), frozenset("b"), unseen)


@pytest.fixture(scope="module")
def shipped() -> Model:
    """A model of everything: its temperature and alarms are used, its coefficients are not."""
    return setting().fit(OTHERS + HELD)


def read(shipped: Model, meant: dict[str, str], share: float) -> list[tuple[str, str]]:
    lines, readings = by_twin(OTHERS + HELD, head(meant), shipped, share, setting())
    return [(line.intent, one.intent) for line, one in zip(lines, readings, strict=True)]


def test_the_twins_reading_counts_by_its_share(shipped: Model) -> None:
    """All of it: the twin decides. None of it: the words of the other hands do."""
    wrong = {"emergency": "greet", "greet": "evidence", "evidence": "emergency"}

    assert read(shipped, wrong, 1.0) == [(one.intent, wrong[one.intent]) for one in HELD]
    assert read(shipped, wrong, 0.0) == [(one.intent, one.intent) for one in HELD]


def test_the_words_of_a_held_out_hand_are_not_learned(shipped: Model) -> None:
    """What only the held-out hand wrote about stays unknown to the words' half."""
    right = {intent: intent for intent in WORDS}
    odd = tuple(Example(f"i cannot talk {n}", "cannot_speak", hand="b") for n in range(6))
    knows = head(right)
    flat = np.zeros(len(LABELS), np.float32)
    knows.unseen.update({line_key(one.text, one.intent): flat for one in odd})

    lines, readings = by_twin(OTHERS + HELD + odd, knows, shipped, 0.5, setting())

    told = [one.intent for one in readings]
    assert [line.intent for line in lines[-6:]] == ["cannot_speak"] * 6
    assert "cannot_speak" not in told[-6:]
    assert readings[0].urgent == frozenset({"emergency"})
