"""Work for a worker: a leased conversation, its oldest unanswered message, what is on its way."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.store import conversations, inbox_rows, outbox_rows
from bot.store.bubbles import Bubble
from bot.store.conversations import Held
from bot.store.inbox_rows import Message


@dataclass(frozen=True, slots=True)
class Job:
    """message: None when there are only bubbles to send."""

    held: Held
    message: Message | None
    pending: tuple[Bubble, ...]


def take(
    connection: Connection, *, now: datetime, lease: timedelta, most: int, urgent: bool = False
) -> list[Job]:
    """Lease up to `most` conversations and load what is to be done for each.

    urgent: only those where somebody spoke of danger.
    """
    due_by = conversations.FIRST if urgent else now
    held = conversations.claim(connection, now=now, until=now + lease, most=most, due_by=due_by)
    if not held:
        return []
    these = [one.id for one in held]
    messages = inbox_rows.begin(connection, these)
    pending = outbox_rows.pending(connection, these)
    return [Job(one, messages.get(one.id), pending.get(one.id, ())) for one in held]


def give_back(connection: Connection, job: Job, *, now: datetime) -> None:
    """Let others have it: what was begun does not count as a try. A lost lease is no matter."""
    if job.message is not None:
        inbox_rows.not_begun(connection, job.message.id)
    with suppress(conversations.LeaseLost):
        conversations.release(connection, job.held, due=now)


def finish(
    connection: Connection,
    held: Held,
    *,
    now: datetime,
    lease: timedelta,
    pending: tuple[Bubble, ...] = (),
    due: datetime | None = None,
    page: bool = False,
) -> Job | None:
    """Let go of the conversation, or keep it and go on when another message waits already.

    due: when the first of `pending` may be sent. page: what is shown lives until its timer.
    An erased conversation ends here. Raises LeaseLost.
    """
    ends = held.ending and not pending and not page
    if ends:
        conversations.keep(connection, held, now + lease)
    else:
        conversations.release(connection, held, due=due)
    message = inbox_rows.begin(connection, [held.id]).get(held.id)
    if message is not None:
        if not ends:
            conversations.retake(connection, held, now=now, until=now + lease)
        return Job(held, message, pending)
    if ends:
        conversations.end(connection, held)
    return None
