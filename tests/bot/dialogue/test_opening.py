"""The start of a talk: hello in one line, the demonstration says what it is, dated cards once."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.dialogue.decision import Decision
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from tests.bot.dialogue.saying import ITEMS, NOON, reading

DEMO = "hello.short.demo"
WEEK = "campaign.national_stalking_awareness_week"
NEW = Conversation()


def after(
    talk: Conversation, words: str, intent: str, *extra: str, channel: str = "telegram"
) -> Decision:
    heard = Heard(channel, words, reading(intent))
    return decide(talk, heard, NOON, Known(ITEMS | set(extra)))


def shown(decision: Decision) -> list[str]:
    return [say.item for say in decision.says]


def test_a_first_answer_has_one_line_before_it() -> None:
    """What this is, then the answer."""
    assert shown(after(NEW, "he follows me", "followed_or_watched"))[:2] == [
        "hello.short",
        "followed_or_watched",
    ]


def test_the_demonstration_says_so_in_its_first_answer() -> None:
    """In place of the hello, not as one more bubble; the next answer is plain."""
    first = after(NEW, "he follows me", "followed_or_watched", DEMO)
    second = after(first.talk, "he has a key", "property_and_break_in", DEMO)

    assert shown(first)[:2] == [DEMO, "followed_or_watched"]
    assert DEMO not in shown(second)


@pytest.mark.parametrize("words", ["hello", "/start"])
def test_the_demonstration_says_so_before_its_hello(words: str) -> None:
    """Whoever begins with a greeting reads it first, too."""
    assert shown(after(NEW, words, "greet", DEMO)) == [DEMO, "hello"]


def test_the_page_has_its_own_banner() -> None:
    """It stands above every line there; the first answer need not repeat it."""
    decision = after(NEW, "he follows me", "followed_or_watched", DEMO, channel="web")

    assert shown(decision)[0] == "hello.short"


def test_danger_comes_before_the_demonstrations_line() -> None:
    """The card stands alone; the line waits for the first answer that is not urgent."""
    first = after(NEW, "he is at my door", "emergency", DEMO, WEEK)
    second = after(first.talk, "what should i write down", "evidence", DEMO, WEEK)

    assert shown(first)[0] == "emergency"
    assert DEMO not in shown(first)
    assert WEEK not in shown(first) + shown(second)
    assert shown(second)[0] == DEMO


def test_erasing_says_nothing_else() -> None:
    """Whoever has to go reads one dull line."""
    assert DEMO not in shown(after(NEW, "leave", "cover_tracks", DEMO, WEEK))


def test_a_dated_card_is_shown_once_at_the_start() -> None:
    """Between the hello and the answer, and never again in this talk."""
    first = after(NEW, "he follows me", "followed_or_watched", WEEK)
    second = after(first.talk, "he has a key", "property_and_break_in", WEEK)

    assert shown(first)[:3] == ["hello.short", WEEK, "followed_or_watched"]
    assert WEEK not in shown(second)


def test_a_dated_card_follows_a_greeting() -> None:
    """The hello keeps its place; a second /start does not bring the card again."""
    first = after(NEW, "hello", "greet", WEEK)
    second = after(first.talk, "/start", "greet", WEEK)

    assert shown(first) == ["hello", WEEK]
    assert WEEK not in shown(second)


def test_a_talk_under_way_gets_no_dated_card() -> None:
    """When the week begins in the middle of a talk, the talk goes on."""
    decision = after(replace(NEW, turns=4), "he follows me", "followed_or_watched", WEEK)

    assert WEEK not in shown(decision)


def test_whoever_is_worried_about_their_own_behaviour_gets_no_dated_card() -> None:
    """It speaks to people who are stalked."""
    talk = NEW.knowing(role="own")

    assert WEEK not in shown(after(talk, "i keep texting her", "unwanted_contact", WEEK))
