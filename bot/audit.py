"""Who did what at the desk and when, without a word of anybody's talk.

Entries form a chain: each one's hash covers the hash before it, under a key made from the master
key. Two sealed marks say where the chain ends (`head`) and where it was cut after twelve months
(`cut`). `find_faults` therefore finds a changed, missing, added or moved entry, and entries
missing at either end. Whoever can write to the database but has no key cannot make a chain that
holds; all they can do unseen is to put back an older state of the *whole* database. Against that,
note down what `python -m bot audit head` prints, and give it to `audit verify`.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from bot.store import audit_rows
from bot.store.audit_rows import CUT, HEAD, Mark, Row
from bot.store.database import Database
from bot.store.seal import derive

KEPT_FOR = timedelta(days=365)
_CUT_EVERY = timedelta(days=1)
NOBODY: Final = "nobody"  # somebody who has not signed in
OPERATOR: Final = "operator"  # whoever may use the command line
SERVICE: Final = "service"  # the running program, by itself
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]{0,80}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Action(StrEnum):
    """Everything that is noted."""

    ACCOUNT_ADDED = "account.added"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ROLE = "account.role"
    LINK_GIVEN = "account.link_given"
    LINK_USED = "account.link_used"
    PASSWORD_SET = "account.password_set"  # noqa: S105 - the name of an action
    FACTOR_SET = "account.factor_set"
    SIGNED_IN = "sign_in"
    PASSWORD_TRIED = "sign_in.password"  # noqa: S105 - the name of an action
    FACTOR_TRIED = "sign_in.factor"
    SIGNED_OUT = "sign_out"
    SESSIONS_ENDED = "sessions.ended"
    REFUSED = "desk.refused"
    QUEUE_VIEWED = "queue.viewed"
    CASE_VIEWED = "case.viewed"
    CASE_CLAIMED = "case.claimed"
    CASE_RELEASED = "case.released"
    CASE_PASSED_ON = "case.passed_on"
    CASE_CLOSED = "case.closed"
    CASE_REOPENED = "case.reopened"
    CASE_TAKEN_OVER = "case.taken_over"
    MESSAGE_SENT = "case.message_sent"
    DUTY_BEGAN = "duty.began"
    DUTY_ENDED = "duty.ended"
    PEOPLE_VIEWED = "people.viewed"
    AUDIT_VIEWED = "audit.viewed"
    AUDIT_CUT = "audit.cut"


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"


def is_plain(text: str) -> bool:
    """True for what the audit can keep as an id: 80 letters, digits and `_.:-` at most."""
    return _PLAIN.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be noted. actor: an account's id, or one of the fixed words above.

    object: an opaque id (a case's, an account's) or a fixed word; never a name or a text.
    """

    actor: str
    action: Action
    object: str = ""
    outcome: Outcome = Outcome.DONE

    def __post_init__(self) -> None:
        """Raises ValueError for what is no id: the audit must never hold words."""
        if not (is_plain(self.actor) and is_plain(self.object)):
            raise ValueError("the audit keeps ids, not words")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the chain. seq: where; 0 for a mark."""

    seq: int
    what: str


class Audit:
    """Notes, checks and cuts the chain."""

    def __init__(self, master: bytes) -> None:
        """master: the master key."""
        self._key = derive(master, "audit")

    def note(self, connection: Connection, entry: Entry, now: datetime) -> None:
        """Add an entry inside the caller's transaction: what is noted and what is done are one.

        The first account's entry is added before the account. Raises Broken when the head mark is
        not ours: then nothing more is done at the desk.
        """
        head = audit_rows.mark(connection, HEAD, lock=True)
        fresh = head is not None and _unset(head) and not audit_rows.is_any_account(connection)
        if head is None or not (fresh or self._is_ours(HEAD, head)):
            raise Broken("the audit's head mark is damaged; run `python -m bot audit verify`")
        row = Row(head.seq + 1, now, entry.actor, entry.action, entry.object, entry.outcome, b"")
        row = replace(row, hash=self._hash(row, head.hash))
        audit_rows.add(connection, row)
        audit_rows.set_mark(connection, HEAD, self._mark(HEAD, row.seq, row.hash))

    def find_faults(
        self, connection: Connection, noted: tuple[int, str] | None = None
    ) -> list[Fault]:
        """Everything that does not fit, in order. noted: number and hash noted down before."""
        faults: list[Fault] = []
        head, cut = (audit_rows.mark(connection, name) for name in (HEAD, CUT))
        for name, mark in ((HEAD, head), (CUT, cut)):
            if mark is None:
                faults.append(Fault(0, f"the {name} mark is missing"))
            elif not self._is_ours(name, mark) and not _unset(mark):
                faults.append(Fault(0, f"the {name} mark was changed"))
        start = cut or Mark(0, b"", b"")
        last, links = self._walk(connection, start, faults, {noted[0]} if noted else set())
        if head is not None and (head.seq, head.hash) != last:
            faults.append(Fault(last[0], f"the chain ends at {last[0]}, its head is {head.seq}"))
        if last[0] == 0 and audit_rows.is_any_account(connection):
            faults.append(Fault(0, "there are accounts, but no entry of how they came"))
        if noted and noted[0] > start.seq and links.get(noted[0], "") != noted[1]:
            faults.append(Fault(noted[0], "it is not what was noted down"))
        return faults

    def newest(self, connection: Connection, most: int, before: int | None = None) -> list[Row]:
        """The newest entries, newest first; before: only older ones than this number."""
        return audit_rows.newest(connection, most, before)

    def head(self, connection: Connection) -> tuple[int, str]:
        """Number and hash (64 hexadecimal digits) of the newest entry, to be noted elsewhere."""
        mark = audit_rows.mark(connection, HEAD)
        return (mark.seq, mark.hash.hex()) if mark else (0, "")

    def cut(self, connection: Connection, now: datetime) -> int:
        """Remove entries that are older than `KEPT_FOR`; how many. What was cut is sealed.

        At most once a day. The caller has made sure that the chain holds: see `cut_if_sound`.
        """
        if audit_rows.last_before(connection, now - KEPT_FOR - _CUT_EVERY) is None:
            return 0
        last = audit_rows.last_before(connection, now - KEPT_FOR)
        assert last is not None  # there is an even older one
        self.note(connection, Entry(SERVICE, Action.AUDIT_CUT, f"to:{last.seq}"), now)
        audit_rows.set_mark(connection, CUT, self._mark(CUT, last.seq, last.hash))
        return audit_rows.remove_to(connection, last.seq)

    def _walk(
        self, connection: Connection, start: Mark, faults: list[Fault], wanted: set[int]
    ) -> tuple[tuple[int, bytes], dict[int, str]]:
        """The last entry's number and hash, and the hashes of the wanted ones."""
        seq, before = start.seq, start.hash
        links = {seq: before.hex()}
        for row in audit_rows.every(connection):
            if row.seq != seq + 1:
                faults.append(Fault(row.seq, f"after {seq} comes {row.seq}"))
            if not hmac.compare_digest(self._hash(row, before), row.hash):
                faults.append(Fault(row.seq, "it was changed, or is not in its place"))
            seq, before = row.seq, row.hash
            if seq in wanted:
                links[seq] = before.hex()
        return (seq, before), links

    def _hash(self, row: Row, before: bytes) -> bytes:
        at = (row.at - _EPOCH) // timedelta(microseconds=1)
        said = [row.seq, at, row.actor, row.action, row.object, row.outcome, before.hex()]
        return hmac.digest(self._key, json.dumps(said).encode(), hashlib.sha256)

    def _mark(self, name: str, seq: int, hash_: bytes) -> Mark:
        seal = hmac.digest(self._key, f"{name}|{seq}|{hash_.hex()}".encode(), hashlib.sha256)
        return Mark(seq, hash_, seal)

    def _is_ours(self, name: str, mark: Mark) -> bool:
        return hmac.compare_digest(self._mark(name, mark.seq, mark.hash).seal, mark.seal)

    def __repr__(self) -> str:
        return "Audit()"


class Broken(Exception):  # noqa: N818 - a fact about the audit
    """The chain was tampered with; nothing can be added to it."""


def _unset(mark: Mark) -> bool:
    return (mark.seq, mark.hash, mark.seal) == (0, b"", b"")


async def cut_if_sound(database: Database, audit: Audit, now: datetime) -> int:
    """Remove entries that are past their time; how many. A chain with faults is kept. Raises Away.

    The chain is read outside the transaction that cuts it: nobody's message waits for it.
    """
    old = now - KEPT_FOR - _CUT_EVERY
    if await database.read(lambda connection: audit_rows.last_before(connection, old)) is None:
        return 0
    if await database.read(audit.find_faults):
        return 0
    return await database.write(lambda connection: audit.cut(connection, now))


async def note(database: Database, audit: Audit, entry: Entry, now: datetime) -> None:
    """Add an entry in a transaction of its own. Raises Away, Broken."""
    await database.write(lambda connection: audit.note(connection, entry, now))
