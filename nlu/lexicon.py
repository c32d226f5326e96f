"""The word lists by which languages in Latin letters are told apart: languages.yml, english.yml."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nlu.spelling import read_yaml

FILE = Path(__file__).parent / "languages.yml"
ENGLISH_FILE = Path(__file__).parent / "english.yml"
CARDS = (
    "pl", "ro", "pa", "ur", "ar", "bn", "gu", "pt", "es", "fr", "it", "cy", "tr", "uk", "so", "zh",
    "pa-Latn", "ur-Latn",
)  # fmt: skip
"""The languages that have a rescue card (responses/languages)."""

_SPELLED_FREELY = ("pa-Latn", "ur-Latn", "bn-Latn")
_SHORTEST = 4  # letters left of a freely spelled word before it counts
_SOUNDS = (
    ("aa", "a"), ("ee", "i"), ("oo", "u"), ("ou", "u"), ("ay", "e"), ("ai", "e"), ("ey", "e"),
    ("ei", "e"), ("chh", "ch"), ("kh", "k"), ("gh", "g"), ("bh", "b"), ("dh", "d"), ("th", "t"),
    ("jh", "j"), ("ph", "f"), ("w", "v"), ("q", "k"), ("y", "i"), ("z", "j"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words. starts and ends: of inflected words; plainer: for free spelling."""

    whole: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    plainer: frozenset[str] = frozenset()


Index = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists. Empty when the file cannot be read: then scripts alone tell languages."""

    english: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()  # prove nothing: English, slang or a name too
    loans: frozenset[str] = frozenset()  # English words that every language uses
    cries: dict[str, str] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    marks: dict[str, frozenset[str]] = field(default_factory=dict)
    own_script: dict[str, frozenset[str]] = field(default_factory=dict)
    whole: Index = field(default_factory=dict)  # word: the languages that have it
    heard: Index = field(default_factory=dict)  # how it sounds: the languages that have it
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)  # for the tests

    def proves_nothing(self, *pieces: str) -> bool:
        """Whether a word, or its half before an apostrophe, is English, slang or a name."""
        return any(piece in self.english or piece in self.shared for piece in pieces)

    def is_against(self, tag: str, word: str) -> bool:
        """Whether this word is English, not used everywhere, and not also the language's own."""
        known = word in self.english and word not in self.loans
        return known and tag not in self.whole.get(word, ())

    def owners(self, piece: str, written: str, *, guess: bool) -> tuple[str, ...]:
        """The languages that have a word, by its folded form and as it was written.

        guess: also by how it sounds, its beginning or ending, or a letter that is one language's.
        """
        having = self.whole.get(piece, ())
        if having or not guess:
            return having
        if len(piece) > 3:
            having = self.heard.get(plainer(piece), ()) or tuple(
                tag
                for tag, words in self.words.items()
                if piece.startswith(words.starts) or piece.endswith(words.ends)
            )
        return having or tuple(tag for tag, marks in self.marks.items() if marks & set(written))


def plainer(word: str) -> str:
    """How a freely spelled word sounds, roughly: "pichha", "peecha" and "picha" are one."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", word)


def lines_in(block: Any) -> list[str]:
    """The lines of a block that say something."""
    return [line.strip() for line in str(block).splitlines() if line.strip()]


def _words(tag: str, block: Any) -> Words:
    every = str(block).split()
    whole = frozenset(word for word in every if "~" not in word)
    plain = {plainer(word) for word in whole} if tag in _SPELLED_FREELY else set[str]()
    return Words(
        whole=whole,
        starts=tuple(word[:-1] for word in every if word.endswith("~")),
        ends=tuple(word[1:] for word in every if word.startswith("~")),
        plainer=frozenset(word for word in plain if len(word) >= _SHORTEST),
    )


def _index(lists: dict[str, frozenset[str]]) -> Index:
    found: dict[str, list[str]] = {}
    for tag, words in lists.items():
        for word in words:
            found.setdefault(word, []).append(tag)
    return {word: tuple(tags) for word, tags in found.items()}


@cache
def lexicon(path: Path = FILE, english: Path = ENGLISH_FILE) -> Lexicon:
    """The word lists of these files. Never raises."""
    try:
        raw, common = read_yaml(path), read_yaml(english)
        words = {str(tag): _words(str(tag), said) for tag, said in raw["words"].items()}
        return Lexicon(
            english=frozenset(str(common["words"]).split()),
            shared=frozenset(str(raw["shared"]).split()),
            loans=frozenset(str(raw["loans"]).split()),
            cries=dict(pair.split("=", 1) for pair in str(raw["cries"]).split()),
            words=words,
            whole=_index({tag: own.whole for tag, own in words.items()}),
            examples={str(tag): tuple(lines_in(said)) for tag, said in raw["examples"].items()},
            heard=_index({tag: own.plainer for tag, own in words.items()}),
            marks={str(tag): frozenset(said) for tag, said in raw["marks"].items()},
            own_script={
                str(tag): frozenset(str(said).split()) for tag, said in raw["own_script"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Lexicon()
