"""Accounts, their one-time links, and what is slowed down."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.staff_tables import accounts, attempts, links


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One person of the desk, as kept."""

    id: str
    name: str
    role: str
    disabled: bool
    created_at: datetime
    password: str | None = field(repr=False)
    totp: bytes | None = field(repr=False)
    totp_step: int = field(repr=False)


_ACCOUNT = select(
    accounts.c.id,
    accounts.c.name,
    accounts.c.role,
    accounts.c.disabled,
    accounts.c.created_at,
    accounts.c.password,
    accounts.c.totp,
    accounts.c.totp_step,
)

_FIRST_TRY = {
    dialect.__name__.rsplit(".", 1)[-1]: dialect.insert(attempts).on_conflict_do_nothing()
    for dialect in (sqlite, postgresql)
}


def add(connection: Connection, row: AccountRow, name_key: str) -> None:
    """Keep a new account. Raises IntegrityError when the name is taken; look first."""
    connection.execute(
        insert(accounts).values(
            id=row.id,
            name=row.name,
            name_key=name_key,
            role=row.role,
            disabled=row.disabled,
            created_at=row.created_at,
            password=row.password,
            totp=row.totp,
            totp_step=row.totp_step,
        )
    )


def named(connection: Connection, name_key: str) -> AccountRow | None:
    """The account of this name."""
    found = connection.execute(_ACCOUNT.where(accounts.c.name_key == name_key)).first()
    return None if found is None else AccountRow(*found)


def of_id(connection: Connection, id_: str) -> AccountRow | None:
    """The account of this id."""
    found = connection.execute(_ACCOUNT.where(accounts.c.id == id_)).first()
    return None if found is None else AccountRow(*found)


def every(connection: Connection) -> list[AccountRow]:
    """All accounts, by name."""
    return [AccountRow(*row) for row in connection.execute(_ACCOUNT.order_by(accounts.c.name_key))]


def set_role(connection: Connection, id_: str, role: str) -> None:
    """Give another role."""
    connection.execute(update(accounts).where(accounts.c.id == id_).values(role=role))


def disable(connection: Connection, id_: str) -> None:
    """Close it: its ways in are destroyed, so that opening it again takes a new link."""
    connection.execute(
        update(accounts).where(accounts.c.id == id_).values(disabled=True, password=None, totp=None)
    )


def enable(connection: Connection, id_: str) -> None:
    """Open it again."""
    connection.execute(update(accounts).where(accounts.c.id == id_).values(disabled=False))


def set_password(connection: Connection, id_: str, hashed: str) -> None:
    """Replace the password."""
    connection.execute(update(accounts).where(accounts.c.id == id_).values(password=hashed))


def set_totp(connection: Connection, id_: str, sealed: bytes | None, step: int) -> None:
    """Replace the second factor; None takes it away. step: the newest one that counts as used."""
    connection.execute(
        update(accounts).where(accounts.c.id == id_).values(totp=sealed, totp_step=step)
    )


def use_step(connection: Connection, id_: str, step: int) -> bool:
    """Mark a code's time step as used; False when it, or a later one, was used before."""
    used = connection.execute(
        update(accounts)
        .where(accounts.c.id == id_, accounts.c.totp_step < step)
        .values(totp_step=step)
    )
    return used.rowcount == 1


def add_link(connection: Connection, id_: str, account_id: str, expires_at: datetime) -> None:
    """Keep a link; earlier ones of the account end."""
    connection.execute(delete(links).where(links.c.account_id == account_id))
    connection.execute(insert(links).values(id=id_, account_id=account_id, expires_at=expires_at))


def link_of(connection: Connection, id_: str, now: datetime) -> str | None:
    """The account that a link is for; None when it is unknown, used or too old."""
    return connection.execute(
        select(links.c.account_id).where(links.c.id == id_, links.c.expires_at > now)
    ).scalar_one_or_none()


def use_link(connection: Connection, id_: str, now: datetime) -> str | None:
    """The same, and the link is used up: of two who come at once, one gets it."""
    return connection.execute(
        delete(links)
        .where(links.c.id == id_, links.c.expires_at > now)
        .returning(links.c.account_id)
    ).scalar_one_or_none()


def remove_links(connection: Connection, account_id: str) -> None:
    """End an account's links."""
    connection.execute(delete(links).where(links.c.account_id == account_id))


def remove_old(connection: Connection, links_before: datetime, tries_before: datetime) -> int:
    """Delete links that expired and tries long past; how many."""
    old = connection.execute(delete(links).where(links.c.expires_at <= links_before)).rowcount
    return (
        old + connection.execute(delete(attempts).where(attempts.c.last_at < tries_before)).rowcount
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """How often something failed, and until when nothing is tried."""

    failed: int
    last_at: datetime
    closed_until: datetime


def tried(connection: Connection, id_: str, now: datetime) -> Tried:
    """The tries so far. Until the transaction ends nobody else reads them: no try is counted twice
    as the first.
    """
    none = {"id": id_, "failed": 0, "last_at": now, "closed_until": now}
    connection.execute(_FIRST_TRY[connection.dialect.name], none)
    query = select(attempts.c.failed, attempts.c.last_at, attempts.c.closed_until)
    found = connection.execute(query.where(attempts.c.id == id_).with_for_update()).one()
    return Tried(*found)


def set_tried(connection: Connection, id_: str, new: Tried) -> None:
    """Keep the tries."""
    values = {"failed": new.failed, "last_at": new.last_at, "closed_until": new.closed_until}
    connection.execute(update(attempts).where(attempts.c.id == id_).values(values))


def forget_tried(connection: Connection, ids: list[str]) -> None:
    """Begin to count anew."""
    connection.execute(delete(attempts).where(attempts.c.id.in_(ids)))
