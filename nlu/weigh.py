"""What a trained model makes of one message: its ranking, its alarms, and, for a story, its parts.

Both engines use it: in this process, and inside Rasa (nlu/rasa/component.py, Python 3.10).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.embedded import Embedded
from nlu.sentences import LONG_WORDS, parts_of

_PARTS_SHARE = 0.3  # how much of a very long message's ranking comes from its clearest sentences
_PART_ALARM = 0.85  # a sentence out of its story ("he was at the door") must be this sure; ours
_PART_DOUBT = 0.1
"""Share that the whole story must give a danger before one of its sentences may raise it.

Read alone, "there's a car park behind my work" is anything; read in its story it is one thing. On
the development set this took a third of the false alarms and no true one."""
_ALSO = 0.5  # a sentence must be this sure for its topic to be named beside the best one
_NOT_TOPICS = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "menu", "out_of_scope"})


@dataclass(frozen=True, slots=True)
class Shares:
    """What the model made of one message, without the rules."""

    ranking: tuple[tuple[str, float], ...]  # every intent, best first, adding up to 1
    urgent: frozenset[str]  # urgent intents that the model raises
    also: tuple[str, ...]  # other topics of a story, the clearest first


def weighed(model: Embedded, text: str) -> Shares:
    """The whole message; for a long one also each of its sentences."""
    parts = parts_of(text)
    rows = model.probabilities([text, *parts])
    labels = model.model.labels
    urgent = model.model.alarm(rows[0])
    likely = {label for label, share in zip(labels, rows[0], strict=True) if share >= _PART_DOUBT}
    for part in rows[1:]:
        urgent |= model.model.alarm(part, _PART_ALARM) & likely
    # up to 60 words the whole is the better judge: mixing cost a point on the development set
    row = _mixed(rows[0], rows[1:]) if len(text.split()) > LONG_WORDS else rows[0]
    order = np.argsort(-row, kind="stable")
    ranking = tuple((labels[place], float(row[place])) for place in order)
    return Shares(ranking, urgent, _also(rows[1:], labels, ranking[0][0]))


def _mixed(whole: NDArray[np.float32], parts: NDArray[np.float32]) -> NDArray[np.float32]:
    """The whole's shares with the best that any sentence gave, adding up to 1."""
    best = parts.max(axis=0)
    result: NDArray[np.float32] = (1 - _PARTS_SHARE) * whole + _PARTS_SHARE * best / best.sum()
    return result


def _also(parts: NDArray[np.float32], labels: tuple[str, ...], first: str) -> tuple[str, ...]:
    """Other topics that a sentence is clearly about, the clearest first."""
    if not len(parts):
        return ()
    best = parts.max(axis=0)
    clear = [place for place in np.argsort(-best, kind="stable") if best[place] >= _ALSO]
    names = [labels[place] for place in clear]
    return tuple(name for name in names if name != first and name not in _NOT_TOPICS)
