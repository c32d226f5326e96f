"""Faults in the sentences that name what was told, before an answer (`acknowledge:`)."""

import re
from collections.abc import Iterator

from bot.content.check_fault import Fault, Look
from bot.content.library import Item
from bot.content.placeholders import keys_in
from bot.messages import Kind

LONGEST = 110  # characters of one wording (ours): it is an opening, not the answer
BEFORE_999 = 85  # the same where the text's first sentence sends to 999
BY_ROTE = re.compile(
    r"\b(?:understand|imagine|sorry|must (?:be|feel|have been)|thank you for (?:sharing|reaching)|"
    r"sounds like|brave|not alone in this)\b",
    re.IGNORECASE,
)
VERDICT = re.compile(r"\bstalk\w*", re.IGNORECASE)
ASSUMES = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
DANGER = re.compile(r"[^.?\n]*\{emergency_999\.")


def misplaced(look: Look) -> Iterator[Fault]:
    """Where it would stand before danger, or on what nobody has told: cards, notices, steps."""
    for item in look.items:
        if not item.acknowledge:
            continue
        if item.kind is not Kind.ADVICE or item.base not in look.content.library.intents:
            what = "'acknowledge' stands on a text that is no first answer"
            yield Fault(item.where, what, "Remove it: only the answer to an intent opens with it")


def wording(look: Look) -> Iterator[Fault]:
    """Wordings that are more than an opening, or that conclude, ask, assume or are said by rote."""
    for item in look.english:
        most = BEFORE_999 if item.text and DANGER.match(item.text[0]) else LONGEST
        for line in item.acknowledge:
            for what in _faults(line, most):
                yield Fault(item.where, f"'acknowledge' {what}: “{line}”", "Say it another way")


def _faults(line: str, most: int) -> Iterator[str]:
    if len(line) > most:
        yield f"has {len(line)} characters, {most} is the most here"
    if not line.endswith(".") or "?" in line or "\n" in line:
        yield "is one or two sentences on one line, and asks nothing"
    if keys_in(line) or any(character.isdigit() for character in line):
        yield "has a fact or a number, which may be left out with it"
    for rule, why in ((BY_ROTE, "is said by rote"), (VERDICT, "is a verdict"),
                      (ASSUMES, "assumes who it is")):  # fmt: skip
        found = rule.search(line)
        if found:
            yield f"{why} ('{found.group()}')"


def said_elsewhere(look: Look) -> Iterator[Fault]:
    """The same opening for two topics, twice in one list, or in the very text it opens.

    A nation's variant has its item's openings: that is one list, not two.
    """
    seen: dict[str, Item] = {}
    for item in look.items:
        for line in item.acknowledge:
            first = seen.setdefault(_plain(line), item)
            if first is not item and (first.base, first.role) != (item.base, item.role):
                what = f"'acknowledge' says “{line}”, and so does {first.where}"
                yield Fault(item.where, what, "Write another one: a talk must not repeat itself")
            if any(_plain(line) in _plain(bubble) for bubble in (*item.text, *item.again)):
                what = f"'acknowledge' says “{line}”, and so does the text"
                yield Fault(item.where, what, "Keep it in one of the two")
        starts = [" ".join(_plain(line).split()[:2]) for line in item.acknowledge]
        if len(set(starts)) < len(starts):
            what = "two wordings of 'acknowledge' begin alike"
            yield Fault(item.where, what, "Begin one of them with other words")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower().replace("’", "'").replace("'", "")))
