"""How the service is doing right now, in a few numbers, and which of them are bad.

Looked at by health and metrics, which anybody may ask for: a look counts for two seconds.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.clock import Clock
from bot.store import counts
from bot.store.database import Database

GOOD_FOR = 2.0  # seconds
WITHIN = 2.0  # seconds that the database may take
UNANSWERED = 60.0  # seconds after which a message has waited too long, whatever the rush
UNSENT = 300.0  # seconds after which a reply that might be sent is stuck
SILENT = 15.0  # seconds; a worker looks every second
ROOM = 200_000_000  # bytes free; with less, SQLite soon refuses what people write
SKEW = 5.0  # seconds; leases and opening hours go by the clock


@dataclass(frozen=True, slots=True)
class Measured:
    """None where it is not known, or does not apply. Ages in seconds, 0 where nothing waits.

    unanswered: of the oldest message. unsent: of the oldest reply that might have been sent.
    silent: since the worker of this process looked for work. free: bytes in the data folder.
    skew: seconds by which the database server's clock is ahead of ours.
    """

    unanswered: float | None = None
    unsent: float | None = None
    silent: float | None = None
    free: int | None = None
    skew: float | None = None


class Pulse:
    """Takes the pulse."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        folder: Path,
        silent_for: Callable[[], float | None],
    ) -> None:
        """folder: where data is kept. silent_for: bot.worker.Worker's."""
        self._database = database
        self._clock = clock
        self._folder = folder
        self._silent_for = silent_for
        self._last = Measured()
        self._looked_at: float | None = None
        self._looking = asyncio.Lock()

    async def look(self) -> Measured:
        """The numbers of now, or of at most `GOOD_FOR` seconds ago. Never raises."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if self._looked_at is None or now - self._looked_at >= GOOD_FOR:
                self._last = await self._measure()
                self._looked_at = now
            return self._last

    async def _measure(self) -> Measured:
        silent, free = self._silent_for(), _free(self._folder)
        now = self._clock()

        def read(connection: Connection) -> Measured:
            theirs = counts.server_clock(connection)
            return Measured(
                unanswered=_age(counts.unanswered_since(connection), now),
                unsent=_age(counts.unsent_since(connection, now), now),
                silent=silent,
                free=free,
                skew=None if theirs is None else theirs - self._clock().timestamp(),
            )

        try:
            async with asyncio.timeout(WITHIN):
                return await self._database.read(read)
        except Exception:  # noqa: BLE001 - health says by itself that the database is away
            return Measured(silent=silent, free=free)


def troubles(measured: Measured) -> Mapping[str, str]:
    """What is wrong: name → one sentence that says what to do. docs/operations.md says more."""
    found = {
        "messages": (measured.unanswered, UNANSWERED, "the oldest message waits for an answer for"),
        "replies": (measured.unsent, UNSENT, "the oldest reply could not be sent for"),
        "worker": (measured.silent, SILENT, "it has not looked for work for"),
    }
    todo = {
        "messages": "see that a worker runs, and its log",
        "replies": "see the log for outbox.send, and the platform's state",
        "worker": "restart this process",
    }
    said = {
        name: f"{what} {value:.0f} seconds; {todo[name]}"
        for name, (value, most, what) in found.items()
        if value is not None and value > most
    }
    if measured.free is not None and measured.free < ROOM:
        said["disk"] = f"only {measured.free // 1_000_000} MB are free in BOT_DATA_DIR; make room"
    if measured.skew is not None and abs(measured.skew) > SKEW:
        said["clock"] = (
            f"the database server's clock differs by {measured.skew:+.0f} seconds; set both clocks"
        )
    return said


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None  # not made yet, or gone: what is stored there fails by itself
