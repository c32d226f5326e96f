"""Labelled messages, read strictly, and shares that carry their counts.

A line of a file: {"id", "text", "intent", "also": [...], "slice"}. `also`: labels that count as
right too.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

from nlu.problem import DataProblem
from nlu.reading import URGENT_INTENTS

URGENT = frozenset(URGENT_INTENTS)


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled message. right: its intent and the labels that count as right too."""

    text: str = field(repr=False)
    intent: str
    right: frozenset[str]
    slice: str

    @property
    def calm(self) -> bool:
        """True where no label, of whichever kind, is an urgent one."""
        return not self.right & URGENT


@dataclass(frozen=True, slots=True)
class Share:
    """hits of total, with Wilson's 95 % interval. Source: Wilson 1927."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """0.0 to 1.0; 0.0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies, 19 times in 20."""
        if not self.total:
            return (0.0, 1.0)
        z, n, p = 1.96, self.total, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return (max(0.0, middle - reach), min(1.0, middle + reach))

    def __str__(self) -> str:
        if not self.total:
            return "none"
        low, high = self.interval
        return f"{self.value:.3f} ({self.hits}/{self.total}, 95 % {low:.3f}-{high:.3f})"


def share(flags: Iterable[object]) -> Share:
    """How many of the flags hold."""
    held = [bool(flag) for flag in flags]
    return Share(sum(held), len(held))


def read_lines(file: Path) -> list[Line]:
    """The labelled messages of a file, empty lines left out. Raises DataProblem with file, line."""
    try:
        rows = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataProblem(
            "the file cannot be read", where=str(file), do="Give a JSONL file in UTF-8"
        ) from error
    found = [
        _line(row, f"{file.name}:{number}") for number, row in enumerate(rows, 1) if row.strip()
    ]
    if not found:
        raise DataProblem("the file has no lines", where=str(file), do="Give labelled messages")
    return found


def _line(row: str, where: str) -> Line:
    try:
        fields = json.loads(row)
        text, intent, also = fields["text"], fields["intent"], fields.get("also", [])
        if not (isinstance(text, str) and isinstance(intent, str) and isinstance(also, list)):
            raise TypeError  # noqa: TRY301 - one answer for every kind of faulty line
        return Line(text, intent, frozenset({intent, *also}), str(fields.get("slice", "plain")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # from None: the parser's own error holds the whole line
        raise DataProblem(
            "a line needs `text` and `intent`, both text; `also` is a list of labels",
            where=where,
            do="Correct the line",
        ) from None
