"""`python -m bot audit`: does the record of what was done at the desk hold?"""

import re
from typing import TextIO

from bot.app import open_database
from bot.audit import Audit
from bot.errors import Problem
from bot.settings import Settings
from bot.store.master_key import master_key

_NOTED = re.compile(r"(\d{1,15}):([0-9a-f]{64})")


async def verify(settings: Settings, out: TextIO, noted: str | None = None) -> bool:
    """Print every fault of the chain, or that there is none; True when there is none.

    noted: what `head` printed before; then entries missing since are found even if the whole
    database was put back to an older state. Raises Problem for a value that is none.
    """
    known = read_noted(noted) if noted else None
    audit = Audit(master_key(settings))
    database = await open_database(settings)
    try:
        faults = await database.read(lambda c: audit.find_faults(c, known))
        seq, _ = await database.read(audit.head)
    finally:
        await database.close()
    for fault in faults:
        print(f"{f'entry {fault.seq}' if fault.seq else 'audit'}: {fault.what}", file=out)
    if not faults:
        print(f"audit: {seq} entries so far, every one in its place and unchanged", file=out)
    return not faults


async def head(settings: Settings, out: TextIO) -> None:
    """Print number and hash of the newest entry, as `verify --noted` takes them."""
    audit = Audit(master_key(settings))
    database = await open_database(settings)
    try:
        seq, hash_ = await database.read(audit.head)
    finally:
        await database.close()
    print(f"{seq}:{hash_}" if seq else "0:" + "0" * 64, file=out)


def read_noted(text: str) -> tuple[int, str]:
    """`12:ab…` as number and hash. Raises Problem."""
    found = _NOTED.fullmatch(text.strip())
    if found is None:
        raise Problem("it is not NUMBER:HASH", where="--noted", do="Give what `audit head` printed")
    return int(found[1]), found[2]
