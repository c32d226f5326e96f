"""What the dialogue knows of the content: what there is, and where it leads. Never the words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.conversation import Facts
from bot.flow import Flows

Leads = Callable[[str, Facts, str], tuple[str, ...] | None]


def _nowhere(_item: str, _facts: Facts, _channel: str) -> tuple[str, ...] | None:
    """For content without buttons."""
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of the content items; `id in known` asks for one.

    leads(item, facts, channel): the action ids under an item of advice for that person, from which
    the best are offered; None where its buttons belong together and are all shown.
    """

    items: frozenset[str] = frozenset()
    flows: Flows = field(default_factory=dict)
    leads: Leads = _nowhere

    def __contains__(self, item: str) -> bool:
        return item in self.items

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)
