"""How old one must be to read a text with ease: Flesch-Kincaid grade + 5 years.

Source of the formula: Kincaid and others (1975), 0.39 words a sentence + 11.8 syllables a word
- 15.59, as a school grade; the first grade is read at six. Syllables by pyphen, which only
developers have.
"""

import re
from functools import lru_cache
from importlib.util import find_spec

WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
SENTENCE = re.compile(r"[.!?:;\n]+")
GRADE_TO_AGE = 5


def can_measure() -> bool:
    """Whether pyphen is installed."""
    return find_spec("pyphen") is not None


def reading_age(text: str) -> float:
    """The age in years; 0.0 for a text without words. Raises ImportError without pyphen."""
    sentences = [s for s in SENTENCE.split(text) if WORD.search(s)]
    words = WORD.findall(text)
    if not words:
        return 0.0
    syllables = sum(_syllables(word.lower()) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return max(0.0, grade + GRADE_TO_AGE)


@lru_cache(maxsize=10_000)
def _syllables(word: str) -> int:
    import pyphen  # noqa: PLC0415 - a development dependency

    return len(pyphen.Pyphen(lang="en_GB", left=1, right=1).positions(word)) + 1
