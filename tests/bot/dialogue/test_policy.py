"""The order of a decision, the start of a talk, topics, buttons and repair."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import MAX_BYTES
from bot.conversation import Conversation, Facts, from_record, to_record
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from bot.messages import Kind, Media, Offer
from nlu.reading import URGENT_INTENTS, Hints
from tests.bot.dialogue.saying import (
    EARLIER,
    INTENTS,
    ITEMS,
    NOON,
    hears,
    items,
    offering,
    reading,
    sends,
    taps,
)

ASKED = sorted(set(INTENTS) - set(URGENT_INTENTS) - {"delete_my_data", "affirm", "deny"})


@pytest.mark.parametrize("intent", ASKED)
def test_what_was_asked_is_answered(intent: str) -> None:
    """Each intent, read with confidence, gets its own item."""
    assert items(hears(EARLIER, "words", reading(intent))) == [intent]


def test_a_first_message_that_asks_something_is_answered_at_once() -> None:
    """The hello is one line before the answer, not a gate."""
    assert items(hears(Conversation(), "words", reading("evidence"))) == ["hello.short", "evidence"]


@pytest.mark.parametrize("words", ["/start", "hello"])
def test_a_first_hello_gets_the_hello(words: str) -> None:
    """Once, without the one-line version before it."""
    assert items(hears(Conversation(), words, reading("greet"))) == ["hello"]


def test_a_second_hello_is_small_talk() -> None:
    """Nobody is introduced to the same program twice."""
    assert items(hears(EARLIER, "hi again", reading("greet"))) == ["greet"]


@pytest.mark.parametrize(
    ("link", "role"),
    [("friend", "supporter"), ("me", "victim"), ("self", "own"), ("x" * 64, None), ("", None)],
)
def test_a_deep_link_says_who_is_writing(link: str, role: str | None) -> None:
    """`/start friend` on a poster; anything else is a plain start."""
    assert hears(Conversation(), f"/start {link}".strip()).talk.facts.role == role


def test_what_is_said_in_passing_is_remembered() -> None:
    """Role, nation and the rest are facts, not words."""
    hints = Hints("supporter", "wales", "ex", "adult", police=True, orders=True, children=False)
    facts = hears(
        EARLIER, "he keeps writing to her", reading("unwanted_contact", hints=hints)
    ).talk.facts

    assert facts == Facts(
        "supporter",
        "wales",
        "ex",
        "adult",
        True,
        ("unwanted_contact",),
        orders=True,
        children=False,
    )


def test_a_later_word_corrects_an_earlier_guess() -> None:
    """What is said now wins over what was known."""
    talk = replace(EARLIER, facts=Facts(role="victim", nation="england"))
    hints = Hints(role="supporter")
    facts = hears(talk, "words", reading("threats", hints=hints)).talk.facts

    assert (facts.role, facts.nation) == ("supporter", "england")


@pytest.mark.parametrize(
    ("intent", "role"),
    [("help_someone", "supporter"), ("help_my_child", "supporter"), ("accused", "own")],
)
def test_some_questions_say_who_is_asking(intent: str, role: str) -> None:
    """By themselves."""
    assert hears(EARLIER, "words", reading(intent)).talk.facts.role == role


def test_unsure_offers_the_best_readings_and_a_way_out() -> None:
    """Two or three, as buttons, never urgent ones or small talk."""
    others = (("emergency", 0.2), ("court", 0.2), ("thanks", 0.1), ("evidence", 0.1), ("menu", 0.1))
    decision = hears(EARLIER, "words", reading("threats", 0.3, others=others))

    assert items(decision) == ["which"]
    assert decision.says[0].choices == ("ask:threats", "ask:court", "ask:evidence", "none")


def test_unsure_twice_offers_people() -> None:
    """Not the same question again."""
    others = (("court", 0.2), ("evidence", 0.1))
    once = hears(EARLIER, "words", reading("threats", 0.3, others=others)).talk

    assert items(hears(once, "words", reading("threats", 0.3, others=others))) == ["unsure"]


def test_without_a_model_the_talk_says_so_and_keeps_its_buttons() -> None:
    """Rules alone: the menu and the helplines still work."""
    assert items(hears(EARLIER, "words", reading("out_of_scope", 0.0, degraded=True))) == [
        "technical.weak"
    ]
    assert items(taps(EARLIER, "ask:helpline")) == ["helpline"]


@pytest.mark.parametrize(
    ("words", "button"),
    [
        ("the second one", "ask:court"), ("2", "ask:court"), ("second", "ask:court"),
        ("number 1 please", "ask:evidence"), ("Title of ask:court", "ask:court"),
        ("title of ask:court.", "ask:court"), ("last one", "ask:court"),
    ],
)  # fmt: skip
def test_a_typed_choice_is_as_good_as_a_tap(words: str, button: str) -> None:
    """By place or by what the button says."""
    talk = offering(EARLIER, "ask:evidence", "ask:court")

    assert items(hears(talk, words)) == [button.removeprefix("ask:")]


@pytest.mark.parametrize("words", ["7", "0", "ninth", "99999999999999999999"])
def test_a_place_that_is_not_there_is_no_choice(words: str) -> None:
    """It is read like any words."""
    talk = offering(EARLIER, "ask:evidence", "ask:court")

    assert items(hears(talk, words)) == ["unsure"]


def test_a_bare_yes_takes_the_one_thing_offered() -> None:
    """The ways to a person under many messages are not what it means."""
    talk = offering(EARLIER, "show:evidence.diary", "ask:helpline")

    assert items(hears(talk, "yes pls", reading("affirm"))) == ["evidence.diary"]


def test_a_bare_yes_to_several_things_asks_which() -> None:
    """Rather than guess."""
    talk = offering(EARLIER, "ask:evidence", "ask:court", "ask:helpline")
    decision = hears(talk, "yes", reading("affirm"))

    assert items(decision) == ["which.yes"]
    assert decision.says[0].choices == ("ask:evidence", "ask:court", "none")


@pytest.mark.parametrize(("question", "item"), [("which", "none_of_these"), (None, "deny")])
def test_a_bare_no_is_heard_for_what_it_answers(question: str | None, item: str) -> None:
    """None of the readings; or simply no, which is no refusal of help."""
    talk = replace(offering(EARLIER, "ask:evidence", "ask:court"), question=question)

    assert items(hears(talk, "no", reading("deny"))) == [item]


def test_a_nation_set_gives_the_last_advice_again_for_it() -> None:
    """The right case, at once."""
    talk = replace(EARLIER, given=("hello", "report_to_police", "question.nation"))
    decision = taps(talk, "set:nation:scotland")

    assert items(decision) == ["report_to_police"]
    assert decision.talk.facts.nation == "scotland"


@pytest.mark.parametrize(
    "words", ["im in glasgow btw", "I\u2019m in Glasgow", "she lives near Perth"]
)
def test_a_place_said_in_passing_gives_the_last_advice_for_it(words: str) -> None:
    """It is a fact, not a wish for the services there."""
    talk = replace(EARLIER, given=("hello", "report_to_police"))
    read = reading("other_services", hints=Hints(nation="scotland"))
    decision = hears(talk, words, read)

    assert items(decision) == ["report_to_police"]
    assert decision.talk.facts.nation == "scotland"


@pytest.mark.parametrize("words", ["what help is there in Glasgow", "in Glasgow, who can I ring?"])
def test_a_question_about_a_place_is_a_question(words: str) -> None:
    """And is answered as one."""
    read = reading("other_services", hints=Hints(nation="scotland"))

    assert items(hears(EARLIER, words, read)) == ["other_services"]


@pytest.mark.parametrize("words", ["Northern Ireland", "northern ireland."])
def test_a_typed_nation_answers_the_question(words: str) -> None:
    """Without a model."""
    talk = replace(EARLIER, question="nation", given=("court",))
    decision = hears(talk, words)

    assert items(decision) == ["court"]
    assert decision.talk.facts.nation == "northern_ireland"


@pytest.mark.parametrize(
    ("words", "nation"),
    [("Wales please", None), ("it’s wales", None), ("i live in Swansea", "wales")],
)
def test_a_place_answers_a_message_that_offers_to_ask_for_it(
    words: str, nation: str | None
) -> None:
    """People answer "it depends on where you live" without tapping anything."""
    talk = offering(replace(EARLIER, given=("court",)), "question:nation", "ask:advocate")
    decision = hears(talk, words, reading("other_services", hints=Hints(nation=nation)))

    assert items(decision) == ["court"]
    assert decision.talk.facts.nation == "wales"


def test_a_question_that_names_a_place_is_still_a_question() -> None:
    """It is answered, not taken for the nation alone."""
    talk = offering(replace(EARLIER, given=("court",)), "question:nation")
    decision = hears(
        talk,
        "is there help for men in Wales",
        reading("other_services", hints=Hints(nation="wales")),
    )

    assert items(decision) == ["other_services"]


def test_who_it_is_about_gives_the_advice_again_not_the_apology() -> None:
    """What stood before "that didn't help" is what was meant."""
    talk = replace(EARLIER, given=("threats", "not_helpful", "thanks", "question.role"))

    assert items(taps(talk, "set:role:supporter")) == ["threats"]


def test_what_was_said_in_passing_is_kept_even_when_the_rest_was_not_understood() -> None:
    """A nation is plain enough."""
    others = (("court", 0.2), ("evidence", 0.1))
    heard = reading("threats", 0.3, others=others, hints=Hints(nation="wales"))

    assert hears(EARLIER, "words", heard).talk.facts.nation == "wales"


def test_a_first_hello_in_another_language_gets_its_rescue_card() -> None:
    """What a model makes of a language it does not know is a guess."""
    decision = hears(Conversation(), "słowa", reading("greet", 0.6, language="pl"))

    assert items(decision) == ["hello.short", "language.pl"]


@pytest.mark.parametrize(
    "button", ["show:gone.item", "ask:gone", "set:role:king", "x" * 70, "", "🙂", "erase:maybe"]
)
def test_an_unknown_or_old_button_is_answered_kindly(button: str) -> None:
    """And changes nothing."""
    talk = replace(EARLIER, facts=Facts(role="victim"))
    decision = taps(talk, button)

    assert items(decision) == ["technical.stale_button"]
    assert decision.talk.facts == talk.facts


@pytest.mark.parametrize(
    ("media", "item"),
    [
        (Media.VOICE, "technical.media_voice"), (Media.PHOTO, "technical.media_photo"),
        (Media.LOCATION, "technical.media_location"), (Media.CONTACT, "technical.media"),
        (Media.OTHER, "technical.media"),
    ],
)  # fmt: skip
def test_what_we_cannot_read_is_said(media: Media, item: str) -> None:
    """Kindly, by kind."""
    assert items(sends(EARLIER, media)) == [item]


@pytest.mark.parametrize(
    ("words", "item"),
    [("", "technical.empty"), (" \n ", "technical.empty"), ("🙂🙂", "technical.emoji")],
)
def test_nothing_readable_is_answered(words: str, item: str) -> None:
    """Empty and marks alone."""
    assert items(hears(EARLIER, words)) == [item]


@pytest.mark.parametrize("words", ["", "???"])
def test_nothing_readable_is_no_hello(words: str) -> None:
    """Whatever a model makes of it."""
    assert items(hears(Conversation(), words, reading("greet")))[0] == "hello.short"


def test_a_very_long_message_is_answered_and_told_so() -> None:
    """We read the beginning."""
    decision = hears(EARLIER, "word " * 1100, reading("threats"))

    assert items(decision) == ["technical.long", "threats"]


def test_another_language_gets_its_rescue_card() -> None:
    """Offered, not switched to; a language without a card is read as words."""
    assert items(hears(EARLIER, "słowa", reading("greet", 0.2, language="pl"))) == ["language.pl"]


def test_a_language_without_a_card_is_told_where_interpreters_are() -> None:
    """Russian is not Ukrainian, and neither is silence an answer."""
    heard = Heard("web", words="мне страшно", reading=reading("feelings", 0.9, language="ru"))
    shown = decide(EARLIER, heard, NOON, Known(ITEMS | {"other_services.language"}))

    assert items(shown) == ["other_services.language"]
    assert items(decide(EARLIER, heard, NOON, Known(ITEMS))) == ["feelings"]
    assert items(hears(EARLIER, "ord", reading("court", language="sv"))) == ["court"]


def test_a_talk_survives_being_stored() -> None:
    """And a record from another version keeps what both know."""
    talk = Conversation(
        facts=Facts(role="own", told=("accused",)),
        question="nation",
        offers=(Offer("menu", "Menu"),),
        given=("hello", "accused"),
        turns=4,
        unsure=1,
        last_at=NOON,
    )
    record = to_record(talk)

    assert from_record(record) == talk
    assert from_record({**record, "new_key": 1, "facts": {**record["facts"], "x": 1}}) == talk
    assert from_record({}) == Conversation()
    older = {"facts": {"role": "victim", "police": True, "told": []}, "turns": 3}
    assert from_record(older).facts == Facts(role="victim", police=True)


any_reading = st.builds(
    reading,
    st.sampled_from(INTENTS),
    st.floats(0, 1),
    urgent=st.lists(st.sampled_from(URGENT_INTENTS), max_size=2).map(tuple),
    language=st.sampled_from(["en", "und", "pl", "zh"]),
    degraded=st.booleans(),
)
any_heard = st.one_of(
    st.builds(Heard, channel=st.just("web"), words=st.text(max_size=60), reading=any_reading),
    st.builds(
        Heard,
        channel=st.just("web"),
        tap=st.one_of(
            st.sampled_from(
                ["menu", "none", "now:yes", "erase:yes", "set:role:own", "question:role"]
            ),
            st.text(max_size=80),
        ),
    ),
    st.builds(Heard, channel=st.just("web"), media=st.sampled_from(Media)),
)


@given(st.lists(any_heard, max_size=15))
def test_any_talk_is_answered_and_danger_comes_first(messages: list[Heard]) -> None:
    """Never an exception, never silence, the card always next, same arguments same answer."""
    talk = Conversation()
    for heard in messages:
        decision = decide(talk, heard, NOON, Known(ITEMS))
        assert decision == decide(talk, heard, NOON, Known(ITEMS))
        assert 1 <= len(decision.says) <= 3
        assert {say.item for say in decision.says} <= ITEMS
        if heard.reading and heard.reading.urgent:
            assert decision.says[0].kind is Kind.EMERGENCY
            assert decision.says[0].item in heard.reading.urgent
        for say in decision.says:
            assert all(len(choice.encode()) <= MAX_BYTES for choice in say.choices or ())
        talk = from_record(to_record(decision.talk))


@pytest.mark.parametrize("role", ["own", "supporter"])
def test_a_topic_does_not_make_somebody_else_of_a_person(role: str) -> None:
    """Who spoke of their own behaviour does not become a friend by asking how to help her."""
    talk = replace(EARLIER, facts=Facts(role=role))
    for intent in ("help_someone", "accused"):
        assert hears(talk, "some longer words here", reading(intent)).talk.facts.role == role


@pytest.mark.parametrize("words", ["wales", "Scotland.", "London", "northern ireland"])
def test_a_bare_place_name_is_a_fact(words: str) -> None:
    """And the last advice comes for it."""
    talk = replace(EARLIER, given=("hello", "report_to_police"))
    read = reading("out_of_scope", 0.7, hints=Hints(nation="wales"))

    assert items(hears(talk, words, read)) == ["report_to_police"]


def test_an_age_alone_is_a_fact() -> None:
    """Thirty-four is not a child."""
    talk = replace(EARLIER, given=("hello", "report_to_police"))
    read = reading("under_18", hints=Hints(age="adult"))

    assert items(hears(talk, "im 34", read)) == ["report_to_police"]


def test_the_second_apology_is_another_one() -> None:
    """Nobody reads the same helpless words twice."""
    lost = replace(EARLIER, unsure=1)
    first = hears(lost, "mumble mumble mumble")
    second = hears(first.talk, "mumble mumble mumble")

    assert (items(first), first.says[0].again) == (["unsure"], False)
    assert (items(second), second.says[0].again) == (["unsure"], True)
