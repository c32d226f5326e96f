"""Long messages are read in parts."""

import pytest

from nlu.sentences import parts_of


@pytest.mark.parametrize(
    "text", ["", "hello", "He came back. I called 999. They came.", "word " * 60]
)
def test_a_short_message_is_read_as_one(text: str) -> None:
    """Up to three sentences and sixty words belong together."""
    assert parts_of(text) == ()


def test_a_story_is_read_sentence_by_sentence() -> None:
    """Each sentence stands alone; a very short one goes with the one before."""
    story = "He followed me home on Friday. Twice. He has my password too! I cannot sleep any more?"

    assert parts_of(story) == (
        "He followed me home on Friday. Twice.",
        "He has my password too!",
        "I cannot sleep any more?",
    )


def test_a_story_without_stops_is_cut_where_it_turns() -> None:
    """Nobody puts full stops at three in the morning."""
    ringing, coming = "he keeps ringing me at work every day " * 4, "he came by " * 12

    assert parts_of(f"{ringing}and then {coming}") == (
        ringing.strip(),
        f"and then {coming}".strip(),
    )


def test_nothing_is_left_out_of_a_very_long_message() -> None:
    """Five thousand characters become at most 24 parts that hold every word."""
    text = " ".join(f"He rang me again on day {day}." for day in range(180))
    parts = parts_of(text)

    assert len(parts) <= 24
    assert " ".join(parts).split() == text.split()
