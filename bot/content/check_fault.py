"""What the checks look at, and what they find."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.content.library import Item
from bot.content.load import Content


@dataclass(frozen=True, slots=True)
class Fault:
    """One complaint. where: file:line id. do: one imperative sentence."""

    where: str
    what: str
    do: str


@dataclass(frozen=True, slots=True)
class Look:
    """The content under examination. now: UTC, for review dates and opening hours."""

    content: Content
    now: datetime

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, variants and rescue cards included."""
        return self.content.library.items

    @property
    def english(self) -> tuple[Item, ...]:
        """Every item but the rescue cards in other languages."""
        return tuple(item for item in self.items if not item.base.startswith("language."))

    @property
    def names(self) -> frozenset[str]:
        """Names of services and whoever runs this: not counted as hard words."""
        operator = self.content.registers.operator.get("name")
        services = {service.name for service in self.content.registers.services.values()}
        return frozenset(services | ({operator} if operator else set()))


Check = Callable[[Look], Iterator[Fault]]
