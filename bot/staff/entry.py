"""Signing in: name and password, then the six digits; and changing either while signed in."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.audit import NOBODY, Action, Audit, Entry, Outcome
from bot.staff import codes, passwords
from bot.staff.accounts import Account, as_account, name_key
from bot.staff.joining import Joining, NotYet
from bot.staff.keys import StaffKeys
from bot.staff.pace import Gatekeeper, Wait
from bot.staff.passwords import Passwords
from bot.staff.sessions import Session, Sessions, Stage
from bot.store import session_rows, staff_rows
from bot.store.database import Database
from bot.store.staff_rows import AccountRow


@dataclass(frozen=True, slots=True)
class Entered:
    """One step further. stage: FULL when signed in."""

    account: Account
    stage: Stage
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in. Which of name and password was wrong is never told."""

    why: str


WRONG = Refused("The name or the password is wrong, or the account is not open.")
WRONG_CODE = Refused("The six digits do not fit, or were used before. Wait for the next ones.")
NO_FACTOR = Refused("This account has no second factor. Ask a lead for a new link.")


class SignIn:
    """Lets people in."""

    def __init__(
        self,
        *,
        database: Database,
        keys: StaffKeys,
        audit: Audit,
        sessions: Sessions,
        joining: Joining,
        hashing: Passwords,
    ) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit
        self._sessions = sessions
        self._joining = joining
        self._passwords = hashing
        self._gate = Gatekeeper(keys)

    async def with_password(
        self, name: str, password: str, network: str, now: datetime
    ) -> Entered | Refused | Wait:
        """The first step. network: where it comes from, see `network_of`. Raises Away.

        Names without an account take as long, count as much and get the same answer.
        """
        key = name_key(name)
        wait = await self._database.write(lambda c: self._gate.count(c, key, network, now))
        if wait is not None:
            return wait
        row = await self._database.read(lambda c: staff_rows.named(c, key))
        hashed = row.password if row is not None and not row.disabled else None
        right = await self._passwords.is_right(password, hashed)

        def judge(connection: Connection) -> Entered | Refused:
            now_row = staff_rows.named(connection, key)
            if now_row is None or now_row.disabled or not right or now_row.password != hashed:
                self._note(connection, now_row, Action.PASSWORD_TRIED, Outcome.REFUSED, now)
                return WRONG
            self._gate.clear(connection, key, network, now)
            if now_row.totp is None and self._joining.needs_factor:
                self._note(connection, now_row, Action.PASSWORD_TRIED, Outcome.REFUSED, now)
                return NO_FACTOR
            stage = Stage.FULL if now_row.totp is None else Stage.SECOND
            action = Action.SIGNED_IN if stage is Stage.FULL else Action.PASSWORD_TRIED
            self._note(connection, now_row, action, Outcome.DONE, now)
            cookie = self._sessions.open(connection, now_row.id, stage, now)
            return Entered(as_account(now_row), stage, cookie)

        return await self._database.write(judge)

    async def with_code(
        self, session: Session, code: str, network: str, now: datetime
    ) -> Entered | Refused | Wait:
        """The second step; the session of the first one ends. Raises Away."""
        id_ = session.account.id
        wait = await self._database.write(
            lambda c: self._gate.count(c, _codes_of(id_), network, now)
        )
        if wait is not None:
            return wait

        def judge(connection: Connection) -> Entered | Refused:
            row = staff_rows.of_id(connection, id_)
            if row is None or row.disabled or session_rows.get(connection, session.id) is None:
                return WRONG
            if not self._is_code(connection, row, code, now):
                self._note(connection, row, Action.FACTOR_TRIED, Outcome.REFUSED, now)
                return WRONG_CODE
            self._gate.clear(connection, _codes_of(id_), network, now)
            self._sessions.close(connection, session)
            self._note(connection, row, Action.SIGNED_IN, Outcome.DONE, now)
            cookie = self._sessions.open(connection, id_, Stage.FULL, now)
            return Entered(as_account(row), Stage.FULL, cookie)

        return await self._database.write(judge)

    async def change_password(
        self, session: Session, old: str, new: str, network: str, now: datetime
    ) -> Entered | NotYet | Wait:
        """Another password; every other session ends and this one gets a new cookie.

        Raises Away.
        """
        if fault := passwords.fault_of(new, session.account.name):
            return NotYet(fault)
        proved = await self._prove(session, old, network, now)
        if proved is not None:
            return proved
        hashed = await self._passwords.hash(new)

        def work(connection: Connection) -> Entered:
            staff_rows.set_password(connection, session.account.id, hashed)
            return self._renew(connection, session, Action.PASSWORD_SET, now)

        return await self._database.write(work)

    async def change_factor(
        self,
        session: Session,
        password: str,
        code: str,
        sealed: str,
        *,
        network: str,
        now: datetime,
    ) -> Entered | NotYet | Wait:
        """Another second factor, or the first. sealed: of `Joining.new_factor` for this account.

        Every other session ends and this one gets a new cookie. Raises Away.
        """
        factor = self._joining.same_factor(session.account.id, sealed)
        step = codes.step_of(code, factor.secret, now) if factor else None
        if factor is None or step is None:
            return NotYet("The six digits do not fit. Type the ones that the app shows now.")
        proved = await self._prove(session, password, network, now)
        if proved is not None:
            return proved

        def work(connection: Connection) -> Entered:
            self._joining.keep_factor(connection, session.account.id, factor.secret, step)
            return self._renew(connection, session, Action.FACTOR_SET, now)

        return await self._database.write(work)

    async def _prove(
        self, session: Session, password: str, network: str, now: datetime
    ) -> NotYet | Wait | None:
        """None when the password is the account's: whoever finds an open page has not got it."""
        id_ = session.account.id
        name = f"again:{id_}"
        wait = await self._database.write(lambda c: self._gate.count(c, name, network, now))
        if wait is not None:
            return wait
        row = await self._database.read(lambda c: staff_rows.of_id(c, id_))
        hashed = row.password if row is not None and not row.disabled else None
        if not await self._passwords.is_right(password, hashed):
            return NotYet("That is not your password.")
        await self._database.write(lambda c: self._gate.clear(c, name, network, now))
        return None

    def _renew(
        self, connection: Connection, session: Session, action: Action, now: datetime
    ) -> Entered:
        id_ = session.account.id
        session_rows.end_all(connection, id_)
        self._audit.note(connection, Entry(id_, action, id_), now)
        cookie = self._sessions.open(connection, id_, Stage.FULL, now)
        row = staff_rows.of_id(connection, id_)
        return Entered(as_account(row) if row else session.account, Stage.FULL, cookie)

    def _is_code(self, connection: Connection, row: AccountRow, code: str, now: datetime) -> bool:
        if row.totp is None:
            return False
        step = codes.step_of(code, self._keys.open(row.id, "totp", row.totp), now)
        return step is not None and staff_rows.use_step(connection, row.id, step)

    def _note(
        self,
        connection: Connection,
        row: AccountRow | None,
        action: Action,
        outcome: Outcome,
        now: datetime,
    ) -> None:
        """A try by somebody who is not signed in is nobody's; a name without an account is not
        kept, for it may be a password typed into the wrong box.
        """
        known = row.id if row is not None else ""
        actor = known if outcome is Outcome.DONE else NOBODY
        self._audit.note(connection, Entry(actor, action, known, outcome), now)


def _codes_of(account_id: str) -> str:
    return f"code:{account_id}"
