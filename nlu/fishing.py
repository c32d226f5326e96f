"""Is somebody asking us to find, watch or reach another person? Deterministic, no model.

The one who is looked for may be hiding from the one who asks, so the dialogue answers all of these
with one text that gives nothing. The rules are data (fishing.yml), written and tried like the
danger rules; a victim's own question ("how did he find my address") must not land here.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlu.reading import EngineState
from nlu.spelling import FOLDER, Spelling, mending, read_yaml, right_word
from nlu.urgent_rules import Rule, Rules, compiled, lines_of, read_rule
from nlu.urgent_text import Mended, mended
from nlu.urgent_words import Message

FILE = Path(__file__).parent / "fishing.yml"
_INTENT = "out_of_scope"
_SHARED_CUES = ("fiction", "lol")  # of urgent/words.yml


@dataclass(frozen=True, slots=True)
class Fishing:
    """The rules with the words they mend. detail: what is wrong with a file; empty when sound."""

    known: Rules
    spelling: Spelling
    detail: str = ""


@cache
def fishing_rules(path: Path = FILE, shared: Path = FOLDER / "words.yml") -> Fishing:
    """The file's rules; none of them, and why, when it cannot be read. Never raises."""
    try:
        words, own = read_yaml(shared), read_yaml(path)
        return Fishing(_rules(words, own), mending(own["short"], own["words"], own["leave_alone"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
        why = fault if isinstance(fault, ValueError) else type(fault).__name__
        return Fishing(Rules((), (), {}, None), mending("", "", ""), f"{path.name}: {why}")


def _rules(words: Any, own: Any) -> Rules:
    blocks = {**words["lists"], **own["lists"]}
    lists = {name: lines_of(block) for name, block in blocks.items()}
    wanted = {name: words["cues"][name] for name in _SHARED_CUES} | own["cues"]
    return Rules(
        english=tuple(read_rule(_INTENT, raw, own, lists) for raw in own["rules"]),
        foreign=(),
        cues={name: compiled(block, lists) for name, block in wanted.items()},
        sayings=None,
    )


def fishing_state() -> EngineState:
    """Whether the rules were read; without them the model alone notices such questions."""
    wrong = fishing_rules().detail
    return EngineState(ready=not wrong, detail=wrong and f"Nobody is refused by rule: {wrong}")


def fishing_in(text: str) -> bool:
    """Whether the words ask to find, watch or reach somebody, or who has written here. Never
    raises.
    """
    return fished(text) is not None


def fished(text: str) -> Rule | None:
    """The rule that says so, for tests and tuning; None when none does."""
    rules = fishing_rules()
    message = Message(_read(mended(text), rules.spelling), rules.known)
    return next((rule for rule in rules.known.english if message.raises(rule)), None)


def _read(words: Mended, known: Spelling) -> Mended:
    """The mended words, with those mended that only matter here."""
    return Mended(tuple(_mend(sentence, known) for sentence in words.sentences), words.tokens)


def _mend(sentence: str, known: Spelling) -> str:
    return f" {' '.join(_word(word, known) for word in sentence.split())} "


def _word(word: str, known: Spelling) -> str:
    if (meant := known.short.get(word)) is not None:
        return meant
    if word in known["words"]:
        return word
    return right_word(word, known) or word
