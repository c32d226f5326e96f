"""The training examples themselves."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

from nlu.taxonomy import load_taxonomy
from nlu.training_data import DATA_DIR, Example, read_examples

DEVELOPMENT = Path(__file__).parents[2] / "nlu" / "dev" / "nlu_dev.jsonl"
LEAST = 30  # examples of one intent
TOO_NEAR = 0.6  # share of words in common with a development line


@cache
def examples() -> tuple[Example, ...]:
    return read_examples(DATA_DIR, frozenset(load_taxonomy().intents))


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w']+", text.lower().replace("’", "'")))


def test_every_intent_has_enough_examples() -> None:
    """No intent of the contract is left to luck."""
    counts = Counter(example.intent for example in examples())
    few = {name: counts[name] for name in load_taxonomy().intents if counts[name] < LEAST}

    assert few == {}


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
