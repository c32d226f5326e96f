"""Which texts and facts must be read again, and when."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.content.load import Content
from bot.content.signoff import Changed, Due, shown_entries, states

SOON, LATER = timedelta(days=30), timedelta(days=90)


class When(StrEnum):
    """How near a date is."""

    PAST = "past"
    SOON = "within 30 days"
    LATER = "within 90 days"
    FAR = "later"


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One entry with its date. name: an item's id, `service:ID` or `law:ID`. shown_by: items."""

    name: str
    why: str
    by: date
    when: When
    where: str
    shown_by: tuple[str, ...] = ()


def when(by: date, today: date) -> When:
    """How near `by` is on this day."""
    if by < today:
        return When.PAST
    if by < today + SOON:
        return When.SOON
    return When.LATER if by < today + LATER else When.FAR


def due(content: Content, today: date) -> tuple[DueEntry, ...]:
    """Every review that falls within 90 days or is over, earliest first.

    Texts by their own date, statements of law that a text shows by theirs, approvals by the date
    they run out. What has no date at all is a fault, and stands with the faults.
    """
    found = [*_texts(content, today), *_laws(content, today), *_approvals(content, today)]
    near = [entry for entry in found if entry.when is not When.FAR]
    return tuple(sorted(near, key=lambda entry: (entry.by, entry.name)))


def changed_since_approval(content: Content, today: date) -> tuple[str, ...]:
    """Names of what was approved in another version than this one."""
    return tuple(n for n, state in states(content, today).items() if isinstance(state, Changed))


def _texts(content: Content, today: date) -> list[DueEntry]:
    return [
        DueEntry(item.id, "review of the text", by, when(by, today), item.where)
        for item in content.library.items
        if (by := item.review_by)
    ]


def _laws(content: Content, today: date) -> list[DueEntry]:
    shown_by: dict[str, list[str]] = {}
    for item in content.library.items:
        for entry in shown_entries(item):
            shown_by.setdefault(entry, []).append(item.id)
    found = []
    for law in content.registers.laws.values():
        name = f"law:{law.id}"
        if name in shown_by:
            near, where = when(law.review_by, today), content.registers.where[name]
            items = tuple(shown_by[name])
            found.append(DueEntry(name, "statement of law", law.review_by, near, where, items))
    return found


def _approvals(content: Content, today: date) -> list[DueEntry]:
    where = {**content.registers.where, **{item.id: item.where for item in content.library.items}}
    found = []
    for name, state in states(content, today).items():
        if isinstance(state, Due):
            why, near = f"approval by {state.role}", when(state.by, today)
            found.append(DueEntry(name, why, state.by, near, where.get(name, "")))
    return found
