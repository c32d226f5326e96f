"""The danger rules as data (nlu/urgent/*.yml), compiled.

A domain expert reads and edits the YAML; `words.yml` explains how patterns are written. When a
file is missing or broken, a short list in this module takes its place and `detail` says so.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nlu.spelling import FOLDER, read_yaml
from nlu.urgent_text import bare

INTENTS = ("emergency", "suicide_self_harm", "harm_to_others", "cannot_speak")
_FOREIGN = ("other_languages.yml", "other_languages_suicide.yml")
_DEPTH = 6  # lists may name lists, so deep at most

# What still fires when a file is broken, in the files' own way of writing patterns.
_MINIMUM = {
    "emergency": """
        (he|she|they|someone|ex|man|it) (is|are) [just|now|still|right|stood|back]* (outside|here)
        (he|she|they|someone|ex|man) (is|are) .. (in|at|on|outside) (my|the|our|her)
        (banging|kicking|breaking|trying to get|trying to break) .. (door|in|window)
        (has|got|with) [got]* a (knife|gun)
        (hitting|strangling|attacking|chasing|following) (me|her|us)
        not let (me|her|us) (out|leave)
        (help me|999|call police|call the police|coming to kill|hiding in)""",
    "suicide_self_harm": """
        (kill|killing|hurt|hurting|cut|cutting|harm) (myself|himself|herself)
        (suicidal|suicide|kms|end it all|end my life|better off without me|can not go on)
        (want|wants) to die""",
    "harm_to_others": """
        i [am|will|going|gonna|want|to]* (kill|stab|hurt) (him|her|them|my ex)
        (revenge|make him pay|make her pay)""",
    "cannot_speak": """
        (silent call|silent solution|press 55|text 999|hear me)
        can not (talk|speak) .. (he|she)""",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One compiled rule. examples and counter_examples are the file's, for the tests."""

    id: str
    intent: str
    why: str
    pattern: re.Pattern[str]
    needs: frozenset[str] = frozenset()
    vetoes: frozenset[str] = frozenset()
    lifted_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unless: re.Pattern[str] | None = None
    now: re.Pattern[str] | None = None  # in a foreign rule: lifts `unless`
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules. cues: how vetoes and needs are seen. details: what is wrong with the files."""

    english: tuple[Rule, ...]
    foreign: tuple[Rule, ...]
    cues: dict[str, re.Pattern[str]]
    sayings: re.Pattern[str] | None
    details: tuple[str, ...] = ()


def lines_of(block: Any) -> list[str]:
    """The lines of a block of a rule file that say something."""
    return [line.strip() for line in str(block or "").splitlines() if line.strip()]


_PIECE = re.compile(r"\{\w+\}|\.\.\.?|[()\[\]|^$]|[^\s()\[\]{}|*^$.]+|\*")
_GAPS = {"..": "(?: [^ ,]+){0,3}", "...": "(?: [^ ]+){0,6}"}
_START = r"(?<![^,])(?: (?:and|but|so|then|omg|please|because|help|now))?"
_CLOSES = {"(": ")", "[": "]"}


class _Reader:
    """Turns a line of a rule into a regular expression. Each word owns the space before it."""

    def __init__(self, line: str, lists: dict[str, list[str]], depth: int = 0) -> None:
        self.pieces = _PIECE.findall(line)
        self.at = 0
        self.lists = lists
        self.depth = depth

    def next(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def alternatives(self, close: str = "") -> str:
        """Everything up to `close`: sequences with `|` between."""
        branches = [""]
        while (piece := self.next()) != close:
            if not piece:
                raise ValueError(f"a {close} is missing")
            self.at += 1
            if piece == "|":
                branches.append("")
            else:
                branches[-1] += self.item(piece)
        self.at += 1
        return "|".join(branch for branch in branches if branch)

    def item(self, piece: str) -> str:
        if piece in _CLOSES:
            inner = f"(?:{self.alternatives(_CLOSES[piece])})"
            return self.times(inner, "" if piece == "(" else "?")
        if piece[0] == "{":
            return self.times(self.named(piece[1:-1]), "")
        if piece in _GAPS:
            return _GAPS[piece]
        if piece == "^":
            return _START
        if piece == "$":
            return "(?= ,| $)"
        if piece in (")", "]", "*"):
            raise ValueError(f"a stray {piece}")
        return " " + re.escape(piece.rstrip("~")) + ("[a-z]*" if piece[-1] == "~" else "")

    def times(self, inner: str, otherwise: str) -> str:
        """`*` after a group: up to three of it."""
        if self.next() != "*":
            return inner + otherwise
        self.at += 1
        return f"{inner}{{0,3}}"

    def named(self, name: str) -> str:
        if name not in self.lists:
            raise ValueError(f"there is no list called {name}")
        if self.depth > _DEPTH:
            raise ValueError(f"the list {name} names itself")
        lines = self.lists[name]
        inner = (_Reader(one, self.lists, self.depth + 1).alternatives() for one in lines)
        return f"(?:{'|'.join(inner)})"


def compiled(block: Any, lists: dict[str, list[str]]) -> re.Pattern[str]:
    """All lines of a block as one expression. Raises ValueError naming the faulty line."""
    parts = []
    for line in lines_of(block):
        try:
            parts.append(_Reader(line, lists).alternatives())
        except ValueError as fault:
            raise ValueError(f"pattern {line!r}: {fault}") from None
    if not parts:
        raise ValueError("a rule without patterns")
    return re.compile(f"(?:{'|'.join(parts)})(?= )")


def read_rule(
    intent: str, raw: dict[str, Any], file: dict[str, Any], lists: dict[str, list[str]]
) -> Rule:
    """One rule of a file. Raises ValueError, KeyError, TypeError for one that cannot be read."""
    ignored = set(raw.get("ignore") or ())
    unless = raw.get("unless")
    return Rule(
        id=str(raw["id"]),
        intent=intent,
        why=str(raw["why"]),
        pattern=compiled(raw["patterns"], lists),
        needs=frozenset(raw.get("needs") or ()),
        vetoes=frozenset(file["vetoes"]) - ignored,
        lifted_by={name: tuple(by) for name, by in (file.get("lifted_by") or {}).items()},
        unless=compiled(unless, lists) if unless else None,
        examples=tuple(lines_of(raw.get("examples"))),
        counter_examples=tuple(lines_of(raw.get("counter_examples"))),
    )


def _foreign(raw: dict[str, Any]) -> Rule:
    """A rule over the person's own letters; Chinese has no spaces between words."""

    def read(block: Any) -> re.Pattern[str]:
        lines = [bare_pattern(line) for line in lines_of(block)]
        return re.compile("|".join(lines)) if raw["id"] == "zh" else compiled("\n".join(lines), {})

    return Rule(
        id=f"language_{raw['id']}",
        intent=str(raw.get("intent", "emergency")),
        why=str(raw["why"]),
        pattern=read(raw["patterns"]),
        unless=read(unless) if (unless := raw.get("unless") or raw.get("past")) else None,
        now=read(raw["now"]) if "now" in raw else None,
        examples=tuple(lines_of(raw.get("examples"))),
        counter_examples=tuple(lines_of(raw.get("counter_examples"))),
    )


def _minimum(intent: str) -> Rule:
    return Rule("minimum", intent, "its file cannot be read", compiled(_MINIMUM[intent], {}))


def bare_pattern(line: str) -> str:
    """A pattern with its words folded as `bare` folds a person's."""
    return re.sub(r"[^\s()\[\]|*$^?.]+", lambda word: bare(word[0]).strip(), line)


@cache
def rules(folder: Path = FOLDER) -> Rules:
    """A folder's rules. Never raises: what cannot be read is replaced and named in `details`."""
    details: list[str] = []
    lists: dict[str, list[str]] = {}
    cues: dict[str, re.Pattern[str]] = {}
    sayings = None
    try:
        words = read_yaml(folder / "words.yml")
        lists = {name: lines_of(block) for name, block in words["lists"].items()}
        cues = {name: compiled(block, lists) for name, block in words["cues"].items()}
        sayings = compiled(words["sayings"], lists)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        details.append(
            f"words.yml: {fault if isinstance(fault, ValueError) else type(fault).__name__}"
        )
    english: list[Rule] = []
    for intent in INTENTS:
        try:
            file = read_yaml(folder / f"{intent}.yml")
            english += [read_rule(intent, raw, file, lists) for raw in file["rules"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            details.append(
                f"{intent}.yml: {fault if isinstance(fault, ValueError) else type(fault).__name__}"
            )
            english.append(_minimum(intent))
    foreign: list[Rule] = []
    for name in _FOREIGN:
        try:
            foreign += [_foreign(raw) for raw in read_yaml(folder / name)["rules"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
            details.append(f"{name}: {type(fault).__name__}")
    return Rules(tuple(english), tuple(foreign), cues, sayings, tuple(details))
