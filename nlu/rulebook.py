"""Rules about what is said in passing, read from a file in the danger rules' own way of writing.

A file has `lists`, `cues`, `vetoes` and `rules`, as nlu/urgent/words.yml explains; each rule names
under one key what it shows ("side: own"). The danger rules' lists and some of their cues are at
hand as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from nlu.spelling import FOLDER, Spelling, mending, read_yaml, right_word
from nlu.urgent_rules import Rule, Rules, compiled, lines_of, read_rule
from nlu.urgent_text import Mended, mended

_WERE = re.compile(r"^ were (?=(?:in|from|near|based|here|up in|down in) )")  # for "we're"
_MOVED = re.compile(r"^ (?:just |recently )?(?:moved|relocated) (?:up |down |back |over )?to ")
SPELLINGS = Path(__file__).parent / "passing.yml"
_SHARED_CUES = ("fiction", "conditional", "negated", "question", "lol", "long_past")


@dataclass(frozen=True, slots=True)
class Book:
    """One file's rules; `Rule.intent` is what the rule shows. detail: what is wrong, or empty."""

    known: Rules
    detail: str = ""

    def showing(self, names: Iterable[str]) -> tuple[Rule, ...]:
        """The rules that show one of these, in the file's order."""
        wanted = frozenset(names)
        return tuple(rule for rule in self.known.english if rule.intent in wanted)


@cache
def read_book(path: Path, key: str, shared: Path = FOLDER / "words.yml") -> Book:
    """The file's rules; none of them, and why, when it cannot be read. Never raises.

    key: under which a rule says what it shows.
    """
    try:
        return Book(_rules(read_yaml(shared), read_yaml(path), key))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
        why = fault if isinstance(fault, ValueError) else type(fault).__name__
        return Book(Rules((), (), {}, None), f"{path.name}: {why}")


def _rules(words: Any, own: Any, key: str) -> Rules:
    blocks = {**words["lists"], **own["lists"]}
    lists = {name: lines_of(block) for name, block in blocks.items()}
    wanted = {name: words["cues"][name] for name in _SHARED_CUES} | (own["cues"] or {})
    return Rules(
        english=tuple(_at_words(read_rule(str(raw[key]), raw, own, lists)) for raw in own["rules"]),
        foreign=(),
        cues={name: compiled(block, lists) for name, block in wanted.items()},
        sayings=None,
    )


def _at_words(rule: Rule) -> Rule:
    """The rule tried at the starts of words alone: every pattern begins with a space. Faster."""
    return replace(rule, pattern=re.compile(f"(?= ){rule.pattern.pattern}"))


def told(text: str) -> Mended:
    """The text's sentences as these rules read them: mended, and once more for their own words."""
    words, known = mended(text), spellings()
    return Mended(tuple(_spelt(sentence, known) for sentence in words.sentences), words.tokens)


@dataclass(frozen=True, slots=True)
class Spellings:
    """What `told` mends. endings: words that lose a final g, or the e before a d."""

    known: Spelling
    endings: dict[str, str]
    detail: str = ""  # what is wrong with the file


@cache
def spellings(path: Path = SPELLINGS) -> Spellings:
    """The words of passing.yml; none, when it cannot be read: then less is understood."""
    try:
        raw = read_yaml(path)
        whole = str(raw["endings"]).split()
        endings = {w[:-1] if w.endswith("ing") else f"{w[:-2]}d": w for w in whole}
        return Spellings(mending(raw["short"], raw["words"], raw["leave_alone"]), endings)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        return Spellings(mending("", "", ""), {}, f"{path.name}: {type(fault).__name__}")


def _spelt(sentence: str, told_by: Spellings) -> str:
    words = f" {' '.join(_word(word, told_by) for word in sentence.split())} "
    return _MOVED.sub(" i moved to ", _WERE.sub(" we are ", words))


def _word(word: str, told_by: Spellings) -> str:
    known = told_by.known
    if (meant := known.short.get(word) or told_by.endings.get(word)) is not None:
        return meant
    if len(word) < 6 or word in known["words"]:
        return word
    return right_word(word, known) or word
