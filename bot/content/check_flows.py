"""Faults in the guided questions, and in the wordings that open other texts."""

import re
from collections.abc import Iterable, Iterator
from itertools import permutations

from bot.content.check_fault import Fault, Look
from bot.content.check_links import picks_of
from bot.content.check_words import BUBBLE, BUBBLES, TITLE
from bot.content.library import Item
from bot.content.placeholders import STORY, TOLD, fill
from bot.content.system_items import WORDINGS
from bot.flow import Flow
from bot.messages import Kind

GAP = 2  # characters between two sections that share a bubble
STORY_ROOM = 90  # characters besides the list of what was told (ours)
OPENING = 60  # characters of a wording that only opens another text (ours)
LEAVING = re.compile(r"\bskip\b.*\bstop\b", re.IGNORECASE | re.DOTALL)
ASKED_AGAIN = 2  # wordings at least, for a question that may be asked several times
NAMED, NAMED_WORDS = 40, 6  # characters and words of `named` (ours: it stands in a list of three)
UNFIT = re.compile(r"[.?:{},]|\b(?:he|she|him|her|his|hers|stalk\w*)\b", re.IGNORECASE)
CAPITAL = re.compile(r"^(?!I\b)[A-Z]")


def flows_without_words(look: Look) -> Iterator[Fault]:
    """A flow that sends people who it is not for to nothing, or titles too long for a button."""
    library = look.content.library
    for flow in look.content.flows.values():
        where = _first(flow, look).where
        if flow.instead not in library.ids:
            what = f"flow '{flow.id}' shows others '{flow.instead}', which is no entry"
            yield Fault(where, what, "Name an entry")
        options = [(step.id, option) for step in flow.steps for option in step.options]
        for title in (flow.title, flow.go_on, *(option.title for _, option in options)):
            if len(title) > TITLE:
                what = f"the title '{title}' has {len(title)} characters, {TITLE} is the most"
                yield Fault(where, what, "Shorten it")
        for step in flow.steps:
            names = [option.title for option in step.options]
            for name in dict.fromkeys(name for name in names if names.count(name) > 1):
                yield Fault(where, f"two answers to '{step.id}' say '{name}'", "Change one of them")


def questions(look: Look) -> Iterator[Fault]:
    """A step that does not ask, can't be asked twice in other words, or never says how to stop."""
    for flow in look.content.flows.values():
        for number, step in enumerate(flow.steps):
            for item in _of(f"step.{flow.id}.{step.id}", look):
                if item.kind is not Kind.QUESTION or item.buttons:
                    what = "a step of a flow is a question, and its options are its buttons"
                    yield Fault(item.where, what, "Write `kind: question` and no buttons")
                if len(item.again) < ASKED_AGAIN:
                    what = f"'again' has {len(item.again)} wordings, a step needs {ASKED_AGAIN}"
                    yield Fault(item.where, what, "Write other words for the next time it is asked")
                if number == 0 and not LEAVING.search(item.text[0]):
                    what = "the first question does not say that one can skip or stop"
                    yield Fault(item.where, what, "Say both words in half a sentence")


def ends(look: Look) -> Iterator[Fault]:
    """An end that leads nowhere, or a plan that does not fit whatever is picked."""
    for flow in look.content.flows.values():
        for end in flow.ends:
            for item in _of(end.item, look):
                if item.kind is not Kind.ADVICE or not item.buttons:
                    what = "the end of a flow is advice with next steps"
                    yield Fault(item.where, what, "Give it buttons, and no kind")
        for name in (f"{flow.id}.for_{pick}" for pick in picks_of(flow)):
            for item in _of(name, look):
                if item.kind is not Kind.ADVICE or item.buttons or len(item.text) > 1:
                    what = "a section is one paragraph without buttons"
                    yield Fault(item.where, what, "Move the rest to the end it stands in")
        yield from _overfull(flow, look)


def _overfull(flow: Flow, look: Look) -> Iterator[Fault]:
    """Every order of every choice must fit: people pick as they like."""
    for end in (end for end in flow.ends if end.sections):
        for item in _of(end.item, look):
            names = [f"{flow.id}.for_{pick}" for pick in picks_of(flow)]
            found = [look.content.library.find(n, item.role, item.nation, "") for n in names]
            sections = [_length(text, look) for part in found if part for text in part.text]
            first, last = ([_length(t, look) for t in part] for part in _around(item))
            packed = (bubbles((*first, *order, *last)) for order in permutations(sections))
            most = max(packed, default=0)
            if most > BUBBLES:
                what = f"with every section it fills {most} bubbles, {BUBBLES} is the most"
                yield Fault(item.where, what, "Shorten the sections")


def _around(item: Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return item.text[:-1], item.text[-1:]


def bubbles(lengths: Iterable[int]) -> int:
    """How many bubbles paragraphs of these lengths fill, packed in order as they are shown."""
    count, used = 0, BUBBLE
    for length in lengths:
        if count and used + GAP + length <= BUBBLE:
            used += GAP + length
        else:
            count, used = count + 1, length
    return count


def _length(text: str, look: Look) -> int:
    return max(len(text), len(fill(text, look.content.registers, look.now).text))


def openings(look: Look) -> Iterator[Fault]:
    """Wordings put before other texts that are too few, too long, or miss what was told."""
    holder = f"{{{TOLD}}}"
    for item in look.english:
        if item.base != STORY and any(holder in text for text in (*item.text, *item.again)):
            yield Fault(item.where, f"{holder} stands only in '{STORY}'", "Leave it out")
        if item.base not in WORDINGS:
            continue
        if len(item.text) < ASKED_AGAIN or item.again:
            what = "'text' holds the wordings, at least two, and there is no 'again'"
            yield Fault(item.where, what, "Write one wording a line under text")
        most = STORY_ROOM if item.base == STORY else OPENING
        for wording in item.text:
            if item.base == STORY and wording.count(holder) != 1:
                yield Fault(item.where, f"'{wording}' does not hold {holder} once", "Put it in")
            length = len(wording.replace(holder, ""))
            if length > most or not wording.endswith(".") or "\n" in wording:
                what = f"'{wording}' is no opening: {most} characters, one line, a full stop"
                yield Fault(item.where, what, "Say it shorter")


def names(look: Look) -> Iterator[Fault]:
    """`named` that can't stand in a list after "You told me of …"."""
    for item in look.english:
        if not item.named:
            continue
        if item.base not in look.content.library.intents:
            what = "'named' stands on a text that answers no intent"
            yield Fault(item.where, what, "Remove it")
        long = len(item.named) > NAMED or len(item.named.split()) > NAMED_WORDS
        if long or CAPITAL.search(item.named) or UNFIT.search(item.named):
            what = f"'named' can't stand in a list of what was told: “{item.named}”"
            yield Fault(item.where, what, "Write two to five plain words, without he or she")


def _of(name: str, look: Look) -> Iterator[Item]:
    return (item for item in look.items if item.base == name)


def _first(flow: Flow, look: Look) -> Item:
    wanted = f"step.{flow.id}.{flow.steps[0].id}"
    return next(item for item in look.items if item.id == wanted)  # seen to when it is read
