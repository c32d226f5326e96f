"""`python -m bot purge`: erase what is past its time now."""

from typing import TextIO

from bot.app import open_database
from bot.audit import Audit
from bot.clock import utc_now
from bot.retention import Retention
from bot.settings import Settings
from bot.staff.upkeep import tidy_up
from bot.store.master_key import master_key


async def purge(settings: Settings, out: TextIO) -> None:
    """Erase quiet conversations, old rows and what is over at the desk; print the counts.

    May run beside the service.
    """
    database = await open_database(settings)
    try:
        counts = await Retention(database).purge(utc_now())
        counts |= await tidy_up(database, Audit(master_key(settings)), utc_now())
    finally:
        await database.close()
    for name, count in sorted(counts.items()):
        print(f"{name} {count}", file=out)
