"""Accounts of the desk, and the audit of what is done there."""

import sqlalchemy as sa
from alembic import op

from bot.store.instants import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE = (
    """CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is added to, never changed'); END""",
    """CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit
    WHEN OLD.seq > (SELECT coalesce(max(seq), 0) FROM audit_marks WHERE name = 'cut')
    BEGIN SELECT RAISE(ABORT, 'the audit is added to, never removed'); END""",
)
POSTGRES = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF OLD.seq <= (SELECT coalesce(max(seq), 0) FROM audit_marks WHERE name = 'cut') THEN
          RETURN OLD;
        END IF;
      END IF;
      RAISE EXCEPTION 'the audit is added to, never changed or removed';
    END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_no_emptying BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)


def upgrade() -> None:
    """Six tables; the audit's marks start at nothing."""
    _people()
    _audit()


def _of_account() -> sa.Column[str]:
    return sa.Column("account_id", sa.Text(), nullable=False)


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["staff_accounts.id"],
        name=f"fk_{table}_account_id_staff_accounts",
        ondelete="CASCADE",
    )


def _people() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("totp", sa.LargeBinary()),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_accounts"),
        sa.UniqueConstraint("name_key", name="uq_staff_accounts_name_key"),
    )
    op.create_table(
        "staff_links",
        sa.Column("id", sa.Text(), nullable=False),
        _of_account(),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_links"),
        _belongs("staff_links"),
    )
    op.create_index("ix_staff_links_account_id", "staff_links", ["account_id"])
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        _of_account(),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sessions"),
        _belongs("staff_sessions"),
    )
    op.create_index("ix_staff_sessions_account_id", "staff_sessions", ["account_id"])
    op.create_index("ix_staff_sessions_ends_at", "staff_sessions", ["ends_at"])
    op.create_table(
        "staff_attempts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("closed_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_attempts"),
    )
    op.create_index("ix_staff_attempts_last_at", "staff_attempts", ["last_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", NUMBER, nullable=False, autoincrement=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    marks = op.create_table(
        "audit_marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_audit_marks"),
    )
    op.bulk_insert(
        marks, [{"name": name, "seq": 0, "hash": b"", "seal": b""} for name in ("head", "cut")]
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRES if postgres else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """The way back: accounts and audit are gone."""
    for table in ("audit", "audit_marks", "staff_attempts", "staff_sessions", "staff_links"):
        op.drop_table(table)
    op.drop_table("staff_accounts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")
