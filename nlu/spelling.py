"""Which word did they mean? Text-speak, slips of one letter, words run together.

The lists are data (nlu/urgent/spelling.yml). Only words that matter to the danger rules are
mended; every other word is left as it was written.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FOLDER = Path(__file__).parent / "urgent"


@dataclass(frozen=True, slots=True)
class Spelling:
    """What `mended` knows of words. `detail` says what is wrong with its file; empty when sound."""

    short: dict[str, str]
    split_words: dict[tuple[str, ...], str]
    lists: dict[str, frozenset[str]]
    slips: dict[str, str]
    detail: str = ""

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]


def read_yaml(path: Path) -> Any:
    """The file's content. Raises OSError, ValueError (also for YAML faults)."""
    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise ValueError(f"{path.name} is not readable YAML{where}") from None


_LAST_RESORT = "hes=he is; shes=she is; theyre=they are; im=i am; cant=can not; wont=will not"
_LISTS = "words glue leave_alone units pronouns nouns owned after_is joining"


def _pairs(block: str) -> dict[str, str]:
    pairs = (pair.split("=", 1) for pair in re.split(r"[;\n]", block) if "=" in pair)
    return {word.strip(): meant.strip() for word, meant in pairs}


@cache
def spelling(path: Path = FOLDER / "spelling.yml") -> Spelling:
    """The word lists; a minimum of them, with a `detail`, when the file is missing or broken."""
    detail = ""
    short, split_words = _LAST_RESORT, ""
    lists = {name: frozenset[str]() for name in _LISTS.split(" ")}
    lists["pronouns"] = frozenset({"he", "she", "it", "that", "there", "who", "someone"})
    try:
        found = read_yaml(path)
        read = {name: frozenset(str(found[name]).split()) for name in lists}
        short, split_words, lists = str(found["short"]), str(found["split_words"]), read
    except (OSError, ValueError, KeyError, TypeError) as fault:
        detail = f"{path.name}: {type(fault).__name__}; spelling is hardly mended"
    apart = {tuple(said.split()): meant for said, meant in _pairs(split_words).items()}
    return Spelling(_pairs(short), apart, lists, _slips(lists["words"]), detail)


def mending(short: str, words: str, leave_alone: str) -> Spelling:
    """A vocabulary of its own, for rules that mend more words than the danger rules do.

    short: "fone=phone; hw=how". words, leave_alone: separated by spaces, as in spelling.yml.
    """
    lists = {name: frozenset[str]() for name in _LISTS.split(" ")}
    lists["words"] = frozenset(words.split())
    lists["leave_alone"] = frozenset(leave_alone.split())
    return Spelling(_pairs(short), {}, lists, _slips(lists["words"]))


def _slips(words: frozenset[str]) -> dict[str, str]:
    """Every word with one letter dropped, to find words that differ by one letter fast."""
    slips: dict[str, str] = {}
    for word in sorted(words):
        if len(word) > 4:
            for at in range(len(word)):
                slips.setdefault(word[:at] + word[at + 1 :], word)
    return slips


def _one_slip(said: str, meant: str) -> bool:
    """Whether they differ by one letter missing, added, changed, or by two swapped."""
    if said[0] != meant[0] and said[:2] != meant[1::-1]:
        return False
    if len(said) == len(meant):
        odd = [at for at, (a, b) in enumerate(zip(said, meant, strict=True)) if a != b]
        if len(odd) == 2:
            one, two = odd
            return two == one + 1 and said[one] == meant[two] and said[two] == meant[one]
        return len(odd) == 1
    long, brief = (said, meant) if len(said) > len(meant) else (meant, said)
    at = next((at for at, (a, b) in enumerate(zip(long, brief, strict=False)) if a != b), -1)
    return at == -1 or long[at + 1 :] == brief[at:]


def right_word(word: str, known: Spelling) -> str | None:
    """The word meant by a misspelt one, or None. Only words of five letters or more."""
    if len(word) < 5 or len(word) > 14 or word in known["leave_alone"]:
        return None
    if (found := known.slips.get(word)) is not None:
        return found
    for at in range(len(word)):
        rest = word[:at] + word[at + 1 :]
        for candidate in (rest if rest in known["words"] else None, known.slips.get(rest)):
            if candidate and len(candidate) > 4 and _one_slip(word, candidate):
                return candidate
    return None


def taken_apart(word: str, known: Spelling) -> str | None:
    """A run-together word taken apart ("hesoutside": "hes outside"), or None."""
    if not 6 <= len(word) <= 40 or word in known["leave_alone"] or not word.isalpha():
        return None
    pieces = known["glue"] | known["words"]
    best: list[list[str] | None] = [[], *([None] * len(word))]
    for start in range(len(word)):
        so_far = best[start]
        if so_far is None:
            continue
        for end in range(start + 1, min(len(word), start + 12) + 1):
            piece: str | None = word[start:end]
            if piece not in pieces:
                ends = end == len(word) or start == 0
                piece = right_word(word[start:end], known) if ends else None
            there = best[end]
            if piece and (there is None or len(so_far) + 1 < len(there)):
                best[end] = [*so_far, piece]
    found = best[len(word)]
    if found is None or len(found) < 2 or len(found) > len(word) / 2.4:
        return None
    return " ".join(known.short.get(piece, piece) for piece in found)
