"""After an hour of silence it may be somebody else who holds the phone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Conversation, Facts, Place
from bot.dialogue.decision import Decision
from bot.dialogue.flows import ASKING
from bot.dialogue.heard import Heard
from bot.dialogue.policy import decide
from bot.messages import Offer
from nlu.reading import Reading
from tests.bot.dialogue.saying import EARLIER, NOON, items, reading
from tests.bot.dialogue.test_flows import KNOWN

TALK = replace(
    EARLIER,
    facts=Facts(role="supporter", told=("threats",)),
    given=("hello", "threats"),
    offers=(Offer("ask:court", "At court"), Offer("ask:evidence", "Evidence")),
    last_at=NOON,
)


def later(
    talk: Conversation, words: str, read: Reading | None = None, hours: float = 2, tap: str = ""
) -> Decision:
    """What is decided about something said so many hours later."""
    at = NOON + timedelta(hours=hours)
    if tap:
        return decide(talk, Heard(channel="web", tap=tap), at, KNOWN)
    read = read or reading("out_of_scope", 0.05)
    return decide(talk, Heard(channel="web", words=words, reading=read), at, KNOWN)


@pytest.mark.parametrize("intent", ["greet", "affirm", "deny", "thanks"])
def test_a_mere_hello_gets_a_mere_hello(intent: str) -> None:
    """Nothing of what was talked about, not even by a button."""
    decision = later(TALK, "hi", reading(intent))

    assert items(decision) == ["hello.back"]
    assert decision.says[0].choices is None


def test_within_the_hour_the_talk_just_goes_on() -> None:
    """No gap, no ceremony."""
    assert items(later(TALK, "hi", reading("greet"), hours=0.9)) == ["greet"]


def test_old_choices_are_not_meant_by_words_any_more() -> None:
    """ "The second one" means nothing to whoever has not seen it."""
    assert items(later(TALK, "the second one")) != ["evidence"]


def test_going_on_gives_the_last_advice_in_few_words() -> None:
    """For whoever presses "Go on"."""
    back = later(TALK, "hi", reading("greet"))
    decision = decide(back.talk, Heard(channel="web", tap="back"), NOON + timedelta(hours=2), KNOWN)

    assert items(decision) == ["threats"]
    assert decision.says[0].since == TALK.facts
    assert not decision.talk.returned


def test_going_on_takes_up_an_open_flow() -> None:
    """The question that was open comes again, and not by itself."""
    talk = replace(TALK, flow=Place("check", "repeated"), question=ASKING)
    back = later(talk, "hi", reading("greet"))

    assert items(back) == ["hello.back"]
    assert items(later(back.talk, "", tap="back")) == ["step.check.repeated"]


def test_a_yes_after_a_gap_answers_no_old_question() -> None:
    """Least of all the one that erases."""
    assert items(later(replace(TALK, question="erase"), "yes", reading("affirm"))) == ["hello.back"]


def test_is_it_happening_now_stays_open() -> None:
    """Danger is the exception: a yes hours later is taken at its word."""
    talk = replace(TALK, question="now", given=("emergency",))

    assert items(later(talk, "yes", reading("affirm"))) == ["emergency.now_yes"]


def test_whoever_tells_something_has_gone_on() -> None:
    """It is answered at once, with what is known of the case."""
    decision = later(TALK, "is it a crime", reading("law_and_penalties"))

    assert items(decision) == ["law_and_penalties"]
    assert not decision.talk.returned


def test_danger_needs_no_going_on() -> None:
    """The card comes first, whoever writes and however long after."""
    assert items(later(TALK, "hes outside", reading("emergency"))) == ["emergency"]


def test_two_hellos_after_a_gap_are_both_plain() -> None:
    """A second hello shows no more than the first."""
    back = later(TALK, "hi", reading("greet"))

    assert items(later(back.talk, "hello?", reading("greet"), hours=2.01)) == ["hello.back"]
