"""The library: vetted items, and which of them fits a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.messages import Kind


@dataclass(frozen=True, slots=True)
class Button:
    """A choice as content writes it. to: an action of bot/actions.py or a content id."""

    title: str
    to: str


@dataclass(frozen=True, slots=True)
class Item:
    """One vetted entry, defaults and inherited parts filled in. Texts still hold placeholders."""

    id: str
    variant_of: str | None
    role: str | None  # None: for every role
    nation: str | None
    channel: str | None
    kind: Kind
    title: str
    text: tuple[str, ...]  # one to three bubbles
    again: tuple[str, ...]  # empty: no shorter wording
    buttons: tuple[Button, ...]
    sources: tuple[str, ...]
    reviewed_on: date | None
    review_by: date | None
    where: str  # file:line id
    acknowledge: tuple[str, ...] = ()  # one of them may open the first bubble: what was told
    named: str = ""  # what was told, in a few words, for a list of several
    choose: bool = False  # its buttons are one choice and are all shown

    @property
    def base(self) -> str:
        """The id that others lead to: its own, or that of the item it is a variant of."""
        return self.variant_of or self.id


class Library:
    """All items, found by id and by whom they are for."""

    def __init__(self, items: Iterable[Item], intents: Iterable[str]) -> None:
        """items: checked by the loader: ids are unique, every variant's item exists.

        intents: the names of nlu/taxonomy.yml.
        """
        self.items: tuple[Item, ...] = tuple(items)
        self.intents = frozenset(intents)
        self.ids = frozenset(item.id for item in self.items if item.variant_of is None)
        self._by_base: Mapping[str, list[Item]] = _grouped(self.items)

    def find(self, item_id: str, role: str | None, nation: str | None, channel: str) -> Item | None:
        """The most specific variant for this person; None when there is no such item.

        Role counts more than nation, nation more than channel. role None reads like victim.
        """
        role = role or "victim"
        wanted = (role, nation, channel)
        fitting = [item for item in self._by_base.get(item_id, ()) if _fits(item, wanted)]
        return max(fitting, key=_how_specific, default=None)

    def varies_by_nation(self, item_id: str) -> bool:
        """Whether the answer depends on where the person lives."""
        return any(item.nation for item in self._by_base.get(item_id, ()))

    def title(self, item_id: str) -> str | None:
        """What a button that leads to the item says."""
        item = self.find(item_id, None, None, "")
        return item.title if item else None


def _grouped(items: Iterable[Item]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.base, []).append(item)
    return groups


def _fits(item: Item, wanted: tuple[str | None, str | None, str]) -> bool:
    offered = (item.role, item.nation, item.channel)
    return all(mine is None or mine == theirs for mine, theirs in zip(offered, wanted, strict=True))


def _how_specific(item: Item) -> tuple[bool, bool, bool]:
    return (item.role is not None, item.nation is not None, item.channel is not None)
