"""Next steps that fit this person: at most three, never one taken, always a way to a person."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, Facts, Place
from bot.dialogue.decision import Say
from bot.dialogue.flows import ASKING
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.dialogue.offers import MOST, PEOPLE, steps
from bot.dialogue.policy import decide
from tests.bot.dialogue.saying import EARLIER, ITEMS, NOON, reading
from tests.bot.dialogue.test_flows import CHECK

OWN = ("show:threats.keep", "show:threats.law", "ask:report_to_police", "ask:advocate")
MORE = frozenset({"threats.keep", "threats.law", "tracking_device.found", "evidence.diary"})
LEADS = {
    "threats": OWN,
    "threats.keep": ("ask:report_to_police", "ask:advocate"),
    "advocate": ("show:evidence.diary", "ask:feelings", "ask:evidence", "ask:court"),
}
KNOWN = Known(ITEMS | MORE, {}, lambda item, _facts, _channel: LEADS.get(item))


def offered(facts: Facts | None = None, item: str = "threats", **talk: object) -> tuple[str, ...]:
    """The steps under an answer, for a talk with these facts."""
    known = replace(EARLIER, facts=facts or Facts(), **talk)  # type: ignore[arg-type]  # its own
    return steps(known, Say(item), LEADS[item], "web", KNOWN)


def test_the_answers_own_steps_come_first_and_a_person_last() -> None:
    """Its text speaks of these."""
    assert offered() == ("show:threats.keep", "show:threats.law", "ask:advocate")


def test_nothing_is_offered_that_was_taken() -> None:
    """What was shown makes room for what was not."""
    shown = offered(given=("threats.keep", "report_to_police"))

    assert "show:threats.keep" not in shown
    assert "ask:report_to_police" not in shown


@pytest.mark.parametrize(
    ("facts", "called_for"),
    [
        (Facts(orders=True), "ask:order_breached"),
        (Facts(told=("tracking_device",)), "show:tracking_device.found"),
        (Facts(relationship="ex", children=True), "ask:children_and_contact"),
        (Facts(age="under_18"), "ask:under_18"),
    ],
)
def test_what_the_case_calls_for_is_among_the_three(facts: Facts, called_for: str) -> None:
    """An order in force, a tracker, children, somebody under 18."""
    assert called_for in offered(facts)


def test_who_has_told_the_police_is_not_sent_there_first() -> None:
    """And who has not, after several things happened, is."""
    told = ("threats", "unwanted_contact")
    given = ("threats.keep", "threats.law")

    assert "ask:report_to_police" in offered(Facts(told=told), given=given)
    known = offered(Facts(told=told, police=True), "threats.keep", given=(*given, "threats"))
    assert "ask:police_not_helping" in known or "ask:report_to_police" in known


def test_what_was_told_beside_it_is_offered_first() -> None:
    """Two things asked at once: one answered, the other offered."""
    assert offered(rest=("accounts_hacked",))[0] == "ask:accounts_hacked"


def test_there_is_always_a_way_to_a_person() -> None:
    """An advocate, or a helpline; an answer that is one itself needs no button for it."""
    for given in ((), ("advocate",), ("advocate", "helpline")):
        assert set(offered(given=given)) & set(PEOPLE)
    assert offered(item="advocate") == ("show:evidence.diary", "ask:feelings", "ask:evidence")


def test_somebody_worried_about_themselves_is_led_to_a_line_for_that() -> None:
    """Never to an advocate for victims, and never to the victim's steps."""
    shown = steps(EARLIER.knowing(role="own"), Say("accused"), ("ask:accused",), "web", KNOWN)

    assert shown[-1] == "ask:helpline"
    assert "ask:evidence" not in shown


def test_a_flow_that_waits_is_offered_before_all() -> None:
    """Whoever asked something else in the middle can go on; it vanishes once it goes on."""
    known = replace(KNOWN, flows={"check": CHECK})
    waits = replace(EARLIER, flow=Place("check", "repeated"))
    asks = replace(waits, question=ASKING)

    assert steps(waits, Say("threats"), OWN, "web", known)[0] == "flow:check:on"
    assert "flow:check:on" not in steps(asks, Say("threats"), OWN, "web", known)
    assert "flow:check:on" not in steps(EARLIER, Say("threats"), OWN, "web", known)


@pytest.mark.parametrize("item", ["threats", "threats.keep", "advocate"])
@pytest.mark.parametrize("facts", [Facts(), Facts(police=True), Facts(role="supporter")])
def test_never_more_than_three(item: str, facts: Facts) -> None:
    """However much is known."""
    rich = replace(facts, orders=True, children=True, relationship="ex", age="under_18")

    assert len(offered(rich, item)) <= MOST


def test_only_advice_is_fitted() -> None:
    """The 999 card, questions and notices keep their own buttons."""
    talk: Conversation = EARLIER
    heard = Heard(channel="web", words="he said he'd kill me", reading=reading("threats"))
    assert decide(talk, heard, NOON, KNOWN).says[-1].choices is not None
    urgent = Heard(channel="web", words="hes here", reading=reading("emergency"))
    assert decide(talk, urgent, NOON, KNOWN).says[-1].choices is None
