"""How much danger is heard, and how often there was none: scores of urgent cards. Pure.

Two ways to hear: a card of any kind is what saves a person; the own card is the right one. Another
urgent intent's card is never a false alarm: its reader asked for help of that urgency.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.labelled import URGENT, Line, Share, share
from nlu.reading import URGENT_INTENTS

ENOUGH = 20  # urgent lines that a slice needs before its recall says something
LEAST = 0.88  # a slice with enough lines and less recall than this is a fault to work on; ours

Raised = Sequence[frozenset[str]]
"""The urgent intents that each line raised, in the order of the lines."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One urgent intent."""

    intent: str
    any_card: Share  # of its lines, those that raised a card of whichever kind
    own_card: Share  # of its lines, those that raised its card
    called_for: Share  # of the lines that raised its card, those with an urgent label of any kind
    false: Share  # of the calm lines (no urgent label at all), those that raised its card


@dataclass(frozen=True, slots=True)
class SliceAlarm:
    """The four urgent intents together in one way of writing."""

    slice: str
    any_card: Share
    own_card: Share

    @property
    def weak(self) -> bool:
        """True where there are enough lines to say that too few were heard."""
        return self.any_card.total >= ENOUGH and self.any_card.value < LEAST


@dataclass(frozen=True, slots=True)
class Alarms:
    """All four, each and together."""

    each: tuple[Alarm, ...]  # most pressing first
    any_card: Share
    own_card: Share
    called_for: Share  # of the lines that raised any card
    false: Share  # of the calm lines
    slices: tuple[SliceAlarm, ...]  # in name order, only those with urgent lines


def score_alarms(lines: Sequence[Line], raised: Raised) -> Alarms:
    """Compare the cards raised with the labels, in the same order."""
    pairs = list(zip(lines, raised, strict=True))
    urgent = [(line, cards) for line, cards in pairs if line.intent in URGENT]
    return Alarms(
        each=tuple(_alarm(intent, pairs) for intent in URGENT_INTENTS),
        any_card=share(cards for _, cards in urgent),
        own_card=share(line.intent in cards for line, cards in urgent),
        called_for=share(not line.calm for line, cards in pairs if cards),
        false=share(cards for line, cards in pairs if line.calm),
        slices=tuple(
            SliceAlarm(
                name,
                share(cards for line, cards in urgent if line.slice == name),
                share(line.intent in cards for line, cards in urgent if line.slice == name),
            )
            for name in sorted({line.slice for line, _ in urgent})
        ),
    )


def _alarm(intent: str, pairs: list[tuple[Line, frozenset[str]]]) -> Alarm:
    return Alarm(
        intent,
        any_card=share(cards for line, cards in pairs if line.intent == intent),
        own_card=share(intent in cards for line, cards in pairs if line.intent == intent),
        called_for=share(not line.calm for line, cards in pairs if intent in cards),
        false=share(intent in cards for line, cards in pairs if line.calm),
    )
