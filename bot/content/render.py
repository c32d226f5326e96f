"""Turns a decision to show an item into the bubbles a person sees on one channel."""

from datetime import datetime
from typing import Protocol

from bot.actions import parse_action, target_action
from bot.content.answering import person_of
from bot.content.fit import fit_choices, split
from bot.content.last_resort import wrong_on_our_side
from bot.content.library import Item
from bot.content.load import Content
from bot.content.placeholders import STORY, TOLD, Filled, fill
from bot.conversation import Facts
from bot.messages import Choice, Kind, Limits, Part

_LEADS_TO = {"menu": "menu", "none": "none_of_these"}  # actions without a value: their items
ONCE_MORE = "once_more"
TWO = 2  # things make a story
MOST_BUBBLES = 3  # of one answer
BUBBLE = 600  # characters that one bubble should not exceed, whatever the channel carries


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

    @property
    def naming(self) -> tuple[str, ...]:
        """Topics named one after the other before the item's first words."""

    @property
    def lead(self) -> str | None:
        """An item one of whose wordings opens this one."""

    @property
    def wording(self) -> int:
        """Which of several wordings, of the lead or of a question asked again."""

    @property
    def sections(self) -> tuple[str, ...]:
        """Content ids whose texts stand between the item's first and last paragraph."""


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
        bubbles = self._with_sections(self._words(item, say, facts, channel), say, facts, channel)
        chosen = own_choices(item) if say.choices is None else self._titled(say.choices, item)
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

    def _words(self, item: Item, say: Saying, facts: Facts, channel: str) -> tuple[str, ...]:
        """The wording for the first time or a later one, and what opens it."""
        shorter = say.again or (say.since is not None and self._same(item, say.since, channel))
        bubbles = item.text
        if shorter and item.again:
            # questions and notices have several short wordings, for each time they come back
            one = item.kind in {Kind.QUESTION, Kind.NOTICE}
            bubbles = (item.again[say.wording % len(item.again)],) if one else item.again
        elif not shorter:
            story = self._story(say, facts, channel)
            bubbles = _after(story, item.text) if story else _opened(item, say.acknowledge)
        elif item.kind is Kind.ADVICE:
            bubbles = _after(self._lead(ONCE_MORE, say, facts, channel), item.text)
        return _after(self._lead(say.lead, say, facts, channel), bubbles)

    def _lead(self, name: str | None, say: Saying, facts: Facts, channel: str) -> str:
        item = self.content.library.find(name, facts.role, facts.nation, channel) if name else None
        return item.text[say.wording % len(item.text)] if item else ""

    def _story(self, say: Saying, facts: Facts, channel: str) -> str:
        """Several things told, named as one story; empty where there are none to name."""
        find = self.content.library.find
        role, nation = facts.role, facts.nation
        told = [i.named for n in say.naming if (i := find(n, role, nation, channel)) and i.named]
        story = find(STORY, role, nation, channel)
        if len(told) < TWO or story is None:
            return ""
        wording = story.text[(say.acknowledge or 0) % len(story.text)]
        return _sentence(wording.replace("{" + TOLD + "}", _listed(told)))

    def _with_sections(
        self, bubbles: tuple[str, ...], say: Saying, facts: Facts, channel: str
    ) -> tuple[str, ...]:
        """The item's paragraphs with the chosen texts before its last bubble, packed together."""
        if not say.sections:
            return bubbles
        found = (
            self.content.library.find(name, facts.role, facts.nation, channel)
            for name in say.sections
        )
        texts = [bubble for item in found if item for bubble in item.text]
        return _packed((*bubbles[:-1], *texts, bubbles[-1]))

    def _titled(self, ids: tuple[str, ...], item: Item) -> tuple[Choice, ...]:
        """Choices named by the item's own button, or by what they lead to; one that leads to
        nothing is left out.
        """
        own = {choice.id: choice.title for choice in own_choices(item)}
        named = ((id_, own.get(id_) or self._title(id_)) for id_ in ids)
        return tuple(Choice(id_, title) for id_, title in named if title)

    def _title(self, id_: str) -> str | None:
        action = parse_action(id_)
        if action is None:
            return None
        flows = self.content.flows
        if action.verb == "flow":
            name, _, on = action.value.partition(":")
            flow = flows.get(name)
            return (flow.go_on if on else flow.title) if flow else None
        if action.verb == "pick":
            place, _, option = action.value.partition(":")
            name, _, step = place.partition(".")
            at = flows[name].at(step) if name in flows else None
            found = at.option(option) if at else None
            return found.title if found else None
        if action.verb == "question":
            return self.content.library.title(f"question.{action.value}")
        return self.content.library.title(_LEADS_TO.get(action.verb, action.value))


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _after(opening: str, bubbles: tuple[str, ...]) -> tuple[str, ...]:
    """The bubbles, opened; by a bubble of its own where the first would grow too long."""
    if not opening:
        return bubbles
    if len(opening) + len(bubbles[0]) < BUBBLE:
        return (f"{opening} {bubbles[0]}", *bubbles[1:])
    return (opening, *bubbles) if len(bubbles) < MOST_BUBBLES else bubbles


def _packed(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts as few bubbles, in order, none longer than a bubble should be."""
    bubbles: list[str] = []
    for text in texts:
        if bubbles and len(bubbles[-1]) + len(text) + 2 <= BUBBLE:
            bubbles[-1] += "\n\n" + text
        else:
            bubbles.append(text)
    return tuple(bubbles)


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
