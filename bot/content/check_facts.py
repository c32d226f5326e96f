"""Faults in facts and their upkeep: sources, dates, nations, numbers, what a card must show."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import phonenumbers

from bot.actions import NATIONS
from bot.content.answering import Person, Way, answering_now
from bot.content.check_fault import Fault, Look
from bot.content.check_words import keys_of
from bot.content.facts import uncertain_hours
from bot.content.last_resort import NUMBERS
from bot.content.library import Item
from bot.content.placeholders import keys_in
from bot.content.register_shapes import Service
from bot.content.system_items import MUST_SHOW, WHOLE_ONLY
from bot.messages import Kind

URGENT_NOTICE = timedelta(days=30)  # urgent cards are re-read before they expire, not after
COVERS = {
    "uk": frozenset({"england", "wales", "scotland", "northern_ireland"}),
    "england_wales": frozenset({"england", "wales"}),
    "scotland": frozenset({"scotland"}),
    "northern_ireland": frozenset({"northern_ireland"}),
}
KNOWN_SOURCES = frozenset({"advice", "advice.yml", "block", "law", "service"})
STATEMENT, WHAT_FOR = 240, 140  # characters (headers of the registers)
SERVICES = "responses/register/services.yml"


def no_source(look: Look) -> Iterator[Fault]:
    """A text nobody can check again, or one that names an entry the registers don't have."""
    known = {"law": look.content.registers.laws, "service": look.content.registers.services}
    for item in look.english:
        if not item.sources:
            yield Fault(item.where, "there is no source", "Add 'sources:', here or under _file")
        for source in item.sources:
            register, _, name = source.partition(":")
            if register not in KNOWN_SOURCES and not source.startswith("https://"):
                what = f"the source '{source}' is of no kind we know"
                do = f"Begin it with https:// or one of {', '.join(sorted(KNOWN_SOURCES))}"
                yield Fault(item.where, what, do)
            if register == "advice" and name not in look.content.library.intents:
                what = f"the source '{source}' names no intent"
                yield Fault(item.where, what, "Correct its name")
            if register in known and name not in known[register]:
                what = f"the source '{source}' is not in the register"
                yield Fault(item.where, what, "Correct its name")


def review_dates(look: Look) -> Iterator[Fault]:
    """A text whose review is missing, out of order or over; urgent cards 30 days earlier."""
    today = look.now.date()
    for item in look.english:
        if item.reviewed_on is None or item.review_by is None:
            what = "'reviewed_on' or 'review_by' is missing"
            yield Fault(item.where, what, "Add both, here or under _file")
        elif item.review_by <= item.reviewed_on:
            what = f"'review_by' {item.review_by} is not after 'reviewed_on' {item.reviewed_on}"
            yield Fault(item.where, what, "Correct the dates")
        elif item.review_by < today:
            what = f"the review date {item.review_by} has passed"
            yield Fault(item.where, what, "Have it read again, then set a later review_by")
        elif item.kind is Kind.EMERGENCY and item.review_by < today + URGENT_NOTICE:
            what = f"this urgent card's review date {item.review_by} is less than 30 days away"
            yield Fault(item.where, what, "Have it read again, then set a later review_by")


def stale_law(look: Look) -> Iterator[Fault]:
    """A statement of law shown after its own review date."""
    for item in look.items:
        for key in sorted(keys_of(item)):
            fact = look.content.registers.laws.get(key.removeprefix("law."))
            if key.startswith("law.") and fact and fact.review_by < look.now.date():
                what = f"the law fact '{fact.id}' was due for review on {fact.review_by}"
                yield Fault(item.where, what, "Have it checked, then set its review_by")


def hours_nobody_confirmed(look: Look) -> Iterator[Fault]:
    """Hours of low confidence: no times are shown, so the sentence says little."""
    for item in look.items:
        for key in sorted(keys_of(item)):
            if uncertain_hours(look.content.registers, key):
                what = f"the hours behind '{{{key}}}' are not certain enough to show"
                yield Fault(item.where, what, "Leave them out")


def other_nations_facts(look: Look) -> Iterator[Fault]:
    """A text for one nation with a law or a service that is not for that nation."""
    registers = look.content.registers
    for item in look.items:
        for key in sorted(keys_of(item)) if item.nation else ():
            register, _, name = key.partition(".")
            law, service = registers.laws.get(name), registers.services.get(register)
            covered: frozenset[str] | None = frozenset(service.nations) if service else None
            if register == "law" and law:
                covered = COVERS[law.nation]
            if covered is not None and item.nation not in covered:
                what = f"'{{{key}}}' is not for {item.nation}, and this text is"
                yield Fault(item.where, what, "Use the fact of that nation")


def cards_without_their_number(look: Look) -> Iterator[Fault]:
    """An urgent card that does not name the line it exists for, first time or again."""
    for item in look.items:
        for service in _must_show(item):
            for name, bubbles in (("text", item.text), ("again", item.again)):
                shown = {key.partition(".")[0] for text in bubbles for key in keys_in(text)}
                if bubbles and service not in shown:
                    what = f"'{name}' does not show {service}"
                    yield Fault(item.where, what, f"Add a placeholder such as {{{service}.phone}}")


def _must_show(item: Item) -> tuple[str, ...]:
    family, _, step = item.base.partition(".")
    if item.base in MUST_SHOW:
        return MUST_SHOW[item.base]
    if step and family in WHOLE_ONLY:
        return ("emergency_999",)
    return MUST_SHOW.get(family, ())


def register_numbers(look: Look) -> Iterator[Fault]:
    """A number of the register that is not one, or whose three spellings differ."""
    for service in look.content.registers.services.values():
        where = look.content.registers.where[f"service:{service.id}"]
        for number, e164 in _numbers(service):
            why = _number_fault(number, e164)
            if why:
                yield Fault(where, f"the number {number} {why}", "Ring it and correct the entry")
        for phone in service.phone:
            if "".join(phone.number.split()) != phone.dial:
                what = f"'dial' {phone.dial} differs from the number {phone.number}"
                yield Fault(where, what, "Correct the one that is wrong")


def _numbers(service: Service) -> Iterator[tuple[str, str | None]]:
    yield from ((phone.number, phone.e164) for phone in service.phone)
    yield from ((sms.to, sms.e164) for sms in service.sms)
    yield from ((chat.number, chat.e164) for chat in service.whatsapp)


def _number_fault(number: str, e164: str | None) -> str | None:
    digits = "".join(number.split())
    if e164 is None:
        return None if digits.isdigit() and len(digits) <= SHORT else "has no e164"
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return "is not a number"
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if written != e164:
        return f"is {written}, and 'e164' says {e164}"
    return None if phonenumbers.is_valid_number(parsed) or digits in KNOWN else "can't exist"


SHORT = 8  # digits: 18001101 is the longest number without an e164 form
KNOWN = frozenset({"08001111"})  # Childline, shorter than any other 0800 number


def register_lengths(look: Look) -> Iterator[Fault]:
    """Statements too long for a bubble."""
    for fact in look.content.registers.laws.values():
        if len(fact.statement) > STATEMENT:
            what = f"the statement has {len(fact.statement)} characters, {STATEMENT} is the most"
            yield Fault(look.content.registers.where[f"law:{fact.id}"], what, "Shorten it")
    for service in look.content.registers.services.values():
        if len(service.what_for) > WHAT_FOR:
            what = f"'what_for' has {len(service.what_for)} characters, {WHAT_FOR} is the most"
            yield Fault(look.content.registers.where[f"service:{service.id}"], what, "Shorten it")


def built_in_numbers(look: Look) -> Iterator[Fault]:
    """The cards built into the code must show the register's numbers."""
    for name, number in NUMBERS.items():
        service = look.content.registers.services.get(name)
        known = {n for n, _ in _numbers(service)} if service else set()
        if number not in known:
            what = f"the built-in emergency texts show {number} for {name}, the register does not"
            where = look.content.registers.where.get(f"service:{name}", f"{SERVICES}:1")
            yield Fault(where, what, "Correct the register, or bot/content/last_resort.py")


def nobody_answers(look: Look) -> Iterator[Fault]:
    """Somebody for whom no line answers day and night, by phone or by text."""
    ways: tuple[Way, ...] = ("phone", "text")
    everybody = product((None, *NATIONS), (None, "supporter", "own"), (None, "adult", "under_18"))
    for (nation, role, age), by in product(everybody, ways):
        person = Person(nation, role, age)
        found = answering_now(look.content.registers, look.now, person, "crisis", by)
        if not any(s.hours.always_open and s.group != "emergency" for s in found):
            told = ", ".join(str(known) for known in (nation, role, age) if known) or "anybody"
            what = f"no line answers day and night by {by} for {told}"
            yield Fault(f"{SERVICES}:1", what, "Keep one such as Samaritans in the register")
            return
