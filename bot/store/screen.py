"""Which messages come off a person's screen when they erase their talk, and which stay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest

from bot.messages import Kind, Part
from bot.store.bubbles import Bubble
from bot.store.records import (
    open_shown,
    open_taken_off,
    seal_part,
    seal_shown,
    seal_taken_off,
)
from bot.store.screen_rows import Row
from bot.store.seal import DataKey, Unopenable

BATCH = 100  # messages in one call (platform: deleteMessages takes 1 to 100)


@dataclass(frozen=True, slots=True)
class Asked:
    """at: when the erasing was asked for, UTC. since: nothing older can be taken off.

    old: the key that is about to be destroyed. new: the one after it.
    """

    at: datetime
    since: datetime
    old: DataKey = field(repr=False)
    new: DataKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sorted:
    """removals: bubbles that take messages off, oldest first. stay: the rest, under the new key."""

    removals: tuple[Bubble, ...] = ()
    stay: tuple[Row, ...] = ()


def sort_out(rows: Sequence[Row], pending: Sequence[Bubble], asked: Asked) -> Sorted:
    """Everything comes off but what the person wrote after asking: that is a new talk.

    pending: what is on its way; messages that were to be taken off already still are.
    """
    numbers: dict[str, None] = {}  # each once, in order: a repeated delivery notes it again
    stay: list[Row] = []
    for bubble in pending:
        if bubble.removes:
            numbers |= dict.fromkeys(_waiting_in(bubble, asked.old))
    for row in rows:
        try:
            number, mine = open_shown(asked.old, row.body)
        except Unopenable:  # of an earlier master key: nobody can tell which it was
            continue
        if mine and row.at > asked.at:
            stay.append(Row(row.at, seal_shown(asked.new, number, mine=mine)))
        elif row.at >= asked.since:
            numbers[number] = None
    ordered = list(numbers)
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    return Sorted(tuple(_removal(asked.new, batch) for batch in batches), tuple(stay))


def waiting(
    key: DataKey, parts: Sequence[Part], *, otherwise: Sequence[Part] = ()
) -> tuple[Bubble, ...]:
    """The parts as bubbles that wait behind what comes off the screen.

    otherwise: what each says instead, in their order, should something stay there.
    """
    pairs = zip_longest(parts, otherwise[: len(parts)])
    return tuple(
        Bubble(0, "new", part.kind is Kind.EMERGENCY, 0, 0, None, seal_part(key, part, otherwise=o))
        for part, o in pairs
    )


def _removal(key: DataKey, batch: Sequence[str]) -> Bubble:
    return Bubble(0, "new", False, 0, 0, None, seal_taken_off(key, batch), removes=True)


def _waiting_in(bubble: Bubble, key: DataKey) -> tuple[str, ...]:
    try:
        return open_taken_off(key, bubble.part)
    except Unopenable:
        return ()
