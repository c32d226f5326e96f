"""Unseen writers are truly unseen, and a draw keeps the proportions."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from nlu.encoder import Encoder
from nlu.training_data import Config, Example
from tools.held_out import (
    Setting,
    as_lines,
    drawn,
    groups_of,
    record,
    remembering,
    unseen_readings,
)

LABELS = ("emergency", "suicide_self_harm", "harm_to_others", "cannot_speak", "greet", "evidence")
WORDS = {
    "emergency": "he is at my door",
    "greet": "hello good morning",
    "evidence": "keep the screenshots",
}


def written(hand: str, count: int, intents: tuple[str, ...] = tuple(WORDS)) -> list[Example]:
    """A hand's lines: the same few words each, numbered so that they differ."""
    return [
        Example(f"{WORDS[intent]} {hand} {number}", intent, hand=hand)
        for intent in intents
        for number in range(count)
    ]


def setting(told: list[str] | None = None) -> Setting:
    config = Config(min_count=1, folds=2, penalties=(10.0,), augment=0.0)
    return Setting(config, None, LABELS, (told if told is not None else []).append)


def test_a_draw_keeps_every_intents_proportion() -> None:
    """Half of the lines is half of each intent, by largest remainder, in the old order."""
    examples = tuple(written("a", 10, ("greet",)) + written("a", 5, ("evidence",)))

    half = drawn(examples, 8, seed=1)

    assert Counter(one.intent for one in half) == {"greet": 5, "evidence": 3}
    assert list(half) == [one for one in examples if one in half]


def test_a_draw_repeats_and_a_smaller_one_lies_within_it() -> None:
    """The curve's points differ by lines added, not by luck."""
    examples = tuple(written("a", 40))

    assert drawn(examples, 60, seed=1) == drawn(examples, 60, seed=1)
    assert {*drawn(examples, 30, seed=1)} < {*drawn(examples, 60, seed=1)}
    assert drawn(examples, 60, seed=1) != drawn(examples, 60, seed=2)
    assert drawn(examples, 999, seed=1) == examples


def test_hands_are_dealt_into_groups_and_none_twice() -> None:
    """Every hand is held out exactly once."""
    groups = groups_of(["d", "a", "b", "c", "a"], 3)

    assert groups == [{"a", "d"}, {"b"}, {"c"}]
    assert groups_of(["a"], 3) == [{"a"}]


def test_a_held_out_hand_is_not_trained_on() -> None:
    """What only one hand wrote about cannot be recognised by a model of the others."""
    examples = tuple(written("a", 6) + written("b", 6))
    odd = tuple(Example(f"i cannot talk {n}", "cannot_speak", hand="c") for n in range(8))
    told: list[str] = []

    lines, readings = unseen_readings(
        examples + odd, examples + odd, [frozenset("c"), frozenset("b")], setting(told)
    )

    read = [one.intent for one in readings]
    assert [line.intent for line in lines[:8]] == ["cannot_speak"] * 8
    assert "cannot_speak" not in read[:8]
    assert len(read) == len(lines) == 8 + 18
    assert told == ["  hands c (1 of 2)", "  hands b (2 of 2)"]


def test_every_line_of_the_hand_is_asked_however_few_are_trained_on() -> None:
    """The test stays the same along the curve, so that its points can be compared."""
    everything = tuple(written("a", 6) + written("b", 6))

    lines, readings = unseen_readings(
        drawn(everything, 18, seed=1), everything, [frozenset("b")], setting()
    )
    kept = record(lines, readings)

    assert kept["lines"] == 18
    assert kept["right"] == 1.0
    assert kept["alarms"]["emergency"][:2] == [6, 6]
    assert sum(row[-1] for row in kept["cases"]) == 18
    assert {row[0] for row in kept["intents"]} == set(WORDS)


def test_training_lines_are_scored_like_any_labelled_line() -> None:
    """Text, intent and way of writing; no second label counts as right."""
    (line,) = as_lines([Example("hi", "greet", slice="noisy", hand="a")])

    assert (line.text, line.right, line.slice) == ("hi", frozenset({"greet"}), "noisy")


class Tokens:
    """Every text is one token: its length."""

    def encode_batch(self, texts: list[str]) -> list["Code"]:
        return [Code([len(text)]) for text in texts]


class Code:
    def __init__(self, ids: list[int]) -> None:
        self.ids = ids


class Session:
    """The meaning of a text is its length; counts what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def run(self, _names: list[str], inputs: dict[str, Any]) -> list[Any]:
        self.asked += len(inputs["ids"])
        return [np.repeat(inputs["ids"].astype(np.float32), 384, axis=1)]


def test_a_text_is_encoded_once() -> None:
    """Many trainings share their texts; the rows stay in the order of the asking."""
    session = Session()
    fields: dict[str, Any] = dict.fromkeys(Encoder.__dataclass_fields__)
    fields |= {"session": session, "tokenizer": Tokens()}
    encoder = remembering(Encoder(**fields))

    first = encoder.encode(["abc", "a", "abc"])
    second = encoder.encode(["a", "abcd"])

    assert first[:, 0].tolist() == [3, 1, 3]
    assert second[:, 0].tolist() == [1, 4]
    assert session.asked == 3


def test_the_memory_leaves_the_head_behind(tmp_path: Path) -> None:
    """A tuned head was taught on the held-out lines too: with it every curve would be flat."""
    (tmp_path / "head.npz").write_bytes(b"")
    fields: dict[str, Any] = dict.fromkeys(Encoder.__dataclass_fields__) | {"folder": tmp_path}

    assert not (remembering(Encoder(**fields)).folder / "head.npz").exists()
