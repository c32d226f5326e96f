"""The one transaction that ends a turn: all of it is kept, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.store import conversations, inbox_rows, jobs, outbox_rows, page_rows, timer_rows
from bot.store.bubbles import Bubble
from bot.store.conversations import Held
from bot.store.inbox_rows import Message
from bot.store.jobs import Job

FORGET_WITHIN = timedelta(minutes=10)  # an erased conversation whose last reply cannot be sent


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


def forget(
    connection: Connection,
    held: Held,
    turned: Turned,
    when: When,
    *,
    fresh: Held,
    reseal: Callable[[bytes], bytes | None],
) -> Kept:
    """Erase the conversation in place and leave only the last replies. Raises LeaseLost.

    fresh: the same conversation under a new key, `ending`. reseal: a waiting message's body under
    the new key, None where it cannot be read. The old key is overwritten; Database.scrub must
    follow. Messages that came after this one are kept and answered: nothing accepted is lost.
    """
    conversations.rekey(connection, held, key=fresh.key, address=fresh.address, now=when.now)
    for waiting in inbox_rows.waiting(connection, held.id):
        body = None if waiting.id == turned.message.id else reseal(waiting.body)
        if body is not None:
            inbox_rows.replace_body(connection, waiting.id, body)
    inbox_rows.settle(connection, turned.message.id)
    inbox_rows.remove_answered(connection, held.id, but=turned.message.id)
    outbox_rows.clear(connection, held.id)
    page_rows.clear(connection, held.id)
    timer_rows.clear(connection, held.id)
    timer_rows.put(connection, held.id, timer_rows.FORGET, when.now + FORGET_WITHIN)
    return _leave(connection, fresh, turned, when)


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
