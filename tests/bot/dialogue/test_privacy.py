"""Erase and leave: by word or button, at any moment, and never by accident."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, Facts
from bot.dialogue.decision import Effect
from tests.bot.dialogue.saying import EARLIER, hears, items, reading, taps

KNOWN = replace(EARLIER, facts=Facts(role="victim", nation="scotland"))


@pytest.mark.parametrize("words", ["/erase", "Delete", "delete this chat.", "wipe this", "/delete"])
def test_the_word_alone_opens_the_one_question(words: str) -> None:
    """No model is needed to be forgotten."""
    decision = hears(KNOWN, words)

    assert items(decision) == ["erase.ask"]
    assert not decision.effects
    assert decision.talk.question == "erase"


def test_the_wish_in_other_words_opens_it_too() -> None:
    """Read as delete_my_data with confidence."""
    assert items(hears(KNOWN, "…", reading("delete_my_data", 0.8))) == ["erase.ask"]


def test_a_doubtful_reading_does_not_open_it() -> None:
    """A guess is asked back instead."""
    decision = hears(KNOWN, "words", reading("delete_my_data", 0.3, others=(("privacy", 0.2),)))

    assert items(decision) == ["which"]


@pytest.mark.parametrize("words", ["yes", "yes please", "erase", "yep"])
def test_a_typed_yes_erases_everything(words: str) -> None:
    """Nothing is carried over into the next talk."""
    decision = hears(replace(KNOWN, question="erase"), words)

    assert items(decision) == ["erase.done"]
    assert Effect.ERASE in decision.effects
    assert decision.talk == Conversation()


def test_the_button_erases_while_the_question_is_open() -> None:
    """One tap."""
    assert Effect.ERASE in taps(replace(KNOWN, question="erase"), "erase:yes").effects


def test_an_old_erase_button_asks_again() -> None:
    """A thumb on an old message must not wipe a talk."""
    decision = taps(KNOWN, "erase:yes")

    assert items(decision) == ["erase.ask"]
    assert not decision.effects


@pytest.mark.parametrize("words", ["no", "nah", "not now"])
def test_no_keeps_the_talk(words: str) -> None:
    """And closes the question."""
    decision = hears(replace(KNOWN, question="erase"), words)

    assert items(decision) == ["erase.kept"]
    assert decision.talk.facts == KNOWN.facts
    assert decision.talk.question is None


def test_another_message_leaves_the_question_behind() -> None:
    """Nobody is trapped in it, and a later yes does not erase."""
    after = hears(replace(KNOWN, question="erase"), "words", reading("evidence")).talk

    assert after.question is None
    assert not hears(after, "yes").effects


@pytest.mark.parametrize("words", ["/leave", "exit", "EXIT", "leave", "/exit", "quit"])
def test_leaving_asks_nothing(words: str) -> None:
    """Someone who must get away gets one dull line, everything erased."""
    decision = hears(replace(KNOWN, question="nation"), words)

    assert items(decision) == ["leave.done"]
    assert decision.effects == frozenset({Effect.ERASE, Effect.REMOVE})
