"""Makes texts and choices fit into what a channel can carry."""

import re
from dataclasses import replace

from bot.actions import Action
from bot.messages import Choice, Limits

MENU = Choice(Action("menu").id, "Menu")
PARAGRAPH, SENTENCE, SPACE = (re.compile(p) for p in (r"\n\s*\n", r"(?<=[.!?…])[\s]+|\n", r"\s+"))


def split(text: str, limit: int) -> tuple[tuple[int, int], ...]:
    """Where to cut so that no piece has more than `limit` characters: (start, end) of each piece.

    Cuts between paragraphs, else sentences, else words. Only a single word longer than the limit
    is cut inside. Pieces together hold every character but the white space at the cuts.
    limit: at least 1.
    """
    pieces: list[tuple[int, int]] = []
    start, stop = _stripped(text, 0, len(text))
    while stop - start > limit:
        end, following = _cut(text, start, limit)
        pieces.append((start, end))
        start, stop = _stripped(text, following, stop)
    if start < stop:
        pieces.append((start, stop))
    return tuple(pieces)


def _cut(text: str, start: int, limit: int) -> tuple[int, int]:
    """The end of the piece that begins at `start`, and where the next one may begin."""
    for gap in (PARAGRAPH, SENTENCE, SPACE):
        # the gap itself may lie beyond the limit: only its beginning must not
        last = None
        for match in gap.finditer(text, start + 1):
            if match.start() > start + limit:
                break
            last = match
        if last:
            return last.start(), last.end()
    return start + limit, start + limit


def _stripped(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and text[start].isspace():
        start += 1
    while start < stop and text[stop - 1].isspace():
        stop -= 1
    return start, stop


def cut_title(title: str, limit: int) -> str:
    """The title in at most `limit` characters, cut after a word where one ends early enough."""
    title = " ".join(title.split())
    if len(title) <= limit:
        return title
    room = title[: limit - 1]
    words = room.rpartition(" ")[0] if title[limit - 1 : limit] != " " else room
    kept = words if len(words) * 2 >= limit else room
    return f"{kept.rstrip()}…"


def fit_choices(choices: tuple[Choice, ...], limits: Limits) -> tuple[Choice, ...]:
    """The choices as the channel can carry them: buttons, else a list, else the first and Menu.

    Titles are cut to the channel's length and kept apart from each other; ids are never touched.
    """
    most, title = limits.buttons, limits.button_title
    if len(choices) > most and limits.rows:
        most, title = limits.rows, limits.row_title
    if len(choices) > most:
        menu = next((c for c in choices if c.id == MENU.id), MENU)
        choices = (*[c for c in choices if c.id != MENU.id][: most - 1], menu)
    return _told_apart(tuple(replace(c, title=cut_title(c.title, title)) for c in choices), title)


def _told_apart(choices: tuple[Choice, ...], limit: int) -> tuple[Choice, ...]:
    """No two titles alike: WhatsApp refuses the whole message for that."""
    seen: set[str] = set()
    result: list[Choice] = []
    for choice in choices:
        title, number = choice.title, 2
        while title in seen:
            title = f"{cut_title(choice.title, limit - 2)} {number}"
            number += 1
        seen.add(title)
        result.append(replace(choice, title=title))
    return tuple(result)
