"""Typing instead of tapping: near enough is an answer, one word too many is a message."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.load import load_content
from bot.dialogue.choosing import chosen, yes_or_no
from bot.dialogue.heard import Heard
from bot.dialogue.titles import place_of, slips, title_meant
from bot.messages import Kind, Offer
from nlu.urgent_rules import rules
from nlu.urgent_words import urgent_in
from tests.bot.content.responses import REAL
from tests.bot.dialogue.saying import EARLIER, hears, reading

ADVICE = ["Keeping a record", "Reporting it", "Talk to a person"]
ERASE = ["Yes, delete it", "No, keep it"]
DANGER = sorted(
    {
        text
        for rule in (*rules().english, *rules().foreign)
        if rule.intent == "emergency"
        for text in rule.examples
    }
)
TITLES = sorted(
    {
        title
        for item in load_content(REAL).library.items
        for title in (button.title for button in item.buttons)
    }
)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("the one about reporting", "Reporting it"),
        ("repotring it pls", "Reporting it"),
        ("a person please", "Talk to a person"),
        ("can i talk to someone", "Talk to a person"),
        ("keepin a record", "Keeping a record"),
        ("i'll go with the first one", "Keeping a record"),
        ("yeah 2 pls", "Reporting it"),
        ("the middle one", "Reporting it"),
        ("bottom one", "Talk to a person"),
    ],
)
def test_a_title_typed_in_part_or_misspelt_is_the_button(typed: str, title: str) -> None:
    """Nobody copies a title letter by letter."""
    at = place_of(typed, len(ADVICE))
    at = title_meant(typed, ADVICE) if at is None else at
    assert at is not None
    assert ADVICE[at] == title


@pytest.mark.parametrize(
    "typed",
    [
        "no he is outside",
        "yes and he has a knife now",
        "one of them followed me home",
        "2 men are outside",
        "last night he was in my garden",
        "i reported it and they did nothing",
        "a person is outside my door",
        "talk to me",
        "help me",
        "record him?",
        "first he texted",
        "the second man had a knife",
    ],
)
def test_a_message_that_begins_like_an_answer_is_a_message(typed: str) -> None:
    """What happened to someone must never be taken for a tap."""
    assert place_of(typed, len(ADVICE)) is None
    assert title_meant(typed, ADVICE) is None
    assert yes_or_no(Heard("web", words=typed)) is None


@pytest.mark.parametrize(
    ("typed", "title"),
    [("dont delete it", 1), ("keep it", 1), ("yes delete", 0), ("nah keep", 1), ("delete it", 0)],
)
def test_a_no_turns_a_title_round(typed: str, title: int) -> None:
    """Erasing is not undone: "don't delete it" must keep it."""
    assert title_meant(typed, ERASE) == title


def test_one_word_of_two_titles_is_neither() -> None:
    """Better to ask than to guess."""
    assert title_meant("court", ["Going to court", "Court orders"]) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("yeah go on", True), ("yesss pls", True), ("ok then", True), ("noooo", False),
        ("nah you're alright", False), ("not now", False), ("please help", None),
        ("ok thanks", None), ("no one believes me", None), ("yes but", None), ("idk", None),
    ],
)  # fmt: skip
def test_yes_and_no_are_said_in_many_ways(words: str, said: bool | None) -> None:
    """Without a model, by the words alone."""
    assert yes_or_no(Heard("web", words=words)) is said


def test_a_guess_does_not_outweigh_an_alarm_of_the_model() -> None:
    """The model alone heard danger in words that look a little like a title."""
    talk = replace(EARLIER, offers=(Offer("ask:court", "Going to court"),))
    danger = reading("emergency", ruled=False)

    assert chosen(talk, Heard("web", words="court", reading=danger)) is None
    assert chosen(talk, Heard("web", words="court", reading=reading("court"))) is not None


def test_not_yet_is_no_all_clear() -> None:
    """Asked "Is it happening now?", "no not yet" means that it may happen."""
    talk = replace(EARLIER, question="now")
    assert [say.item for say in hears(talk, "no not yet").says] == ["emergency.now_yes"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DANGER), st.lists(st.sampled_from(TITLES), min_size=2, max_size=6))
def test_no_danger_is_swallowed_by_any_choice_of_buttons(text: str, titles: list[str]) -> None:
    """Whatever stands under our last message, words of danger raise the card."""
    offers = tuple(Offer(f"show:item.{at}", title) for at, title in enumerate(titles))
    read = reading("emergency", urgent=tuple(urgent_in(text)))
    decision = hears(replace(EARLIER, offers=offers), text, read)

    assert decision.says[0].kind is Kind.EMERGENCY


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.lists(st.sampled_from(TITLES), max_size=6))
def test_no_words_whatever_break_the_choosing(text: str, titles: list[str]) -> None:
    """Only an index of the choices, or none."""
    assert title_meant(text, titles) in {None, *range(len(titles))}
    assert place_of(text, len(titles)) in {None, *range(len(titles))}


@pytest.mark.parametrize(
    ("word", "other", "count"),
    [("court", "court", 0), ("cuort", "court", 1), ("cort", "court", 1), ("reprting", "court", 3)],
)
def test_slips_are_counted(word: str, other: str, count: int) -> None:
    """Swapped letters are one slip."""
    assert slips(word, other) == count
