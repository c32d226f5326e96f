"""How a model reads writers it has never seen: trained without some hands, asked about theirs.

The confidence figures of a development set that was looked at flatter; these do not. No danger rule
is asked: this is the model alone.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.dialogue.topics import ANSWER
from nlu.classifier import Model
from nlu.encoder import Encoder, Vectors
from nlu.figures import Figures, score
from nlu.labelled import Line, Share
from nlu.normalise import normalise
from nlu.reading import Reading
from nlu.train import fit_model
from nlu.training_data import Config, Example
from tools.outcomes import cases, to_rows

Examples = tuple[Example, ...]
Progress = Callable[[str], None]

_NOWHERE = Path("no head is here")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a training needs beside its examples. encoder None: words alone."""

    config: Config
    encoder: Encoder | None
    labels: tuple[str, ...]
    progress: Progress

    def fit(self, examples: Examples) -> Model:
        """A model of these examples, with its own temperature and alarms."""
        return fit_model(examples, self.config, self.encoder, self.labels, _quiet)[0]

    def read(self, model: Model, texts: Sequence[str]) -> list[Reading]:
        """What the model alone makes of texts as written."""
        plain = [normalise(text) for text in texts]
        meaning = self.encoder.encode(plain) if self.encoder else None
        return [as_reading(model, row) for row in model.probabilities(plain, meaning)]


@dataclass(frozen=True, slots=True)
class Remembering(Encoder):
    """An encoder that reads each text once: many trainings share nearly all their texts."""

    known: dict[str, Vectors]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As Encoder.encode."""
        new = sorted({text for text in texts if text not in self.known})
        if new:
            rows = Encoder.encode(self, new)
            self.known.update(zip(new, rows, strict=True))
        return np.stack([self.known[text] for text in texts])


def remembering(encoder: Encoder) -> Remembering:
    """The same encoder with a memory, without its head: that was taught on every line, also on
    those that are held out, and would give the answers away.
    """
    own = {name: getattr(encoder, name) for name in Encoder.__dataclass_fields__}
    return Remembering(**(own | {"folder": _NOWHERE}), known={})


def as_reading(model: Model, row: Vectors) -> Reading:
    """One row of probabilities as the dialogue would see it."""
    order = np.argsort(-row, kind="stable")
    ranking = tuple((model.labels[place], float(row[place])) for place in order)
    return Reading(ranking, model.alarm(row))


def as_lines(examples: Iterable[Example]) -> list[Line]:
    """Training examples as labelled lines."""
    return [Line(one.text, one.intent, frozenset({one.intent}), one.slice) for one in examples]


def groups_of(hands: Iterable[str], count: int) -> list[frozenset[str]]:
    """The hands dealt into this many groups, in name order."""
    order = sorted({*hands})
    return [frozenset(order[place::count]) for place in range(min(count, len(order)))]


def drawn(examples: Examples, count: int, seed: int) -> Examples:
    """So many examples, every intent in its old proportion, in the old order.

    A smaller draw with the same seed lies wholly within a larger one, up to rounding.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        places[example.intent].append(place)
    wanted = _portions({intent: len(own) for intent, own in places.items()}, count)
    kept: list[int] = []
    for intent, own in sorted(places.items()):
        random.Random(f"{seed} {intent}").shuffle(own)  # noqa: S311 - must repeat, not surprise
        kept += own[: wanted[intent]]
    return tuple(examples[place] for place in sorted(kept))


def _portions(sizes: dict[str, int], count: int) -> dict[str, int]:
    """Whole numbers that add up to count, by largest remainder; all of them where count is more."""
    total = sum(sizes.values())
    share = min(1.0, count / total) if total else 0.0
    portions = {name: int(size * share) for name, size in sizes.items()}
    rest = sorted(sizes, key=lambda name: (portions[name] - sizes[name] * share, name))
    for name in rest[: max(0, min(count, total) - sum(portions.values()))]:
        portions[name] += 1
    return portions


def unseen_readings(
    training: Examples, everything: Examples, groups: Sequence[frozenset[str]], setting: Setting
) -> tuple[list[Line], list[Reading]]:
    """Every line of each group's hands, read by a model of the training lines of all others."""
    lines: list[Line] = []
    readings: list[Reading] = []
    for number, group in enumerate(groups, 1):
        asked = [one for one in everything if one.hand in group]
        model = setting.fit(tuple(one for one in training if one.hand not in group))
        lines += as_lines(asked)
        readings += setting.read(model, [one.text for one in asked])
        setting.progress(f"  hands {', '.join(sorted(group))} ({number} of {len(groups)})")
    return lines, readings


def record(lines: Sequence[Line], readings: Sequence[Reading]) -> dict[str, Any]:
    """The figures as JSON values, and the cases from which any threshold can be judged."""
    figures = score(lines, readings, ANSWER)
    return brief(figures) | {
        "lines": len(lines),
        "calibration_error": round(figures.calibration_error, 4),
        "alarms": {
            one.intent: [
                number
                for own in (one.any_card, one.own_card, one.called_for, one.false)
                for number in _pair(own)
            ]
            for one in figures.alarms.each
        },
        "slices": {one.name: [*_pair(one.right), *_pair(one.near)] for one in figures.slices},
        "bins": [[b.place, round(b.confidence, 4), *_pair(b.right)] for b in figures.bins],
        "intents": _weakest(figures),
        "cases": to_rows(cases(lines, readings)),
    }


def brief(figures: Figures) -> dict[str, Any]:
    """A point of a curve. Shares: 0.0 to 1.0. heard, false: any card, urgent and calm lines."""
    return {
        "right": round(figures.right.value, 4),
        "near": round(figures.near.value, 4),
        "macro_f1": round(figures.macro_f1, 4),
        "heard": round(figures.alarms.any_card.value, 4),
        "false": round(figures.alarms.false.value, 4),
    }


def _weakest(figures: Figures) -> list[list[Any]]:
    """[intent, read rightly, lines, what it is most often taken for], least recall first."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    for meant, read, times in figures.matrix:
        if meant != read:
            taken[meant][read] += times
    rows = [
        [
            one.name,
            *_pair(one.recall),
            ", ".join(f"{name} {times}" for name, times in _most(taken[one.name])),
        ]
        for one in sorted(figures.intents, key=lambda one: (one.recall.value, one.name))
    ]
    return [row for row in rows if row[2]]


def _most(taken: Counter[str]) -> list[tuple[str, int]]:
    return sorted(taken.items(), key=lambda one: (-one[1], one[0]))[:3]


def _pair(own: Share) -> tuple[int, int]:
    return own.hits, own.total


def _quiet(_line: str) -> None:
    """Trainings tell their own progress; here the curve tells it."""
