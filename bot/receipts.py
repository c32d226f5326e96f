"""What a platform tells later about a message of ours: that it arrived, or that it never will.

A send that timed out may have arrived. Where the platform's news says so, it is not sent again.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.messages import Outcome, Refused, Sent
from bot.store import conversations, outbox_rows, timer_rows
from bot.store.bell import Bell
from bot.store.bubbles import PENDING
from bot.store.database import Database
from bot.store.seal import Keyring

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Receipt:
    """News of a message. tag: what was sent with it (`Keyring.tag`). Sent: it is on its way or
    arrived; any other outcome: it did not arrive, and why.
    """

    channel: str
    tag: str
    outcome: Outcome


class Receipts:
    """Puts the news where the outbox sees it."""

    def __init__(self, database: Database, keyring: Keyring, bell: Bell, clock: Clock) -> None:
        self._database = database
        self._keyring = keyring
        self._bell = bell
        self._clock = clock

    async def took(self, receipt: Receipt) -> bool:
        """Note what became of a message; False when it changes nothing. Raises Away.

        Most news are of messages that are known to be sent: they cost one look and no change. A tag
        that is not ours, or is of a conversation erased since, changes nothing.
        """
        row = _row_in(receipt.tag)
        if row is None or await self._database.read(lambda c: self._news(c, row, receipt)) is None:
            return False
        gone = isinstance(receipt.outcome, Refused) and receipt.outcome.gone
        now = self._clock()

        def note(connection: Connection) -> bool:
            news = self._news(connection, row, receipt)
            if news is None:
                return False
            found, state = news
            outbox_rows.settle(connection, row, state)
            if gone:
                outbox_rows.cancel(connection, found.of)
                timer_rows.cancel_sending(connection, found.of)
            conversations.wake(connection, found.of, now)  # what stood behind it waits no longer
            return True

        noted = await self._database.write(note)
        if noted:
            self._bell.ring()
        if noted and not isinstance(receipt.outcome, Sent):
            reason = getattr(receipt.outcome, "reason", "")
            _log.warning("receipts.not_arrived", channel=receipt.channel, reason=reason)
        return noted

    def _news(
        self, connection: Connection, row: int, receipt: Receipt
    ) -> tuple[outbox_rows.Noted, str] | None:
        found = outbox_rows.noted(connection, row)
        if found is None or self._keyring.tag(found.key, row) != receipt.tag:
            return None
        state = _state_after(found, receipt.outcome)
        return None if state is None else (found, state)


def _state_after(found: outbox_rows.Noted, outcome: Outcome) -> str | None:
    """What the row becomes; None: it stays as it is."""
    pending = found.state in PENDING
    if pending and found.state != "sending" and found.doubts == 0:
        return None  # it has not left us
    if isinstance(outcome, Sent):
        return None if found.state == "sent" else "sent"
    if isinstance(outcome, Refused):
        return None if found.state == "refused" else "refused"
    # It did not arrive and may be tried again: the outbox does so with what is still on its way.
    return "failed" if found.state == "sent" else None


def _row_in(tag: str) -> int | None:
    number = tag.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
