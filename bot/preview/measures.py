"""How long and how hard a text is, against what it may be."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.content.check_words import BUBBLE, MEASURABLE
from bot.content.facts import Registers
from bot.content.library import Item
from bot.content.limits import BY_CHANNEL
from bot.content.placeholders import fill, without_placeholders
from bot.content.reading_age import can_measure, reading_age
from bot.preview.screens import CHANNELS


@dataclass(frozen=True, slots=True)
class Length:
    """One bubble. characters: with its facts filled in. cut_on: channels that must cut it."""

    name: str
    characters: int
    cut_on: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Within our own limit, which is that of a small phone."""
        return self.characters <= BUBBLE


def lengths(item: Item, registers: Registers, now: datetime) -> tuple[Length, ...]:
    """Every bubble of the item, first and second time; the first with its longest opening."""
    found = []
    opening = max(item.acknowledge, key=len, default="")
    first = (f"{opening} {item.text[0]}".lstrip(), *item.text[1:])
    for name, bubbles in (("First time", first), ("Second time", item.again)):
        for number, bubble in enumerate(bubbles, 1):
            size = len(fill(bubble, registers, now).text)
            with_buttons = bool(item.buttons) and number == len(bubbles)
            cut_on = tuple(c for c in CHANNELS if size > _room(c, with_buttons=with_buttons))
            found.append(Length(f"{name}, bubble {number}", size, cut_on))
    return tuple(found)


def _room(channel: str, *, with_buttons: bool) -> int:
    limits = BY_CHANNEL[channel]
    return limits.text_with_choices if with_buttons else limits.text


def age_of(item: Item, names: frozenset[str]) -> float | None:
    """The reading age in years, measured as `check` does: names and facts of the registers apart.

    None where it says nothing: another language, fewer than 15 words, or pyphen is not installed.
    """
    text = without_placeholders("\n".join((*item.acknowledge, *item.text)), "it")
    if not can_measure() or item.base.startswith("language.") or len(text.split()) < MEASURABLE:
        return None
    rule = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
    return round(reading_age(rule.sub("it", text) if names else text), 1)
