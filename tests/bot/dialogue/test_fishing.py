"""Someone who looks for another person gets one answer, whoever they are."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, Facts
from nlu.reading import Hints
from tests.bot.dialogue.saying import EARLIER, hears, items, offering, reading, taps

ASKS = reading("tracking_device", 0.97, fishing=True)
NO = "out_of_scope.fishing"


@pytest.mark.parametrize("role", [None, "victim", "supporter", "own"])
def test_nothing_is_given_whatever_the_model_read(role: str | None) -> None:
    """Not the topic that the words sound like, and the same for all."""
    talk = replace(EARLIER, facts=Facts(role=role))
    decision = hears(talk, "words", ASKS)

    assert items(decision) == [NO]
    assert decision.talk.facts == talk.facts  # nobody is taken for a stalker by it


def test_nothing_said_in_passing_is_remembered() -> None:
    """A pretext should leave no trace in what we believe."""
    hints = Hints(role="own", nation="wales", relationship="ex", police=True)
    after = hears(EARLIER, "words", reading("court", fishing=True, hints=hints)).talk

    assert after.facts == EARLIER.facts
    assert after.given == (*EARLIER.given, NO)


def test_it_is_refused_without_a_model_and_when_unsure() -> None:
    """The rules alone are enough."""
    assert items(hears(EARLIER, "words", reading("x", 0.0, degraded=True, fishing=True))) == [NO]
    assert items(hears(EARLIER, "words", reading("court", 0.2, fishing=True))) == [NO]


def test_danger_comes_first() -> None:
    """Life before everything else."""
    assert items(hears(EARLIER, "words", reading("emergency", fishing=True))) == ["emergency"]


def test_erasing_comes_before_it() -> None:
    """`delete this` works at any moment."""
    assert items(hears(EARLIER, "words", reading("delete_my_data", fishing=True))) == ["erase.ask"]


def test_a_first_message_gets_the_line_of_hello_before_it() -> None:
    """As any first answer does."""
    assert items(hears(Conversation(), "words", ASKS)) == ["hello.short", NO]


def test_the_second_time_it_is_said_shorter() -> None:
    """The answer stays the same."""
    once = hears(EARLIER, "words", ASKS)
    twice = hears(once.talk, "words", ASKS)

    assert (once.says[0].again, twice.says[0].again) == (False, True)
    assert items(twice) == [NO]


def test_the_words_of_a_button_are_that_button() -> None:
    """A title we offered is never taken for fishing."""
    talk = offering(EARLIER, "ask:helpline")
    assert items(hears(talk, "Title of ask:helpline", ASKS)) == ["helpline"]


def test_who_meant_their_own_safety_is_heard_next() -> None:
    """One tap, and the talk goes on; the refusal is not given again."""
    refused = hears(EARLIER, "words", ASKS).talk
    fresh = taps(refused, "set:role:victim")
    assert (items(fresh), fresh.talk.facts.role) == (["noted"], "victim")

    told = hears(hears(EARLIER, "words", reading("evidence")).talk, "words", ASKS).talk
    assert items(taps(told, "set:role:victim")) == ["evidence"]
