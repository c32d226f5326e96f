"""Words and runs of characters as weighted counts (TF-IDF), kept as plain arrays.

Our own rather than scikit-learn's: a fitted one is two arrays without pickle, the same in every
version of Python that reads it. Source: Salton and Buckley 1988; sublinear counts, smoothed idf.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_WORD = re.compile(r"\w+(?:'\w+)?|[?!]")


@dataclass(frozen=True, slots=True)
class Runs:
    """Which features a text has: the longest run of words, the ends of those of characters."""

    words: int
    characters: tuple[int, int]

    def of(self, text: str) -> tuple[Counter[str], Counter[str]]:
        """(word runs, character runs) of a normalised text, each with its count.

        Character runs stay inside a word and its two bordering spaces.
        """
        words = _WORD.findall(text)
        return Counter(self._word_runs(words)), Counter(self._character_runs(words))

    def _word_runs(self, words: list[str]) -> Iterator[str]:
        for length in range(1, self.words + 1):
            for start in range(len(words) - length + 1):
                yield " ".join(words[start : start + length])

    def _character_runs(self, words: list[str]) -> Iterator[str]:
        shortest, longest = self.characters
        for word in words:
            padded = f" {word} "
            for length in range(shortest, longest + 1):
                for start in range(len(padded) - length + 1):
                    yield padded[start : start + length]


@dataclass(frozen=True, slots=True)
class Vectoriser:
    """A fitted vocabulary: column and rarity of each feature; word runs first."""

    runs: Runs
    words: dict[str, int]
    characters: dict[str, int]
    rarity: NDArray[np.float32]  # (columns,)

    @property
    def columns(self) -> int:
        """How wide a row is."""
        return len(self.words) + len(self.characters)

    def rows(self, texts: Sequence[str]) -> "csr_array":
        """(texts, columns) float32; each row's word half and character half have length 1."""
        places: list[int] = []
        values: list[NDArray[np.float32]] = []
        ends = [0]
        for text in texts:
            for counts, columns in zip(
                self.runs.of(text), (self.words, self.characters), strict=True
            ):
                known = sorted((columns[run], n) for run, n in counts.items() if run in columns)
                at = [column for column, _ in known]
                often = 1 + np.log(np.array([n for _, n in known], np.float32))
                weight = (often * self.rarity[at]).astype(np.float32)
                places.extend(at)
                length = max(float(np.linalg.norm(weight)), 1e-9)
                values.append((weight / length).astype(np.float32))
            ends.append(len(places))
        flat = np.concatenate(values) if values else np.zeros(0, np.float32)
        from scipy.sparse import csr_array  # noqa: PLC0415 - a third of a second: not at the start

        return csr_array(
            (flat, np.array(places, np.int32), np.array(ends, np.int32)),
            shape=(len(texts), self.columns),
        )


def fit(texts: Sequence[str], runs: Runs, *, min_count: int, max_features: int) -> Vectoriser:
    """Vocabulary of normalised texts. Keeps features in at least min_count texts, at most
    max_features of each kind, the commonest first. Same texts, same result.
    """
    word_texts: Counter[str] = Counter()
    character_texts: Counter[str] = Counter()
    for text in texts:
        word_counts, character_counts = runs.of(text)
        word_texts.update(word_counts.keys())
        character_texts.update(character_counts.keys())
    words = _kept(word_texts, min_count, max_features)
    characters = _kept(character_texts, min_count, max_features)
    total = len(texts)
    rarity = [log((1 + total) / (1 + word_texts[run])) + 1 for run in words]
    rarity += [log((1 + total) / (1 + character_texts[run])) + 1 for run in characters]
    return Vectoriser(
        runs=runs,
        words={run: column for column, run in enumerate(words)},
        characters={run: len(words) + column for column, run in enumerate(characters)},
        rarity=np.array(rarity, np.float32),
    )


def _kept(counts: Counter[str], min_count: int, max_features: int) -> list[str]:
    often = [run for run, count in counts.items() if count >= min_count]
    return sorted(sorted(often, key=lambda run: (-counts[run], run))[:max_features])
