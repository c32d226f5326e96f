"""Scores an engine on labelled messages: what it understands, and above all what danger it misses.

A line of the file: {"id", "text", "intent", "also": [...], "slice"}. A reading that is one of the
`also` labels counts as right.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Protocol

from nlu.problem import DataProblem
from nlu.reading import URGENT_INTENTS, Context, Reading

_URGENT = frozenset(URGENT_INTENTS)
_BINS = 10


class Reader(Protocol):
    """Any engine."""

    async def read(self, text: str, context: Context) -> Reading:
        """What the words mean."""


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled message. right: its intent and the labels that count as right too."""

    text: str
    intent: str
    right: frozenset[str]
    slice: str


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
        low, high = self.interval
        return f"{self.value:.3f} ({self.hits}/{self.total}, 95 % {low:.3f}-{high:.3f})"


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured. Shares carry their counts: few lines prove little."""

    macro_f1: float  # over the intents of the file
    accuracy: Share
    top3: Share
    emergency_recall: Share  # emergencies that got an urgent card, whichever
    urgent_precision: Share  # urgent cards shown to people with an urgent label of any kind
    out_of_scope_recall: Share
    calibration_error: float  # expected, 10 bins, 0.0 is perfect
    urgent_recall: tuple[tuple[str, Share], ...]  # each urgent intent's own
    slices: tuple[tuple[str, Share, Share], ...]  # (slice, accuracy, top 3)
    intents: tuple[tuple[str, float, int], ...]  # (intent, F1, lines), worst first
    mistaken: tuple[tuple[str, str, int], ...]  # (meant, read, times), commonest first

    def markdown(self, title: str) -> str:
        """The report as Markdown: no message is quoted."""
        lines = [f"## {title}", "", "| measure | value |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in self._measures()]
        lines += ["", "| slice | right | in the first three |", "|---|---|---|"]
        lines += [f"| {name} | {right} | {near} |" for name, right, near in self.slices]
        lines += ["", "| intent | F1 | lines |", "|---|---|---|"]
        lines += [f"| {name} | {score:.2f} | {count} |" for name, score, count in self.intents]
        lines += ["", "| meant | read as | times |", "|---|---|---|"]
        lines += [f"| {meant} | {read} | {times} |" for meant, read, times in self.mistaken]
        return "\n".join(lines) + "\n"

    def _measures(self) -> list[tuple[str, str]]:
        return [
            ("macro-F1", f"{self.macro_f1:.3f}"),
            ("right", str(self.accuracy)),
            ("in the first three", str(self.top3)),
            ("emergencies that raise a card", str(self.emergency_recall)),
            *((f"raised: {intent}", str(share)) for intent, share in self.urgent_recall),
            ("cards that were called for", str(self.urgent_precision)),
            ("out of scope recognised", str(self.out_of_scope_recall)),
            ("calibration error", f"{self.calibration_error:.3f}"),
        ]


async def evaluate(engine: Reader, file: Path) -> Report:
    """Read every line of a JSONL file and score the readings.

    Raises DataProblem for a line that is not as described above, or a file without lines.
    """
    lines = read_lines(file)
    return score(lines, [await engine.read(line.text, Context()) for line in lines])


def read_lines(file: Path) -> list[Line]:
    """The labelled messages of a file. Raises DataProblem with file and line."""
    found = []
    try:
        rows = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataProblem(
            "the file cannot be read", where=str(file), do="Give a JSONL file in UTF-8"
        ) from error
    for number, row in enumerate(rows, 1):
        if row.strip():
            found.append(_line(row, f"{file.name}:{number}"))
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
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataProblem(
            "a line needs `text` and `intent`, both text", where=where, do="Correct the line"
        ) from error


def score(lines: list[Line], readings: list[Reading]) -> Report:
    """Compare readings with labels, in the same order. Pure."""
    pairs = list(zip(lines, readings, strict=True))
    meant = [read.intent if read.intent in line.right else line.intent for line, read in pairs]
    got = [read.intent for read in readings]
    intents = _f1(meant, got, set(meant))
    alarmed = [(line, read) for line, read in pairs if read.urgent]
    wrong = Counter((m, g) for m, g in zip(meant, got, strict=True) if m != g)
    slices: dict[str, list[tuple[Line, Reading]]] = defaultdict(list)
    for pair in pairs:
        slices[pair[0].slice].append(pair)
    return Report(
        macro_f1=sum(value for _, value, _ in intents) / len(intents),
        accuracy=_right(pairs),
        top3=_near(pairs),
        emergency_recall=_share(read.urgent for line, read in pairs if line.intent == "emergency"),
        urgent_precision=_share(line.right & _URGENT for line, _ in alarmed),
        out_of_scope_recall=_share(
            read.intent in line.right for line, read in pairs if line.intent == "out_of_scope"
        ),
        calibration_error=_calibration_error(pairs),
        urgent_recall=tuple(
            (name, _share(name in read.urgent for line, read in pairs if line.intent == name))
            for name in URGENT_INTENTS
        ),
        slices=tuple((name, _right(own), _near(own)) for name, own in sorted(slices.items())),
        intents=tuple(sorted(intents, key=lambda row: row[1])),
        mistaken=tuple((m, g, times) for (m, g), times in wrong.most_common(25)),
    )


def _share(flags: Iterable[object]) -> Share:
    """How many of the flags hold."""
    held = [bool(flag) for flag in flags]
    return Share(sum(held), len(held))


def _right(pairs: list[tuple[Line, Reading]]) -> Share:
    return _share(read.intent in line.right for line, read in pairs)


def _near(pairs: list[tuple[Line, Reading]]) -> Share:
    return _share(
        any(intent in line.right for intent, _ in read.ranking[:3]) for line, read in pairs
    )


def _f1(meant: list[str], got: list[str], names: set[str]) -> list[tuple[str, float, int]]:
    counts, read = Counter(meant), Counter(got)
    both = Counter(m for m, g in zip(meant, got, strict=True) if m == g)
    return [
        (name, 2 * both[name] / max(counts[name] + read[name], 1), counts[name])
        for name in sorted(names)
    ]


def _calibration_error(pairs: list[tuple[Line, Reading]]) -> float:
    """Mean gap between confidence and how often it is right. Source: Naeini et al. 2015."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for line, read in pairs:
        place = min(int(read.confidence * _BINS), _BINS - 1)
        bins[place].append((read.confidence, read.intent in line.right))
    gaps = [
        abs(sum(sure for sure, _ in rows) - sum(right for _, right in rows))
        for rows in bins.values()
    ]
    return sum(gaps) / len(pairs)
