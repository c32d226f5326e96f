"""Danger first: in every state the card is the very next message."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, Facts
from bot.messages import Kind
from nlu.reading import URGENT_INTENTS, Hints
from tests.bot.dialogue.saying import EARLIER, hears, items, offering, reading, taps

PLACES = {
    "the first message": Conversation(),
    "under way": EARLIER,
    "erase asked": replace(EARLIER, question="erase"),
    "nation asked": replace(EARLIER, question="nation"),
    "which asked": offering(replace(EARLIER, question="which"), "ask:evidence", "none"),
    "after a card": replace(EARLIER, question="now", given=("emergency",)),
    "unsure twice": replace(EARLIER, unsure=2),
    "a supporter": replace(EARLIER, facts=Facts(role="supporter")),
    "about oneself": replace(EARLIER, facts=Facts(role="own")),
}


@pytest.mark.parametrize("intent", URGENT_INTENTS)
@pytest.mark.parametrize("place", PLACES)
def test_urgent_words_get_their_card_first_in_every_place(place: str, intent: str) -> None:
    """Whatever the bot was asking, the card comes before anything else."""
    decision = hears(PLACES[place], "…", reading(intent))

    assert decision.says[0].item == intent
    assert decision.says[0].kind is Kind.EMERGENCY


def test_urgent_words_seen_by_the_rules_alone_win_over_the_best_reading() -> None:
    """The rules may see what the model does not."""
    decision = hears(EARLIER, "…", reading("greet", 0.99, urgent=("emergency",)))

    assert items(decision) == ["emergency"]


def test_a_broken_model_does_not_hide_danger() -> None:
    """Degraded readings still carry the rules' findings."""
    decision = hears(
        EARLIER, "…", reading("out_of_scope", 0.0, urgent=("emergency",), degraded=True)
    )

    assert items(decision) == ["emergency"]


def test_danger_and_suicide_in_one_message_get_both_cards_danger_first() -> None:
    """The 999 card does not swallow the other one."""
    decision = hears(EARLIER, "…", reading("emergency", urgent=("suicide_self_harm", "emergency")))

    assert items(decision) == ["emergency", "suicide_self_harm"]


def test_the_999_card_already_says_how_to_call_without_speaking() -> None:
    """No second card repeats it."""
    decision = hears(EARLIER, "…", reading("emergency", urgent=("cannot_speak", "emergency")))

    assert items(decision) == ["emergency"]


@pytest.mark.parametrize(
    ("words", "intent", "shown"),
    [
        ("yes", "affirm", "emergency.now_yes"),
        ("yh", "out_of_scope", "emergency.now_yes"),
        ("no", "deny", "emergency.now_gone"),
        ("nah", "out_of_scope", "emergency.now_gone"),
    ],
)
def test_a_typed_answer_to_is_it_happening_now_is_understood(
    words: str, intent: str, shown: str
) -> None:
    """Nobody must find a button while he is at the door; plain words work without a model too."""
    talk = replace(EARLIER, question="now")

    assert items(hears(talk, words, reading(intent, urgent=()))) == [shown]


@pytest.mark.parametrize(
    ("button", "shown"),
    [
        ("now:yes", "emergency.now_yes"),
        ("now:gone", "emergency.now_gone"),
        ("now:cannot_call", "emergency.cannot_call"),
        ("ask:emergency", "emergency"),
        ("ask:suicide_self_harm", "suicide_self_harm"),
    ],
)
def test_buttons_under_the_card_work_whenever_they_are_tapped(button: str, shown: str) -> None:
    """Also when other things were said in between."""
    decision = taps(EARLIER, button)

    assert items(decision) == [shown]
    assert decision.says[0].kind is Kind.EMERGENCY


def test_a_second_alarm_may_use_the_shorter_wording() -> None:
    """Still the card, still first."""
    decision = hears(replace(EARLIER, given=("emergency",)), "…", reading("emergency"))

    assert decision.says[0].item == "emergency"
    assert decision.says[0].again


def test_the_card_does_not_lose_what_was_known() -> None:
    """After the card the talk can go on where it was."""
    talk = replace(EARLIER, facts=Facts(role="victim", nation="wales", told=("ex_partner",)))
    after = hears(talk, "…", reading("emergency")).talk

    assert (after.facts.role, after.facts.nation) == ("victim", "wales")
    assert after.facts.told == ("ex_partner", "emergency")


def test_a_cry_in_another_language_gets_the_card_then_that_languages_card() -> None:
    """999 first, then how to ask for an interpreter."""
    decision = hears(EARLIER, "…", reading("emergency", language="pl"))

    assert items(decision) == ["emergency", "language.pl"]


ASKED_NOW = replace(EARLIER, question="now", given=("hello", "emergency"))


@pytest.mark.parametrize(
    ("words", "intent", "shown"),
    [
        ("he's gone now", "emergency", "emergency.now_gone"),
        ("ok theyve just left", "out_of_scope", "emergency.now_gone"),
        ("No, she drove off.", "order_breached", "emergency.now_gone"),
        ("no it was yesterday", "followed_or_watched", "emergency.now_gone"),
        ("sorry false alarm", "cameras_and_smart_home", "emergency.now_gone"),
        ("yes hes still there", "emergency", "emergency.now_yes"),
        ("yeah she has a hammer", "emergency", "emergency.now_yes"),
        ("i dont know", "stranger", "emergency.now_yes"),
        ("not sure if he went", "deny", "emergency.now_yes"),
        ("I can’t tell", "out_of_scope", "emergency.now_yes"),
        ("no he won't go", "deny", "emergency.now_yes"),
        ("he's gone round the back with a ladder", "emergency", "emergency"),
        ("gone to get his mates he said", "emergency", "emergency"),
    ],
)
def test_the_answer_to_is_it_happening_now_may_be_said_in_any_words(
    words: str, intent: str, shown: str
) -> None:
    """Doubt is never taken for "gone", and news that is more than an answer gets the card."""
    decision = hears(ASKED_NOW, words, reading(intent))

    assert items(decision) == [shown]
    assert decision.says[0].kind is Kind.EMERGENCY


def test_words_like_gone_are_only_an_answer_while_it_is_asked() -> None:
    """Elsewhere danger that was heard gets its card."""
    assert items(hears(EARLIER, "he's gone now", reading("emergency"))) == ["emergency"]


def test_an_old_button_does_not_close_the_question_of_the_card() -> None:
    """A role tapped under the card repeats the card for that role, and still asks."""
    decision = taps(ASKED_NOW, "set:role:supporter")

    assert items(decision) == ["emergency"]
    assert decision.talk.question == "now"


@pytest.mark.parametrize(("hint", "role"), [("supporter", "supporter"), ("own", None)])
def test_a_cry_for_someone_else_is_answered_as_one(hint: str, role: str | None) -> None:
    """The card for a friend, and the nation kept; but nobody is taken for a stalker in danger."""
    heard = reading("emergency", hints=Hints(role=hint, nation="wales"))
    facts = hears(Conversation(), "…", heard).talk.facts

    assert (facts.role, facts.nation) == (role, "wales")


@pytest.mark.parametrize("words", ["no he drove off a minute ago", "no it was yesterday"])
def test_an_answer_to_the_cards_question_is_not_a_new_alarm(words: str) -> None:
    """The model alone may hear danger in it; the person has just told us that it is over."""
    talk = replace(EARLIER, question="now")

    assert items(hears(talk, words, reading("emergency", 0.4, ruled=False))) == [
        "emergency.now_gone"
    ]
    assert items(hears(talk, words, reading("emergency"))) == ["emergency"]


def test_a_typed_choice_is_not_an_alarm() -> None:
    """Unless the rules see danger in the very words."""
    talk = offering(EARLIER, "ask:evidence", "ask:court")

    assert items(hears(talk, "the second one", reading("emergency", 0.7, ruled=False))) == ["court"]
    assert items(hears(talk, "the second one", reading("emergency"))) == ["emergency"]
