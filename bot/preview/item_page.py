"""Everything the page of one text shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.actions import Action, target_action
from bot.content.check_fault import Fault, Look
from bot.content.library import Item, Library
from bot.content.signoff import State, shown_entries
from bot.preview.asked import Asked
from bot.preview.changes import Change
from bot.preview.folder import Edition
from bot.preview.measures import Length, age_of, lengths
from bot.preview.references import Reference, references
from bot.preview.screens import Screen, screens


@dataclass(frozen=True, slots=True)
class Facing:
    """One of the texts that this person gets, with what is known of it."""

    item: Item
    channels: tuple[str, ...]
    age: float | None
    lengths: tuple[Length, ...]
    state: State
    faults: tuple[Fault, ...]
    change: Change | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The page. faces: the texts shown, one unless channels differ."""

    base: Item
    first: tuple[Screen, ...]
    second: tuple[Screen, ...]
    faces: tuple[Facing, ...]
    references: tuple[Reference, ...]
    fact_states: Mapping[str, State]
    fact_faults: tuple[Fault, ...]
    variants: tuple[Item, ...]
    led_from: tuple[Item, ...]


def item_page(edition: Edition, moved: Iterable[Change], base: Item, ask: Asked) -> ItemPage:
    """The page of an item of its own, for the person and time asked for.

    moved: what differs from the last commit.
    """
    content = edition.content
    first, second = (
        screens(edition.renderer, base.id, ask.facts, ask.at, again=again)
        for again in (False, True)
    )
    shown: dict[str, list[Screen]] = {}
    for screen in first:
        shown.setdefault(screen.item.id, []).append(screen)
    changed = {change.name: change for change in moved if change.is_item}
    faces = tuple(_facing(edition, some, ask, changed) for some in shown.values())
    items = tuple(face.item for face in faces)
    entries = tuple(dict.fromkeys(entry for item in items for entry in shown_entries(item)))
    places = {content.registers.where.get(entry) for entry in entries}
    return ItemPage(
        base=base,
        first=first,
        second=second,
        faces=faces,
        references=references(items, content.registers, ask.at),
        fact_states={e: edition.states[e] for e in entries if e in edition.states},
        fact_faults=tuple(f for f in edition.faults if f.where in places),
        variants=tuple(i for i in content.library.items if i.base == base.id),
        led_from=_led_from(content.library, base.id),
    )


def _facing(
    edition: Edition, some: list[Screen], ask: Asked, changed: Mapping[str, Change]
) -> Facing:
    item = some[0].item
    return Facing(
        item=item,
        channels=tuple(screen.channel for screen in some),
        age=age_of(item, Look(edition.content, ask.at).names),
        lengths=lengths(item, edition.content.registers, ask.at),
        state=edition.states[item.id],
        faults=tuple(fault for fault in edition.faults if fault.where == item.where),
        change=changed.get(item.id),
    )


def _led_from(library: Library, item_id: str) -> tuple[Item, ...]:
    """Items with a button that leads here, variants as the item they are of."""
    found = {
        item.base: item
        for item in library.items
        if any(leads_to(target_action(button.to)) == item_id for button in item.buttons)
    }
    return tuple(found.values())


def leads_to(action: Action | None) -> str | None:
    """The item that a tap on a button shows first; None where that depends on the talk."""
    match action:
        case Action(verb="show" | "ask", value=value):
            return value
        case Action(verb="menu"):
            return "menu"
        case Action(verb="none"):
            return "none_of_these"
        case Action(verb="question", value=value):
            return f"question.{value}"
        case Action(verb="now", value=value):
            return f"emergency.now_{value}" if value != "cannot_call" else "emergency.cannot_call"
        case Action(verb="erase", value=value):
            return {"yes": "erase.done", "no": "erase.kept"}[value]
        case _:
            return None
