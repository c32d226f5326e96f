"""The training examples themselves."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

from nlu.reading import URGENT_INTENTS
from nlu.taxonomy import load_taxonomy
from nlu.training_data import DATA_DIR, Example, read_examples

DEVELOPMENT = Path(__file__).parents[2] / "nlu" / "dev" / "nlu_dev.jsonl"
LEAST = 150  # examples of one intent
LEAST_OF = {"emergency": 1200, "cannot_speak": 400, "suicide_self_harm": 400, "harm_to_others": 400}
LEAST_OF |= {"out_of_scope": 600} | dict.fromkeys(
    ("greet", "thanks", "goodbye", "affirm", "deny", "menu"), 40
)
LEAST_HARD = 800  # lines that sound like danger and are none
SHARES = {
    "euphemism": 0.2, "noisy": 0.2, "third_person": 0.2, "long": 0.1, "slang": 0.1, "mixed": 0.1
}  # fmt: skip
SOME = (
    0.8  # of its share, at least, in every topic; small talk and what is off topic come as they do
)
TOO_NEAR = 0.6  # share of words in common with a development line
ALIKE = 0.8  # share of words in common with another example of its intent


@cache
def examples() -> tuple[Example, ...]:
    return read_examples(DATA_DIR, frozenset(load_taxonomy().intents))


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w']+", text.lower().replace("’", "'")))


def kinds(example: Example) -> set[str]:
    """How a line is written: as its writer says, and as it plainly is."""
    found = {example.slice}
    if example.who == "supporter":
        found.add("third_person")
    sentences = re.split(r"[.!?\n]+", example.text)
    if sum(len(sentence.split()) >= 2 for sentence in sentences) >= 3:
        found.add("long")
    text = example.text
    if text == text.lower() and not re.search(r"[.,;:?!]", text) and len(text.split()) >= 3:
        found.add("noisy")  # no capitals, no stops
    return found


def test_every_intent_has_enough_examples() -> None:
    """No intent of the contract is left to luck."""
    counts = Counter(example.intent for example in examples())
    few = {
        name: counts[name]
        for name in load_taxonomy().intents
        if counts[name] < LEAST_OF.get(name, LEAST)
    }

    assert few == {}


def test_people_write_in_many_ways() -> None:
    """Hints, haste, friends, stories, slang and two things at once: each has its share."""
    shares = Counter(kind for example in examples() for kind in kinds(example))

    assert [k for k, share in SHARES.items() if shares[k] < share * len(examples())] == []


def test_every_topic_is_written_in_many_ways() -> None:
    """An intent taught on plain sentences alone is heard from plain speakers alone."""
    taxonomy = load_taxonomy()
    lines: dict[str, list[set[str]]] = {}
    for example in examples():
        lines.setdefault(example.intent, []).append(kinds(example))
    thin = {
        (intent, kind)
        for intent, each in lines.items()
        if taxonomy.group_of(intent) != "small_talk"
        for kind, share in SHARES.items()
        if sum(kind in one for one in each) < SOME * share * len(each)
    }

    assert thin == set()


def test_there_are_enough_lines_that_only_sound_like_danger() -> None:
    """Idiom, past, conditional, negated, reported: under their true intents, so none is urgent."""
    urgent = {name for name in load_taxonomy().intents if name in URGENT_INTENTS}
    hard = [e for e in examples() if e.hard_negative_of]

    assert len(hard) >= LEAST_HARD
    assert [e.where for e in hard if e.intent == e.hard_negative_of] == []
    assert {e.hard_negative_of for e in hard} == urgent


def test_no_two_examples_of_an_intent_are_nearly_the_same() -> None:
    """A template with its words exchanged is one example, not ten."""
    near = []
    by_intent: dict[str, list[tuple[frozenset[str], str]]] = {}
    for example in examples():
        own = words(example.text)
        for other, where in by_intent.setdefault(example.intent, []):
            if own and len(own & other) > ALIKE * len(own | other):
                near.append((example.where, where))
        by_intent[example.intent].append((own, example.where))

    assert near == []


def test_no_example_stands_there_twice() -> None:
    """Not under one intent and not under two, whatever the capitals and stops."""
    seen: dict[str, Example] = {}
    twice = []
    for example in examples():
        plain = re.sub(r"\W+", "", example.text.lower())
        if plain and plain in seen:
            twice.append((example.where, seen[plain].where))
        seen[plain] = example

    assert twice == []


def test_every_example_lies_in_the_file_of_its_group() -> None:
    """Editors find an intent where its group says."""
    taxonomy = load_taxonomy()
    astray = [e.where for e in examples() if not e.where.startswith(taxonomy.group_of(e.intent))]

    assert astray == []


def test_no_example_is_close_to_a_development_line() -> None:
    """What is measured with has not been learned: at most 60 % of the words in common."""
    lines = DEVELOPMENT.read_text(encoding="utf-8").splitlines()
    measured = [words(json.loads(line)["text"]) for line in lines]
    near = []
    for example in examples():
        own = words(example.text)
        if any(len(own & other) > TOO_NEAR * len(own | other) for other in measured):
            near.append(example.where)

    assert near == []


def test_examples_name_no_telephone_number_and_no_address() -> None:
    """Invented messages hold nothing by which anybody could be found."""
    contact = re.compile(r"\b0\d{9,10}\b|\b\w+@\w+\.\w+|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b")

    assert [e.where for e in examples() if contact.search(e.text)] == []
