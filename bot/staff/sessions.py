"""How long a sign-in lasts: 30 minutes without a page, 12 hours at most."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.audit import Action, Audit, Entry
from bot.staff.accounts import Account, as_account
from bot.staff.keys import StaffKeys
from bot.store import session_rows, staff_rows
from bot.store.database import Database
from bot.store.session_rows import SessionRow

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SECOND_WITHIN = timedelta(minutes=5)  # between the password and the code
_SEEN_EVERY = timedelta(minutes=1)


class Stage(StrEnum):
    """How far somebody has come in."""

    SECOND = "second"  # the password was right, the code is still to come
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in of one person, as of now."""

    id: str = field(repr=False)  # a keyed hash of the cookie
    account: Account
    stage: Stage
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


class Sessions:
    """Opens, finds and ends sessions. Every change of stage gives a new cookie."""

    def __init__(self, database: Database, keys: StaffKeys, audit: Audit) -> None:
        self._database = database
        self._keys = keys
        self._audit = audit

    def open(self, connection: Connection, account_id: str, stage: Stage, now: datetime) -> str:
        """A new session inside the caller's transaction; its cookie, which is kept nowhere."""
        cookie = secrets.token_urlsafe(32)
        lasts = LONGEST if stage is Stage.FULL else SECOND_WITHIN
        row = SessionRow(self._id(cookie), account_id, stage, now, now, now + lasts)
        session_rows.add(connection, row)
        return cookie

    async def find(self, cookie: str, now: datetime, *, used: bool = True) -> Session | None:
        """The session of a cookie, if it lasts and its account is open; None otherwise.

        used: False for what a page asks by itself, so that an open page does not keep somebody
        signed in who has left. Raises Away.
        """
        id_ = self._id(cookie)
        session = await self._database.read(lambda c: _lasting(c, id_, now))
        if session is None:
            return None
        if used and now - session.seen_at >= _SEEN_EVERY:
            await self._database.write(lambda c: session_rows.seen(c, id_, now))
        return session

    async def others(self, session: Session, now: datetime) -> list[Session]:
        """The same person's other sessions, newest first. Raises Away."""

        def work(connection: Connection) -> list[Session]:
            rows = session_rows.of_account(connection, session.account.id)
            found = [_lasting(connection, row.id, now) for row in rows if row.id != session.id]
            return [one for one in found if one is not None]

        return await self._database.read(work)

    async def end(self, session: Session, now: datetime) -> None:
        """Sign out. Raises Away."""

        def work(connection: Connection) -> None:
            if session_rows.end(connection, session.id):
                entry = Entry(session.account.id, Action.SIGNED_OUT, session.account.id)
                self._audit.note(connection, entry, now)

        await self._database.write(work)

    async def end_others(self, session: Session, now: datetime) -> int:
        """End all of the same person's other sessions; how many. Raises Away."""

        def work(connection: Connection) -> int:
            ended = session_rows.end_all(connection, session.account.id, but=session.id)
            entry = Entry(session.account.id, Action.SESSIONS_ENDED, session.account.id)
            self._audit.note(connection, entry, now)
            return ended

        return await self._database.write(work)

    def close(self, connection: Connection, session: Session) -> None:
        """End it inside the caller's transaction, to be followed by another one."""
        session_rows.end(connection, session.id)

    def _id(self, cookie: str) -> str:
        return self._keys.hash("session", cookie)


def _lasting(connection: Connection, id_: str, now: datetime) -> Session | None:
    row = session_rows.get(connection, id_)
    if row is None or row.ends_at <= now or now - row.seen_at >= IDLE:
        return None
    account = staff_rows.of_id(connection, row.account_id)
    if account is None or account.disabled:
        return None
    return Session(
        id_, as_account(account), Stage(row.stage), row.opened_at, row.seen_at, row.ends_at
    )
