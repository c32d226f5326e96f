"""Guided questions: one at a time, passed over or left at any moment, never a trap."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, Facts, Place
from bot.dialogue.decision import Decision
from bot.dialogue.flows import ASKING, PATIENCE
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from bot.flow import DONE, SKIP, End, Flow, Option, Step, marks_of
from bot.messages import Kind, Offer
from nlu.reading import Reading
from tests.bot.dialogue.saying import EARLIER, ITEMS, NOON, items, reading

CHECK = Flow(
    id="check",
    title="Check it",
    go_on="Back to it",
    roles=frozenset({"victim", "supporter"}),
    instead="worried_about_own_behaviour",
    steps=(
        Step("tell", (Option(SKIP, "Skip"),), hears=True, unless=frozenset({"told"})),
        Step(
            "repeated",
            (
                Option("yes", "Yes", ("sign:repeated",)),
                Option("no", "No"),
                Option(SKIP, "Not sure"),
            ),
            unless=frozenset({"sign:repeated"}),
        ),
        Step(
            "risks",
            (
                Option("threats", "Threats", ("risk:threats",)),
                Option("pets", "A pet is hurt", ("risk:pets",)),
                Option("home", "At home", ("pick:home",)),
                Option(DONE, "That's all"),
            ),
            many=True,
        ),
    ),
    ends=(
        End("check.strong", frozenset({"risk:threats"}), at_least=2, counting=("risk:", "sign:")),
        End("check.plan", at_least=1, counting=("pick:",), sections=True),
        End("check.some"),
    ),
)
MORE = frozenset({
    "step.check.tell", "step.check.repeated", "step.check.risks", "check.strong", "check.plan",
    "check.some", "flow.heard", "flow.not_got", "flow.left", "check.for_home",
})  # fmt: skip
KNOWN = Known(ITEMS | MORE, {"check": CHECK})
TOLD = replace(EARLIER, facts=Facts(told=("unwanted_contact",)))
NOTHING = reading("out_of_scope", 0.05)


def tap(talk: Conversation, button: str) -> Decision:
    """What is decided about a tap."""
    return decide(talk, Heard(channel="web", tap=button), NOON, KNOWN)


def write(talk: Conversation, words: str, read: Reading = NOTHING) -> Decision:
    """What is decided about words."""
    return decide(talk, Heard(channel="web", words=words, reading=read), NOON, KNOWN)


def begun(talk: Conversation = TOLD) -> Conversation:
    """The talk with the first question asked."""
    return tap(talk, "flow:check").talk


def at(step: str, talk: Conversation = TOLD) -> Conversation:
    """The talk with this step's question open."""
    return replace(talk, flow=Place("check", step), question=ASKING)


def test_it_begins_with_the_first_thing_that_is_not_known() -> None:
    """Nobody is asked to tell again what they have told."""
    assert items(tap(EARLIER, "flow:check")) == ["step.check.tell"]
    assert items(tap(TOLD, "flow:check")) == ["step.check.repeated"]
    known = replace(TOLD, facts=replace(TOLD.facts, signs=("repeated",)))
    assert items(tap(known, "flow:check")) == ["step.check.risks"]


def test_the_talk_says_where_it_is() -> None:
    """The flow and the step are kept, and its question is the open one."""
    talk = begun()

    assert talk.flow == Place("check", "repeated")
    assert talk.question == ASKING


def test_who_does_it_is_not_asked_how_bad_it_is() -> None:
    """The questions are for those it happens to; others get what is for them."""
    own = EARLIER.knowing(role="own")

    assert items(tap(own, "flow:check")) == ["worried_about_own_behaviour"]
    assert tap(own, "flow:check").talk.flow is None


def test_an_answer_becomes_a_fact_and_the_next_question_comes() -> None:
    """Yes to "does it keep happening" is remembered as a sign."""
    decision = tap(begun(), "pick:check.repeated:yes")

    assert decision.talk.facts.signs == ("repeated",)
    assert items(decision) == ["step.check.risks"]


@pytest.mark.parametrize("words", ["yes", "yeah", "yep", "i do"])
def test_yes_may_be_typed(words: str) -> None:
    """A question with yes and no is answered by words as well."""
    assert write(begun(), words).talk.facts.signs == ("repeated",)


@pytest.mark.parametrize("words", ["not sure", "skip", "idk", "Don’t know.", "next"])
def test_a_question_is_passed_over_in_words(words: str) -> None:
    """Not knowing is an answer."""
    decision = write(begun(), words)

    assert items(decision) == ["step.check.risks"]
    assert decision.talk.facts.signs == ()


@pytest.mark.parametrize("words", ["stop", "no more questions", "Enough", "cancel"])
def test_it_is_left_in_words_and_nothing_is_lost(words: str) -> None:
    """Whoever has enough of questions is not asked another."""
    talk = tap(begun(), "pick:check.repeated:yes").talk
    decision = write(talk, words)

    assert items(decision) == ["flow.left"]
    assert decision.talk.flow is None
    assert decision.talk.question is None
    assert decision.talk.facts.signs == ("repeated",)


def test_several_may_be_chosen_and_each_is_offered_once() -> None:
    """What was chosen vanishes from the choices; the question is the same one."""
    decision = tap(at("risks"), "pick:check.risks:threats")

    assert items(decision) == ["step.check.risks"]
    assert decision.says[0].choices == (
        "pick:check.risks:pets",
        "pick:check.risks:home",
        "pick:check.risks:done",
    )


def test_it_ends_by_itself_when_all_was_chosen() -> None:
    """No question without a choice."""
    talk = at("risks")
    for option in ("threats", "pets", "home"):
        decision = tap(talk, f"pick:check.risks:{option}")
        talk = decision.talk

    assert items(decision) == ["check.strong"]
    assert talk.flow is None


@pytest.mark.parametrize(
    ("picks", "end"),
    [
        ((), "check.some"),
        (("pets",), "check.some"),
        (("home",), "check.plan"),
        (("threats",), "check.strong"),
    ],
)
def test_it_ends_as_the_answers_call_for(picks: tuple[str, ...], end: str) -> None:
    """The gravest end that fits is shown; the last one is for everybody."""
    talk = at("risks")
    for pick in picks:
        talk = tap(talk, f"pick:check.risks:{pick}").talk

    assert items(tap(talk, "pick:check.risks:done")) == [end]


def test_a_plan_is_put_together_and_then_forgotten() -> None:
    """The chosen situations are parts of the text, and no fact of the talk."""
    talk = tap(at("risks"), "pick:check.risks:home").talk
    decision = tap(talk, "pick:check.risks:done")

    assert decision.says[0].sections == ("check.for_home",)
    assert decision.talk.flow is None
    assert decision.talk.facts == TOLD.facts


def test_ones_own_words_are_the_answer_where_they_are_asked_for() -> None:
    """Told in their own words: remembered, acknowledged, and the next question asked."""
    told = reading("followed_or_watched", 0.9)
    decision = write(begun(EARLIER), "he waits at my bus stop", told)

    assert decision.talk.facts.told == ("followed_or_watched",)
    assert items(decision) == ["step.check.repeated"]
    assert decision.says[0].lead == "flow.heard"


def test_words_that_nobody_can_read_are_still_an_answer_there() -> None:
    """Whoever told something in their own words is not told that it was not understood."""
    assert items(write(begun(EARLIER), "mmh the thing with the bins")) == ["step.check.repeated"]


def test_what_is_told_instead_of_a_yes_is_heard() -> None:
    """ "he's there every single day" answers "does it keep happening"."""
    told = replace(reading("followed_or_watched", 0.9), signs=frozenset({"repeated"}))
    decision = write(begun(), "he's there every single day", told)

    assert decision.talk.facts.signs == ("repeated",)
    assert items(decision) == ["step.check.risks"]


def test_a_risk_in_words_counts_as_chosen() -> None:
    """Among several choices one may be said in words."""
    said = replace(reading("threats", 0.9), risks=frozenset({"threats"}))
    decision = write(at("risks"), "he said he would burn my house down", said)

    assert decision.talk.facts.risks == ("threats",)
    assert items(decision) == ["step.check.risks"]
    assert "pick:check.risks:threats" not in (decision.says[0].choices or ())


def test_another_question_is_answered_and_the_flow_waits() -> None:
    """Nobody is held to our questions; they are offered again under the answer."""
    decision = write(begun(), "do the police take this seriously", reading("report_to_police"))

    assert items(decision) == ["report_to_police"]
    assert decision.talk.flow is not None
    assert decision.talk.question is None
    assert items(tap(decision.talk, "flow:check:on")) == ["step.check.repeated"]


def test_a_flow_that_nobody_takes_up_is_let_go() -> None:
    """After a few answers about other things it is over."""
    talk = begun()
    for _ in range(PATIENCE + 1):
        assert talk.flow is not None
        talk = write(talk, "what is the law", reading("law_and_penalties")).talk

    assert talk.flow is None


def test_danger_comes_first_and_keeps_the_place() -> None:
    """The 999 card interrupts any question; afterwards it can go on."""
    decision = write(begun(), "hes at the door", reading("emergency"))

    assert items(decision) == ["emergency"]
    assert decision.talk.flow == Place("check", "repeated", waited=1)
    assert items(tap(decision.talk, "flow:check:on")) == ["step.check.repeated"]


def test_erasing_is_heard_in_a_flow() -> None:
    """Delete and leave work at every step."""
    assert items(write(begun(), "delete")) == ["erase.ask"]
    assert items(write(begun(), "exit")) == ["leave.done"]


def test_what_is_not_understood_is_asked_again_once() -> None:
    """Once in other words; the second time there is a way to a person."""
    first = write(begun(), "flurb")
    second = write(first.talk, "flurb")

    assert items(first) == ["flow.not_got", "step.check.repeated"]
    assert first.says[0].kind is Kind.NOTICE
    assert items(second) == ["unsure"]
    assert second.talk.flow is not None


def test_a_double_tap_changes_nothing() -> None:
    """The second tap on the same answer leaves the next question open."""
    once = tap(begun(), "pick:check.repeated:yes")
    twice = tap(once.talk, "pick:check.repeated:yes")

    assert items(twice) == ["step.check.risks"]
    assert twice.talk.facts == once.talk.facts


def test_a_double_tap_on_the_last_answer_shows_the_end_again() -> None:
    """Neither an error nor a question that was answered."""
    end = tap(at("risks"), "pick:check.risks:done")
    again = tap(end.talk, "pick:check.risks:done")

    assert items(again) == items(end)
    assert again.says[0].again


@pytest.mark.parametrize("button", ["flow:gone", "pick:check.gone:yes", "pick:check.repeated:hm"])
def test_a_button_of_a_flow_that_changed_is_answered_kindly(button: str) -> None:
    """The content may have been edited between two messages."""
    assert items(tap(TOLD, button)) == ["technical.stale_button"]


def test_a_step_that_is_gone_is_no_dead_end() -> None:
    """A talk left at a step that no longer exists goes on as any other."""
    talk = replace(TOLD, flow=Place("check", "gone"), question=ASKING)

    assert items(write(talk, "is it a crime", reading("law_and_penalties"))) == [
        "law_and_penalties"
    ]
    assert items(tap(talk, "flow:check:on")) == ["step.check.repeated"]


def test_a_title_may_be_typed() -> None:
    """Typing what the button says is the same as tapping it."""
    offers = (Offer("pick:check.risks:threats", "Threats"), Offer("pick:check.risks:done", "Done"))
    talk = replace(at("risks"), offers=offers)

    assert write(talk, "threats").talk.facts.risks == ("threats",)


def test_marks_are_what_the_talk_knows() -> None:
    """Facts and picks, in the words that flows use."""
    facts = Facts(told=("threats",), signs=("repeated",), risks=("pets",))

    assert marks_of(facts, ("home",)) == {
        "told",
        "told:threats",
        "sign:repeated",
        "risk:pets",
        "pick:home",
    }
