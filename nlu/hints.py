"""Facts said in passing: who is speaking, where they live, who it is about, age, police.

Conservative: None when the words do not say it. A wrong guess sends someone the wrong law, so
place names count only where they are places ("in Glasgow", not "Scottish terrier"), and a role
only where it is plain who does what to whom. The patterns are data: hints.yml.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlu.reading import NOTHING_KNOWN, Context, EngineState, Hints
from nlu.roles import role_in, roles_state
from nlu.rulebook import Book, read_book, spellings, told
from nlu.spelling import read_yaml
from nlu.urgent_text import Mended
from nlu.urgent_words import Message

RELATIONS = Path(__file__).parent / "relations.yml"
_THEIR_HOME = re.compile(r" (?:my|our) (?:\w+ ){1,3}(?:lives|stays|is living)(?: \w+){1,4} ?$")
_NOTHING = re.compile("(?!)")
_LISTS = ("kin", "done", "does", "order", "kids", "who", "acts", "at_me", "calls", "close_one")
_FACTS = (
    "own supporter victim not_victim close close_trouble close_not "
    "not_home under_18 not_age adult "
    "family police_yes police_no police_asked "
    "orders orders_no orders_asked children children_no"
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    facts: dict[str, re.Pattern[str]]
    nations: tuple[tuple[str, re.Pattern[str]], ...] = ()
    places: frozenset[str] = frozenset()
    detail: str = ""


def _compiled(block: Any, lists: dict[str, str]) -> re.Pattern[str]:
    text = "|".join(line.strip() for line in str(block).strip().splitlines())
    for name, body in lists.items():
        text = text.replace(f"{{{name}}}", body)
    return re.compile(f" (?:{text})")


def _places(raw: dict[str, Any], nation: str, lists: dict[str, str]) -> re.Pattern[str]:
    names = str(raw["towns"][nation]).split()
    elsewhere_too = str(raw["ambiguous_towns"]).split()
    plain = "|".join(name.replace("_", " ") for name in names if name not in elsewhere_too)
    unsure = "|".join(name for name in names if name in elsewhere_too) or "(?!)"
    return re.compile(
        r" (?:in|near|around|outside of|from) "
        r"(?:south |north |east |west |central |greater )?"
        rf"(?:{plain})(?= (?!terrier|road|street))"
        rf"| {raw['at_home']}(?:in|to) (?:{unsure})(?= )"
        r"| (?:i|we)(?: have| had| just)* (?:moved|moving|relocated|fled|ran) "
        rf"(?:\w+ ){{0,4}}?to (?:{plain}|{unsure})(?= )"
        rf"|^ (?:(?:no|sorry|well|yes|its|it is|i meant|i mean|actually|btw|in|,) )*"
        rf"(?:{plain})(?: btw| actually| now| please| not \w+)? $"
        rf"|{_compiled(raw['police_of'][nation], lists).pattern}"
    )


@cache
def _patterns(path: Path = Path(__file__).parent / "hints.yml") -> _Patterns:
    """The file's patterns; when it cannot be read, patterns that never match, and why."""
    try:
        raw = read_yaml(path)
        lists = {name: str(raw[name]) for name in _LISTS}
        return _Patterns(
            facts={name: _compiled(raw[name], lists) for name in _FACTS.split(" ")},
            nations=tuple((nation, _places(raw, nation, lists)) for nation in raw["towns"]),
            places=frozenset(" ".join(raw["towns"].values()).replace("_", " ").split()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
        nothing = dict.fromkeys(_FACTS.split(" "), _NOTHING)
        return _Patterns(facts=nothing, detail=f"{path.name}: {type(fault).__name__}")


def hints_state() -> EngineState:
    """Whether the patterns were read; without them no fact is heard in passing."""
    wrong = _patterns().detail or roles_state().detail or relations().detail or spellings().detail
    return EngineState(ready=not wrong, detail=wrong and f"No hints are heard: {wrong}")


def places() -> frozenset[str]:
    """Every word of the names of places that are known, lower case."""
    return _patterns().places


def hints_in(text: str, context: Context = NOTHING_KNOWN) -> Hints:
    """What the words say in passing. Every field None unless plainly said. Never raises.

    context: what the talk knows; a known role is not given up for less than plain words.
    """
    words = told(text)
    sentences = [f"{sentence.rstrip()} " for sentence in words.sentences]
    return Hints(
        role=role_in(words, context, _rough_role(sentences)),
        nation=_nation(sentences),
        relationship=_relationship(words, sentences),
        age=_age(sentences),
        police=_police(sentences),
        orders=_orders(sentences),
        children=_children(sentences),
    )


def _seen(sentences: list[str], fact: str) -> bool:
    pattern = _patterns().facts[fact]
    return any(pattern.search(sentence) for sentence in sentences)


def relations() -> Book:
    """The rules of relations.yml."""
    return read_book(RELATIONS, "relation")


def _relationship(words: Mended, sentences: list[str]) -> str | None:
    """Of several, the first in relations.yml."""
    known = relations().known
    message = Message(words, known)
    for rule in known.english:
        if message.raises(rule):
            return rule.intent
    return "family" if _seen(sentences, "family") else None


def _rough_role(sentences: list[str]) -> str | None:
    """Own before supporter before victim: the rarer and plainer first. Two at once: none."""
    own = _seen(sentences, "own")
    supporter = _seen(sentences, "supporter")
    if own or supporter:
        return None if own and supporter else "own" if own else "supporter"
    done_to = [sentence for sentence in sentences if not _seen([sentence], "not_victim")]
    if _seen(done_to, "victim"):
        return "victim"
    return "supporter" if _about_them_alone(sentences) else None


def _about_them_alone(sentences: list[str]) -> bool:
    """Whether somebody close is in trouble, and who is writing does not come into it."""
    told = _seen(sentences, "close") and _seen(sentences, "close_trouble")
    return told and not _seen(sentences, "close_not")


def _nation(sentences: list[str]) -> str | None:
    """The one nation named as home; a sister's home only when no other is named. Two: none."""
    found: set[str] = set()
    others: set[str] = set()
    for nation, pattern in _patterns().nations:
        for sentence in sentences:
            for match in pattern.finditer(sentence):
                if not _elsewhere(sentence, match):
                    theirs = _THEIR_HOME.search(sentence[: match.end()])
                    (others if theirs else found).add(nation)
    named = found or others
    return named.pop() if len(named) == 1 else None


def _elsewhere(sentence: str, match: re.Match[str]) -> bool:
    """Whether the words before a place say that it is not the home of who is writing."""
    pattern = _patterns().facts["not_home"]
    before = sentence[: match.start() + 1]
    first = match[0].split()[0]
    leads = (f"{sentence[: match.end()].rpartition(' in ')[0]} in ", before, f"{before}{first} ")
    return any(pattern.search(lead) for lead in leads)


def _age(sentences: list[str]) -> str | None:
    own = [sentence for sentence in sentences if not _seen([sentence], "not_age")]
    return next((age for age in ("under_18", "adult") if _seen(own, age)), None)


def _police(sentences: list[str]) -> bool | None:
    if _seen(sentences, "police_no"):
        return False
    told = [sentence for sentence in sentences if not _starts(sentence, "police_asked")]
    return True if _seen(told, "police_yes") else None


def _starts(sentence: str, fact: str) -> bool:
    return _patterns().facts[fact].match(sentence) is not None


def _orders(sentences: list[str]) -> bool | None:
    """True: an order or bail condition is there. Asking how to get one says nothing."""
    if _seen(sentences, "orders_no"):
        return False
    told = [sentence for sentence in sentences if not _seen([sentence], "orders_asked")]
    return True if _seen(told, "orders") else None


def _children(sentences: list[str]) -> bool | None:
    if _seen(sentences, "children_no"):
        return False
    return True if _seen(sentences, "children") else None
