"""Conversations, inbox, outbox, timers, page lines."""

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Conversations, inbox, outbox, timers, page lines."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("ending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    _partial("ix_conversations_due", "conversations", ["due_at"], "due_at IS NOT NULL")
    op.create_table(
        "inbox",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        _conversation_id(),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _dies_with_it("inbox"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("event_key", name="uq_inbox_event_key"),
    )
    op.create_index("ix_inbox_conversation_id", "inbox", ["conversation_id"])
    _partial("ix_inbox_new", "inbox", ["conversation_id", "id"], "state = 'new'")
    _partial("ix_inbox_done", "inbox", ["received_at"], "state <> 'new'")
    op.create_table(
        "outbox",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        _conversation_id(),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("not_before", Instant(), nullable=True),
        sa.Column("part", sa.LargeBinary(), nullable=True),
        _dies_with_it("outbox"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_conversation_id", "outbox", ["conversation_id"])
    pending = "state IN ('new', 'sending')"
    _partial("ix_outbox_pending", "outbox", ["conversation_id", "id"], pending)
    _partial("ix_outbox_final", "outbox", ["created_at"], "state NOT IN ('new', 'sending')")
    op.create_table(
        "timers",
        _conversation_id(),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        _dies_with_it("timers"),
        sa.PrimaryKeyConstraint("conversation_id", "purpose", name="pk_timers"),
    )
    op.create_index("ix_timers_due_at", "timers", ["due_at"])
    op.create_table(
        "page_lines",
        sa.Column("seq", _ROW_ID, autoincrement=True, nullable=False),
        _conversation_id(),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _dies_with_it("page_lines"),
        sa.PrimaryKeyConstraint("seq", name="pk_page_lines"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_page_lines_conversation_id", "page_lines", ["conversation_id", "seq"])


def downgrade() -> None:
    """The way back: nothing is left."""
    for table in ("page_lines", "timers", "outbox", "inbox", "conversations"):
        op.drop_table(table)


def _conversation_id() -> sa.Column[str]:
    return sa.Column("conversation_id", sa.Text(), nullable=False)


def _dies_with_it(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"],
        ["conversations.id"],
        name=f"fk_{table}_conversation_id_conversations",
        ondelete="CASCADE",
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
