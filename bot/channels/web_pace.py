"""How fast one session may write. Counted in this process's memory, never stored or logged."""

from hashlib import sha256

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

MESSAGES = (RateLimitItemPerSecond(8, 10), RateLimitItemPerMinute(30))  # a session (ours)
STARTS = (RateLimitItemPerMinute(120),)  # new talks from one address, which many may share (ours)
WAIT = 10  # seconds a person is asked to wait


class Pace:
    """Counts messages by session, and new sessions by where they come from."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def message(self, token: str) -> bool:
        """Count one message of this session; False when it is over the limit."""
        return self._hit(MESSAGES, token)

    def start(self, host: str) -> bool:
        """Count one new session from this address; False when it is over the limit."""
        return self._hit(STARTS, f"host {host}")

    def _hit(self, items: tuple[RateLimitItem, ...], who: str) -> bool:
        key = sha256(who.encode()).hexdigest()  # no token or address is kept as it is
        return all(self._limiter.hit(item, key) for item in items)
