"""Noisy copies of training examples: the slips of someone typing fast on a phone. Training only."""

import random
import re

_LETTER_SLIPS = 0.06  # share of words that get one slip
_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "w", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "x",
}  # fmt: skip
_SHORT = {
    "you": "u", "are": "r", "your": "ur", "because": "cos", "going to": "gona", "please": "plz",
    "what": "wat", "message": "msg", "about": "abt", "someone": "sum1", "people": "ppl",
    "though": "tho", "with": "wiv", "want to": "wanna", "right now": "rn", "don't know": "dunno",
    "should": "shud", "could": "cud", "would": "wud", "know": "kno", "and": "n", "my": "me",
    "the": "da", "that": "dat", "before": "b4", "tomorrow": "2moro", "tonight": "2nite",
}  # fmt: skip


def noisy(text: str, chance: random.Random) -> str:
    """The same message typed worse: no capitals, few stops, text-speak, letter slips."""
    words = text.lower()
    if chance.random() < 0.7:
        words = words.replace("'", "").replace("’", "")
    if chance.random() < 0.7:
        words = re.sub(r"[.,;:!\"-]+", " ", words)
    for long, short in _SHORT.items():
        if chance.random() < 0.35:
            words = re.sub(rf"\b{long}\b", short, words)
    return " ".join(
        _slip(word, chance) if chance.random() < _LETTER_SLIPS else word for word in words.split()
    )


def _slip(word: str, chance: random.Random) -> str:
    """One letter dropped, doubled, swapped with the next, or missed on the keyboard."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    letter = word[at]
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1] + letter + word[at + 2 :],
            word[:at] + chance.choice(_NEAR.get(letter, letter)) + word[at + 1 :],
        )
    )
