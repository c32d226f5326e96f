"""One text as it stands on the screen of each channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.content.library import Item
from bot.content.limits import BY_CHANNEL
from bot.content.render import Renderer
from bot.conversation import Facts
from bot.dialogue.decision import Say
from bot.messages import Choice, Limits, Part

CHANNELS = ("web", "telegram", "whatsapp")
Shape = Literal["buttons", "list", "none"]


@dataclass(frozen=True, slots=True)
class Screen:
    """What one person on one channel sees. item: the variant chosen for them.

    shape: how the choices of the last bubble look. cut: choices that did not fit and are left out.
    """

    channel: str
    item: Item
    parts: tuple[Part, ...]
    shape: Shape
    cut: int

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen under the last bubble."""
        return self.parts[-1].choices


def screens(
    renderer: Renderer, base: str, facts: Facts, now: datetime, *, again: bool
) -> tuple[Screen, ...]:
    """The text on each channel, by the renderer and within the limits that people's talks use.

    base: the id of an item of its own. Channels for which there is no such text are left out; with
    `again`, those whose text has no wording for the second time, too.
    """
    found = []
    for channel in CHANNELS:
        item = renderer.content.library.find(base, facts.role, facts.nation, channel)
        if item is None or (again and not item.again):
            continue
        limits = BY_CHANNEL[channel]
        parts = renderer.render(Say(base, again=again), facts, now, limits, channel)
        shown = len(parts[-1].choices)
        found.append(
            Screen(channel, item, parts, _shape(shown, limits), max(0, len(item.buttons) - shown))
        )
    return tuple(found)


def _shape(choices: int, limits: Limits) -> Shape:
    if not choices:
        return "none"
    return "list" if choices > limits.buttons else "buttons"
