"""The helpline clock: whether a line answers at an instant, until when, and when it opens next.

Small own arithmetic over the register's slots. The package opening-hours-py was left out: it wants
OSM syntax with holidays replaced by dates first, cannot say "may be closed", and its answer would
have to be taken apart again for the words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from bot.content.bank_holidays import DayKind, kind_of
from bot.content.register_shapes import Hours, Service

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD = timedelta(days=21)  # past Christmas and New Year of a line that opens once a week


class Answers(Enum):
    """What we can say about a line at one instant."""

    ALWAYS = "always"
    OPEN = "open"
    PERHAPS = "perhaps"  # it would be open, but today is a holiday and nobody has said
    CLOSED = "closed"
    NOT_KNOWN = "not known"  # no hours, or not certain enough to say


@dataclass(frozen=True, slots=True)
class Clock:
    """A line at one instant. All times are local to London, with zone."""

    answers: Answers
    now: datetime
    until: datetime | None = None  # the end of the stretch it is in
    opens: datetime | None = None  # the next opening
    holiday: DayKind = DayKind.ORDINARY  # of the day of until or opens, where nobody has said
    shut_today: bool = False  # it would open today, were today not a bank holiday


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: datetime
    end: datetime
    holiday: DayKind  # ORDINARY: it surely answers


def calendar_of(service: Service) -> str:
    """The nation whose bank holidays the line keeps: the one it is run from.

    The register may say (`calendar:`); a line for one nation is run there; the rest from England.
    """
    if service.calendar:
        return service.calendar
    return service.nations[0] if len(service.nations) == 1 else "england"


def clock(service: Service, now: datetime) -> Clock:
    """What can be said about the line at `now` (with zone; ValueError for a time without).

    Hours of low confidence are never used. Source of the hours: the register of services.
    """
    if now.tzinfo is None:
        raise ValueError("a time without a zone: guessing one would say open when it is closed")
    local = now.astimezone(LONDON)
    hours = service.hours
    if hours.confidence == "low" or service.confidence == "low":
        return Clock(Answers.NOT_KNOWN, local)
    if hours.always_open:
        return Clock(Answers.ALWAYS, local)
    if not hours.slots:
        return Clock(Answers.NOT_KNOWN, local)
    return _by_slots(hours, calendar_of(service), local)


def _by_slots(hours: Hours, nation: str, local: datetime) -> Clock:
    instant, today, week = local.astimezone(UTC), local.date(), _Week.of(hours)
    stretches = _stretches(week, nation, today)
    current = next((s for s in stretches if s.start <= instant < s.end), None)
    if current:
        sure = current.holiday is DayKind.ORDINARY
        return Clock(
            Answers.OPEN if sure else Answers.PERHAPS,
            local,
            until=current.end.astimezone(LONDON),
            holiday=current.holiday,
        )
    following = next((s for s in stretches if s.start > instant), None)
    return Clock(
        Answers.CLOSED,
        local,
        opens=following.start.astimezone(LONDON) if following else None,
        holiday=following.holiday if following else DayKind.ORDINARY,
        shut_today=_shut_for_holiday(week, nation, today) and bool(week.on(today)),
    )


@dataclass(frozen=True, slots=True)
class _Week:
    """The slots of each weekday, Monday first, and what it does on bank holidays. Hashable."""

    slots: tuple[tuple[tuple[str, str], ...], ...]
    bank_holidays: str

    @classmethod
    def of(cls, hours: Hours) -> Self:
        days = (
            tuple((slot.open, slot.close) for slot in hours.slots if day in slot.days)
            for day in WEEKDAYS
        )
        return cls(tuple(days), hours.bank_holidays)

    def on(self, day: date) -> tuple[tuple[str, str], ...]:
        return self.slots[day.weekday()]


@lru_cache(maxsize=128)  # every line of the register, on the day before and after midnight
def _stretches(week: _Week, nation: str, today: date) -> tuple[_Stretch, ...]:
    """The times it is open from yesterday on, in order; stretches that touch are joined."""
    joined: list[_Stretch] = []
    day = today - timedelta(days=1)
    while day <= today + LOOK_AHEAD:
        for stretch in sorted(_of_day(week, nation, day), key=lambda s: s.start):
            last = joined[-1] if joined else None
            if last and last.end >= stretch.start and last.holiday is stretch.holiday:
                joined[-1] = _Stretch(last.start, max(last.end, stretch.end), last.holiday)
            else:
                joined.append(stretch)
        day += timedelta(days=1)
    return tuple(joined)


def _of_day(week: _Week, nation: str, day: date) -> Iterator[_Stretch]:
    if _shut_for_holiday(week, nation, day):
        return
    holiday = DayKind.ORDINARY if week.bank_holidays == "open" else kind_of(day, nation)
    for opens, closes in week.on(day):
        # of an hour that comes twice, the sure part: opens at the second, closes at the first
        start, end = _instant(day, opens, fold=1), _instant(day, closes, fold=0)
        if start < end:
            yield _Stretch(start, end, holiday)


def _shut_for_holiday(week: _Week, nation: str, day: date) -> bool:
    return week.bank_holidays == "closed" and kind_of(day, nation) is DayKind.BANK_HOLIDAY


def _instant(day: date, clock_time: str, fold: int) -> datetime:
    """A clock time in London on that day, as UTC; 24:00 is the next midnight.

    fold: which of the two, when the clocks go back. A time that the clocks skip in March is the
    moment they skip it.
    """
    if clock_time == "24:00":
        return _instant(day + timedelta(days=1), "00:00", fold)
    hour, minute = map(int, clock_time.split(":"))
    written = datetime.combine(day, time(hour, minute, fold=fold), LONDON)
    instant = written.astimezone(UTC)
    if instant.astimezone(LONDON).time() != written.time():
        return datetime.combine(day, time(hour + 1), LONDON).astimezone(UTC)
    return instant
