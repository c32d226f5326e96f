"""`python -m bot purge`: erase what is past its time now."""

from typing import TextIO

from bot.clock import utc_now
from bot.retention import Retention
from bot.settings import Settings
from bot.store.database import Database


async def purge(settings: Settings, out: TextIO) -> None:
    """Erase quiet conversations and old rows; print the counts. May run beside the service."""
    database = await Database.open(settings.database)
    try:
        await database.migrate()
        counts = await Retention(database).purge(utc_now())
    finally:
        await database.close()
    for name, count in sorted(counts.items()):
        print(f"{name} {count}", file=out)
