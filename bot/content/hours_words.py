"""Opening hours in words a frightened person can read at a glance."""

from datetime import datetime, timedelta

from bot.content.bank_holidays import DayKind
from bot.content.hours import WEEKDAYS, Answers, Clock
from bot.content.register_shapes import Hours, Service

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
HOLIDAYS = {
    DayKind.BANK_HOLIDAY: "a bank holiday",
    DayKind.HOLIDAY_WEEKEND: "a public holiday",
}
SEVEN_DAYS = 7
RUN = 3  # this many days in a row are written "Monday to Wednesday"


def open_words(clock: Clock, service: Service) -> str:
    """What the line does now: "open now until 8pm", "opens Monday at 9.30am", "open 24 hours"."""
    match clock.answers:
        case Answers.ALWAYS:
            return "open 24 hours"
        case Answers.OPEN:
            return f"open now until {_end(clock)}"
        case Answers.PERHAPS:
            why = HOLIDAYS[clock.holiday]
            return f"may be closed today, {why}; otherwise open until {_end(clock)}"
        case Answers.NOT_KNOWN:
            return not_certain(service)
        case _:
            return _closed(clock)


def not_certain(service: Service) -> str:
    """What is said in place of hours that nobody has confirmed."""
    return "check its website for opening hours" if service.url else "opening hours vary"


def _closed(clock: Clock) -> str:
    today = "closed today, a bank holiday; " if clock.shut_today else ""
    if clock.opens is None:
        return f"{today}closed now"
    words = f"{today}opens {_day(clock)} at {clock_words(clock.opens)}"
    if clock.holiday is DayKind.ORDINARY:
        return words
    return f"{words}, but may be closed that day, {HOLIDAYS[clock.holiday]}"


def _day(clock: Clock) -> str:
    assert clock.opens is not None
    days = (clock.opens.date() - clock.now.date()).days
    if days == 0:
        return "today"
    name = NAMES[clock.opens.weekday()]
    if days < SEVEN_DAYS:
        return name
    return f"{name} {clock.opens.day} {MONTHS[clock.opens.month - 1]}"


def _end(clock: Clock) -> str:
    assert clock.until is not None
    words = clock_words(clock.until)
    # the minute before the end says which day it belongs to: midnight ends the day before
    last = clock.until - timedelta(minutes=1)
    soon = clock.until.timestamp() - clock.now.timestamp() < timedelta(days=1).total_seconds()
    return words if soon else f"{NAMES[last.weekday()]} at {words}"


def clock_words(at: datetime) -> str:
    """A time of day: 9.30am, 8pm, midday, midnight."""
    if at.minute == 0 and at.hour in {0, 12}:
        return "midday" if at.hour else "midnight"
    minutes = f".{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def week_words(hours: Hours) -> str:
    """The whole week: "Monday to Friday 9am to 5pm; Saturday 9am to 1pm, not bank holidays"."""
    if hours.always_open:
        return "24 hours a day, every day"
    times: dict[str, list[str]] = {}
    for day in WEEKDAYS:
        slots = sorted((s.open, s.close) for s in hours.slots if day in s.days)
        if slots:
            spans = " and ".join(f"{_written(a)} to {_written(b)}" for a, b in slots)
            times.setdefault(spans, []).append(day)
    words = "; ".join(f"{_days(days)} {spans}" for spans, days in times.items())
    return f"{words}, not bank holidays" if hours.bank_holidays == "closed" else words


def _written(clock_time: str) -> str:
    hour, minute = map(int, clock_time.split(":"))
    # any date will do: only the time of day is written
    return clock_words(datetime(2026, 1, 1, hour % 24, minute))  # noqa: DTZ001


def _days(days: list[str]) -> str:
    if len(days) == SEVEN_DAYS:
        return "every day"
    numbers = [WEEKDAYS.index(day) for day in days]
    if len(days) >= RUN and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{NAMES[numbers[0]]} to {NAMES[numbers[-1]]}"
    names = [NAMES[number] for number in numbers]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
