"""Long messages in parts: people tell stories, and a story holds several things."""

import re

LONG_WORDS = 60  # a message with more words is read in parts too
LONG_SENTENCES = 3  # or with more sentences
_SHORTEST = 4  # words; a shorter sentence is read with the one before
_LONGEST = 40  # words; a longer one, as people write without stops, is cut at a joining word
_MOST = 24  # parts of one message; more are read in pairs, threes, ...

_END = re.compile(r"(?<=[.!?…])\s+|\s*\n+\s*")
_JOINT = re.compile(
    r"(?<!\band)\s+(?=(?:and then|and now|but|then|so|now|because|also|anyway)\b)", re.IGNORECASE
)


def parts_of(text: str) -> tuple[str, ...]:
    """The sentences of a long message, at most 24; empty for a message that is short."""
    sentences = [part for part in _END.split(text) if part.strip()]
    if len(text.split()) <= LONG_WORDS and len(sentences) <= LONG_SENTENCES:
        return ()
    pieces = _joined([piece for sentence in sentences for piece in _cut(sentence)])
    size = -(-len(pieces) // _MOST)
    return tuple(" ".join(pieces[at : at + size]) for at in range(0, len(pieces), size))


def _cut(sentence: str) -> list[str]:
    """A sentence without stops, cut at joining words, and where it has none after 40 words."""
    if len(sentence.split()) <= _LONGEST:
        return [sentence]
    pieces = []
    for piece in _JOINT.split(sentence):
        words = piece.split()
        pieces += [" ".join(words[at : at + _LONGEST]) for at in range(0, len(words), _LONGEST)]
    return pieces


def _joined(pieces: list[str]) -> list[str]:
    """Very short pieces put to the one before: "He left. Twice." says little in two."""
    joined: list[str] = []
    for piece in pieces:
        if joined and len(piece.split()) < _SHORTEST:
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined
