"""Who works at the desk, and what they did there. No row holds a word of anybody's talk."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from bot.store.instants import Instant
from bot.store.tables import metadata

# SQLite compares integers of any size, but gives ids by itself only to exactly INTEGER.
_Number = BigInteger().with_variant(Integer(), "sqlite")


def _of_account(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "account_id",
        Text,
        ForeignKey("staff_accounts.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", Text, primary_key=True),  # random; the only thing the audit knows of a person
    Column("name", Text, nullable=False),  # as it was given
    Column("name_key", Text, nullable=False, unique=True),  # as it is compared
    Column("role", Text, nullable=False),  # advocate | lead | auditor
    Column("disabled", Boolean(create_constraint=False), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("password", Text),  # argon2id, with its parameters; null: not set up yet
    Column("totp", LargeBinary),  # sealed secret; null: no second factor yet
    Column("totp_step", BigInteger, nullable=False),  # the last time step used: no code twice
)

links = Table(
    "staff_links",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of the link's token
    _of_account(),
    Column("expires_at", Instant, nullable=False),
)
Index("ix_staff_links_account_id", links.c.account_id)

sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of the cookie
    _of_account(),
    Column("stage", Text, nullable=False),  # second: the code is still to come | full
    Column("opened_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),  # whatever happens
)
Index("ix_staff_sessions_account_id", sessions.c.account_id)
Index("ix_staff_sessions_ends_at", sessions.c.ends_at)

attempts = Table(
    "staff_attempts",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of what is slowed down
    Column("failed", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("closed_until", Instant, nullable=False),
)
Index("ix_staff_attempts_last_at", attempts.c.last_at)

audit = Table(
    "audit",
    metadata,
    Column("seq", _Number, primary_key=True, autoincrement=False),  # 1, 2, 3: no gap, ever
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),  # over this row and the hash before it
)
Index("ix_audit_at", audit.c.at)

audit_marks = Table(
    "audit_marks",
    metadata,
    Column("name", Text, primary_key=True),  # head: the newest row; cut: the newest one removed
    Column("seq", _Number, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)
