"""One spelling for what is written in many."""

import pytest

from nlu.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HES OUTSIDE", "he's outside"),
        ("I’m “fine”", 'i\'m "fine"'),
        ("helppppp me", "helpp me"),
        ("wat do i do  rn\n\n", "what do i do right now"),
        ("he sent 💐 again", "he sent flowers again"),
        ("h\u200be is here", "he is here"),
        ("", ""),
    ],
)
def test_the_same_words_are_read_the_same_however_they_are_typed(written: str, read: str) -> None:
    """Capitals, phone quotes, stretched letters, text-speak and emoji do not hide what is meant."""
    assert normalise(written) == read


def test_an_ordinary_word_is_not_taken_for_text_speak() -> None:
    """A bin is a bin and 2 days are 2 days, unless the message is text-speak elsewhere."""
    assert normalise("he went through the bin 2 days ago") == "he went through the bin 2 days ago"
    assert normalise("he wants 2 talk 2 u") == "he wants to talk to you"


def test_reading_twice_changes_nothing() -> None:
    """A text that is already normal stays as it is."""
    once = normalise("ure NOT listening!!! 😭😭 plz")

    assert normalise(once) == once
