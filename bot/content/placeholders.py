"""Texts with placeholders: finding them and filling them in."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.content.answering import ANYBODY, Person, answering_now
from bot.content.facts import Registers, shown
from bot.content.hours import Answers, clock

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
NOW = ".now"
STORY = "story"  # the item that holds {told}
TOLD = "told"  # no fact but what somebody told: the renderer puts it in, here it stays as it is
IN_BRACKETS = re.compile(
    r"\s*\([^)]*\)$"
)  # "Lifeline (Northern Ireland)": they know where they are


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
    """The placeholders of a text that are facts, without braces, in order."""
    return tuple(key for key in PLACEHOLDER.findall(template) if key != TOLD)


def without_placeholders(template: str, put: str = "") -> str:
    """The text an editor typed, with `put` where each fact would stand."""
    return PLACEHOLDER.sub(put, template)


def fill(template: str, registers: Registers, now: datetime, person: Person = ANYBODY) -> Filled:
    """The text with its facts in place, at an instant (UTC), for a person.

    `{X.now}` says what `{X.open}` does; while X does not surely answer, the line that does and fits
    the person best follows on a line of its own. Every key has passed `facts.refusal`: the loader
    sees to it.
    """
    template = _with_who_answers(template, registers, now, person)
    text = ""
    spans: list[Span] = []
    at = 0
    for match in PLACEHOLDER.finditer(template):
        if match.group(1) == TOLD:
            continue
        text += template[at : match.start()]
        fact = shown(registers, match.group(1), now, text)
        if fact.ref:
            spans.append(Span(len(text), len(text) + len(fact.text), fact.ref))
        text += fact.text
        at = match.end()
        if fact.text.endswith(".") and template[at : at + 1] == ".":
            at += 1  # a statement brings its own full stop
    return Filled(text + template[at:], tuple(spans))


def _with_who_answers(template: str, registers: Registers, now: datetime, person: Person) -> str:
    """The template with a line that answers below the first `{X.now}` whose line does not."""
    keys = keys_in(template)
    named = {register for register, _, _ in (key.partition(".") for key in keys)}
    for key in keys:
        service = registers.services.get(key.removesuffix(NOW))
        if not key.endswith(NOW) or service is None:
            continue
        if clock(service, now).answers in {Answers.ALWAYS, Answers.OPEN}:
            continue
        instead = next((s for s in answering_now(registers, now, person) if s.phone), None)
        # 999 is on its own line in every text, and a line that stands there needs no second time
        if instead is None or instead.group == "emergency" or instead.id in named:
            return template
        name = IN_BRACKETS.sub("", instead.name)
        before, found, after = template.partition(f"{{{key}}}")
        rest, *below = after.split("\n", 1)
        told = f"Answering now: {name}, {{{instead.id}.phone}}."
        return "\n".join((before + found + rest, told, *below))
    return template
