"""Which facts a message puts right, or says and nothing else; the last advice may then come again.

Careful: a story that mentions a sister is no correction, so every word of a message must belong to
the fact or to the small words around it. The words are data (corrections.yml).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from nlu.hints import hints_in, places
from nlu.reading import NOTHING_KNOWN, Context, EngineState, Hints
from nlu.rulebook import told
from nlu.spelling import read_yaml

FILE = Path(__file__).parent / "corrections.yml"
FACTS = ("role", "nation", "relationship", "age", "police", "orders", "children")
_MOST = 14  # words: a longer message says more than a fact
_PUTS_RIGHT = re.compile(
    r"^ (?:(?:no(?! idea| clue| one| kids| children| police| order)|nope|actually|sorry|wait"
    r"|wrong|correction) "
    r"|(?:\w+ )?(?:i (?:meant|mean)|i should (?:have )?(?:say|said|mention)) )"
)
_ASKS = re.compile(
    r"^ (?:and |so |but )?(?:can|could|do|does|did|will|would|should|is|are|am"
    r"|what|how|why|who|where|when) "
)
_OF_THEMSELVES = frozenset({"police", "orders", "children"})
_NUMBER = re.compile(r"\d{1,3}")
_DONE_TO = re.compile(
    r"(?: (?:that|who) is| one(?: who is)?|(?<! is)(?<! am)(?<! are)(?<! been)(?<! and)) being "
    r"(?:stalked|followed|harassed|watched|targeted)(?= )"
)


@dataclass(frozen=True, slots=True)
class _Words:
    openers: frozenset[str]
    facts: dict[str, frozenset[str]]
    police_now: re.Pattern[str]
    detail: str = ""


@cache
def _words(path: Path = FILE) -> _Words:
    """The file's words; none, and why, when it cannot be read."""
    try:
        raw = read_yaml(path)
        facts = {fact: frozenset(str(raw["facts"][fact]).split()) for fact in FACTS}
        lines = "|".join(line.strip() for line in str(raw["police_now"]).strip().splitlines())
        return _Words(frozenset(str(raw["openers"]).split()), facts, re.compile(f"(?:{lines})"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
        detail = f"{path.name}: {type(fault).__name__}"
        return _Words(frozenset(), dict.fromkeys(FACTS, frozenset()), re.compile("(?!)"), detail)


def corrections_state() -> EngineState:
    """Whether the words were read; without them no fact is taken for a correction."""
    wrong = _words().detail
    return EngineState(ready=not wrong, detail=wrong and f"No correction is heard: {wrong}")


def hints_and_corrections(
    text: str, context: Context = NOTHING_KNOWN
) -> tuple[Hints, frozenset[str]]:
    """The facts said in passing, and the names of those that are put right. Never raises."""
    hints = hints_in(text, context)
    if hints.police is None and _police_now(text):
        hints = replace(hints, police=True)
    return hints, corrects_in(text, hints)


def _police_now(text: str) -> bool:
    """Whether all that is said is "they do know now": nobody else is meant by it."""
    sentences = told(text).sentences
    return len(sentences) == 1 and _words().police_now.fullmatch(sentences[0].strip()) is not None


def corrects_in(text: str, hints: Hints) -> frozenset[str]:
    """Of the hints' facts, those the message puts right, or says with nothing beside them."""
    heard = frozenset(fact for fact in FACTS if getattr(hints, fact) is not None)
    words = told(text)
    if not heard or "?" in text:
        return frozenset()
    clauses = [f" {c.strip()} " for s in words.sentences for c in s.split(" ,") if c.strip()]
    says = [clause for clause in clauses if not _only(clause, ())]
    if words.tokens <= _MOST and all(_only(clause, heard) for clause in says):
        return _of(says, heard)
    if _PUTS_RIGHT.match(clauses[0]) and _only(says[0], heard):
        return _of(says[:1], heard)
    return frozenset()


def _only(clause: str, heard: Iterable[str]) -> bool:
    """Whether every word of a clause is a small one or belongs to one of the facts heard."""
    if _ASKS.match(clause):
        return False
    left = frozenset(_DONE_TO.sub("", clause).split()) - _words().openers
    return not any(_foreign(word, heard) for word in left)


def _foreign(word: str, heard: Iterable[str]) -> bool:
    """Whether a word belongs to none of the facts."""
    facts = frozenset(heard)
    if facts & _OF_THEMSELVES:  # "my neighbour rang the police for me" says more than who it is
        facts -= {"role"}
    if _NUMBER.fullmatch(word):
        return not facts & {"age", "children", "police"}
    if "nation" in facts and word in places():
        return False
    return not any(word in _words().facts[fact] for fact in facts)


def _of(clauses: list[str], heard: frozenset[str]) -> frozenset[str]:
    """The facts that these clauses say by themselves; all that were heard when none does."""
    said = {f for clause in clauses for f in heard if getattr(hints_in(clause), f) is not None}
    return frozenset(said) or heard
