"""A one-time link is used: a password is chosen and a second factor set up, in one step.

Looking at the page uses nothing up (programs that preview links look, too). The key of the second
factor is new at each look and travels sealed in the form, so who only looked learns nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.audit import Action, Audit, Entry
from bot.staff import codes, passwords
from bot.staff.accounts import Account, as_account, link_id
from bot.staff.keys import StaffKeys
from bot.staff.passwords import Passwords
from bot.staff.sessions import Sessions, Stage
from bot.store import session_rows, staff_rows
from bot.store.database import Database

_COLUMN = "new factor"


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A second factor to be set up. sealed: the same, for a hidden field."""

    secret: bytes = field(repr=False)
    sealed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Joined:
    """Signed in. cookie: the new session's."""

    account: Account
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotYet:
    """What to put right, as a sentence; the link is still good."""

    why: str


GONE = NotYet("This link was used already, or it is too old. Ask for a new one.")


class Joining:
    """Uses links. needs_factor: nobody comes in without a second factor (production)."""

    def __init__(
        self,
        *,
        database: Database,
        keys: StaffKeys,
        audit: Audit,
        sessions: Sessions,
        hashing: Passwords,
        needs_factor: bool,
    ) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit
        self._sessions = sessions
        self._passwords = hashing
        self.needs_factor = needs_factor

    async def look(self, token: str, now: datetime) -> Account | None:
        """Whose link it is; None when it is none, used or too old. Raises Away."""
        id_ = link_id(self._keys, token)

        def work(connection: Connection) -> Account | None:
            of = staff_rows.link_of(connection, id_, now)
            row = staff_rows.of_id(connection, of) if of else None
            return as_account(row) if row is not None and not row.disabled else None

        return await self._database.read(work)

    def new_factor(self, owner: str) -> NewFactor:
        """A fresh key. owner: who may set it up, such as a link's token or an account's id."""
        secret = codes.new_secret()
        return NewFactor(secret, self._keys.seal_text(self._owner(owner), _COLUMN, secret))

    def same_factor(self, owner: str, sealed: str) -> NewFactor | None:
        """The key of a form that came back; None when it was not made for this owner."""
        secret = self._keys.open_text(self._owner(owner), _COLUMN, sealed)
        return None if secret is None else NewFactor(secret, sealed)

    async def join(
        self, token: str, password: str, code: str, sealed: str, now: datetime
    ) -> Joined | NotYet:
        """Use the link. code: empty where no second factor is wanted, or needed. Raises Away."""
        account = await self.look(token, now)
        if account is None:
            return GONE
        if fault := passwords.fault_of(password, account.name):
            return NotYet(fault)
        factor = self.same_factor(token, sealed)
        step = codes.step_of(code, factor.secret, now) if factor else None
        if (code.strip() or self.needs_factor) and step is None:
            return NotYet("The six digits do not fit. Type the ones that the app shows now.")
        secret = factor.secret if factor and step is not None else None
        hashed = await self._passwords.hash(password)
        return await self._database.write(
            lambda c: self._use(c, token, hashed, (secret, step or 0), now)
        )

    def _use(
        self,
        connection: Connection,
        token: str,
        hashed: str,
        factor: tuple[bytes | None, int],
        now: datetime,
    ) -> Joined | NotYet:
        of = staff_rows.use_link(connection, link_id(self._keys, token), now)
        row = staff_rows.of_id(connection, of) if of else None
        if row is None or row.disabled:
            return GONE
        secret, step = factor
        session_rows.end_all(connection, row.id)
        staff_rows.set_password(connection, row.id, hashed)
        self.keep_factor(connection, row.id, secret, step)
        actions = [Action.LINK_USED, Action.PASSWORD_SET, Action.SIGNED_IN]
        if secret is not None:
            actions.insert(2, Action.FACTOR_SET)
        for action in actions:
            self._audit.note(connection, Entry(row.id, action, row.id), now)
        cookie = self._sessions.open(connection, row.id, Stage.FULL, now)
        return Joined(as_account(staff_rows.of_id(connection, row.id) or row), cookie)

    def keep_factor(
        self, connection: Connection, account_id: str, secret: bytes | None, step: int
    ) -> None:
        """Replace an account's second factor inside the caller's transaction."""
        sealed = None if secret is None else self._keys.seal(account_id, "totp", secret)
        staff_rows.set_totp(connection, account_id, sealed, step)

    def _owner(self, owner: str) -> str:
        return self._keys.hash("factor owner", owner)
