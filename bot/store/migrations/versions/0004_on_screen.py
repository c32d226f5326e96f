"""Messages that can be taken off a person's screen, and the taking off."""

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Numbers of messages; and bubbles that remove some instead of adding one."""
    op.create_table(
        "on_screen",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_on_screen_conversation_id_conversations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_on_screen"),
    )
    op.create_index("ix_on_screen_conversation_id", "on_screen", ["conversation_id"])
    op.create_index("ix_on_screen_at", "on_screen", ["at"])
    op.add_column(
        "outbox", sa.Column("removes", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """The way back: nothing more is taken off anybody's screen."""
    # What waits to be taken off is no message that an older version could send.
    op.execute("DELETE FROM outbox WHERE removes")
    op.drop_column("outbox", "removes")
    op.drop_table("on_screen")
