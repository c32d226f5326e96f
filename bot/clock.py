"""The one place where the time is asked for. Everything else is told."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the time now, in UTC with a zone."""


def utc_now() -> datetime:
    """The time by this machine, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


class SetClock:
    """A clock that stands still until it is moved: for `talk` and the tests."""

    def __init__(self, at: datetime) -> None:
        """at: with a zone."""
        self.at = at

    def __call__(self) -> datetime:
        """The time it was last set to."""
        return self.at
