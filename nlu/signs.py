"""What a story shows in passing: signs of stalking, risks, what it is done through, since when.

Deterministic, no model. The rules are data (signs.yml), tried like the danger rules: a "never"
before the words undoes them. Nothing seen means nothing: these are no score and no reassurance.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlu.reading import EngineState
from nlu.rulebook import Book, read_book, told
from nlu.spelling import read_yaml
from nlu.urgent_rules import Rule, compiled, lines_of
from nlu.urgent_text import Mended
from nlu.urgent_words import Message

FILE = Path(__file__).parent / "signs.yml"
SIGNS = ("fixated", "obsessive", "unwanted", "repeated")
RISKS = (
    "threats", "escalation", "home", "orders_broken", "ex_partner", "separation", "weapons",
    "suicidal_talk", "children", "pets", "property",
)  # fmt: skip
DEVICES = ("phone", "tracker", "camera", "accounts", "car")
UNITS = ("years", "months", "weeks", "days")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows; names of signs.yml, devices in the order of DEVICES."""

    signs: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()
    devices: tuple[str, ...] = ()
    since: str | None = None  # days, weeks, months, years: the longest said


@dataclass(frozen=True, slots=True)
class _Times:
    units: tuple[tuple[str, re.Pattern[str]], ...] = ()
    unless: re.Pattern[str] = re.compile("(?!)")
    detail: str = ""


def sign_rules() -> Book:
    """The rules of signs.yml."""
    return read_book(FILE, "shows")


@cache
def _times(path: Path = FILE) -> _Times:
    """How "since when" is said; nothing, and why, when the file cannot be read."""
    try:
        raw = read_yaml(path)
        lists = {name: lines_of(block) for name, block in raw["lists"].items()}
        units = tuple(
            (unit, re.compile(f"(?= ){compiled(raw['since'][unit], lists).pattern}"))
            for unit in UNITS
        )
        return _Times(units, compiled(raw["since_unless"], lists))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
        return _Times(detail=f"{path.name}: {type(fault).__name__}")


def signs_state() -> EngineState:
    """Whether the rules were read; without them no sign and no risk is seen."""
    wrong = sign_rules().detail or _times().detail
    return EngineState(ready=not wrong, detail=wrong and f"No sign or risk is seen: {wrong}")


def shown_in(text: str) -> Shown:
    """What the words show. Never raises."""
    words = told(text)
    shown = frozenset(rule.intent for rule in raised(words))
    return Shown(
        signs=shown & frozenset(SIGNS),
        risks=shown & frozenset(RISKS),
        devices=tuple(device for device in DEVICES if device in shown),
        since=_since(words),
    )


def raised(words: Mended) -> tuple[Rule, ...]:
    """The rules that some of the words raise, for tests and tuning."""
    book = sign_rules()
    message = Message(words, book.known)
    return tuple(rule for rule in book.known.english if message.raises(rule))


def _since(words: Mended) -> str | None:
    """The longest time that some clause says it has gone on; None when none does."""
    times = _times()
    clauses = [f" {c.strip()} " for s in words.sentences for c in s.split(" ,") if c.strip()]
    told = [clause for clause in clauses if not times.unless.search(clause)]
    for unit, pattern in times.units:
        if any(pattern.search(clause) for clause in told):
            return unit
    return None
