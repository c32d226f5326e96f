"""The one transaction that ends a turn: all of it is kept, or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.store import (
    conversations,
    inbox_rows,
    jobs,
    outbox_rows,
    page_rows,
    screen_rows,
    timer_rows,
)
from bot.store.bubbles import Bubble
from bot.store.conversations import Held
from bot.store.inbox_rows import Message
from bot.store.jobs import Job
from bot.store.screen import Sorted
from bot.store.screen_rows import Row

FORGET_WITHIN = timedelta(minutes=10)  # an erased conversation whose last reply cannot be sent
REMOVE_WITHIN = timedelta(hours=24)  # … whose messages still stand on the screen


@dataclass(frozen=True, slots=True)
class Turned:
    """What a turn decided, sealed. state: None leaves the talk as it is.

    bubbles: what is pending and what is new (id 0). lines: for the web page, (mine, sealed).
    """

    message: Message
    bubbles: tuple[Bubble, ...]
    state: bytes | None = field(default=None, repr=False)
    lines: tuple[tuple[bool, bytes], ...] = field(default=(), repr=False)
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Anew:
    """What is under the new key once a talk is erased.

    sort: what comes off the screen and what stays there. moved: a waiting message's body, None
    where it cannot be read. since: older messages than this stay on the screen, and where there
    are any, `otherwise` is said in place of the last replies; None: nothing can be taken off.
    """

    held: Held
    sort: Callable[[Sequence[Row]], Sorted]
    moved: Callable[[bytes], bytes | None]
    since: datetime | None = None
    otherwise: tuple[Bubble, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """The moments of one turn. idle: a quiet conversation is erased after this."""

    now: datetime
    idle: timedelta
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left to do: bubbles to send, or, where there are none, a message that waits."""

    held: Held
    bubbles: tuple[Bubble, ...]
    following: Job | None = None


def keep(connection: Connection, held: Held, turned: Turned, when: When) -> Kept:
    """Save the talk, settle the message, and leave the replies to be sent. Raises LeaseLost.

    With nothing to send the conversation is let go at once.
    """
    if turned.state is None:
        conversations.keep(connection, held, when.now + when.lease)
    else:
        conversations.save(connection, held, state=turned.state, now=when.now)
        if held.ending:
            timer_rows.cancel(connection, held.id, timer_rows.FORGET)
        held = replace(held, state=turned.state, ending=False)
    timer_rows.put(connection, held.id, timer_rows.IDLE, when.now + when.idle)
    if turned.parked:
        inbox_rows.park(connection, turned.message.id)
    else:
        inbox_rows.settle(connection, turned.message.id)
    return _leave(connection, held, turned, when)


def forget(connection: Connection, held: Held, turned: Turned, when: When, anew: Anew) -> Kept:
    """Erase the conversation in place and leave only the last replies. Raises LeaseLost.

    The old key is overwritten; Database.scrub must follow. Messages that came after this one are
    kept and answered: nothing accepted is lost. What comes off the screen goes before the replies.
    """
    fresh = anew.held
    conversations.rekey(connection, held, key=fresh.key, address=fresh.address, now=when.now)
    for waiting in inbox_rows.waiting(connection, held.id):
        body = None if waiting.id == turned.message.id else anew.moved(waiting.body)
        if body is not None:
            inbox_rows.replace_body(connection, waiting.id, body)
    inbox_rows.settle(connection, turned.message.id)
    bubbles = (*_off_screen(connection, held, anew), *_last(connection, held, turned, anew))
    inbox_rows.remove_answered(connection, held.id, but=turned.message.id)
    outbox_rows.clear(connection, held.id)
    page_rows.clear(connection, held.id)
    timer_rows.clear(connection, held.id)
    within = REMOVE_WITHIN if any(bubble.removes for bubble in bubbles) else FORGET_WITHIN
    timer_rows.put(connection, held.id, timer_rows.FORGET, when.now + within)
    return _leave(connection, fresh, replace(turned, bubbles=bubbles), when)


def _off_screen(connection: Connection, held: Held, anew: Anew) -> tuple[Bubble, ...]:
    found = anew.sort(screen_rows.of_conversation(connection, held.id))
    screen_rows.clear(connection, held.id)
    for row in found.stay:
        screen_rows.add(connection, held.id, body=row.body, at=row.at)
    return found.removals


def _last(connection: Connection, held: Held, turned: Turned, anew: Anew) -> tuple[Bubble, ...]:
    if anew.since is None or not screen_rows.heard_before(connection, held.id, anew.since):
        return turned.bubbles
    return anew.otherwise


def _leave(connection: Connection, held: Held, turned: Turned, when: When) -> Kept:
    bubbles = tuple(
        bubble
        if bubble.id
        else replace(bubble, id=outbox_rows.add(connection, held.id, bubble, when.now))
        for bubble in turned.bubbles
    )
    for mine, body in turned.lines:
        page_rows.add(connection, held.id, mine=mine, body=body, now=when.now)
    if turned.lines:
        page_rows.trim(connection, held.id)
    if bubbles:
        return Kept(held, bubbles)
    following = jobs.finish(
        connection, held, now=when.now, lease=when.lease, page=bool(turned.lines)
    )
    return Kept(held, (), following)
