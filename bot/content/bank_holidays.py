"""Bank holidays of the four nations, by the `holidays` package."""

from datetime import date
from enum import Enum
from functools import lru_cache

SUBDIVISIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
SATURDAY = 5  # date.weekday()


class DayKind(Enum):
    """What kind of day it is for a line's opening hours."""

    ORDINARY = "ordinary"
    BANK_HOLIDAY = "bank holiday"
    HOLIDAY_WEEKEND = "holiday at the weekend"
    """A holiday on a Saturday or Sunday. The bank holiday is the substitute day in the week;
    whether a line that opens at weekends keeps the day itself too (26 December 2026) nobody has
    said."""


def kind_of(day: date, nation: str) -> DayKind:
    """Whether `day` is a bank holiday in `nation` (a key of SUBDIVISIONS).

    The package lists a Saturday holiday beside its substitute day; only the substitute is the bank
    holiday.
    """
    if day not in _listed(day.year, nation):
        return DayKind.ORDINARY
    return DayKind.HOLIDAY_WEEKEND if day.weekday() >= SATURDAY else DayKind.BANK_HOLIDAY


@lru_cache(maxsize=64)
def _listed(year: int, nation: str) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - a fifth of a second, and the first page shows no hours

    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=year))
