"""What happens by itself: quiet conversations are erased."""

from sqlalchemy import Connection

from bot import metrics
from bot.clock import Clock
from bot.store import timer_rows
from bot.store.database import Database


class Timers:
    """Carries out the timers that are due. Several workers may do it at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def fire(self) -> int:
        """Erase every conversation whose time has come, files included; how many. Raises Away."""
        now = self._clock()

        def fire(connection: Connection) -> tuple[int, bool]:
            return timer_rows.fire(connection, now)

        total, more = 0, True
        while more:
            erased, more = await self._database.write(fire)
            total += erased
        if total:
            metrics.idle_erased(total)
            await self._database.scrub()
        return total
