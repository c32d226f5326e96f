"""What is written down once a bubble has left, or could not."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.messages import Limits, Outcome, Sent
from bot.store import outbox_rows, screen_rows
from bot.store.bubbles import STAYED, Bubble
from bot.store.conversations import Held
from bot.store.records import seal_otherwise, seal_shown
from bot.store.seal import DataKey, Unopenable


@dataclass(frozen=True, slots=True)
class After:
    """What is to be written down of a send, in one transaction with whatever comes next.

    shown: the sealed number of the message that now stands on the screen. reworded: bubbles that
    wait and say something else now.
    """

    marks: list[Bubble]
    shown: bytes | None = field(default=None, repr=False)
    reworded: tuple[Bubble, ...] = ()

    def write(self, connection: Connection, held: Held, now: datetime) -> bool:
        """False when the last mark came too late: the platform had told what became of it."""
        marked = [outbox_rows.mark(connection, bubble) for bubble in self.marks]
        for bubble in self.reworded:
            outbox_rows.reword(connection, bubble)
        if self.shown is not None:
            screen_rows.add(connection, held.id, body=self.shown, at=now)
        return all(marked[-1:])


def after_send(
    key: DataKey, sent: Bubble, outcome: Outcome, waiting: dict[int, Bubble], limits: Limits
) -> After:
    """What a send leaves. waiting: what goes next, by id; reworded in place where messages that
    were to come off the screen stay there.
    """
    if sent.removes and sent.state in STAYED:
        for id_, one in waiting.items():
            if not one.removes:
                with suppress(Unopenable):  # then it cannot be sent either
                    waiting[id_] = replace(one, part=seal_otherwise(key, one.part))
        return After([sent], reworded=tuple(waiting.values()))
    can = not sent.removes and limits.erase_within is not None
    if can and isinstance(outcome, Sent) and outcome.provider_id is not None:
        return After([sent], seal_shown(key, outcome.provider_id, mine=False))
    return After([sent])
