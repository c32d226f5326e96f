"""Searching the texts as people read them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.content.library import Item
from bot.content.load import Content
from bot.content.placeholders import fill, keys_in
from bot.preview.changes import Run

MOST = 100  # results on one page


@dataclass(frozen=True, slots=True)
class Hit:
    """An item with the passages that hold a word of the query, the words marked."""

    item: Item
    passages: tuple[tuple[str, tuple[Run, ...]], ...]


def find(content: Content, query: str, now: datetime) -> Iterator[Hit]:
    """Items that hold every word of the query, in any order and case, in the order of the files.

    Looked through: id, title, buttons, texts with their facts at `now` (UTC), placeholders,
    sources. A phrase in double quotes counts as one word. An empty query finds nothing.
    """
    words = [(quoted or plain).casefold() for quoted, plain in WORDS.findall(_straight(query))]
    words = [" ".join(word.split()) for word in words if word.strip()]
    for item in content.library.items if words else ():
        places = tuple(_places(item, content, now))
        every = _straight("\n".join(text for _, text in places)).casefold()
        every = " ".join(every.split())
        if all(word in every for word in words):
            yield Hit(item, tuple(_marked(places, words)))


WORDS = re.compile(r'"([^"]+)"|([^\s"]+)')


def _straight(text: str) -> str:
    """Typographic quotes as the keys of a keyboard: same length."""
    return text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')


def _places(item: Item, content: Content, now: datetime) -> Iterator[tuple[str, str]]:
    yield "id", item.id
    yield "title", item.title
    for name, bubbles in (("text", item.text), ("second time", item.again)):
        for bubble in bubbles:
            yield name, fill(bubble, content.registers, now).text
    for wording in item.acknowledge:
        yield "opening", wording
    keys = dict.fromkeys(key for bubble in (*item.text, *item.again) for key in keys_in(bubble))
    yield "facts", " ".join(f"{{{key}}}" for key in keys)
    for button in item.buttons:
        yield "button", f"{button.title} → {button.to}"
    yield "sources", ", ".join(item.sources)


def _marked(
    places: tuple[tuple[str, str], ...], words: list[str]
) -> Iterator[tuple[str, tuple[Run, ...]]]:
    phrases = (r"\s+".join(map(re.escape, word.split())) for word in words)
    rule = re.compile("|".join(phrases), re.IGNORECASE)
    for name, text in places:
        runs: list[Run] = []
        at = 0
        for match in rule.finditer(_straight(text)):
            runs += [Run(text[at : match.start()]), Run(text[match.start() : match.end()], True)]
            at = match.end()
        if runs:
            yield name, (*(run for run in runs if run.text), Run(text[at:]))
