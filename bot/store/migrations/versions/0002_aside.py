"""What nobody could read, set aside."""

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Events that nobody could make anything of; they belong to no conversation."""
    op.create_table(
        "aside",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aside"),
    )
    op.create_index("ix_aside_at", "aside", ["at"])


def downgrade() -> None:
    """The way back: what was set aside is gone."""
    op.drop_table("aside")
