"""Made lines and readings for the tests of figures: small enough to reckon by hand."""

from nlu.labelled import Line
from nlu.reading import Reading


def line(intent: str, *also: str, kind: str = "plain", text: str = "words") -> Line:
    """A labelled message; its words do not matter."""
    return Line(text, intent, frozenset({intent, *also}), kind)


def read(*ranking: str, sure: float = 0.8, urgent: str = "", ruled: str = "") -> Reading:
    """A reading whose first intent is this sure."""
    shares = [(intent, sure if place == 0 else 0.05) for place, intent in enumerate(ranking)]
    return Reading(tuple(shares), frozenset(urgent.split()), ruled=frozenset(ruled.split()))
