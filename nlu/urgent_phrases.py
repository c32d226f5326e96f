"""Phrases of a part of danger (nlu/urgent/parts), found in a message word by word.

How a phrase is written: `|` or a new line between phrases, `(a|b) c` is "a c" or "b c", `[a]` may
be missing, `word~` has any ending. A phrase is found by its first word, so that thousands of them
cost a look-up for each word of the message.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Word = Callable[[str], str]
"""How a word of a message and of a file is folded, so that both compare."""

_STEM = 12  # letters at most of a word's beginning (`word~`)
_PIECE = re.compile(r"[()\[\]|]|[^\s()\[\]|]+")


@dataclass(frozen=True, slots=True)
class Step:
    """What must come next: one of these words, or of these longer runs of words; or nothing."""

    words: frozenset[str]
    runs: tuple[tuple[str, ...], ...]  # also single words with any ending
    optional: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase after its first word. label: what the caller knows it by."""

    label: tuple[str, str]
    rest: tuple[str, ...]  # what is left of the first step
    steps: tuple[Step, ...]


class Index:
    """Phrases by their first word. Built once, then only read."""

    def __init__(self) -> None:
        self._whole: dict[str, list[Phrase]] = {}
        self._starts: dict[str, list[Phrase]] = {}

    def add(self, label: tuple[str, str], steps: tuple[Step, ...]) -> None:
        """One phrase of `phrases_of`."""
        for at, step in enumerate(steps):
            for run in (*((word,) for word in step.words), *step.runs):
                phrase = Phrase(label, run[1:], steps[at + 1 :])
                if run[0][-1] == "~":
                    self._starts.setdefault(run[0][:-1][:_STEM], []).append(phrase)
                else:
                    self._whole.setdefault(run[0], []).append(phrase)
            if not step.optional:
                return

    def found(self, words: list[str]) -> Iterator[tuple[tuple[str, str], int, int]]:
        """(label, first word, word after the last) of every phrase that stands in the words."""
        for at, word in enumerate(words):
            phrases = self._whole.get(word, [])
            for length in range(1, min(len(word), _STEM) + 1):
                if more := self._starts.get(word[:length]):
                    phrases = [*phrases, *more]
            for phrase in phrases:
                end = _run(words, at + 1, phrase.rest)
                if end > 0 and (end := _rest(words, end, phrase.steps)) > 0:
                    yield phrase.label, at, end


def phrases_of(block: Any, fold: Word) -> list[tuple[Step, ...]]:
    """All phrases of a block of a file. Raises ValueError for one that cannot be read."""
    lines = str(block or "").splitlines()
    return [steps for line in lines for steps in _branches(_PIECE.findall(line), fold)]


def _run(words: list[str], at: int, wanted: tuple[str, ...]) -> int:
    """Where these words end, or 0 when they do not stand at `at`."""
    for word in wanted:
        if at >= len(words):
            return 0
        if word != words[at] and not (word[-1] == "~" and words[at].startswith(word[:-1])):
            return 0
        at += 1
    return at


def _rest(words: list[str], at: int, steps: tuple[Step, ...]) -> int:
    """Where these steps end, or 0 when they do not follow."""
    if not steps:
        return at
    step, left = steps[0], steps[1:]
    if at < len(words):
        if words[at] in step.words and (end := _rest(words, at + 1, left)) > 0:
            return end
        for run in step.runs:
            if (end := _run(words, at, run)) > 0 and (end := _rest(words, end, left)) > 0:
                return end
    return _rest(words, at, left) if step.optional else 0


def _branches(pieces: list[str], fold: Word) -> Iterator[tuple[Step, ...]]:
    """The phrases of one line, each as its steps."""
    steps: list[Step] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        at += 1
        if piece == "|":
            if steps:
                yield tuple(steps)
            steps = []
        elif piece in ("(", "["):
            at, runs = _either(pieces, at, ")" if piece == "(" else "]", fold)
            steps.append(_step(runs, optional=piece == "["))
        elif piece in (")", "]"):
            raise ValueError(f"a stray {piece} in {' '.join(pieces)!r}")
        else:
            steps.append(_step([_folded(piece, fold)], optional=False))
    if steps:
        yield tuple(steps)


def _step(runs: list[tuple[str, ...]], *, optional: bool) -> Step:
    single = {run[0] for run in runs if len(run) == 1 and run[0][-1] != "~"}
    longer = dict.fromkeys(run for run in runs if len(run) > 1 or run[0][-1] == "~")
    return Step(frozenset(single), tuple(longer), optional)


def _either(
    pieces: list[str], at: int, close: str, fold: Word
) -> tuple[int, list[tuple[str, ...]]]:
    """All runs of words up to `close`, and where to go on."""
    done: list[tuple[str, ...]] = []
    runs: list[tuple[str, ...]] = [()]
    while at < len(pieces) and (piece := pieces[at]) != close:
        at += 1
        tails: list[tuple[str, ...]]
        if piece == "|":
            done, runs = done + runs, [()]
            continue
        if piece in ("(", "["):
            at, tails = _either(pieces, at, ")" if piece == "(" else "]", fold)
            tails = tails if piece == "(" else [*tails, ()]
        else:
            tails = [_folded(piece, fold)]
        runs = [(*head, *tail) for head in runs for tail in tails]
    if at >= len(pieces):
        raise ValueError(f"a {close} is missing in {' '.join(pieces)!r}")
    return at + 1, [run for run in done + runs if run]


def _folded(piece: str, fold: Word) -> tuple[str, ...]:
    """A word of the file, folded as the person's are; `~` stays at its end."""
    words = fold(piece.rstrip("~")).split()
    if not words:
        raise ValueError(f"{piece!r} has no letters")
    return (*words[:-1], words[-1] + "~") if piece[-1] == "~" else tuple(words)
