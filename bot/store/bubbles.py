"""What becomes of one bubble on its way. Pure rules; the outbox carries them out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.messages import Outcome, Refused, Sent, TryLater, Unknown

PENDING = ("new", "sending")
STAYED = ("refused", "unknown", "failed")  # of a removal: something is left on the screen
MOST_TRIES = 8  # sends begun, whatever came of them
MOST_DOUBTS = 2  # sends that may have arrived; the 999 card is not bound by it

_DOUBT_WAIT = timedelta(seconds=3)  # a late answer of the platform would be there by then
_SLOWEST = timedelta(minutes=5)  # between two tries; for the 999 card ten seconds
_SLOWEST_URGENT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Bubble:
    """One part to send, or messages to take away. Sealed, so that nothing readable waits in memory
    longer than it must.

    doubts: sends that may have arrived. not_before: None for at once. id 0: not stored yet.
    """

    id: int
    state: str
    urgent: bool
    tries: int
    doubts: int
    not_before: datetime | None
    part: bytes = field(repr=False)
    removes: bool = False  # it takes messages off the screen: doing it twice does no harm


def head(bubbles: Iterable[Bubble]) -> Bubble | None:
    """Which goes next: the 999 card first, then the oldest. Those not stored yet come last."""
    return min(bubbles, key=lambda one: (not one.urgent, one.id == 0, one.id), default=None)


def begun(bubble: Bubble) -> Bubble:
    """It is about to leave."""
    return replace(bubble, state="sending", tries=bubble.tries + 1, not_before=None)


def found(bubble: Bubble) -> Bubble:
    """As the next holder takes it over: what its predecessor was sending may have arrived."""
    if bubble.state != "sending":
        return bubble
    return replace(bubble, state="new") if bubble.removes else _doubtful(bubble, None)


def awaited(bubble: Bubble, until: datetime) -> Bubble:
    """What was found being sent, where the platform may yet tell that it arrived: that is awaited.

    The 999 card does not wait.
    """
    just_found = bubble.state == "new" and bubble.doubts > 0 and bubble.not_before is None
    return replace(bubble, not_before=until) if just_found and not bubble.urgent else bubble


def after(bubble: Bubble, outcome: Outcome, now: datetime) -> Bubble:
    """As the platform's answer leaves it."""
    match outcome:
        case Sent():
            return replace(bubble, state="sent", not_before=None)
        case Refused():
            return replace(bubble, state="refused", not_before=None)
        case TryLater(after=wait):
            if bubble.tries >= MOST_TRIES:
                return replace(bubble, state="failed", not_before=None)
            return replace(bubble, state="new", not_before=now + (wait or _back_off(bubble)))
        case Unknown(after=told):
            wait = _DOUBT_WAIT if bubble.urgent else told or _DOUBT_WAIT
            return _doubtful(bubble, now + max(wait, _back_off(bubble)))


def _doubtful(bubble: Bubble, again_at: datetime | None) -> Bubble:
    doubts = bubble.doubts + 1
    again = bubble.tries < MOST_TRIES and (bubble.urgent or doubts < MOST_DOUBTS)
    if again:
        return replace(bubble, state="new", doubts=doubts, not_before=again_at)
    return replace(bubble, state="unknown", doubts=doubts, not_before=None)


def _back_off(bubble: Bubble) -> timedelta:
    """1, 2, 4, … seconds."""
    slowest = _SLOWEST_URGENT if bubble.urgent else _SLOWEST
    return min(slowest, timedelta(seconds=2 ** max(0, bubble.tries - 1)))
