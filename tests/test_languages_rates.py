"""How well languages, foreign danger, facts in passing and typed answers are understood.

The lines are labelled in tests/nlu/languages; `unread` ones were not looked at while the rules were
written. `python -m tools.languages_rates` prints the table.
"""

import pytest

from nlu.lexicon import CARDS
from tools.languages_rates import FACTS, FOLDER, HALVES, Tried, rate, tried


@pytest.fixture(scope="module")
def lines() -> list[Tried]:
    return tried(FOLDER)


def share(lines: list[Tried], kind: str, half: str, group: str | None = None) -> float:
    right, total = rate(lines, kind, half, group)
    assert total
    return right / total


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("english", 0.99),
        ("native", 0.95),
        ("romanised", 0.6),
        ("danger", 0.9),
        ("calm", 0.9),
        ("typed", 0.9),
    ],
)
def test_enough_people_are_understood(
    lines: list[Tried], kind: str, half: str, least: float
) -> None:
    """English stays English, other languages are known, and their danger is heard."""
    assert share(lines, kind, half) >= least


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("tag", CARDS)
def test_danger_is_heard_in_each_language(lines: list[Tried], tag: str, half: str) -> None:
    """None of the languages is the one that nobody tried."""
    assert share(lines, "danger", half, tag) >= 0.8


@pytest.mark.parametrize("tag", CARDS)
def test_danger_that_no_phrase_foresaw_is_heard_in_each_language(
    lines: list[Tried], tag: str
) -> None:
    """Situations as people tell them: on the balcony, in the changing room, at the letter box."""
    assert share(lines, "situation", "read", tag) >= 0.9


def test_everyday_messages_in_other_languages_raise_no_alarm(lines: list[Tried]) -> None:
    """A number to change, a court date, chocolates at work: at most three in a hundred."""
    assert share(lines, "everyday", "read") >= 0.97


@pytest.mark.parametrize("half", HALVES)
def test_no_message_is_taken_for_a_tap(lines: list[Tried], half: str) -> None:
    """Not one line that was a message of its own."""
    assert share(lines, "typed", half, "no button meant") == 1


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("fact", FACTS)
def test_facts_in_passing_are_heard_and_rarely_invented(
    lines: list[Tried], fact: str, half: str
) -> None:
    """A wrong fact sends someone the wrong law."""
    assert share(lines, "hints", half, f"{fact} heard") >= 0.85
    assert share(lines, "hints", half, f"{fact} said") >= 0.8
