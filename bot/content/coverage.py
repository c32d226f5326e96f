"""Who gets an answer to what: every intent, for every role, in every nation.

An answer for a nation may stand in the first bubble or one tap further (`court.special`),
because a first answer to a frightened person is not a comparison of three legal systems.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.actions import NATIONS, ROLES, Action, target_action
from bot.content.library import Item, Library
from bot.content.load import Content, read_intents

VICTIM, SUPPORTER, OWN = "victim", "supporter", "own"
ASK_NATION = Action("question", "nation").id
TOLD_APART = frozenset({"happening", "action"})
"""Groups of the taxonomy where the words to a victim are wrong for a friend, and may help somebody
who follows a person."""

BY_NATION = frozenset({
    "advocate", "court", "helpline", "law_and_penalties", "offender_management", "order_breached",
    "other_services", "police_not_helping", "protective_orders", "report_to_police",
    "victims_rights",
})  # fmt: skip
"""Intents about law, police, orders, complaints and lines: the advice differs by nation. The urgent
ones are left out: their first lines are the same everywhere, and they ask nothing but "now?"."""

EVERYWHERE = frozenset({"advocate", "helpline", "report_to_police"})
"""Nearly every answer has a button to these: they make no other answer one for a nation."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one kind of person gets when they mean one intent."""

    intent: str
    group: str  # of the taxonomy
    role: str
    nation: str | None  # None: not known
    item: str | None  # the id of what is shown first; None: nothing
    own: bool  # written for this role; else inherited from what everybody gets
    via: str | None  # the item one tap further that is written for this nation
    hole: str | None  # what is missing, in an editor's words
    where: str  # file:line id of what is shown


def coverage(content: Content) -> tuple[Row, ...]:
    """A row for each intent, role and nation (and none), in the order of the taxonomy."""
    return tuple(
        _row(content.library, intent, group, role, nation)
        for intent, group in read_intents().items()
        for role in ROLES
        for nation in (None, *NATIONS)
    )


def _row(library: Library, intent: str, group: str, role: str, nation: str | None) -> Row:
    item = library.find(intent, role, nation, "")
    if item is None:
        none = f"nobody wrote an answer to '{intent}'"
        return Row(intent, group, role, nation, None, own=False, via=None, hole=none, where="")
    own = role in {VICTIM, item.role}
    via = None if item.nation else _one_tap(library, item, role, nation)
    hole: str | None = _role_hole(group, role, own=own)
    if hole is None and intent in BY_NATION and item.nation is None:
        hole = _nation_hole(library, item, role, nation, via)
    return Row(intent, group, role, nation, item.id, own, via, hole, item.where)


def _role_hole(group: str, role: str, *, own: bool) -> str | None:
    if own or group not in TOLD_APART:
        return None
    if role == SUPPORTER:
        return "a supporter gets the words written for the victim"
    return "somebody worried about their own behaviour gets the words written for the victim"


def _nation_hole(
    library: Library, item: Item, role: str, nation: str | None, via: str | None
) -> str | None:
    if nation is not None:
        return None if via else f"there is nothing for {nation}, here or one tap further"
    steps = [item, *_steps(library, item, role, None)]
    asks = any(button.to == ASK_NATION for step in steps for button in step.buttons)
    return None if asks else "no button asks where the person lives, here or one tap further"


def _one_tap(library: Library, item: Item, role: str, nation: str | None) -> str | None:
    """The first item behind a button that is written for this nation."""
    if nation is None:
        return None
    steps = _steps(library, item, role, nation)
    far = EVERYWHERE - {item.base}
    return next((s.id for s in steps if s.nation == nation and s.base not in far), None)


def _steps(library: Library, item: Item, role: str, nation: str | None) -> Iterator[Item]:
    for button in item.buttons:
        action = target_action(button.to)
        if action and action.verb in {"ask", "show"} and action.value:
            step = library.find(action.value, role, nation, "")
            if step is not None:
                yield step
