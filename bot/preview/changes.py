"""What differs between two versions of the texts, field by field, with the words marked."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, Literal

from bot.content.facts import Registers, refusal
from bot.content.library import Item
from bot.content.load import Content
from bot.content.placeholders import fill, keys_in
from bot.content.signoff import OPERATOR, shown_entries

What = Literal["new", "gone", "changed"]
TOKEN = re.compile(r"\s+|[^\s]+")
_PLAIN = ("title", "kind", "role", "nation", "channel", "reviewed_on", "review_by")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. marked: it is on this side only."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after. An empty side: it was not there."""

    name: str
    old: tuple[Run, ...]
    new: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs. name: an item's id, `service:ID`, `law:ID` or `operator:NAME`."""

    name: str
    what: What
    fields: tuple[FieldChange, ...]
    is_item: bool


def changes(old: Content, new: Content, now: datetime) -> tuple[Change, ...]:
    """All entries that differ, items first, in the order of the new files; gone ones last.

    Texts are compared as people read them at `now` (UTC), so that a number corrected in a register
    is seen in each text that shows it.
    """
    mine = {item.id: item for item in new.library.items}
    theirs = {item.id: item for item in old.library.items}
    moved = _moved_facts(old.registers, new.registers)
    found = [
        change
        for name in dict.fromkeys((*mine, *theirs))
        if _differs(theirs.get(name), mine.get(name), moved)
        for change in [_of_item(name, (old, theirs.get(name)), (new, mine.get(name)), now)]
        if change.fields
    ]
    return (*found, *_of_registers(old.registers, new.registers))


def _differs(old: Item | None, new: Item | None, moved: frozenset[str]) -> bool:
    if old is None or new is None or replace(old, where="") != replace(new, where=""):
        return True
    return any(entry in moved for entry in shown_entries(new))


def _of_item(
    name: str, old: tuple[Content, Item | None], new: tuple[Content, Item | None], now: datetime
) -> Change:
    (was, before), (is_, after) = old, new
    what: What = "new" if before is None else "gone" if after is None else "changed"
    left, right = _fields(before, was.registers, now), _fields(after, is_.registers, now)
    if before and after:
        # equal as read, but not as typed: show what was typed
        for key, texts in _typed(before).items():
            if left.get(key) == right.get(key) and texts != _typed(after).get(key):
                left[key], right[key] = texts, _typed(after).get(key, "")
    return Change(name, what, _compared(left, right), is_item=True)


def _typed(item: Item) -> dict[str, str]:
    told = {f"opening {n}": text for n, text in enumerate(item.acknowledge, 1)}
    told |= {f"text, bubble {n}": text for n, text in enumerate(item.text, 1)}
    return told | {f"second time, bubble {n}": text for n, text in enumerate(item.again, 1)}


def _fields(item: Item | None, registers: Registers, now: datetime) -> dict[str, str]:
    """What an editor wrote and a person reads, by name."""
    if item is None:
        return {}
    told = {key: _read(text, registers, now) for key, text in _typed(item).items()}
    told["buttons"] = "\n".join(f"{button.title} → {button.to}" for button in item.buttons)
    told["sources"] = "\n".join(item.sources)
    return told | {name: str(value) for name in _PLAIN if (value := getattr(item, name))}


def _read(text: str, registers: Registers, now: datetime) -> str:
    """The text with its facts; as typed where a fact can't be shown (in an old, faulty version)."""
    faulty = any(refusal(registers, key, now) for key in keys_in(text))
    return text if faulty else fill(text, registers, now).text


def _facts(registers: Registers) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for service in registers.services.values():
        yield f"service:{service.id}", service.model_dump(mode="json", by_alias=True)
    for law in registers.laws.values():
        yield f"law:{law.id}", law.model_dump(mode="json", by_alias=True)
    for event in registers.events.values():
        yield f"event:{event.id}", event.model_dump(mode="json", by_alias=True)
    for name, text in registers.operator.items():
        yield f"operator:{name}", {"text": text}


def _moved_facts(old: Registers, new: Registers) -> frozenset[str]:
    """Register entries that are not the same on both sides, named as `shown_entries` does."""
    if old == new:
        return frozenset()
    left, right = dict(_facts(old)), dict(_facts(new))
    moved = {name for name in {*left, *right} if left.get(name) != right.get(name)}
    return frozenset(OPERATOR if name.startswith(f"{OPERATOR}:") else name for name in moved)


def _of_registers(old: Registers, new: Registers) -> list[Change]:
    if old == new:
        return []
    left, right = dict(_facts(old)), dict(_facts(new))
    found = []
    for name in dict.fromkeys((*right, *left)):
        before, after = left.get(name), right.get(name)
        if before != after:
            what: What = "new" if before is None else "gone" if after is None else "changed"
            fields = _compared(_flat(before), _flat(after))
            found.append(Change(name, what, fields, is_item=False))
    return found


def _flat(entry: Mapping[str, Any] | None) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
        for name, value in (entry or {}).items()
        if value not in (None, [], "")
    }


def _compared(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, *marked(old.get(name, ""), new.get(name, "")))
        for name in dict.fromkeys((*new, *old))
        if old.get(name, "") != new.get(name, "")
    )


def marked(old: str, new: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts cut into runs, the words that are on one side only marked. Joined again, each is
    the text unchanged.
    """
    left, right = TOKEN.findall(old), TOKEN.findall(new)
    before: list[Run] = []
    after: list[Run] = []
    for step, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, come = "".join(left[a:b]), "".join(right[c:d])
        before += [Run(gone, marked=step != "equal")] if gone else []
        after += [Run(come, marked=step != "equal")] if come else []
    return tuple(before), tuple(after)
