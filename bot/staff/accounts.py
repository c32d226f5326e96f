"""Accounts: who there is, in which role, and the one-time link that lets them in at first.

A link also brings back somebody who lost a phone or forgot a password: using it replaces both.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.audit import Action, Audit, Entry
from bot.staff.keys import StaffKeys
from bot.staff.roles import Role
from bot.store import session_rows, staff_rows
from bot.store.database import Database
from bot.store.staff_rows import AccountRow

LINK_FOR = timedelta(hours=24)
NAME_LENGTH = 40  # characters, at most


@dataclass(frozen=True, slots=True)
class Account:
    """One person of the desk. id: opaque, what everything else knows them by."""

    id: str
    name: str
    role: Role
    disabled: bool
    ready: bool  # has set a password
    second_factor: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A fresh one-time link. token: its secret part, shown once and kept nowhere."""

    account: Account
    token: str = field(repr=False)
    expires_at: datetime


class NoAccount(Exception):  # noqa: N818 - a fact about a name
    """There is no account of this name, or it is closed. The text is one sentence."""


class Accounts:
    """Makes, lists, changes and closes accounts. Everything is noted in the audit."""

    def __init__(self, database: Database, keys: StaffKeys, audit: Audit) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit

    async def add(self, name: str, role: Role, now: datetime, by: str) -> Invitation:
        """A new account and its link. by: an account's id, or OPERATOR or SERVICE of bot.audit.

        Raises ValueError, which says why, for a name that is taken or cannot be used; Away.
        """
        name = tidy_name(name)
        row = AccountRow(
            id="s" + secrets.token_hex(8),
            name=name,
            role=role,
            disabled=False,
            created_at=now,
            password=None,
            totp=None,
            totp_step=0,
        )

        def work(connection: Connection) -> Invitation:
            if staff_rows.named(connection, name_key(name)) is not None:
                raise ValueError(f"there is an account named {name} already")
            self._note(connection, Entry(by, Action.ACCOUNT_ADDED, row.id), now)
            staff_rows.add(connection, row, name_key(name))
            return self._invite(connection, row, now, by)

        return await self._database.write(work)

    async def give_link(self, name: str, now: datetime, by: str) -> Invitation:
        """A new link for an account; earlier links and all its sessions end. A closed account is
        opened again. Raises NoAccount, Away.
        """

        def work(connection: Connection) -> Invitation:
            row = self._named(connection, name)
            session_rows.end_all(connection, row.id)
            staff_rows.enable(connection, row.id)
            return self._invite(connection, row, now, by)

        return await self._database.write(work)

    async def disable(self, name: str, now: datetime, by: str) -> Account:
        """Close an account at once: its sessions, links, password and second factor are gone.

        Raises NoAccount, Away.
        """

        def work(connection: Connection) -> Account:
            row = self._named(connection, name)
            staff_rows.disable(connection, row.id)
            staff_rows.remove_links(connection, row.id)
            session_rows.end_all(connection, row.id)
            self._note(connection, Entry(by, Action.ACCOUNT_DISABLED, row.id), now)
            return as_account(staff_rows.of_id(connection, row.id) or row)

        return await self._database.write(work)

    async def set_role(self, name: str, role: Role, now: datetime, by: str) -> Account:
        """Another role from now on; they sign in anew. Raises NoAccount, Away."""

        def work(connection: Connection) -> Account:
            row = self._named(connection, name)
            staff_rows.set_role(connection, row.id, role)
            session_rows.end_all(connection, row.id)
            self._note(connection, Entry(by, Action.ACCOUNT_ROLE, f"{row.id}:{role}"), now)
            return as_account(staff_rows.of_id(connection, row.id) or row)

        return await self._database.write(work)

    async def of_id(self, id_: str) -> Account:
        """The account of this id. Raises NoAccount, Away."""
        row = await self._database.read(lambda c: staff_rows.of_id(c, id_))
        if row is None:
            raise NoAccount("there is no such account")
        return as_account(row)

    async def every(self) -> list[Account]:
        """All accounts, by name. Raises Away."""
        rows = await self._database.read(staff_rows.every)
        return [as_account(row) for row in rows]

    def _named(self, connection: Connection, name: str) -> AccountRow:
        row = staff_rows.named(connection, name_key(name))
        if row is None:
            raise NoAccount("there is no account of this name")
        return row

    def _invite(
        self, connection: Connection, row: AccountRow, now: datetime, by: str
    ) -> Invitation:
        token = secrets.token_urlsafe(24)
        until = now + LINK_FOR
        staff_rows.add_link(connection, link_id(self._keys, token), row.id, until)
        self._note(connection, Entry(by, Action.LINK_GIVEN, row.id), now)
        return Invitation(as_account(staff_rows.of_id(connection, row.id) or row), token, until)

    def _note(self, connection: Connection, entry: Entry, now: datetime) -> None:
        self._audit.note(connection, entry, now)


def link_id(keys: StaffKeys, token: str) -> str:
    """What is kept of a link."""
    return keys.hash("link", token)


def as_account(row: AccountRow) -> Account:
    """The row without its secrets."""
    return Account(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        disabled=row.disabled,
        ready=row.password is not None,
        second_factor=row.totp is not None,
        created_at=row.created_at,
    )


def tidy_name(name: str) -> str:
    """The name as it is kept and shown. Raises ValueError, which says why, for one we can't use."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    if not plain:
        raise ValueError("give a name")
    if len(plain) > NAME_LENGTH:
        raise ValueError(f"a name has at most {NAME_LENGTH} characters")
    if not plain.isprintable():
        raise ValueError("a name has letters that can be seen")
    return plain


def name_key(name: str) -> str:
    """The name as it is compared: capitals and blanks make no difference."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
