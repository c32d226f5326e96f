"""`python -m bot purge`: erase what is past its time now."""

from typing import TextIO

from bot.app import open_database
from bot.clock import utc_now
from bot.retention import Retention
from bot.settings import Settings


async def purge(settings: Settings, out: TextIO) -> None:
    """Erase quiet conversations and old rows; print the counts. May run beside the service."""
    database = await open_database(settings)
    try:
        counts = await Retention(database).purge(utc_now())
    finally:
        await database.close()
    for name, count in sorted(counts.items()):
        print(f"{name} {count}", file=out)
