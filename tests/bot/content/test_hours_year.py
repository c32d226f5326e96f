"""The helpline clock, held against a table of every minute of a year that is made another way.

The table knows nothing of the code: raw slots of the register's file, bank holidays written out by
hand, a row of minutes for each local date, and the run of equal minutes for "until" and "opens".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from bot.content.bank_holidays import DayKind, kind_of
from bot.content.hours import Answers, Clock, clock
from bot.content.hours_words import open_words
from bot.content.load import Content
from bot.content.register_shapes import Service
from tests.bot.content.test_hours import line, words

REGISTER = Path("responses/register/services.yml")
RAW: list[dict[str, Any]] = YAML(typ="safe").load(REGISTER)["services"]
TIMED = {raw["id"]: raw for raw in RAW if raw["hours"]["slots"]}

EASTER = {2026: ("04-03", "04-06"), 2027: ("03-26", "03-29"), 2028: ("04-14", "04-17")}
"""Good Friday and Easter Monday."""
EARLY_MAY = {2026: "05-04", 2027: "05-03", 2028: "05-01"}
SPRING = {2026: "05-25", 2027: "05-31", 2028: "05-29"}
LATE_SUMMER = {2026: "08-31", 2027: "08-30", 2028: "08-28"}
SCOTTISH_SUMMER = {2026: "08-03", 2027: "08-02", 2028: "08-07"}
NEW_YEAR = {2026: "01-01", 2027: "01-01", 2028: "01-03"}
SECOND_OF_JANUARY = {2026: "01-02", 2027: "01-04", 2028: "01-04"}
TWELFTH_OF_JULY = {2026: "07-13", 2027: "07-12", 2028: "07-12"}
CHRISTMAS = {2026: ("12-25", "12-28"), 2027: ("12-27", "12-28"), 2028: ("12-25", "12-26")}
WORLD_CUP = {2026: "06-15"}  # proclaimed for Scotland only
AT_WEEKENDS = {
    "england": {"2026-12-26", "2027-12-25", "2027-12-26", "2028-01-01"},
    "scotland": {
        "2026-12-26", "2027-01-02", "2027-12-25", "2027-12-26", "2028-01-01", "2028-01-02"
    },
    "northern_ireland": {
        "2026-07-12", "2026-12-26", "2027-12-25", "2027-12-26", "2028-01-01"
    },
}  # fmt: skip
"""Holidays on a Saturday or Sunday, whose bank holiday is a substitute day."""
AT_WEEKENDS["wales"] = AT_WEEKENDS["england"]


@cache
def bank_holidays(nation: str, year: int) -> set[str]:
    """Days in the week, substitutes included, as the government lists them."""
    if year not in EASTER:  # of the year after, only its first days are looked at
        return {f"{year}-01-01"} | ({f"{year}-01-02"} if nation == "scotland" else set())
    easter = EASTER[year][:1] if nation == "scotland" else EASTER[year]
    days = {NEW_YEAR[year], *easter, EARLY_MAY[year], SPRING[year], *CHRISTMAS[year]}
    if nation == "scotland":
        days |= {SECOND_OF_JANUARY[year], SCOTTISH_SUMMER[year], "11-30"}
        days |= {WORLD_CUP[year]} if year in WORLD_CUP else set()
    else:
        days |= {LATE_SUMMER[year]}
    if nation == "northern_ireland":
        days |= {"03-17", TWELFTH_OF_JULY[year]}
    return {f"{year}-{day}" for day in days}


@pytest.mark.parametrize("nation", ["england", "wales", "scotland", "northern_ireland"])
def test_bank_holidays_are_those_of_the_nation(nation: str) -> None:
    """Every day of three years is what the government's list says it is."""
    listed = set().union(*(bank_holidays(nation, year) for year in EASTER))
    day = date(2026, 1, 1)
    while day.year in EASTER:
        at = day.isoformat()
        expected = DayKind.ORDINARY
        if at in listed:
            expected = DayKind.BANK_HOLIDAY
        elif at in AT_WEEKENDS[nation]:
            expected = DayKind.HOLIDAY_WEEKEND
        assert kind_of(day, nation) is expected, at
        day += timedelta(days=1)


# ------------------------------------------------------------------ the table

CLOSED, OPEN, MAYBE_BANK, MAYBE_WEEKEND = range(4)
DAY = 24 * 60
AFTER = 22 * DAY  # minutes beyond the year, for "opens next"
LONDON = ZoneInfo("Europe/London")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Table:
    """Every minute of one year, by UTC: what the line does, and the first minute it changes."""

    start: datetime
    states: bytes
    change: list[int]  # the first minute with another state
    opening: list[int]  # the first minute, this one or later, in which it is not closed
    shut: frozenset[date]  # days on which it would open, were they no bank holiday

    def at(self, minute: int) -> datetime:
        return self.start + timedelta(minutes=minute)


def table_of(raw: dict[str, Any], year: int) -> Table:
    first = date(year, 1, 1) - timedelta(days=1)
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    local, shut = bytearray(), set()
    for number in range(days + 1 + AFTER // DAY + 1):
        day = first + timedelta(days=number)
        row, is_shut = local_day(raw, day)
        local += row
        if is_shut:
            shut.add(day)
    start = datetime(year, 1, 1, tzinfo=UTC)
    states = bytearray()
    for hour in range((days * DAY + AFTER) // 60):
        offset = (start + timedelta(hours=hour)).astimezone(LONDON).utcoffset()
        assert offset is not None
        at = DAY + hour * 60 + int(offset.total_seconds()) // 60
        states += local[at : at + 60]
    return Table(start, bytes(states), *walked_back(states), frozenset(shut))


def local_day(raw: dict[str, Any], day: date) -> tuple[bytearray, bool]:
    """The day's 1,440 minutes by the clock on the wall; and whether a bank holiday shuts it."""
    minutes = bytearray(DAY)
    nations = raw["nations"]
    nation = raw.get("calendar") or (nations[0] if len(nations) == 1 else "england")
    policy = raw["hours"]["bank_holidays"]
    at = day.isoformat()
    state = OPEN
    if policy != "open" and at in bank_holidays(nation, day.year):
        state = CLOSED if policy == "closed" else MAYBE_BANK
    elif policy != "open" and at in AT_WEEKENDS[nation]:
        state = MAYBE_WEEKEND
    slots = [s for s in raw["hours"]["slots"] if WEEK[day.weekday()] in s["days"]]
    for slot in slots:
        for minute in range(minute_of(slot["open"]), minute_of(slot["close"])):
            minutes[minute] = state
    return minutes, bool(slots) and state == CLOSED


def minute_of(text: Any) -> int:
    hour, minute = str(text).split(":")
    return int(hour) * 60 + int(minute)


def walked_back(states: bytes | bytearray) -> tuple[list[int], list[int]]:
    last = len(states)
    change, opening = [0] * last, [0] * last
    differs, opens, following = last, last, None
    for minute in range(last - 1, -1, -1):
        if states[minute] != following:
            differs, following = minute + 1, states[minute]
        opens = minute if following else opens
        change[minute], opening[minute] = differs, opens
    return change, opening


# ------------------------------------------------------------------ the words, written anew

WHY = {MAYBE_BANK: "a bank holiday", MAYBE_WEEKEND: "a public holiday"}


def said_time(at: datetime) -> str:
    if (at.hour, at.minute) in {(0, 0), (12, 0)}:
        return "midnight" if at.hour == 0 else "midday"
    return at.strftime("%I.%M%p").lstrip("0").lower().replace(".00", "")


def expected(table: Table, minute: int) -> str:
    """What the person must be told at this minute."""
    now = table.at(minute).astimezone(LONDON)
    state = table.states[minute]
    if state:
        ends = said_time(table.at(table.change[minute]).astimezone(LONDON))
        if state == OPEN:
            return f"open now until {ends}"
        return f"may be closed today, {WHY[state]}; otherwise open until {ends}"
    first = table.opening[minute]
    opens = table.at(first).astimezone(LONDON)
    days = (opens.date() - now.date()).days
    when = "today" if days == 0 else opens.strftime("%A" if days < 7 else f"%A {opens.day} %B")
    told = f"opens {when} at {said_time(opens)}"
    if now.date() in table.shut:
        told = f"closed today, a bank holiday; {told}"
    why = WHY.get(table.states[first])
    return f"{told}, but may be closed that day, {why}" if why else told


def sampled(table: Table, minutes: int, step: int) -> Iterator[int]:
    """Every minute around each edge, each hour in which the clocks change, each step between."""
    edges = {m for m in range(1, minutes) if table.states[m] != table.states[m - 1]}
    near = {m + around for m in edges for around in (-2, -1, 0, 1) if 0 <= m + around < minutes}
    for month in (3, 10):
        sunday = max(d for d in range(25, 32) if date(table.start.year, month, d).weekday() == 6)
        midnight = datetime(table.start.year, month, sunday, tzinfo=UTC) - table.start
        begins = int(midnight.total_seconds()) // 60 - 60
        near |= set(range(begins, begins + 4 * 60))
    yield from sorted(near | set(range(0, minutes, step)))


KNOWN = {
    OPEN: Answers.OPEN,
    MAYBE_BANK: Answers.PERHAPS,
    MAYBE_WEEKEND: Answers.PERHAPS,
    CLOSED: Answers.CLOSED,
}


def agree(service: Service, table: Table, step: int) -> None:
    minutes = len(table.states) - AFTER
    told: dict[tuple[date, int, int], str] = {}  # the words are the same until something changes
    for minute in sampled(table, minutes, step):
        now = table.at(minute)
        found: Clock = clock(service, now)
        state = table.states[minute]
        assert found.answers is KNOWN[state], now
        if state:
            assert found.until == table.at(table.change[minute]), now
        else:
            assert found.opens == table.at(table.opening[minute]), now
        same = (found.now.date(), table.change[minute], table.opening[minute])
        if same not in told:
            told[same] = expected(table, minute)
        assert open_words(found, service) == told[same], now


SURE = [
    name
    for name, raw in TIMED.items()
    if "low" not in {raw["confidence"], raw["hours"]["confidence"]}
]
"""Lines with hours that may be told."""


@pytest.mark.parametrize("name", SURE)
def test_every_minute_of_the_year(real: Content, name: str) -> None:
    """Open, until when, opens next, and the words: every 7th minute of 2026, and all at edges.

    Nobody's own nation moves a line's clock: it is that of where the line is run.
    """
    agree(real.registers.services[name], table_of(TIMED[name], 2026), 7)


@pytest.mark.parametrize("year", [2027, 2028])
@pytest.mark.parametrize("name", SURE)
def test_the_years_after(real: Content, name: str, year: int) -> None:
    """The substitute days fall otherwise, and 2028 has a 29th of February."""
    agree(real.registers.services[name], table_of(TIMED[name], year), 61)


SHAPES = {
    "a night line": ["fri,sat 18:00-24:00", "sat,sun 00:00-08:00"],
    "three hours on Sunday nights": ["sun 00:00-03:00", "sun 22:30-24:00"],
    "lunch breaks": ["mon,thu 14:00-17:00", "mon,thu 09:00-13:00", "tue 12:00-24:00"],
}
UK = ["england", "wales", "scotland", "northern_ireland"]


@pytest.mark.parametrize("policy", ["closed", "unknown", "open"])
@pytest.mark.parametrize("nation", UK)
@pytest.mark.parametrize("shape", SHAPES)
def test_lines_the_register_may_gain(shape: str, nation: str, policy: str) -> None:
    """Run from each nation, through nights, midnights and both clock changes."""
    service = line(SHAPES[shape], bank=policy, nations=UK, calendar=nation)
    raw = service.model_dump(mode="json")
    agree(service, table_of(raw, 2026), 97)


@pytest.mark.parametrize("service", [raw["id"] for raw in RAW if raw["hours"]["always_open"]])
def test_always_open_through_the_year(real: Content, service: str) -> None:
    """Christmas, midnights, clock changes: 24 hours, unless nobody is sure of it."""
    entry = real.registers.services[service]
    sure = "low" not in {entry.confidence, entry.hours.confidence}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    while now.year == 2026:
        assert clock(entry, now).answers is (Answers.ALWAYS if sure else Answers.NOT_KNOWN)
        now += timedelta(minutes=397)


@pytest.mark.parametrize(
    "name", [r["id"] for r in RAW if "low" in {r["confidence"], r["hours"]["confidence"]}]
)
def test_uncertain_hours_are_never_told(real: Content, name: str) -> None:
    """No time of day, no "open", no "24 hours", at any hour of any day."""
    entry = real.registers.services[name]
    now = datetime(2026, 1, 1, tzinfo=UTC)
    while now.year == 2026:
        told = open_words(clock(entry, now), entry)
        assert told in {"check its website for opening hours", "opening hours vary"}
        now += timedelta(hours=11)


# ------------------------------------------------------------------ rows written by hand

NSH, CALM, SCOTTISH = "national_stalking_helpline", "calm", "rape_crisis_scotland"

ROWS = [
    # Christmas 2026: Friday, Saturday, and the substitute Monday
    (NSH, "2026-12-24T15:59", "open now until 4pm"),
    (NSH, "2026-12-24T16:00", "opens Tuesday at 9.30am"),
    (NSH, "2026-12-25T03:00", "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (NSH, "2026-12-26T12:00", "opens Tuesday at 9.30am"),
    (NSH, "2026-12-27T12:00", "opens Tuesday at 9.30am"),
    (NSH, "2026-12-28T12:00", "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (NSH, "2026-12-29T09:30", "open now until 4pm"),
    # Christmas 2027: Saturday and Sunday, so Monday and Tuesday
    (NSH, "2027-12-24T16:00", "opens Wednesday at 9.30am"),
    (NSH, "2027-12-28T12:00", "closed today, a bank holiday; opens Wednesday at 9.30am"),
    # New Year 2028: a Saturday, so Monday the 3rd; in Scotland the 4th as well
    (NSH, "2028-01-03T12:00", "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (NSH, "2028-01-04T12:00", "open now until 4pm"),
    # 2 January: London works, whoever rings; a Scottish line may not
    (NSH, "2026-01-02T12:00", "open now until 4pm"),
    (SCOTTISH, "2026-01-02T18:00",
     "may be closed today, a bank holiday; otherwise open until midnight"),
    (SCOTTISH, "2026-01-02T12:00",
     "opens today at 5pm, but may be closed that day, a bank holiday"),
    (SCOTTISH, "2026-01-01T23:59",
     "may be closed today, a bank holiday; otherwise open until midnight"),
    (SCOTTISH, "2026-01-03T18:00", "open now until midnight"),
    # Easter 2026: Good Friday everywhere, Easter Monday not in Scotland
    (NSH, "2026-04-02T15:00", "opens Tuesday at 9.30am"),
    (NSH, "2026-04-03T12:00", "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (NSH, "2026-04-06T12:00", "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (SCOTTISH, "2026-04-03T18:00",
     "may be closed today, a bank holiday; otherwise open until midnight"),
    (SCOTTISH, "2026-04-06T18:00", "open now until midnight"),
    # the Scottish summer and the day for the World Cup; London's own in August
    (SCOTTISH, "2026-08-03T18:00",
     "may be closed today, a bank holiday; otherwise open until midnight"),
    (SCOTTISH, "2026-06-15T18:00",
     "may be closed today, a bank holiday; otherwise open until midnight"),
    (NSH, "2026-08-03T18:00", "open now until 8pm"),
    (NSH, "2026-08-31T12:00", "closed today, a bank holiday; opens Tuesday at 9.30am"),
    (SCOTTISH, "2026-08-31T18:00", "open now until midnight"),
    # 12 July moves no line that is run from London
    (NSH, "2027-07-12T12:00", "open now until 8pm"),
    # midnight ends; the minute after is the next day
    (CALM, "2026-11-24T23:59", "open now until midnight"),
    (CALM, "2026-11-25T00:00", "opens today at 5pm"),
    (CALM, "2026-12-25T23:00", "open now until midnight"),
    # the nights of both clock changes, at 1 and 2 by the wall
    (CALM, "2026-03-28T23:59", "open now until midnight"),
    (CALM, "2026-03-29T00:59", "opens today at 5pm"),
    (CALM, "2026-03-29T01:00", "opens today at 5pm"),
    (CALM, "2026-03-29T15:59", "opens today at 5pm"),
    (CALM, "2026-03-29T16:00", "open now until midnight"),
    (CALM, "2026-10-25T00:30", "opens today at 5pm"),
    (CALM, "2026-10-25T01:30", "opens today at 5pm"),
    (CALM, "2026-10-25T16:59", "opens today at 5pm"),
    (CALM, "2026-10-25T17:00", "open now until midnight"),
    (CALM, "2026-10-24T22:59", "open now until midnight"),
    (CALM, "2026-10-24T23:00", "opens today at 5pm"),
    ("samaritans", "2026-03-29T01:30", "open 24 hours"),
    ("samaritans", "2026-12-25T00:00", "open 24 hours"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at", "told"), ROWS)
def test_the_days_that_go_wrong(real: Content, name: str, at: str, told: str) -> None:
    """By UTC: Christmas, substitutes, 2 January, Easter, midnight, the nights the clocks change."""
    assert words(real.registers.services[name], at) == told


ULSTER = [
    ("2026-03-17T12:00", "closed today, a bank holiday; opens Wednesday at 9am"),
    ("2026-07-10T17:00", "opens Tuesday at 9am"),
    ("2026-07-13T12:00", "closed today, a bank holiday; opens Tuesday at 9am"),
    ("2027-07-12T12:00", "closed today, a bank holiday; opens Tuesday at 9am"),
    ("2028-07-12T12:00", "closed today, a bank holiday; opens Thursday at 9am"),
]


@pytest.mark.parametrize(("at", "told"), ULSTER)
def test_the_twelfth_of_july(at: str, told: str) -> None:
    """A line that is run from Northern Ireland, also when it serves all four nations."""
    office = ["mon,tue,wed,thu,fri 09:00-17:00"]

    assert words(line(office, nations=["northern_ireland"]), at) == told
    assert words(line(office, nations=UK, calendar="northern_ireland"), at) == told


CHANGES = [
    # 29 March 2026: from 1am the clocks say 2am
    (["sun 01:30-04:00"], "2026-03-29T00:59", "opens today at 2am"),
    (["sun 01:30-04:00"], "2026-03-29T01:00", "open now until 4am"),
    (["sun 00:00-01:30"], "2026-03-29T00:59", "open now until 2am"),
    (["sun 00:00-01:30"], "2026-03-29T01:00", "opens Sunday 5 April at midnight"),
    (["sun 01:00-02:00"], "2026-03-29T00:59", "opens Sunday 5 April at 1am"),
    # 25 October 2026: 1am to 2am comes twice; only what is sure in both readings counts
    (["sun 01:30-04:00"], "2026-10-25T00:30", "opens today at 1.30am"),
    (["sun 01:30-04:00"], "2026-10-25T01:29", "opens today at 1.30am"),
    (["sun 01:30-04:00"], "2026-10-25T01:30", "open now until 4am"),
    (["sun 00:00-01:30"], "2026-10-25T00:29", "open now until 1.30am"),
    (["sun 00:00-01:30"], "2026-10-25T00:30", "opens Sunday 1 November at midnight"),
    (["sat 22:00-24:00", "sun 00:00-02:00"], "2026-10-25T01:59", "open now until 2am"),
]


@pytest.mark.parametrize(("slots", "at", "told"), CHANGES)
def test_slots_that_end_in_the_hour_that_is_skipped_or_comes_twice(
    slots: list[str], at: str, told: str
) -> None:
    """Never open in an hour that nobody can be sure of."""
    assert words(line(slots, nations=UK), at) == told
