"""Wakes who waits for work, in this process and, where the work has no taker here, in others."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung after a commit that leaves work; a ring before the wait is not lost.

    attended: a worker of this process has room and takes what comes. While none has, a ring goes
    to the other processes as well (`far`, see bot/store/wire.py).
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.attended = False
        self.urgent = False  # somebody spoke of danger; whoever takes the work sets it back
        self.far: Callable[[bool], None] | None = None

    def ring(self, *, urgent: bool = False) -> None:
        """There is something to do."""
        self.answer(urgent=urgent)
        if not self.attended:
            self.call_others(urgent=urgent)

    def answer(self, *, urgent: bool = False) -> None:
        """Another process says that there is something to do."""
        self.urgent |= urgent
        self._rung.set()

    def call_others(self, *, urgent: bool = False) -> None:
        """There is more to do than this process takes."""
        if self.far is not None:
            self.far(urgent)

    def ring_after(self, seconds: float) -> None:
        """There will be something to do."""
        asyncio.get_running_loop().call_later(max(0.0, seconds), self._rung.set)

    async def wait(self, seconds: float) -> None:
        """Until it rings, and no longer than this."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()
