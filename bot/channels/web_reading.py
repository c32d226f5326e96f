"""What the page shows, read from the kept lines, whatever state they are in."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import structlog
from starlette.requests import Request

from bot.channels.web_page import Talk
from bot.dialogue.returning import GAP
from bot.messages import Address, ConversationId
from bot.pages import PageLine, Pages
from bot.store.seal import Keyring

_log = structlog.get_logger()

CHANNEL = "web"
POLL = 25.0  # longest seconds one look for new lines waits
STEP = 2.0  # seconds after which a waiting look checks that anybody still wants it
LOOKS = 6  # looks of one session that may wait at a time: a few windows; more are answered at once


class Lines:
    """Reads lines for a session token. A database that is away is no error here: the page opens."""

    def __init__(self, pages: Pages, keyring: Keyring) -> None:
        self._pages = pages
        self._keyring = keyring
        self._looking: Counter[str] = Counter()
        self._closing = False

    def conversation(self, token: str) -> ConversationId:
        """Whose lines these are."""
        return self._keyring.conversation_id(Address(CHANNEL, token))

    async def talk(
        self,
        token: str | None,
        *,
        now: datetime,
        since: int | None = None,
        earlier: bool = False,
    ) -> Talk:
        """Everything there is to show. since: see Talk. now: UTC.

        Somebody else may hold the phone after a long silence: what was said before the last one is
        held back until the person asks for it (earlier).
        """
        if token is None:
            return Talk()
        conversation = self.conversation(token)
        try:
            lines = await self._pages.lines(conversation)
            pending = await self._pages.pending(conversation)
            cut = 0 if earlier else _silence(lines, now, spoken=bool(pending))
            before = lines[cut - 1].seq if cut else 0
            return Talk(lines[cut:], pending, since=since, before=before)
        except Exception as fault:  # noqa: BLE001 - the page must open whatever the rows are like
            _log.warning("page_unreadable", channel=CHANNEL, fault=type(fault).__name__)
            return Talk(readable=False)

    async def came(self, token: str, after: int, seconds: float) -> bool:
        """Whether a line after this one comes within so many seconds."""
        try:
            return bool(await self._pages.wait(self.conversation(token), after, seconds))
        except Exception as fault:  # noqa: BLE001 - as above
            _log.warning("page_unreadable", channel=CHANNEL, fault=type(fault).__name__)
            return False

    async def look(self, request: Request, token: str, after: int, seconds: float) -> None:
        """Wait for a line after this one, as long as the asker is there."""
        left = min(seconds, POLL) if self._looking[token] < LOOKS else 0.0
        self._looking[token] += 1
        try:
            while left > 0 and not await self.came(token, after, min(left, STEP)):
                left -= STEP
                if self._closing or await request.is_disconnected():
                    return
        finally:
            self._looking[token] -= 1
            if not self._looking[token]:
                del self._looking[token]

    def close(self) -> None:
        """Let every look that waits end within `STEP` seconds, so that the server can stop."""
        self._closing = True


def _silence(lines: Sequence[PageLine], now: datetime, *, spoken: bool) -> int:
    """How many lines stand before the last long silence. spoken: words wait for their answer."""
    times = [line.at for line in lines]
    if times and not spoken:
        times.append(now)
    gaps = [at for at in range(1, len(times)) if times[at] - times[at - 1] > GAP]
    return gaps[-1] if gaps else 0
