"""`python -m bot staff`: the accounts of the desk, for whoever may use this machine."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TextIO

from bot.app import open_database
from bot.audit import OPERATOR, Audit, Broken
from bot.clock import utc_now
from bot.desk.pages import in_words
from bot.desk.people import join_url
from bot.errors import Problem
from bot.settings import Settings
from bot.staff.accounts import Account, Accounts, Invitation, NoAccount
from bot.staff.keys import StaffKeys
from bot.staff.roles import Role
from bot.store.master_key import master_key


async def add(settings: Settings, name: str, role: Role, out: TextIO) -> None:
    """Make an account; print its one-time link. Raises Problem for a name that will not do."""
    async with _accounts(settings) as accounts:
        try:
            made = await accounts.add(name, role, utc_now(), OPERATOR)
        except ValueError as fault:
            raise Problem(str(fault), where="staff add", do="Give another name") from None
    _tell(settings, made, out)


async def link(settings: Settings, name: str, out: TextIO) -> None:
    """Print a new one-time link; the old password and phone end when it is used."""
    async with _accounts(settings) as accounts:
        made = await accounts.give_link(name, utc_now(), OPERATOR)
    _tell(settings, made, out)


async def role(settings: Settings, name: str, new: Role, out: TextIO) -> None:
    """Change a role; they sign in anew."""
    async with _accounts(settings) as accounts:
        account = await accounts.set_role(name, new, utc_now(), OPERATOR)
    print(_line(account), file=out)


async def disable(settings: Settings, name: str, out: TextIO) -> None:
    """Close an account at once."""
    async with _accounts(settings) as accounts:
        account = await accounts.disable(name, utc_now(), OPERATOR)
    print(_line(account), file=out)


async def listed(settings: Settings, out: TextIO) -> None:
    """Print one account a line: name, role and state, with tabs between."""
    async with _accounts(settings) as accounts:
        for account in await accounts.every():
            print(_line(account), file=out)


@asynccontextmanager
async def _accounts(settings: Settings) -> AsyncIterator[Accounts]:
    master = master_key(settings)
    database = await open_database(settings)
    try:
        yield Accounts(database, StaffKeys(master), Audit(master))
    except NoAccount as fault:
        raise Problem(str(fault), where="staff", do="See `python -m bot staff list`") from None
    except Broken as fault:
        raise Problem(
            str(fault), where="audit", do="Nothing was changed; docs/desk.md says what to do"
        ) from None
    finally:
        await database.close()


def _tell(settings: Settings, made: Invitation, out: TextIO) -> None:
    """The link on stdout, alone; what it is on stderr."""
    who, until = made.account, in_words(made.expires_at)
    said = f"Link for {who.name} ({who.role}). It works once, until {until}:"
    print(said, file=sys.stderr, flush=True)
    print(join_url(settings.desk_address, made.token), file=out)


def _line(account: Account) -> str:
    if account.disabled:
        state = "closed"
    elif not account.ready:
        state = "link not used yet"
    else:
        state = "open" if account.second_factor else "open, no second factor"
    return f"{account.name}\t{account.role}\t{state}"
