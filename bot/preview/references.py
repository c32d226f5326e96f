"""The facts behind a text, as an editor checks them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.content.facts import Registers
from bot.content.hours import clock
from bot.content.hours_words import open_words, week_words
from bot.content.library import Item
from bot.content.placeholders import keys_in
from bot.content.register_shapes import Event, LawFact, Service
from bot.content.signoff import OPERATOR

Lines = tuple[tuple[str, str], ...]
"""What there is to know of an entry: a name and its text each."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry that a text shows facts of. name: as the sign-off names it. where: file:line id."""

    name: str
    title: str
    where: str
    lines: Lines


def references(items: Iterable[Item], registers: Registers, now: datetime) -> tuple[Reference, ...]:
    """The entries whose facts the items show, each once, in the order of the texts.

    items: of sound content. now: UTC, for opening hours and review dates.
    """
    bubbles = (bubble for item in items for bubble in (*item.text, *item.again))
    keys = dict.fromkeys(key for bubble in bubbles for key in keys_in(bubble))
    found = {made.name: made for key in keys for made in _of_key(key, registers, now)}
    return tuple(found.values())


def _of_key(key: str, registers: Registers, now: datetime) -> Iterator[Reference]:
    register, _, name = key.partition(".")
    where = registers.where
    if register == OPERATOR:
        at = where.get(f"{OPERATOR}:{name}", "")
        title = "Who runs this"
        yield Reference(f"{OPERATOR}:{name}", title, at, ((name, registers.operator[name]),))
    elif register == "law":
        law = registers.laws[name]
        yield Reference(f"law:{name}", law.topic, where[f"law:{name}"], _of_law(law, now.date()))
    elif register == "event":
        event = registers.events[name]
        yield Reference(f"event:{name}", event.name, where[f"event:{name}"], _of_event(event))
    else:
        service = registers.services[register]
        lines = tuple(_of_service(service, now))
        yield Reference(f"service:{register}", service.name, where[f"service:{register}"], lines)


def _of_law(law: LawFact, today: date) -> Lines:
    passed = ", passed" if law.review_by < today else ""
    return (
        ("Says", law.statement),
        ("Nation", law.nation.replace("_", " ")),
        ("As of", str(law.as_of)),
        ("Review by", f"{law.review_by}{passed}"),
        ("Sure", law.confidence),
        ("To check", law.check_),
    )


def _of_event(event: Event) -> Lines:
    days = ((dates.year, f"{dates.from_} to {dates.to}, {dates.status}") for dates in event.dates)
    return (*days, ("When", event.when), ("To check", event.check_))


def _of_service(service: Service, now: datetime) -> Iterator[tuple[str, str]]:
    for phone in service.phone:
        yield "Number", f"{phone.number} ({phone.label})"
    for sms in service.sms:
        yield "Text", f"{sms.to}, {sms.keyword}" if sms.keyword else sms.to
    for one in service.whatsapp:
        yield "WhatsApp", one.number
    if service.url:
        yield "Link", service.url
    if service.hours.confidence == "low":
        yield "Hours", "not certain: never shown"
    else:
        yield "Hours", week_words(service.hours) or "not in the register"
        yield "At this time", open_words(clock(service, now), service)
    yield "Nations", ", ".join(nation.replace("_", " ") for nation in service.nations)
    yield "Sure", service.confidence
    yield "To check", service.check_
