"""What is said in passing, on labelled lines (tests/nlu/passing): rarely invented, mostly heard.

All lines were written by one hand and looked at while the rules were made, so that these figures
are a floor that must not sink, and not how well it does with people; docs/nlu.md tells that.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nlu.corrections import hints_and_corrections
from nlu.signs import shown_in

FOLDER = Path(__file__).parent / "passing"
FACTS = ("role", "nation", "relationship", "age", "police", "orders", "children")
SHOWN = ("signs", "risks", "devices", "since")
Counts = Counter[tuple[str, str]]


def lines(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def count(counts: Counts, fact: str, wanted: set[Any], got: set[Any]) -> None:
    counts[fact, "said"] += len(wanted)
    counts[fact, "heard"] += len(got)
    counts[fact, "right"] += len(wanted & got)


@pytest.fixture(scope="module")
def counts() -> Counts:
    found: Counts = Counter()
    for line in lines("facts"):
        hints, corrects = hints_and_corrections(line["text"])
        either = line.get("either", ())
        for fact in FACTS:
            if fact not in either:
                wanted, got = line["hints"].get(fact), getattr(hints, fact)
                count(found, fact, {wanted} - {None}, {got} - {None})
        if "corrects" not in either:
            count(found, "corrects", set(line.get("corrects", ())), set(corrects))
    for line in lines("signs"):
        shown, either = shown_in(line["text"]), set(line.get("either", ()))
        since = {shown.since} - {None}
        said = {"signs": shown.signs, "risks": shown.risks, "devices": shown.devices}
        for kind, got in said.items():
            count(found, kind, set(line.get(kind, ())), set(got) - either)
        count(found, "since", {line.get("since")} - {None}, since)
    return found


@pytest.mark.parametrize("fact", [*FACTS, "corrects", *SHOWN])
def test_what_is_heard_was_said(counts: Counts, fact: str) -> None:
    """A wrong fact sends someone the wrong law, or advice for another person."""
    assert counts[fact, "heard"]
    assert counts[fact, "right"] / counts[fact, "heard"] >= 0.95


@pytest.mark.parametrize("fact", [*FACTS, "corrects", *SHOWN])
def test_what_is_said_is_mostly_heard(counts: Counts, fact: str) -> None:
    """What is not heard is asked, or not needed."""
    assert counts[fact, "right"] / counts[fact, "said"] >= 0.85
