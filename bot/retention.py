"""Nothing is kept past its time, and one call erases a conversation at once."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.messages import ConversationId
from bot.store import aside_rows, conversations, inbox_rows, outbox_rows, screen_rows, timer_rows
from bot.store.database import Database

ANSWERED_FOR = timedelta(days=8)  # event keys are kept so long: platforms redeliver for a week
ASIDE_FOR = timedelta(days=8)  # as long: time to find out why nobody could read it
SENT_FOR = timedelta(hours=1)  # finished outbox rows, without their text
SHOWN_FOR = timedelta(hours=48)  # then no message can be taken off a screen (platform: Telegram)


class Retention:
    """Erases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def erase(self, conversation_id: ConversationId) -> bool:
        """Destroy its key and rows now, files included; False when there was no such conversation.

        A turn that runs at this moment finds its lease gone and keeps nothing. Raises Away.
        """
        gone = await self._database.write(lambda c: conversations.remove(c, conversation_id))
        await self._database.scrub()
        return gone

    async def purge(self, now: datetime) -> dict[str, int]:
        """Remove what is past its time: counts of conversations, inbox and outbox rows, of
        what was set aside, and of messages that can't be taken off a screen any more.

        Raises Away.
        """
        counts = {"conversations": 0, "inbox": 0, "outbox": 0, "aside": 0, "on_screen": 0}
        more = True
        while more:
            erased, more = await self._database.write(lambda c: timer_rows.fire(c, now))
            counts["conversations"] += erased

        def sweep(connection: Connection) -> None:
            counts["inbox"] = inbox_rows.remove_old(connection, now - ANSWERED_FOR)
            counts["outbox"] = outbox_rows.remove_old(connection, now - SENT_FOR)
            counts["aside"] = aside_rows.remove_old(connection, now - ASIDE_FOR)
            counts["on_screen"] = screen_rows.remove_old(connection, now - SHOWN_FOR)

        await self._database.write(sweep)
        await self._database.scrub()
        return counts
