"""What was told is said back once, in words not used before, and not in every answer."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import VOICES, Conversation, from_record, to_record, voice_of
from bot.dialogue.acknowledging import OFTEN_ASKED, STORIES, tells
from bot.dialogue.decision import Decision
from bot.messages import ConversationId
from nlu.reading import Hints
from nlu.taxonomy import load_taxonomy
from tests.bot.dialogue.saying import EARLIER, hears, offering, reading, taps

STORY = "he was at the bus stop again"
DOUBT = {"confidence": 0.5, "others": (("stranger", 0.3),)}


def opening(decision: Decision) -> int | None:
    """Which wording the answer opens with; None: none."""
    return decision.says[-1].acknowledge


def after(talk: Conversation, *intents: str) -> Decision:
    """The last answer, when these were told one after the other."""
    decision = Decision((), talk)
    for intent in intents:
        decision = hears(decision.talk, STORY, reading(intent))
    return decision


def test_a_story_is_said_back_the_first_time() -> None:
    """And not when it is told again: then the answer is short."""
    assert opening(after(EARLIER, "threats")) == 0
    assert opening(after(EARLIER, "threats", "evidence", "threats")) is None


def test_two_answers_in_a_row_do_not_open_so() -> None:
    """Whoever hears each message said back to them talks to a machine."""
    assert opening(after(EARLIER, "threats", "stranger")) is None
    assert opening(after(EARLIER, "threats", "stranger", "feelings")) == 0


def test_a_question_in_between_does_not_count_as_one_said_back() -> None:
    """The answer about the law opened with the law."""
    assert opening(after(EARLIER, "law_and_penalties", "threats")) == 0


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("how do trackers work", "tracking_device"),
        ("what does being followed mean", "followed_or_watched"),
        ("how do i get an order against him", "protective_orders"),
        ("should i answer her", "reply_or_block"),
        ("Hi, what can the police do?", "report_to_police"),
        ("restraining order", "protective_orders"),
        ("tell me about my rights", "victims_rights"),
        ("my ex broke the law", "law_and_penalties"),
    ],
)
def test_a_question_that_anyone_might_ask_is_just_answered(words: str, intent: str) -> None:
    """Nobody has told anything yet."""
    assert not tells(words, intent)
    assert opening(hears(EARLIER, words, reading(intent))) is None


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("how do I stop him following me", "followed_or_watched"),
        ("found an airtag under the seat", "tracking_device"),
        ("am i overreacting", "is_this_stalking"),
        ("ok so he\u2019s getting out in march", "offender_management"),
        ("They said there is nothing they can do", "police_not_helping"),
        ("i want them to stay away from us", "protective_orders"),
    ],
)
def test_a_story_is_one_also_when_it_ends_in_a_question(words: str, intent: str) -> None:
    """What counts is that it is about somebody."""
    assert tells(words, intent)
    assert opening(hears(EARLIER, words, reading(intent))) == 0


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("i put an airtag in her bag", "tracking_device"),
        ("I keep sending gifts to a girl at work even though she said no", "gifts_and_deliveries"),
        ("my daughter keeps getting presents from a man at her church", "gifts_and_deliveries"),
        ("my mum's phone is being watched by her husband", "phone_monitored"),
        ("my sister reported it and they laughed at her", "police_not_helping"),
    ],
)
def test_nothing_is_said_back_to_who_may_not_be_the_one(words: str, intent: str) -> None:
    """Until they said who it is about; then it is said back as to them."""
    friend = hears(EARLIER, words, reading(intent, hints=Hints(role="supporter")))

    assert opening(hears(EARLIER, words, reading(intent))) is None
    assert opening(friend) == 0


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("he keeps turning up where i work", "followed_or_watched"),
        ("my husband watches everything i do", "phone_monitored"),
        ("my sister keeps coming to my house", "neighbour_or_family"),
        ("i found an airtag under the seat", "tracking_device"),
        ("i cant sleep because of him", "feelings"),
        ("i reported him twice and they closed it", "police_not_helping"),
    ],
)
def test_whoever_it_is_done_to_need_not_say_so(words: str, intent: str) -> None:
    """Most people who write are the ones it happens to."""
    assert opening(hears(EARLIER, words, reading(intent))) == 0


def test_a_button_under_advice_only_asks_for_more() -> None:
    """The person has said nothing new."""
    told = after(EARLIER, "law_and_penalties").talk
    assert opening(taps(offering(told, "ask:threats"), "ask:threats")) is None


def test_a_button_says_what_words_had_not_made_clear() -> None:
    """One of the readings offered is their story; a plain question stays one."""
    torn = hears(EARLIER, STORY, reading("threats", **DOUBT)).talk  # type: ignore[arg-type]

    assert torn.question == "which"
    assert opening(taps(torn, "ask:threats")) == 0
    assert opening(taps(torn, "ask:court")) is None


def test_the_first_topic_may_be_told_by_a_button() -> None:
    """Some people cannot find the words."""
    assert opening(taps(EARLIER, "ask:threats")) == 0
    assert opening(taps(EARLIER, "ask:report_to_police")) is None


def test_a_step_behind_a_button_never_opens_so() -> None:
    """It is advice on its own."""
    assert opening(taps(EARLIER, "show:evidence.diary")) is None


def test_danger_is_never_kept_waiting() -> None:
    """No card has anything before its first line."""
    decision = hears(EARLIER, STORY, reading("emergency"))

    assert [say.acknowledge for say in decision.says] == [None]
    assert decision.talk.acknowledged == ()


def test_talks_begin_with_different_wordings() -> None:
    """And the same talk with the same one, whichever process answers it."""
    talks = [ConversationId(f"{n:064x}") for n in range(100)]

    assert {voice_of(talk) for talk in talks} == set(range(VOICES))
    assert [voice_of(talk) for talk in talks] == [voice_of(talk) for talk in talks]
    assert opening(after(replace(EARLIER, voice=7), "threats")) == 7


def test_an_older_record_has_said_nothing_back_yet() -> None:
    """An update loses nobody's place."""
    talk = after(EARLIER, "threats").talk
    record = to_record(talk)
    older = {k: v for k, v in record.items() if k not in {"voice", "acknowledged", "quiet_until"}}

    assert from_record(record) == talk
    assert from_record(older) == replace(talk, acknowledged=(), quiet_until=0)


def test_every_story_is_an_intent() -> None:
    """A name that is spelled otherwise would never be heard."""
    assert set(load_taxonomy().intents) >= STORIES | OFTEN_ASKED
    assert not STORIES & OFTEN_ASKED


TOPICS = ("threats", "stranger", "feelings", "court")
TOLD = st.tuples(st.sampled_from(TOPICS), st.sampled_from((None, "victim", "supporter", "own")))
FORGOTTEN = st.just(None)
"""So much else was said that the topics count as new again."""


@given(
    st.integers(0, VOICES - 1),
    st.integers(2, 4),
    st.lists(st.one_of(TOLD, TOLD, FORGOTTEN), max_size=80),
)
def test_no_wording_comes_back_before_all_were_used(
    voice: int, wordings: int, told: Iterable[tuple[str, str | None] | None]
) -> None:
    """However long the talk, whoever it turns out to be about."""
    talk = replace(EARLIER, voice=voice)
    used: dict[tuple[str, str], list[int]] = {}
    before: int | None = None
    for event in told:
        if event is None:
            talk = replace(talk, given=())
            continue
        topic, role = event
        decision = hears(talk, STORY, reading(topic, hints=Hints(role=role)))
        talk, said = decision.talk, opening(decision)
        if said is not None:
            key = (topic, (talk.facts.role or "victim"))
            used.setdefault(key, []).append(said % wordings)
            assert before is None
        before = said
    for list_ in used.values():
        for start in range(0, len(list_), wordings):
            round_ = list_[start : start + wordings]
            assert len(set(round_)) == len(round_)
