"""Faults in the operator's page and in dated cards: lines nobody shows, demo lines, lost events."""

import re
from collections.abc import Iterator

from bot.content.campaigns import PREFIX
from bot.content.check_fault import Fault, Look
from bot.content.check_words import keys_of
from bot.content.facts import Registers
from bot.content.register_shapes import OPERATOR_LINES

FILE = "responses/operator.yml"
DEMO = re.compile(r"\bdemo(?:nstration)?\b", re.IGNORECASE)


def unshown_lines(look: Look) -> Iterator[Fault]:
    """A line of the operator's page that is not known and not shown: misspelt, or left over."""
    shown = {key for item in look.items for key in keys_of(item)}
    for name in look.content.registers.operator:
        if f"operator.{name}" not in shown and name not in OPERATOR_LINES:
            where = look.content.registers.where[f"operator:{name}"]
            what = f"no text shows the line '{name}'"
            yield Fault(where, what, "Correct its name, or remove it")


def campaigns_without_event(look: Look) -> Iterator[Fault]:
    """A dated card whose event the register does not have: it would never be shown."""
    for item in look.items:
        event = item.base.removeprefix(PREFIX)
        if item.base.startswith(PREFIX) and event not in look.content.registers.events:
            what = f"the register has no event '{event}'"
            yield Fault(item.where, what, "Name the card after an event of services.yml")


def demo_lines(registers: Registers) -> tuple[str, ...]:
    """The names of the operator's lines that still speak of a demonstration."""
    return tuple(name for name, text in registers.operator.items() if DEMO.search(text))


def promised_hours(registers: Registers) -> int | None:
    """The hours that the operator's page says a quiet talk is kept; None when it names none."""
    found = re.search(r"(\d+) (hour|day)s?\b", registers.operator.get("how_long", ""))
    if found is None:
        return None
    number, unit = found.groups()
    return int(number) * (24 if unit == "day" else 1)
