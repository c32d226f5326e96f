"""Wakes who waits for work in this process.

Between hosts the slow poll does it. A PostgreSQL LISTEN would ring this same bell.
"""

import asyncio


class Bell:
    """Rung after a commit that leaves work; a ring before the wait is not lost."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is something to do."""
        self._rung.set()

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
