"""The rules are the last thing that may fail, and their failing is on the safe side."""

import pytest

from bot import danger


def test_rules_that_break_count_as_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    """When nothing can tell, the card is shown: a false alarm costs one message."""

    def broken(_text: str) -> frozenset[str]:
        raise KeyError

    monkeypatch.setattr(danger, "urgent_in", broken)

    assert danger.by_rules("hello").urgent == {"emergency"}


def test_the_most_pressing_danger_is_answered_first() -> None:
    """An attack comes before everything else that was said."""
    urgent = frozenset({"harm_to_others", "suicide_self_harm", "emergency"})

    assert danger.most_pressing(urgent) == "emergency"
    assert danger.most_pressing(urgent - {"emergency"}) == "suicide_self_harm"
    assert danger.most_pressing(frozenset()) == "emergency"


def test_no_danger_and_no_engine_is_nothing_understood() -> None:
    """It says so, rather than guess."""
    reading = danger.by_rules("what time is it")

    assert (reading.intent, reading.confidence, reading.degraded) == ("out_of_scope", 0.0, True)
