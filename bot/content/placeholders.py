"""Texts with placeholders: finding them and filling them in."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.content.facts import Registers, shown

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Span:
    """Where a fact stands in a filled text (characters), and the register entry it is from."""

    start: int
    end: int
    ref: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A bubble as it will be read, and the facts in it."""

    text: str
    spans: tuple[Span, ...]


def keys_in(template: str) -> tuple[str, ...]:
    """The placeholders of a text, without braces, in order."""
    return tuple(PLACEHOLDER.findall(template))


def without_placeholders(template: str, put: str = "") -> str:
    """The text an editor typed, with `put` where each fact would stand."""
    return PLACEHOLDER.sub(put, template)


def fill(template: str, registers: Registers, now: datetime) -> Filled:
    """The text with its facts in place, at an instant (UTC).

    Every key has passed `facts.refusal`: the loader sees to it.
    """
    text = ""
    spans: list[Span] = []
    at = 0
    for match in PLACEHOLDER.finditer(template):
        text += template[at : match.start()]
        fact = shown(registers, match.group(1), now, text)
        if fact.ref:
            spans.append(Span(len(text), len(text) + len(fact.text), fact.ref))
        text += fact.text
        at = match.end()
        if fact.text.endswith(".") and template[at : at + 1] == ".":
            at += 1  # a statement brings its own full stop
    return Filled(text + template[at:], tuple(spans))
