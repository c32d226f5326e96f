"""Somebody who rings because we said "open now" must not hear a machine."""

from datetime import UTC, datetime

import pytest

from bot.content.hours import calendar_of, clock
from bot.content.hours_words import clock_words, open_words, week_words
from bot.content.load import Content
from bot.content.register_shapes import Hours, Service
from tests.bot.content.test_facts import service


def words(line: Service, at: str) -> str:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return open_words(clock(line, now), line)


def line(
    slots: list[str], *, bank: str = "closed", confidence: str = "high", **more: object
) -> Service:
    """slots: 'mon,tue 09:00-17:00'."""
    parsed = []
    for slot in slots:
        days, times = slot.split(" ")
        opens, closes = times.split("-")
        parsed.append({"days": days.split(","), "open": opens, "close": closes})
    hours = {
        "always_open": more.pop("always", "false"),
        "slots": parsed,
        "bank_holidays": bank,
        "confidence": confidence,
        "note": None,
    }
    return service(hours=hours, **more)


WEEK = "mon,tue,wed,thu,fri"
ALL = f"{WEEK},sat,sun"
OFFICE = [f"{WEEK} 09:00-17:00"]
HELPLINE = ["mon,wed 09:30-20:00", "tue,thu,fri 09:30-16:00"]
UK = ["england", "wales", "scotland", "northern_ireland"]

AT = [
    # the National Stalking Helpline's week, winter time
    (HELPLINE, "closed", UK, "2026-11-30T09:29", "opens today at 9.30am"),
    (HELPLINE, "closed", UK, "2026-11-30T09:30", "open now until 8pm"),
    (HELPLINE, "closed", UK, "2026-11-30T19:59", "open now until 8pm"),
    (HELPLINE, "closed", UK, "2026-11-30T20:00", "opens Tuesday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-11-24T15:59", "open now until 4pm"),
    (HELPLINE, "closed", UK, "2026-11-24T16:00", "opens Wednesday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-11-27T16:00", "opens Monday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-11-28T03:00", "opens Monday at 9.30am"),
    # summer time: half past nine in London is 08:30 UTC
    (HELPLINE, "closed", UK, "2026-07-06T08:29", "opens today at 9.30am"),
    (HELPLINE, "closed", UK, "2026-07-06T08:30", "open now until 8pm"),
    (HELPLINE, "closed", UK, "2026-07-06T18:59", "open now until 8pm"),
    (HELPLINE, "closed", UK, "2026-07-06T19:00", "opens Tuesday at 9.30am"),
    # the days after both clock changes (29 March and 25 October 2026, both Sundays)
    (OFFICE, "closed", UK, "2026-03-27T08:59", "opens today at 9am"),
    (OFFICE, "closed", UK, "2026-03-30T07:59", "opens today at 9am"),
    (OFFICE, "closed", UK, "2026-03-30T08:00", "open now until 5pm"),
    (OFFICE, "closed", UK, "2026-10-23T08:00", "open now until 5pm"),
    (OFFICE, "closed", UK, "2026-10-26T08:59", "opens today at 9am"),
    (OFFICE, "closed", UK, "2026-10-26T09:00", "open now until 5pm"),
    # a night line through both changes: 23 and 25 hours later by the clock
    (["sat 18:00-24:00", "sun 00:00-08:00"], "open", UK, "2026-03-29T06:59", "open now until 8am"),
    (["sat 18:00-24:00", "sun 00:00-08:00"], "open", UK, "2026-03-29T07:00",
     "opens Saturday at 6pm"),
    (["sat 18:00-24:00", "sun 00:00-08:00"], "open", UK, "2026-10-25T07:59", "open now until 8am"),
    # Christmas 2026: Friday, the 26th a Saturday, Monday the 28th its substitute
    (HELPLINE, "closed", UK, "2026-12-24T16:00", "opens Tuesday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-12-25T11:00",
     "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-12-26T11:00", "opens Tuesday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-12-28T11:00",
     "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (HELPLINE, "closed", UK, "2026-12-29T11:00", "open now until 4pm"),
    (HELPLINE, "open", UK, "2026-12-25T11:00", "open now until 4pm"),
    (HELPLINE, "unknown", UK, "2026-12-25T11:00",
     "may be closed today, a bank holiday; otherwise open until 4pm"),
    (HELPLINE, "unknown", UK, "2026-12-24T17:00",
     "opens Friday at 9.30am, but may be closed that day, a bank holiday"),
    # Saturday 26 December is no bank holiday, but nobody has said that anybody works
    (["sat 09:00-13:00"], "unknown", UK, "2026-12-26T10:00",
     "may be closed today, a public holiday; otherwise open until 1pm"),
    (["sat 09:00-13:00"], "closed", UK, "2026-12-26T10:00",
     "may be closed today, a public holiday; otherwise open until 1pm"),
    # 2027: the 25th is a Saturday, both substitutes are in the week after
    (OFFICE, "closed", UK, "2027-12-27T10:00",
     "closed today, a bank holiday; opens Wednesday at 9am"),
    (OFFICE, "closed", UK, "2027-12-24T17:00", "opens Wednesday at 9am"),
    # 2 January is a holiday in Scotland only; 2026: a Friday
    (OFFICE, "closed", ["scotland"], "2026-01-02T10:00",
     "closed today, a bank holiday; opens Monday at 9am"),
    (OFFICE, "closed", UK, "2026-01-02T10:00", "open now until 5pm"),
    # its substitute in 2027 is Monday the 4th
    (OFFICE, "closed", ["scotland"], "2027-01-04T10:00",
     "closed today, a bank holiday; opens Tuesday at 9am"),
    (OFFICE, "closed", UK, "2027-01-04T10:00", "open now until 5pm"),
    # Easter Monday is no holiday in Scotland, and is one in England
    (OFFICE, "closed", ["scotland"], "2026-04-06T09:00", "open now until 5pm"),
    (OFFICE, "closed", ["england"], "2026-04-06T09:00",
     "closed today, a bank holiday; opens Tuesday at 9am"),
    # 12 July in Northern Ireland: a Sunday in 2026, so Monday the 13th; a Monday in 2027
    (OFFICE, "closed", ["northern_ireland"], "2026-07-13T10:00",
     "closed today, a bank holiday; opens Tuesday at 9am"),
    (OFFICE, "closed", ["northern_ireland"], "2027-07-12T10:00",
     "closed today, a bank holiday; opens Tuesday at 9am"),
    (OFFICE, "closed", ["wales"], "2027-07-12T10:00", "open now until 5pm"),
    # midnight ends
    ([f"{ALL} 17:00-24:00"], "open", UK, "2026-11-24T23:59", "open now until midnight"),
    ([f"{ALL} 17:00-24:00"], "open", UK, "2026-11-25T00:00", "opens today at 5pm"),
    ([f"{ALL} 17:00-24:00"], "open", UK, "2026-11-24T16:59", "opens today at 5pm"),
    ([f"{WEEK} 00:00-24:00"], "open", UK, "2026-11-24T12:00", "open now until Friday at midnight"),
    ([f"{ALL} 08:00-12:00"], "open", UK, "2026-11-24T11:59", "open now until midday"),
    # a lunch break
    ([f"{WEEK} 14:00-17:00", f"{WEEK} 09:00-13:00"], "closed", UK, "2026-11-24T13:00",
     "opens today at 2pm"),
    # a week away, and longer over Christmas
    (["mon 09:00-10:00"], "closed", UK, "2026-11-30T10:00", "opens Monday 7 December at 9am"),
    (["fri 09:00-10:00"], "closed", UK, "2026-12-18T10:00", "opens Friday 8 January at 9am"),
]  # fmt: skip


@pytest.mark.parametrize(("slots", "bank", "nations", "at", "expected"), AT)
def test_what_a_line_does_now(
    slots: list[str], bank: str, nations: list[str], at: str, expected: str
) -> None:
    """Open, until when, and when next: by London's clock and the line's own holidays."""
    assert words(line(slots, bank=bank, nations=nations), at) == expected


def test_a_line_that_never_opens_in_sight_is_closed_now() -> None:
    """Three Fridays in a row are holidays nowhere; still, we never make up a day."""
    closed = line(["fri 09:00-10:00"], calendar="england", nations=UK)
    now = datetime(2026, 12, 18, 10, tzinfo=UTC)
    far = clock(closed, now)

    assert open_words(type(far)(far.answers, far.now), closed) == "closed now"


def test_always_open_is_always_open() -> None:
    """On Christmas night too."""
    assert words(line([], always="true"), "2026-12-25T03:00") == "open 24 hours"


@pytest.mark.parametrize("always", ["true", "false"])
def test_unconfirmed_hours_are_never_said(always: str) -> None:
    """Low confidence: no time, and no "24 hours" either."""
    slots = [] if always == "true" else OFFICE
    low = line(slots, confidence="low", always=always)

    assert words(low, "2026-11-24T10:00") == "check its website for opening hours"
    assert words(low.model_copy(update={"url": None}), "2026-11-24T10:00") == "opening hours vary"


def test_a_service_without_hours_has_no_clock() -> None:
    """A website is not open or closed."""
    assert words(line([]), "2026-11-24T10:00") == "check its website for opening hours"


def test_a_time_without_a_zone_is_refused() -> None:
    """Guessing one would say open when it is closed."""
    with pytest.raises(ValueError, match="without a zone"):
        clock(line(OFFICE), datetime(2026, 11, 24, 10))


def test_the_calendar_is_that_of_where_the_line_is_run() -> None:
    """Said by the register, else the only nation served, else England."""
    assert calendar_of(line(OFFICE, nations=UK)) == "england"
    assert calendar_of(line(OFFICE, nations=["wales"])) == "wales"
    assert calendar_of(line(OFFICE, nations=UK, calendar="scotland")) == "scotland"


@pytest.mark.parametrize(
    ("slots", "bank", "expected"),
    [
        (OFFICE, "open", "Monday to Friday 9am to 5pm"),
        (OFFICE, "closed", "Monday to Friday 9am to 5pm, not bank holidays"),
        (
            HELPLINE,
            "unknown",
            "Monday and Wednesday 9.30am to 8pm; Tuesday, Thursday and Friday 9.30am to 4pm",
        ),
        ([f"{ALL} 17:00-24:00"], "open", "every day 5pm to midnight"),
        (["sat 09:00-12:00"], "open", "Saturday 9am to midday"),
        (
            [f"{WEEK} 14:00-17:00", f"{WEEK} 09:00-13:00"],
            "open",
            "Monday to Friday 9am to 1pm and 2pm to 5pm",
        ),
    ],
)
def test_the_week_in_words(slots: list[str], bank: str, expected: str) -> None:
    """As a person would say it."""
    assert week_words(line(slots, bank=bank).hours) == expected


def test_the_week_of_a_line_that_is_always_open() -> None:
    """No list of seven days."""
    assert week_words(line([], always="true").hours) == "24 hours a day, every day"


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [
        (0, 0, "midnight"),
        (0, 5, "12.05am"),
        (12, 0, "midday"),
        (12, 30, "12.30pm"),
        (23, 0, "11pm"),
    ],
)
def test_a_time_of_day_in_words(hour: int, minute: int, expected: str) -> None:
    """Twelve-hour clock with a full stop."""
    assert clock_words(datetime(2026, 1, 1, hour, minute, tzinfo=UTC)) == expected


def test_a_slot_must_end_after_it_begins() -> None:
    """18:00 to 02:00 is two slots."""
    with pytest.raises(ValueError, match="split a slot at midnight"):
        line(["mon 18:00-02:00"])


def test_always_open_with_slots_is_a_contradiction() -> None:
    """One of the two is wrong, and we don't choose."""
    with pytest.raises(ValueError, match="has no slots"):
        line(OFFICE, always="true")


def test_the_real_helpline_at_night(real: Content) -> None:
    """The number most people are given, with the hours most people are told."""
    helpline = real.registers.services["national_stalking_helpline"]

    assert isinstance(helpline.hours, Hours)
    assert words(helpline, "2026-11-24T22:30") == "opens Wednesday at 9.30am"
    assert words(helpline, "2026-11-25T19:00") == "open now until 8pm"
