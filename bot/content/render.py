"""Turns a decision to show an item into the bubbles a person sees on one channel."""

from datetime import datetime
from typing import Protocol

from bot.actions import parse_action, target_action
from bot.content.answering import person_of
from bot.content.fit import fit_choices, split
from bot.content.last_resort import wrong_on_our_side
from bot.content.library import Item
from bot.content.load import Content
from bot.content.placeholders import Filled, fill
from bot.conversation import Facts
from bot.messages import Choice, Kind, Limits, Part

_LEADS_TO = {"menu": "menu", "none": "none_of_these"}  # actions without a value: their items


class Saying(Protocol):
    """What is to be shown: `bot.dialogue.decision.Say` fits it. (The dialogue knows nothing of the
    content and the content nothing of the dialogue, so the shape is written twice.)
    """

    @property
    def item(self) -> str:
        """A content id, without variant."""

    @property
    def kind(self) -> Kind | None:
        """None: the item's own kind."""

    @property
    def choices(self) -> tuple[str, ...] | None:
        """Action ids, each titled by the item it leads to. None: the item's own buttons."""

    @property
    def again(self) -> bool:
        """It was shown before."""

    @property
    def since(self) -> Facts | None:
        """The facts it was last shown for; None: not shown before, or it does not matter."""

    @property
    def acknowledge(self) -> int | None:
        """Which of the item's wordings opens it, counted on past the last one; None: none."""


class Renderer:
    """Renders items of one loaded content."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def render(
        self, say: Saying, facts: Facts, now: datetime, limits: Limits, channel: str
    ) -> tuple[Part, ...]:
        """The bubbles of one item, within the channel's limits; the choices are on the last.

        now: UTC, for opening hours. Never empty and never raises for content that was loaded. An
        id that is not in the library (it can't come from content that passed `check`) shows the
        built-in "something went wrong on our side" with 999 and the helpline.
        """
        item = self.content.library.find(say.item, facts.role, facts.nation, channel)
        if item is None:
            return (wrong_on_our_side(limits),)
        shorter = say.again or (say.since is not None and self._same(item, say.since, channel))
        bubbles = item.again if shorter and item.again else _opened(item, say.acknowledge)
        chosen = own_choices(item) if say.choices is None else self._titled(say.choices)
        choices = fit_choices(chosen, limits)
        parts: list[Part] = []
        for number, bubble in enumerate(bubbles, start=1):
            filled = fill(bubble, self.content.registers, now, person_of(facts))
            carries = choices if number == len(bubbles) else ()
            parts += _parts(filled, say.kind or item.kind, say.item, carries, limits)
        return tuple(parts)

    def _same(self, item: Item, before: Facts, channel: str) -> bool:
        """True when the same words were right for the facts as they were known before."""
        return self.content.library.find(item.base, before.role, before.nation, channel) is item

    def _titled(self, ids: tuple[str, ...]) -> tuple[Choice, ...]:
        """Choices named by what they lead to; one that leads to nothing is left out."""
        actions = ((id_, parse_action(id_)) for id_ in ids)
        titles = (
            (id_, self.content.library.title(_LEADS_TO.get(action.verb, action.value)))
            for id_, action in actions
            if action
        )
        return tuple(Choice(id_, title) for id_, title in titles if title)


def _opened(item: Item, wording: int | None) -> tuple[str, ...]:
    """The item's text; before its first words, where it is wanted, what was told."""
    if wording is None or not item.acknowledge:
        return item.text
    opening = item.acknowledge[wording % len(item.acknowledge)]
    return (f"{opening} {item.text[0]}", *item.text[1:])


def own_choices(item: Item) -> tuple[Choice, ...]:
    """The item's buttons with the ids that travel; one that leads nowhere is left out."""
    targets = ((button, target_action(button.to)) for button in item.buttons)
    return tuple(Choice(action.id, button.title) for button, action in targets if action)


def _parts(
    filled: Filled, kind: Kind, topic: str, choices: tuple[Choice, ...], limits: Limits
) -> list[Part]:
    limit = min(limits.text, limits.text_with_choices) if choices else limits.text
    pieces = split(filled.text, limit)
    return [
        Part(
            text=filled.text[start:end],
            kind=kind,
            topic=topic,
            choices=choices if (start, end) == pieces[-1] else (),
            refs=_refs(filled, start, end),
        )
        for start, end in pieces
    ]


def _refs(filled: Filled, start: int, end: int) -> tuple[str, ...]:
    """The register entries whose facts stand in this piece, each once, in order."""
    inside = (span.ref for span in filled.spans if span.start < end and span.end > start)
    return tuple(dict.fromkeys(inside))
