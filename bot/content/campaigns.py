"""Dated cards: which awareness event of the register runs now.

A card `campaign.ID` is shown once at the start of a talk while the event ID runs. Only dates whose
status is `confirmed` count: a planned date that moved would make us wrong in public.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.content.facts import Registers
from bot.content.hours import LONDON

PREFIX = "campaign."
CONFIRMED = "confirmed"


def running(registers: Registers, now: datetime) -> frozenset[str]:
    """The ids of the cards whose event runs on this day in London. now: with zone."""
    today = now.astimezone(LONDON).date()
    return frozenset(
        f"{PREFIX}{event.id}"
        for event in registers.events.values()
        for dates in event.dates
        if dates.status == CONFIRMED and dates.from_ and dates.to
        if dates.from_ <= today <= dates.to
    )


def in_season(ids: Iterable[str], registers: Registers, now: datetime) -> frozenset[str]:
    """The ids without the dated cards whose time it is not."""
    now_running = running(registers, now)
    return frozenset(id_ for id_ in ids if not id_.startswith(PREFIX) or id_ in now_running)
