"""Faults against the *must not say* lists (must_not.py)."""

import re
from collections.abc import Iterator
from functools import cache

from bot.content.check_fault import Fault, Look
from bot.content.check_words import NO, SENTENCE, item_texts, titles
from bot.content.must_not import RULES, Rule
from bot.content.placeholders import without_placeholders

AGAINST = re.compile(r"\b(?:hurts?|hurtful|instead of|rather than|avoid)\b", re.IGNORECASE)


def must_not(look: Look) -> Iterator[Fault]:
    """Words that are unsafe or untrue for their topic; English texts only."""
    for item in look.english:
        family = item.base.partition(".")[0]
        rules = [rule for rule in RULES if not rule.families or family in rule.families]
        for text in (*item_texts(item), *titles(item)):
            plain = without_placeholders(text, "it").replace("’", "'")
            for rule, words in broken(plain, rules):
                yield Fault(item.where, f"'{words}' {rule.why}", "Say it another way, or leave out")


def broken(text: str, rules: list[Rule] | tuple[Rule, ...]) -> Iterator[tuple[Rule, str]]:
    """The rules that a text breaks, with the words that do."""
    for sentence in SENTENCE.findall(text):
        for rule in rules:
            for match in _pattern(rule).finditer(sentence):
                before = sentence[: match.start()]
                if rule.flat or not (NO.search(before) or AGAINST.search(before)):
                    yield rule, match.group()


@cache
def _pattern(rule: Rule) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{rule.words})(?!\w)", re.IGNORECASE)
