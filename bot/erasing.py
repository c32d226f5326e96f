"""A person erases their talk: everything here goes, and what can be taken off the screen does.

All of it is decided in one transaction. The taking off is left to the outbox as bubbles of its own
kind before the last reply, so that a crash after it delays them and loses none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.messages import Address, Part
from bot.store.bubbles import Bubble
from bot.store.conversations import Held
from bot.store.database import Database
from bot.store.keeping import Anew, Kept, Turned, When, forget
from bot.store.records import move_body, seal_address
from bot.store.screen import Asked, Sorted, sort_out, waiting
from bot.store.seal import DataKey, Keyring, Unopenable

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wish:
    """Erase this conversation. asked_at: when its message came, UTC.

    pending: bubbles on their way, as they were found. remove: also take messages off the screen,
    as old as this; None where that is not wanted or cannot be done.
    """

    held: Held
    key: DataKey = field(repr=False)
    address: Address
    asked_at: datetime
    pending: tuple[Bubble, ...]
    remove: timedelta | None = None


class Erasing:
    """Carries it out."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def carry_out(
        self,
        wish: Wish,
        when: When,
        last: Callable[[Held, DataKey], Turned],
        parts: Sequence[Part],
        stays: Sequence[Part],
    ) -> Kept:
        """Destroy its key and rows, and leave the last replies to be sent.

        last: the turn under the new key, for a channel that takes nothing back. parts: the replies
        where one does; stays: what they say instead should messages stay there. Raises LeaseLost,
        Away.
        """
        held = wish.held
        key, wrapped = self._keyring.new_key(held.id)
        address = seal_address(key, wish.address)
        fresh = replace(held, key=wrapped, address=address, state=None, ending=True)

        def moved(body: bytes) -> bytes | None:
            try:
                return move_body(body, old=wish.key, new=key)
            except Unopenable:
                return None

        turned = last(fresh, key)
        anew = Anew(fresh, lambda _: Sorted(), moved)
        if wish.remove is not None:
            asked = Asked(wish.asked_at, when.now - wish.remove, old=wish.key, new=key)
            turned = replace(turned, bubbles=waiting(key, parts, otherwise=stays))
            anew = replace(
                anew,
                sort=lambda rows: sort_out(rows, wish.pending, asked),
                since=asked.since,
                otherwise=waiting(key, stays or parts),
            )
        kept = await self._database.write(lambda c: forget(c, held, turned, when, anew))
        _log.info("turn.erased", channel=held.channel)
        await self._database.scrub()
        return kept
