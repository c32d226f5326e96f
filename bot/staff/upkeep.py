"""What is over is removed: sessions, links, counted tries; audit entries after twelve months."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import Connection

from bot.audit import Audit, cut_if_sound
from bot.clock import Clock
from bot.staff.pace import FORGOTTEN_AFTER
from bot.staff.sessions import IDLE
from bot.store import session_rows, staff_rows
from bot.store.database import Away, Database

EVERY = 3600.0  # seconds

_log = structlog.get_logger()


async def tidy_up(database: Database, audit: Audit, now: datetime) -> dict[str, int]:
    """Remove it now; counts of sessions, links and tries, and audit entries. Raises Away."""

    def sweep(connection: Connection) -> dict[str, int]:
        return {
            "staff_sessions": session_rows.remove_old(connection, now, now - IDLE),
            "staff_links": staff_rows.remove_old(connection, now, now - FORGOTTEN_AFTER),
        }

    counts = await database.write(sweep)
    return {**counts, "audit": await cut_if_sound(database, audit, now)}


async def keep_tidy(database: Database, audit: Audit, clock: Clock) -> None:
    """The same every hour, for as long as it is let."""
    while True:
        try:
            await tidy_up(database, audit, clock())
        except Away as away:
            _log.error("staff.database_away", fault=str(away))
        except Exception as error:  # noqa: BLE001 - the next round may go well
            _log.error("staff.upkeep_failed", fault=type(error).__name__)
        await asyncio.sleep(EVERY)
