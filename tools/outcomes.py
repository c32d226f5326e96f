"""What happens to a message at a threshold of confidence, and what we say that costs. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.conversation import Conversation
from bot.dialogue import repair
from bot.dialogue.heard import Heard
from nlu.figures import waits
from nlu.labelled import Line, Share
from nlu.reading import Reading

Asked = Literal["offered", "missing", "given_up"]

COSTS: dict[str, float] = {
    "answered rightly": 0.0,
    "asked, the right reading among the buttons": 1.0,  # one more tap
    "given up: helpline and menu": 1.5,  # always a way on, never the answer itself
    "asked, the right reading not among the buttons": 2.0,  # "none of these", then the helpline
    "answered wrongly": 8.0,  # a frightened person reads advice that is not theirs, and leaves
}
"""Ours, in taps and what they do to somebody who is frightened (docs/decisions/0006)."""

_OFFERED = COSTS["asked, the right reading among the buttons"]
_MISSING = COSTS["asked, the right reading not among the buttons"]
_GIVEN_UP = COSTS["given up: helpline and menu"]
WRONG = COSTS["answered wrongly"]

WRONG_AT_MOST = 1 / 3  # the gate: of everything read wrongly, what may be answered with confidence
RIGHT_AT_LEAST = 0.75  # and of everything read rightly, what must be answered outright


@dataclass(frozen=True, slots=True)
class Case:
    """One message, without its words. Confidence in whole hundredths, cut: 0 to 100."""

    hundredths: int
    right: bool
    waits: bool  # False: danger or fishing, which wait for no threshold
    asked: Asked  # what asking back would come to


Cases = Counter[Case]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a threshold does to a set of messages."""

    hundredths: int  # answered at or above
    wrong: Share  # of everything read wrongly, what is answered
    right: Share  # of everything read rightly, what is answered
    open_wrong: Share  # the same two among the messages that wait for a threshold
    open_right: Share
    cost: float  # mean, of the messages that wait

    @property
    def passes(self) -> bool:
        """Whether the gate is satisfied, by confidence alone, of every message."""
        return self.wrong.value <= WRONG_AT_MOST and self.right.value >= RIGHT_AT_LEAST

    @property
    def passes_open(self) -> bool:
        """The same without the messages that get a card or a refusal whatever their confidence."""
        return self.open_wrong.value <= WRONG_AT_MOST and self.open_right.value >= RIGHT_AT_LEAST


def case(line: Line, reading: Reading) -> Case:
    """What came of one reading; asking back is the dialogue's own."""
    return Case(
        hundredths=int(reading.confidence * 100 + 1e-6),
        right=reading.intent in line.right,
        waits=waits(reading),
        asked=_asked(line, reading),
    )


def cases(lines: Iterable[Line], readings: Iterable[Reading]) -> Cases:
    """All of them, counted."""
    return Counter(case(line, read) for line, read in zip(lines, readings, strict=True))


def _asked(line: Line, reading: Reading) -> Asked:
    decision = repair.answer(Conversation(), Heard("web", "words", reading))
    choices = decision.says[0].choices
    if not choices:
        return "given_up"
    return "offered" if {f"ask:{intent}" for intent in line.right} & {*choices} else "missing"


def outcome(found: Cases, hundredths: int, wrong: float = WRONG) -> Outcome:
    """What this threshold does. wrong: what a wrong answer costs. cost is 0.0 where none waits."""
    open_ = Counter({one: count for one, count in found.items() if one.waits})
    total = sum(open_.values())
    cost = sum(
        count * (_answered(one, wrong) if one.hundredths >= hundredths else _asking(one))
        for one, count in open_.items()
    )
    return Outcome(
        hundredths,
        wrong=_above(found, hundredths, right=False),
        right=_above(found, hundredths, right=True),
        open_wrong=_above(open_, hundredths, right=False),
        open_right=_above(open_, hundredths, right=True),
        cost=cost / total if total else 0.0,
    )


def cheapest(outcomes: Sequence[Outcome]) -> Outcome:
    """The one with the least cost; of equals the lowest threshold."""
    return min(outcomes, key=lambda one: (one.cost, one.hundredths))


def asking_by_tenth(found: Cases) -> list[tuple[int, int, float, float]]:
    """(tenth, messages, mean cost of asking back, of answering) of those that wait.

    Where asking costs more than COSTS' giving up, the helpline and the menu would serve better.
    """
    rows = []
    for tenth in range(10):
        own = {
            one: count
            for one, count in found.items()
            if one.waits and min(one.hundredths // 10, 9) == tenth
        }
        total = sum(own.values())
        if total:
            asking = sum(_asking(one) * count for one, count in own.items()) / total
            answering = sum(_answered(one) * count for one, count in own.items()) / total
            rows.append((tenth, total, asking, answering))
    return rows


def to_rows(found: Cases) -> list[list[Any]]:
    """As JSON, one row for each kind of case with its count at the end, in a fixed order."""
    return sorted(
        [one.hundredths, one.right, one.waits, one.asked, count] for one, count in found.items()
    )


def from_rows(rows: Iterable[Sequence[Any]]) -> Cases:
    """What to_rows wrote."""
    return Counter(
        {
            Case(int(hundredths), bool(right), bool(open_), asked): int(count)
            for hundredths, right, open_, asked, count in rows
        }
    )


def _answered(one: Case, wrong: float = WRONG) -> float:
    return 0.0 if one.right else wrong


def _asking(one: Case) -> float:
    return {"offered": _OFFERED, "missing": _MISSING, "given_up": _GIVEN_UP}[one.asked]


def _above(found: Cases, hundredths: int, *, right: bool) -> Share:
    own = {one: count for one, count in found.items() if one.right is right}
    answered = sum(count for one, count in own.items() if one.hundredths >= hundredths)
    return Share(answered, sum(own.values()))
