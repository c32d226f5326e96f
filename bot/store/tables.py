"""Everything that is kept. What a person wrote or was told is kept sealed, and only for a while.

Finding work never scans: `conversations.due_at` is set while something waits for a conversation (an
unanswered message, a part to send) and is null otherwise, and its index holds only those rows.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
)

from bot.store.instants import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The conditions of partial indexes. A query must say the very same to be served by one.
DUE = text("due_at IS NOT NULL")
UNANSWERED = text("state = 'new'")
ANSWERED = text("state <> 'new'")
ON_ITS_WAY = text("state IN ('new', 'sending')")
FINAL = text("state NOT IN ('new', 'sending')")

# SQLite gives ids by itself only to a column that is exactly INTEGER.
_RowId = BigInteger().with_variant(Integer(), "sqlite")


def _of_conversation(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "conversation_id",
        Text,
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of channel and chat
    Column("channel", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),  # its data key, wrapped by the master key
    Column("state", LargeBinary),  # sealed bot.conversation record; null: nothing known yet
    Column("address", LargeBinary, nullable=False),  # sealed: where replies go
    Column("last_at", Instant),  # the last message answered
    Column("due_at", Instant),  # something waits since, or is to be done at, this moment
    Column("lease_token", Text),  # whoever holds it may save; see bot/store/conversations.py
    Column("lease_until", Instant),
    # Erased: the row lives only until the last reply is sent, then its key dies with it.
    Column("ending", Boolean(create_constraint=False), nullable=False),
)
Index(
    "ix_conversations_due",
    conversations.c.due_at,
    sqlite_where=DUE,
    postgresql_where=DUE,
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", _RowId, primary_key=True, autoincrement=True),  # order inside a conversation
    Column("event_key", Text, nullable=False, unique=True),  # a keyed hash of channel and event id
    _of_conversation(),
    Column("received_at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # new | settled | parked
    Column("tries", Integer, nullable=False),  # turns begun on it
    Column("body", LargeBinary),  # sealed; null once settled
)
Index("ix_inbox_conversation_id", inbox.c.conversation_id)
Index(
    "ix_inbox_new",
    inbox.c.conversation_id,
    inbox.c.id,
    sqlite_where=UNANSWERED,
    postgresql_where=UNANSWERED,
)
Index(
    "ix_inbox_done",
    inbox.c.received_at,
    sqlite_where=ANSWERED,
    postgresql_where=ANSWERED,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _RowId, primary_key=True, autoincrement=True),
    _of_conversation(),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # new | sending | sent | refused | unknown | failed
    Column("urgent", Boolean(create_constraint=False), nullable=False),  # goes first, unpaced
    Column("tries", Integer, nullable=False),  # sends begun
    Column("doubts", Integer, nullable=False),  # sends that may have arrived
    Column("not_before", Instant),  # null: at once
    Column("part", LargeBinary),  # sealed; null once final
    # It takes messages off the screen instead of adding one.
    Column("removes", Boolean(create_constraint=False), nullable=False, server_default=false()),
)
Index("ix_outbox_conversation_id", outbox.c.conversation_id)
Index(
    "ix_outbox_pending",
    outbox.c.conversation_id,
    outbox.c.id,
    sqlite_where=ON_ITS_WAY,
    postgresql_where=ON_ITS_WAY,
)
Index(
    "ix_outbox_final",
    outbox.c.created_at,
    sqlite_where=FINAL,
    postgresql_where=FINAL,
)

aside = Table(
    "aside",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of what came: the same is kept once
    Column("channel", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed; nobody knows whose it is
)
Index("ix_aside_at", aside.c.at)

timers = Table(
    "timers",
    metadata,
    _of_conversation(primary_key=True),
    Column("purpose", Text, primary_key=True),  # idle | forget
    Column("due_at", Instant, nullable=False),
)
Index("ix_timers_due_at", timers.c.due_at)

on_screen = Table(
    "on_screen",
    metadata,
    # A message in a chat from which we can take it away again, should the person ask for it.
    Column("id", _RowId, primary_key=True, autoincrement=True),
    _of_conversation(),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed: the platform's number, and whose it is
)
Index("ix_on_screen_conversation_id", on_screen.c.conversation_id)
Index("ix_on_screen_at", on_screen.c.at)

page_lines = Table(
    "page_lines",
    metadata,
    # Never given twice, not even after an erasure: a page asks for "what came after 41".
    Column("seq", _RowId, primary_key=True, autoincrement=True),
    _of_conversation(),
    Column("mine", Boolean(create_constraint=False), nullable=False),  # the person's own words
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed
    sqlite_autoincrement=True,
)
Index("ix_page_lines_conversation_id", page_lines.c.conversation_id, page_lines.c.seq)
