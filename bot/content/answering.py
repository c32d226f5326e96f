"""Which services answer now: for a person who should not ring a line that is shut."""

from collections.abc import Mapping
from datetime import datetime

from bot.actions import NATIONS
from bot.content.facts import Registers
from bot.content.hours import Answers, clock
from bot.content.register_shapes import Service

GROUPS: Mapping[str, tuple[str, ...]] = {
    "stalking": ("stalking", "victims", "crisis"),
    "domestic_abuse": ("domestic_abuse", "lgbt", "stalking", "victims", "crisis"),
    "sexual_violence": ("sexual_violence", "victims", "crisis"),
    "children": ("children", "crisis"),
    "own_behaviour": ("own_behaviour", "crisis"),
    "crisis": ("crisis",),
    "emergency": ("emergency",),
}
"""Groups of the register to look in for a need, best first: who knows most, then who is there."""

ANYONE = frozenset({"anyone"})


def answering_now(
    registers: Registers,
    now: datetime,
    nation: str | None,
    need: str,
    audience: frozenset[str] = frozenset(),
) -> tuple[Service, ...]:
    """The services a person can ring or text at `now` and be answered, best first.

    now: with zone. nation: where the person lives; None: only services for all four nations.
    need: a key of GROUPS, or any group of the register. audience: words of the register's `who`
    that are true of the person (men, under_18, friends_family); services for anyone always count.
    Only services that surely answer: no unconfirmed hours, no line that may be shut for a holiday.
    Within a group a service of the person's own nation comes first, then the more certain one.
    """
    groups = GROUPS.get(need, (need,))
    found = [
        service
        for service in registers.services.values()
        if service.group in groups
        and (service.phone or service.sms)
        and (ANYONE | audience) & set(service.who)
        and _serves(service, nation)
        and clock(service, now).answers in {Answers.ALWAYS, Answers.OPEN}
    ]
    return tuple(sorted(found, key=lambda service: _rank(service, groups)))


def _serves(service: Service, nation: str | None) -> bool:
    return (
        len(set(service.nations)) == len(NATIONS) if nation is None else nation in service.nations
    )


def _rank(service: Service, groups: tuple[str, ...]) -> tuple[int, int, bool]:
    return (groups.index(service.group), len(service.nations), service.confidence != "high")
