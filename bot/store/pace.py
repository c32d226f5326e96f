"""How fast one person may be written to, as the platforms want it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import ConversationId

_LONGEST = timedelta(minutes=10)  # further ahead than any pace: the clock was set back
_REMEMBERED = 10_000  # conversations, before those that may write again are dropped


@dataclass(frozen=True, slots=True)
class Pace:
    """One message `every` so often over time, `burst` of them at once."""

    every: timedelta
    burst: int


PACES: Mapping[str, Pace] = {
    # Telegram: "avoid sending more than one message per second" in a chat, short bursts are borne.
    "telegram": Pace(every=timedelta(seconds=1), burst=4),
    # WhatsApp: one message every 6 seconds to one person, bursts of up to 45 are borne.
    "whatsapp": Pace(every=timedelta(seconds=6), burst=40),
}


class Pacing:
    """Remembers, for this process, when each conversation may be written to."""

    def __init__(self, paces: Mapping[str, Pace]) -> None:
        self._paces = paces
        self._even: dict[ConversationId, datetime] = {}  # when an even pace would have caught up

    def ready_at(self, of: ConversationId, channel: str, now: datetime) -> datetime:
        """When the next bubble may leave: now, or later."""
        pace = self._paces.get(channel)
        even = self._even.get(of)
        if pace is None or even is None:
            return now
        if even - now > _LONGEST:
            return now
        return max(now, even - pace.every * (pace.burst - 1))

    def left(self, of: ConversationId, channel: str, now: datetime) -> None:
        """A bubble left."""
        pace = self._paces.get(channel)
        if pace is None:
            return
        if len(self._even) >= _REMEMBERED:
            self._even = {one: even for one, even in self._even.items() if even > now}
        self._even[of] = max(now, self._even.get(of, now)) + pace.every
