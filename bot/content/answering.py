"""Which services answer now: for a person who should not ring a line that is shut."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Literal

from bot.actions import NATIONS
from bot.content.facts import Registers
from bot.content.hours import Answers, clock
from bot.content.register_shapes import Service
from bot.conversation import Facts

Way = Literal["phone", "text"]

LAST = ("listening", "crisis", "emergency")
GROUPS: Mapping[str, tuple[str, ...]] = {
    "stalking": ("stalking", "victims", *LAST),
    "domestic_abuse": ("domestic_abuse", "lgbt", "stalking", "victims", *LAST),
    "sexual_violence": ("sexual_violence", "victims", *LAST),
    "online": ("online", "stalking", "victims", *LAST),
    "children": ("children", *LAST),
    "own_behaviour": ("own_behaviour", *LAST),
    "crisis": LAST,
    "emergency": ("emergency",),
}
"""Groups of the register to look in for a need, best first: who knows most, then who is there.

In the register a line may belong to a group more (`also:`): Samaritans listen to anything
("listening"), Live Fear Free knows about stalking.
"""

FOR_ANYBODY = frozenset({"listening", "crisis", "emergency", "police", "children"})
"""Groups that ask nobody whether it is about themselves."""
FOR_OWN = frozenset({"own_behaviour", *LAST, "police", "children"})
"""Groups for people who are worried about what they do themselves: never a line for victims."""
CLOSE = frozenset({"ex", "partner", "family"})  # what lines for domestic abuse are for
FROM_AN_AGE = frozenset({"13plus", "16plus", "18plus", "adults"})
UNDER_18 = frozenset({"children", "young_people", "under_18", "under_19", "under_35"})


@dataclass(frozen=True, slots=True)
class Person:
    """What decides which lines are for somebody. None: not told, and nothing is assumed.

    gender: women or men, of the person who is stalked. words: other words of the register's `who`
    that were told (lgbt, deaf, older_people).
    """

    nation: str | None = None
    role: str | None = None
    age: str | None = None
    gender: str | None = None
    relationship: str | None = None
    words: frozenset[str] = frozenset()


ANYBODY = Person()


def person_of(facts: Facts) -> Person:
    """The person as the talk knows them. Gender is never asked."""
    return Person(facts.nation, facts.role, facts.age, relationship=facts.relationship)


def need_of(person: Person) -> str:
    """The key of GROUPS that fits the person, where the topic says nothing more."""
    if person.age == "under_18":
        return "children"
    if person.role == "own":
        return "own_behaviour"
    return "domestic_abuse" if person.relationship in CLOSE else "stalking"


def answering_now(
    registers: Registers,
    now: datetime,
    person: Person = ANYBODY,
    need: str | None = None,
    by: Way = "phone",
) -> tuple[Service, ...]:
    """The services this person can ring (or text) at `now` and be answered, best match first.

    now: with zone. need: a key of GROUPS, or any group of the register; None: the person's.
    Only services that surely answer: no unconfirmed hours, no line that may be shut for a holiday,
    none for another nation, age, gender or part of the country. Nation not told: only services for
    all four. Within a group a service of the person's own nation comes first, then one for people
    like them, then the more certain one. Never empty for a need of GROUPS: the content check
    `nobody_answers` sees to it.
    """
    need = need or need_of(person)
    groups = GROUPS.get(need, (need,))
    found = [
        service
        for service in registers.services.values()
        if (service.phone if by == "phone" else service.sms)
        and _ranked_group(service, groups) is not None
        and is_for(service, person)
        and clock(service, now).answers in {Answers.ALWAYS, Answers.OPEN}
    ]
    return tuple(sorted(found, key=lambda service: _rank(service, groups)))  # stable: else as kept


def is_for(service: Service, person: Person) -> bool:
    """Whether the service says that it serves this person: nation, age, gender and role."""
    groups = {service.group, *service.also}
    if service.area or not _serves(service, person.nation):
        return False
    if person.role == "own" and not groups & FOR_OWN:
        return False
    who = set(service.who)
    if person.role == "supporter" and "friends_family" not in who and not groups & FOR_ANYBODY:
        return False
    if person.age == "under_18" and who & FROM_AN_AGE:
        return False
    # a line of nothing but an age and friends (16plus, friends_family) is for anyone of that age
    told = person.words | ({person.gender} if person.gender else set())
    told |= UNDER_18 if person.age == "under_18" else set()
    told |= {"own_behaviour"} if person.role == "own" else set()
    special = who - FROM_AN_AGE - {"friends_family", "professionals", "employers"}
    return not special or "anyone" in special or bool(told & special)


def _serves(service: Service, nation: str | None) -> bool:
    return (
        len(set(service.nations)) == len(NATIONS) if nation is None else nation in service.nations
    )


def _ranked_group(service: Service, groups: tuple[str, ...]) -> int | None:
    places = [groups.index(g) for g in (service.group, *service.also) if g in groups]
    return min(places, default=None)


def _rank(service: Service, groups: tuple[str, ...]) -> tuple[int, int, bool, bool]:
    place = _ranked_group(service, groups)
    assert place is not None
    anyone = "anyone" in service.who
    return (place, len(service.nations), anyone, service.confidence != "high")


def people() -> tuple[Person, ...]:
    """Everybody as the talk can know them, once each."""
    relationships = (None, "ex", "stranger")
    return tuple(
        Person(nation, role, age, gender, relationship)
        for nation, role, age, gender, relationship in product(
            (None, *NATIONS),
            (None, "victim", "supporter", "own"),
            (None, "adult", "under_18"),
            (None, "women", "men"),
            relationships,
        )
    )
