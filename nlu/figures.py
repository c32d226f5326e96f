"""What readings of labelled messages are worth: understanding, confidence, danger. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlu.alarms import Alarms, score_alarms
from nlu.labelled import Line, Share, share
from nlu.reading import Reading

BINS = 10
WORST = 25  # confusions that are told

Pairs = Sequence[tuple[Line, Reading]]


@dataclass(frozen=True, slots=True)
class Intent:
    """One intent of the file. Lines read as one of their other right labels count there."""

    name: str
    recall: Share  # of the lines that mean it, those read as it
    precision: Share  # of the lines read as it, those that mean it

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 0.0 to 1.0."""
        return 2 * self.recall.hits / max(self.recall.total + self.precision.total, 1)


@dataclass(frozen=True, slots=True)
class Slice:
    """One way of writing."""

    name: str
    right: Share
    near: Share  # a right label among the first three


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings whose confidence lies in one tenth. place: 0 is 0.0 to 0.1, 9 is 0.9 to 1.0."""

    place: int
    confidence: float  # mean; 0.0 of none
    right: Share


@dataclass(frozen=True, slots=True)
class Answered:
    """What a threshold of confidence does. wrong and right: by confidence alone, of every line."""

    threshold: float
    wrong: Share  # of everything read wrongly, what is answered all the same
    right: Share  # of everything read rightly, what is answered outright
    open_wrong: Share  # the same two without the lines that wait for no threshold
    open_right: Share
    asked_back: Share  # of all lines, those below the threshold that do wait for it


@dataclass(frozen=True, slots=True)
class Confused:
    """A mistake and how often it came. total: lines that mean it."""

    meant: str
    read: str
    times: int
    total: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. Shares carry their counts: few lines prove little."""

    right: Share
    near: Share  # a right label among the first three
    macro_f1: float  # over the intents of the file
    out_of_scope: Share  # recall
    calibration_error: float  # expected, 0.0 is perfect
    bins: tuple[Bin, ...]
    answered: Answered
    alarms: Alarms
    slices: tuple[Slice, ...]  # in name order
    intents: tuple[Intent, ...]  # worst F1 first
    confused: tuple[Confused, ...]  # commonest first, at most WORST
    matrix: tuple[tuple[str, str, int], ...]  # (meant, read, times), every pair that came


def score(lines: Sequence[Line], readings: Sequence[Reading], threshold: float) -> Figures:
    """Compare readings with labels, in the same order. threshold: answered outright at or above.

    Raises ValueError when there are not as many readings as lines, or none.
    """
    pairs = list(zip(lines, readings, strict=True))
    if not pairs:
        raise ValueError("there is nothing to score")
    meant = [read.intent if _is_right(line, read) else line.intent for line, read in pairs]
    times = Counter(zip(meant, (read.intent for read in readings), strict=True))
    intents = tuple(sorted(_intents(times), key=lambda intent: (intent.f1, intent.name)))
    bins = _bins(pairs)
    return Figures(
        right=_right(pairs),
        near=_near(pairs),
        macro_f1=sum(intent.f1 for intent in intents) / len(intents),
        out_of_scope=_right([pair for pair in pairs if pair[0].intent == "out_of_scope"]),
        calibration_error=sum(
            abs(b.confidence * b.right.total - b.right.hits) for b in bins
        ) / len(pairs),
        bins=bins,
        answered=answered(pairs, threshold),
        alarms=score_alarms(lines, [read.urgent for read in readings]),
        slices=tuple(
            Slice(name, _right(own), _near(own))
            for name in sorted({line.slice for line in lines})
            for own in [[pair for pair in pairs if pair[0].slice == name]]
        ),
        intents=intents,
        confused=_confused(times),
        matrix=tuple((m, r, count) for (m, r), count in sorted(times.items())),
    )  # fmt: skip


def answered(pairs: Pairs, threshold: float) -> Answered:
    """What this threshold would do to these readings."""
    rows = [
        (_is_right(line, read), read.confidence >= threshold, waits(read)) for line, read in pairs
    ]
    return Answered(
        threshold=threshold,
        wrong=share(sure for right, sure, _ in rows if not right),
        right=share(sure for right, sure, _ in rows if right),
        open_wrong=share(sure for right, sure, open_ in rows if open_ and not right),
        open_right=share(sure for right, sure, open_ in rows if open_ and right),
        asked_back=share(open_ and not sure for _, sure, open_ in rows),
    )


def waits(read: Reading) -> bool:
    """True where confidence decides. Danger gets its card and fishing its refusal regardless."""
    return not (read.urgent or read.fishing)


def _is_right(line: Line, read: Reading) -> bool:
    return read.intent in line.right


def _right(pairs: Pairs) -> Share:
    return share(_is_right(line, read) for line, read in pairs)


def _near(pairs: Pairs) -> Share:
    return share(
        any(intent in line.right for intent, _ in read.ranking[:3]) for line, read in pairs
    )


def _intents(times: Counter[tuple[str, str]]) -> list[Intent]:
    meant: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for (one, other), count in times.items():
        meant[one] += count
        got[other] += count
    return [
        Intent(name, Share(times[name, name], count), Share(times[name, name], got[name]))
        for name, count in meant.items()
    ]


def _confused(times: Counter[tuple[str, str]]) -> tuple[Confused, ...]:
    totals: Counter[str] = Counter()
    for (meant, _), count in times.items():
        totals[meant] += count
    wrong = [
        Confused(meant, read, count, totals[meant])
        for (meant, read), count in times.items()
        if meant != read
    ]
    wrong.sort(key=lambda row: (-row.times, row.meant, row.read))
    return tuple(wrong[:WORST])


def _bins(pairs: Pairs) -> tuple[Bin, ...]:
    """Ten tenths of confidence. Source of the error built on them: Naeini et al. 2015."""
    found = []
    for place in range(BINS):
        own = [
            (read.confidence, _is_right(line, read))
            for line, read in pairs
            if min(int(read.confidence * BINS), BINS - 1) == place
        ]
        mean = sum(sure for sure, _ in own) / len(own) if own else 0.0
        found.append(Bin(place, mean, share(right for _, right in own)))
    return tuple(found)
