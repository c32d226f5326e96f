"""Whoever is told a number at three in the morning must reach somebody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.content.answering import (
    ANYBODY,
    GROUPS,
    Person,
    Way,
    answering_now,
    is_for,
    need_of,
    people,
)
from bot.content.hours import Answers, clock
from bot.content.limits import BY_CHANNEL
from bot.content.load import Content
from bot.content.placeholders import Filled, fill
from bot.content.render import Renderer
from bot.conversation import Facts
from bot.dialogue.decision import Say
from tests.bot.content.test_facts import registers, service
from tests.bot.content.test_hours import line

NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
DAY = datetime(2026, 11, 24, 15, tzinfo=UTC)
WAYS: tuple[Way, ...] = ("phone", "text")
CHRISTMAS = datetime(2026, 12, 25, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "person", "need", "first"),
    [
        (DAY, Person("scotland"), None, "national_stalking_helpline"),
        (DAY, ANYBODY, None, "national_stalking_helpline"),
        (NIGHT, ANYBODY, None, "samaritans"),
        (NIGHT, Person("england"), None, "victim_support_ew"),
        (NIGHT, Person("wales"), None, "live_fear_free"),
        (NIGHT, Person("scotland"), None, "samaritans"),
        (NIGHT, Person("northern_ireland"), None, "samaritans"),
        # an ex, and the nation's own line for that
        (NIGHT, Person("scotland", relationship="ex"), None, "scotland_dafmh"),
        (NIGHT, Person("northern_ireland", relationship="ex"), None,
         "ni_domestic_sexual_abuse_helpline"),
        (NIGHT, Person("england", relationship="ex"), None, "victim_support_ew"),
        (NIGHT, Person("england", relationship="ex", gender="women"), None,
         "national_domestic_abuse_helpline"),
        (NIGHT, Person("england", relationship="ex", gender="men"), None, "victim_support_ew"),
        (DAY, Person("england", relationship="ex", gender="men"), None, "mens_advice_line"),
        # a friend, somebody's own behaviour, and whoever is under 18
        (NIGHT, Person("scotland", "supporter", relationship="ex"), None, "scotland_dafmh"),
        (NIGHT, Person("england", "supporter"), None, "victim_support_ew"),
        (NIGHT, Person("wales", "own"), None, "samaritans"),
        (DAY, Person("england", "own", relationship="ex"), None, "samaritans"),
        (NIGHT, Person("england", age="under_18"), None, "childline"),
        (DAY, Person("wales", "supporter", "under_18"), None, "childline"),
        (NIGHT, Person("scotland", "own", "under_18"), None, "childline"),
        # what the topic says
        (NIGHT, Person("northern_ireland"), "crisis", "samaritans"),
        (DAY, Person("england"), "online", "revenge_porn_helpline"),
        (NIGHT, Person("england"), "online", "victim_support_ew"),
        (NIGHT, Person("england"), "sexual_violence", "rape_crisis_ew"),
        (NIGHT, Person("scotland"), "sexual_violence", "rape_crisis_scotland"),
        (NIGHT, Person("england"), "emergency", "emergency_999"),
        (DAY, Person("scotland", words=frozenset({"lgbt"})), "lgbt", "switchboard_lgbt"),
    ],
)  # fmt: skip
def test_who_answers_now(
    real: Content, now: datetime, person: Person, need: str | None, first: str
) -> None:
    """The line that knows most and is there, for this person."""
    assert answering_now(real.registers, now, person, need)[0].id == first


@pytest.mark.parametrize(
    ("person", "first"),
    [
        (ANYBODY, "shout"),
        (Person("wales"), "live_fear_free"),
        (Person("scotland", relationship="ex"), "scotland_dafmh"),
        (Person("england", age="under_18"), "papyrus_hopeline247"),
    ],
)
def test_who_answers_a_text(real: Content, person: Person, first: str) -> None:
    """For a person who is deaf, or can't speak aloud where they are."""
    assert answering_now(real.registers, NIGHT, person, by="text")[0].id == first


def test_999_by_text_is_named_only_to_whom_it_is_for(real: Content) -> None:
    """The phone must be registered first; somebody hearing would lose time."""
    deaf = Person("england", words=frozenset({"deaf"}))

    assert "emergency_sms" in ids(real, NIGHT, deaf, "emergency", "text")
    assert "emergency_sms" not in ids(real, NIGHT, ANYBODY, "emergency", "text")
    assert "relay_uk_18000" in ids(real, NIGHT, deaf, "emergency", "phone")


def test_a_line_that_is_shut_or_perhaps_shut_does_not_answer_now(real: Content) -> None:
    """Christmas Day: nobody is sent to a line whose holidays we don't know."""
    wales = Person("wales")

    assert ids(real, CHRISTMAS, wales, "advice", "phone") == []
    assert ids(real, DAY, wales, "advice", "phone") == ["citizens_advice_wales"]
    assert "rape_crisis_scotland" not in ids(
        real, datetime(2026, 1, 2, 18, tzinfo=UTC), Person("scotland"), "sexual_violence", "phone"
    )


def ids(real: Content, now: datetime, person: Person, need: str | None, by: Way) -> list[str]:
    return [s.id for s in answering_now(real.registers, now, person, need, by)]


def instants() -> Iterator[datetime]:
    """A year in odd steps, and the hours that go wrong."""
    start = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    yield from (start + timedelta(hours=641 * step) for step in range(13))
    for at in ("2026-01-02T12:00", "2026-03-29T01:00", "2026-10-25T01:30", "2026-12-25T03:00"):
        yield datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize("now", list(instants()), ids=str)
def test_everybody_always_has_a_line_that_is_really_open(real: Content, now: datetime) -> None:
    """Whoever they are, whatever the need, by phone or text: one that answers and is for them."""
    for person in people():
        for need in (need_of(person), "crisis"):
            for by in WAYS:
                found = answering_now(real.registers, now, person, need, by)
                assert found, (person, need, by)
                assert len(set(found_ids := [s.id for s in found])) == len(found_ids)
                for one in found:
                    assert clock(one, now).answers in {Answers.ALWAYS, Answers.OPEN}
                    assert "low" not in {one.confidence, one.hours.confidence}
                    assert set(one.nations) >= set(
                        [person.nation]
                        if person.nation
                        else ["england", "wales", "scotland", "northern_ireland"]
                    )
                    assert one.phone if by == "phone" else one.sms


@pytest.mark.parametrize("need", list(GROUPS))
def test_nobody_is_named_a_line_that_is_not_for_them(real: Content, need: str) -> None:
    """Men no line for women, grown-ups no line for children, nobody who stalks a victims' line."""
    for now in (DAY, NIGHT):
        for person in people():
            for one in answering_now(real.registers, now, person, need):
                only = set(one.who) - {"friends_family"}
                assert only != {"women"} or person.gender == "women"
                assert only != {"men"} or person.gender == "men"
                assert one.id != "childline" or person.age == "under_18"
                assert one.id != "papyrus_hopeline247" or person.age == "under_18"
                assert one.id != "rape_crisis_ew" or person.age != "under_18"
                if person.role == "own":
                    assert one.group in {"crisis", "emergency", "own_behaviour", "children"}
                assert one.area is None


def test_a_line_of_part_of_the_country_is_not_for_everybody() -> None:
    """We never know the town."""
    assert not is_for(service(area="Sussex"), Person("england"))
    assert is_for(service(), Person("england"))


# ------------------------------------------------------------------ in a text

MAIN = "Helpline: {national_stalking_helpline.phone} ({national_stalking_helpline.now})."


def told(real: Content, now: datetime, person: Person = ANYBODY, text: str = MAIN) -> Filled:
    return fill(text, real.registers, now, person)


def test_while_the_main_line_is_open_it_stands_alone(real: Content) -> None:
    """One number to ring, not two."""
    filled = told(real, DAY)

    assert filled.text == "Helpline: 0808 802 0300 (open now until 4pm)."
    assert {span.ref for span in filled.spans} == {"service:national_stalking_helpline"}


@pytest.mark.parametrize(
    ("person", "name", "ref"),
    [
        (ANYBODY, "Samaritans, 116 123", "samaritans"),
        (Person("england"), "Victim Support, 0808 168 9111", "victim_support_ew"),
        (Person("wales"), "Live Fear Free, 0808 80 10 800", "live_fear_free"),
        (Person("england", age="under_18"), "Childline, 0800 1111", "childline"),
    ],
)
def test_when_the_main_line_is_shut_the_text_names_one_that_answers(
    real: Content, person: Person, name: str, ref: str
) -> None:
    """And the bubble's references name the service that is really shown."""
    filled = told(real, NIGHT, person, f"{MAIN}\nIn danger now: {{emergency_999.phone}}.")

    assert filled.text == (
        "Helpline: 0808 802 0300 (opens Wednesday at 9.30am).\n"
        f"Answering now: {name}.\nIn danger now: 999."
    )
    instead = filled.spans[-2]
    assert instead.ref == f"service:{ref}"
    assert name.endswith(f", {filled.text[instead.start : instead.end]}")


def test_when_it_may_be_shut_the_text_says_so_and_names_another(real: Content) -> None:
    """Nobody has said whether this line works on a bank holiday."""
    filled = told(real, CHRISTMAS, text="{mens_advice_line.phone}: {mens_advice_line.now}.")

    assert filled.text == (
        "0808 801 0327: May be closed today, a bank holiday; otherwise open until 5pm.\n"
        "Answering now: Samaritans, 116 123."
    )


def test_a_line_that_stands_in_the_text_is_not_named_twice(real: Content) -> None:
    """Samaritans are there already."""
    text = f"{MAIN} Any hour: {{samaritans.phone}}."

    assert told(real, NIGHT, text=text).text == (
        "Helpline: 0808 802 0300 (opens Wednesday at 9.30am). Any hour: 116 123."
    )


def test_one_line_is_enough(real: Content) -> None:
    """Two shut lines in a text bring one that answers, behind the first."""
    text = "{national_stalking_helpline.now}, {mens_advice_line.now}"

    assert told(real, NIGHT, text=text).text.count("Answering now") == 1


def test_999_is_never_put_in_as_the_line_that_answers() -> None:
    """It is for danger, and every text says so on a line of its own."""
    phone = [{"label": "x", "number": "999", "e164": None, "dial": "999", "cost": "free"}]
    uk = ["england", "wales", "scotland", "northern_ireland"]
    emergency = service(id="emergency_999", group="emergency", phone=phone, nations=uk)
    shut = line(["mon 09:00-10:00"], nations=uk)

    assert fill("{a_line.now}", registers(shut, emergency), NIGHT).text == "Opens Monday at 9am"


def test_the_reply_is_for_this_person_and_refers_to_what_it_shows(real: Content) -> None:
    """From Cardiff on Christmas night: the renderer hands on what the talk knows."""
    say = Say("technical.weak")
    parts = Renderer(real).render(say, Facts(nation="wales"), CHRISTMAS, BY_CHANNEL["web"], "web")

    assert "Answering now: Live Fear Free, 0808 80 10 800." in parts[-1].text
    assert parts[-1].refs[-1] == "service:live_fear_free"


@pytest.mark.parametrize("now", [NIGHT, CHRISTMAS, datetime(2026, 11, 28, 3, tzinfo=UTC)], ids=str)
def test_no_reply_leaves_a_person_with_a_line_that_is_shut(real: Content, now: datetime) -> None:
    """Every text that gives the helpline's number also gives one that answers, for whoever reads.

    Those that only name it in passing, without its opening hours, are not meant.
    """
    shut = "national_stalking_helpline.now"
    texts = [
        (item, text)
        for item in real.library.items
        for text in (*item.text, *item.again)
        if shut in text
    ]
    assert len(texts) > 50
    for item, text in texts:
        for nation in (item.nation,) if item.nation else (None, "scotland", "wales"):
            filled = told(real, now, Person(nation, item.role), text)
            named = {span.ref.removeprefix("service:") for span in filled.spans}
            lines = [real.registers.services[n] for n in named if n in real.registers.services]
            assert any(
                line.phone
                and clock(line, now).answers is Answers.ALWAYS
                and line.group not in {"emergency", "police"}
                for line in lines
            ), (item.id, nation)
