"""A dated card runs exactly on the days that the register confirms, in London's days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.content.campaigns import in_season, running
from bot.content.load import Content, load_content
from tests.bot.content.responses import Responses
from tests.bot.content.test_check import complaints

WEEK = "campaign.national_stalking_awareness_week"


@pytest.mark.parametrize(
    ("now", "runs"),
    [
        (datetime(2024, 4, 21, 22, 59, tzinfo=UTC), False),  # 23.59 the evening before, in London
        (datetime(2024, 4, 21, 23, 0, tzinfo=UTC), True),  # midnight in London
        (datetime(2024, 4, 24, 12, tzinfo=UTC), True),
        (datetime(2024, 4, 26, 22, 59, tzinfo=UTC), True),
        (datetime(2024, 4, 26, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_week_runs_from_its_first_to_its_last_day(
    real: Content, now: datetime, runs: bool
) -> None:
    """By London's clock, summer time included."""
    assert (WEEK in running(real.registers, now)) is runs
    assert (WEEK in in_season(real.library.ids, real.registers, now)) is runs


def test_a_planned_or_unknown_date_shows_nothing(real: Content) -> None:
    """Only confirmed dates count: 2025 was planned, 2026 is not known."""
    days = (date(2025, 1, 1) + timedelta(days=n) for n in range(730))
    noons = (datetime(day.year, day.month, day.day, 12, tzinfo=UTC) for day in days)

    assert all(not running(real.registers, noon) for noon in noons)


def test_out_of_season_everything_else_is_there(real: Content) -> None:
    """Only dated cards come and go."""
    now = datetime(2026, 11, 30, tzinfo=UTC)

    assert real.library.ids - in_season(real.library.ids, real.registers, now) == {WEEK}


def test_this_years_days_are_one_edit(responses: Responses) -> None:
    """An editor who enters the days and `confirmed` has done all there is to do."""
    text = (responses.root / "register/services.yml").read_text()
    at = text.index("      - year: 2027")
    old = text[at : text.index("status: not found", at) + len("status: not found")]
    days = old.replace("from: null", "from: '2027-04-19'").replace("to: null", "to: '2027-04-23'")
    responses.change("register/services.yml", old, days.replace("not found", "confirmed"))
    now = datetime(2027, 4, 20, tzinfo=UTC)

    assert running(load_content(responses.root).registers, now) == {WEEK}


def test_a_card_without_its_event_is_told(responses: Responses) -> None:
    """It would never be shown."""
    responses.item("campaign.no_such_week", "text: You can come.")

    assert complaints(responses) == [
        (
            "responses/topics/campaign.no_such_week.yml:5 campaign.no_such_week: "
            "the register has no event 'no_such_week'. "
            "Name the card after an event of services.yml."
        )
    ]


def test_an_event_nobody_knows_cannot_be_named(responses: Responses) -> None:
    """As any other fact that is not in the registers."""
    responses.item("feelings", "text: It is {event.no_such_week}.")

    assert "the register has no event 'no_such_week'" in complaints(responses)[0]
