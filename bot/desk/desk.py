"""Everything the desk's pages work with, joined once at the start."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.audit import Audit
from bot.clock import Clock
from bot.staff.accounts import Accounts
from bot.staff.entry import SignIn
from bot.staff.joining import Joining
from bot.staff.keys import StaffKeys
from bot.staff.passwords import Passwords
from bot.staff.sessions import Sessions
from bot.store.database import Database

OwnerOf = Callable[[str], Awaitable[str | None]]
"""The account id of the advocate who has a case; None for a case that waits or is unknown."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts. url: the desk's address as staff see it, None for this machine only.

    demo: the pages say that nobody is on duty here for people in need.
    """

    database: Database
    keys: StaffKeys
    audit: Audit
    accounts: Accounts
    sessions: Sessions
    joining: Joining
    sign_in: SignIn
    clock: Clock
    url: str | None
    demo: bool
    owner_of: OwnerOf

    @property
    def is_secure(self) -> bool:
        """True when staff come by https."""
        return bool(self.url and self.url.startswith("https://"))


async def nobodys(_case: str) -> str | None:
    """No case has an owner while there are no cases."""
    return None


def open_desk(
    *,
    database: Database,
    master: bytes,
    clock: Clock,
    url: str | None = None,
    demo: bool = False,
    owner_of: OwnerOf = nobodys,
) -> Desk:
    """Join the parts over one database. master: the master key.

    Outside the demonstration nobody comes in without a second factor.
    """
    keys, audit, hashing = StaffKeys(master), Audit(master), Passwords()
    sessions = Sessions(database, keys, audit)
    joining = Joining(
        database=database,
        keys=keys,
        audit=audit,
        sessions=sessions,
        hashing=hashing,
        needs_factor=not demo,
    )
    sign_in = SignIn(
        database=database,
        keys=keys,
        audit=audit,
        sessions=sessions,
        joining=joining,
        hashing=hashing,
    )
    accounts = Accounts(database, keys, audit)
    return Desk(
        database=database,
        keys=keys,
        audit=audit,
        accounts=accounts,
        sessions=sessions,
        joining=joining,
        sign_in=sign_in,
        clock=clock,
        url=url,
        demo=demo,
        owner_of=owner_of,
    )
