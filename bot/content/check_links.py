"""Faults in how items hang together: buttons, answers, variants, what is missing."""

from collections.abc import Iterable, Iterator

from bot.actions import target_action
from bot.content.check_fault import Fault, Look
from bot.content.library import Item
from bot.content.load import read_intents
from bot.content.system_items import OPTIONAL_ITEMS, SYSTEM_ITEMS
from bot.flow import Flow

NEVER_OFFERED = frozenset({"small_talk"})  # group of the taxonomy
TOPICS = "responses/topics:1"  # not in any file yet


def lost_buttons(look: Look) -> Iterator[Fault]:
    """A button that leads nowhere, or two that can't be told apart."""
    for item in look.items:
        for button in item.buttons:
            why = _leads_nowhere(button.to, look)
            if why:
                what = f"the button '{button.title}' leads nowhere: {why}"
                yield Fault(item.where, what, "Name an entry, or an action such as ask:helpline")
        names = [button.title for button in item.buttons]
        targets = [button.to for button in item.buttons]
        for name in dict.fromkeys(n for n in names if names.count(n) > 1):
            yield Fault(item.where, f"two buttons say '{name}'", "Change one of them")
        for to in dict.fromkeys(t for t in targets if targets.count(t) > 1):
            yield Fault(item.where, f"two buttons lead to '{to}'", "Remove one of them")


def _leads_nowhere(to: str, look: Look) -> str | None:
    library = look.content.library
    action = target_action(to)
    if action is None:
        return f"'{to}' is neither an id nor an action"
    if action.verb == "show" and action.value not in library.ids:
        base = {item.id: item.base for item in library.items}.get(action.value)
        if base:
            return f"'{action.value}' is a variant, '{base}' leads to the one that fits"
        return f"there is no entry '{action.value}'"
    if action.verb == "flow" and action.value not in look.content.flows:
        return f"there is no flow '{action.value}'"
    if action.verb == "ask" and action.value not in library.intents:
        return f"there is no intent '{action.value}'"
    return None


def unanswered(look: Look) -> Iterator[Fault]:
    """An intent that people have and nobody wrote an answer for."""
    for intent in sorted(look.content.library.intents - look.content.library.ids):
        what = f"the intent '{intent}' has no answer"
        yield Fault(TOPICS, what, f"Write an entry with the id {intent}")


def missing_items(look: Look) -> Iterator[Fault]:
    """An item that the dialogue shows by name."""
    for name in SYSTEM_ITEMS:
        if name not in look.content.library.ids and name not in look.content.library.intents:
            yield Fault(TOPICS, f"the entry '{name}' is missing", f"Write an entry '{name}'")


def untitled(look: Look) -> Iterator[Fault]:
    """An answer that can't be offered as a choice, because nothing says what its button says."""
    offered = {name for name, group in read_intents().items() if group not in NEVER_OFFERED}
    for item in look.items:
        wanted = item.id in offered or item.id in {"menu", "none_of_these"}
        if wanted and not item.title:
            yield Fault(item.where, "'title' is missing", "Say what a button that leads here says")


def orphans(look: Look) -> Iterator[Fault]:
    """An item that no button, intent or line of code leads to."""
    library = look.content.library
    reached = set(SYSTEM_ITEMS) | library.intents | played(look.content.flows.values())
    for item in look.items:
        for button in item.buttons:
            action = target_action(button.to)
            if action and action.verb == "show":
                reached.add(action.value)
    for item in look.items:
        known = item.base in reached or item.id.startswith(OPTIONAL_ITEMS)
        if item.variant_of is None and not known:
            yield Fault(item.where, "nothing leads here", "Add a button to it, or remove it")


def played(flows: Iterable[Flow]) -> frozenset[str]:
    """The items that these flows show: questions, ends and their sections."""
    found: set[str] = set()
    for flow in flows:
        found |= {f"step.{flow.id}.{step.id}" for step in flow.steps}
        found |= {end.item for end in flow.ends}
        if any(end.sections for end in flow.ends):
            found |= {f"{flow.id}.for_{pick}" for pick in picks_of(flow)}
    return frozenset(found)


def picks_of(flow: Flow) -> tuple[str, ...]:
    """What may be picked in a flow, in its order."""
    sets = (mark for step in flow.steps for option in step.options for mark in option.sets)
    picks = (mark.removeprefix("pick:") for mark in sets if mark.startswith("pick:"))
    return tuple(dict.fromkeys(picks))


def twin_variants(look: Look) -> Iterator[Fault]:
    """Two variants for the same people: which one they get would be chance."""
    seen: dict[tuple[str, str | None, str | None, str | None], Item] = {}
    for item in look.items:
        audience = (item.base, item.role, item.nation, item.channel)
        first = seen.setdefault(audience, item)
        if first is not item:
            what = f"it is for the same people as {first.where}"
            yield Fault(item.where, what, "Change 'for' or remove one of the two")
