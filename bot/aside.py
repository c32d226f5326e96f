"""What nobody could make anything of is kept sealed for a while, so that its cause can be found."""

from bot.clock import Clock
from bot.store import aside_rows
from bot.store.database import Database
from bot.store.seal import Keyring

MOST = 65_536  # bytes kept of one; a platform's own are far smaller


class Aside:
    """Sets events aside. They belong to no conversation, and `Retention.purge` removes them."""

    def __init__(self, database: Database, keyring: Keyring, clock: Clock) -> None:
        self._database = database
        self._keyring = keyring
        self._clock = clock

    async def keep(self, channel: str, raw: bytes) -> bool:
        """Keep what came, sealed; the same again changes nothing and gives False. Raises Away.

        raw: as it came; of more than `MOST` bytes the beginning is kept.
        """
        raw = raw[:MOST]
        id_ = self._keyring.aside_id(channel, raw)
        body = self._keyring.seal_aside(id_, raw)
        now = self._clock()
        return await self._database.write(
            lambda c: aside_rows.add(c, id_=id_, channel=channel, body=body, now=now)
        )
