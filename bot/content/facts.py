"""The registers behind the placeholders: services, law, and who runs this.

    {samaritans.phone}    a field of a service of the register
    {law.ew_s2a}          a statement of law, with its nation
    {operator.name}       a line of responses/operator.yml
    {event.ID}            the name of an awareness event of the register

Only entries of high or medium confidence can be shown. What the register marks as unverified, to be
confirmed, possible or remembered has no placeholder at all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.content.hours import clock
from bot.content.hours_words import not_certain, open_words, week_words
from bot.content.register_shapes import Event, LawFact, Service, Sms

KEY = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
NATION_NAMES = {
    "england_wales": "England and Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}
NAMED = re.compile(rf"In ({'|'.join(NATION_NAMES.values())}): ")
UNCONFIRMED = re.compile(r"\bto confirm|from memory|not confirmed|\bmemory\b", re.IGNORECASE)
ANY_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)  # whether a fact can be shown depends on no time
HOURS_FIELDS = frozenset({"hours", "open", "now"})
PHRASES = frozenset(
    {"hours", "open", "now", "sms", "sms2", "cost"}
)  # get a capital at a sentence's start
SENTENCE_END = re.compile(r"(?:^|[.!?:]\s|\n)[\s•–-]*$")


@dataclass(frozen=True, slots=True)
class Registers:
    """All facts that texts may draw on. Ids are the registers' own."""

    services: Mapping[str, Service]
    laws: Mapping[str, LawFact]
    operator: Mapping[str, str]
    hidden: frozenset[str]  # ids of services that must never be shown
    where: Mapping[str, str]  # file:line id, by `service:ID`, `law:ID`, `event:ID`, `operator:NAME`
    events: Mapping[str, Event] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in place of a placeholder. ref: `service:ID`, `law:ID` or None."""

    text: str
    ref: str | None


def _press(service: Service) -> str | None:
    """The key to press during the call, told in the note of a number ("then press 55")."""
    notes = " ".join(phone.note or "" for phone in service.phone)
    found = re.search(r"\bpress (\d+)", notes)
    return found.group(1) if found else None


def _text_to(sms: Sms) -> str:
    return f"text {sms.keyword} to {sms.to}" if sms.keyword else f"text {sms.to}"


def _nth(items: list[str], number: int) -> str | None:
    return items[number] if len(items) > number else None


def _hours(service: Service, _now: datetime) -> str | None:
    if _hours_not_certain(service):
        return not_certain(service)
    return week_words(service.hours) or None


def _open(service: Service, now: datetime) -> str | None:
    if not (service.hours.always_open or service.hours.slots or _hours_not_certain(service)):
        return None
    return open_words(clock(service, now), service)


def _hours_not_certain(service: Service) -> bool:
    return service.hours.confidence == "low"


FIELDS: Mapping[str, Callable[[Service, datetime], str | None]] = {
    "name": lambda s, _: s.name,
    "run_by": lambda s, _: s.run_by,
    "what_for": lambda s, _: s.what_for,
    "phone": lambda s, _: _nth([p.number for p in s.phone], 0),
    "phone2": lambda s, _: _nth([p.number for p in s.phone], 1),
    "press": lambda s, _: _press(s),
    "sms": lambda s, _: _nth([_text_to(x) for x in s.sms], 0),
    "sms_to": lambda s, _: _nth([x.to for x in s.sms], 0),
    "sms_keyword": lambda s, _: _nth([x.keyword or "" for x in s.sms], 0) or None,
    "sms2": lambda s, _: _nth([_text_to(x) for x in s.sms], 1),
    "sms2_to": lambda s, _: _nth([x.to for x in s.sms], 1),
    "whatsapp": lambda s, _: _nth([w.number for w in s.whatsapp], 0),
    "email": lambda s, _: s.email,
    "url": lambda s, _: s.url,
    "webchat": lambda s, _: s.webchat.url if s.webchat else None,
    "hours": _hours,
    "open": _open,
    "now": _open,  # and where it is shut, who answers instead: see placeholders.fill
    "cost": lambda s, _: s.cost,
}


def refusal(registers: Registers, key: str, now: datetime) -> str | None:
    """Why `{key}` can't be shown, as the start of a sentence; None when it can.

    now: any instant; whether a field has something to show does not depend on it.
    """
    match = KEY.fullmatch(key)
    if not match:
        return f"'{{{key}}}' is not a placeholder such as {{samaritans.phone}}"
    register, name = match.groups()
    if register == "operator":
        known = name in registers.operator
        return None if known else f"operator.yml has no line '{name}'"
    if register == "law":
        return _law_refusal(registers, name)
    if register == "event":
        known = name in registers.events
        return None if known else f"the register has no event '{name}'"
    return _service_refusal(registers, register, name, now)


def _law_refusal(registers: Registers, name: str) -> str | None:
    fact = registers.laws.get(name)
    if fact is None:
        return f"the law register has no fact '{name}'"
    return (
        f"the law fact '{name}' is not certain enough to show" if fact.confidence == "low" else None
    )


def _service_refusal(registers: Registers, name: str, field: str, now: datetime) -> str | None:
    service = registers.services.get(name)
    if name in registers.hidden:
        return f"the service '{name}' is unverified and must not be shown"
    if service is None:
        return f"the register has no service '{name}'"
    if service.confidence == "low":
        return f"the service '{name}' is not certain enough to show"
    if field not in FIELDS:
        return f"a service has no field '{field}' ({', '.join(FIELDS)})"
    value = FIELDS[field](service, now)
    if value is None:
        return f"the service '{name}' has no {field}"
    if UNCONFIRMED.search(value):
        return f"the {field} of '{name}' is not confirmed"
    return None


def uncertain_hours(registers: Registers, key: str) -> bool:
    """Whether `{key}` asks for hours that are of low confidence (it then shows no times)."""
    name, _, field = key.partition(".")
    service = registers.services.get(name)
    return service is not None and field in HOURS_FIELDS and _hours_not_certain(service)


def shown(registers: Registers, key: str, now: datetime, lead: str) -> Shown:
    """What stands in place of `{key}`, whose `refusal` is None.

    lead: the bubble's text before it, so that a nation named there is not named twice.
    """
    register, _, name = key.partition(".")
    if register == "operator":
        return Shown(registers.operator[name], None)
    if register == "law":
        return Shown(_statement(registers.laws[name], lead), f"law:{name}")
    if register == "event":
        return Shown(registers.events[name].name, None)
    value = FIELDS[name](registers.services[register], now)
    assert value is not None
    if name in PHRASES and SENTENCE_END.search(lead):
        value = value[0].upper() + value[1:]
    return Shown(value, f"service:{register}")


def _statement(fact: LawFact, lead: str) -> str:
    """The statement, never without its nation when it is true in one nation only."""
    if fact.nation == "uk":
        return fact.statement
    nation = NATION_NAMES[fact.nation]
    sentence = re.split(r"[.!?]\s|\n", lead)[-1]
    # two statements of one nation, one after the other: the first has named it for both
    named_by_us = NAMED.findall(lead)[-1:] == [nation]
    if nation in fact.statement or nation in sentence or named_by_us:
        return fact.statement
    return f"In {nation}: {fact.statement}"
