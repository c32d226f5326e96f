"""Asking Telegram for updates, where it cannot call us. For one machine and for trying things out.

The library's own poller dies of one update that it cannot read. Here each update is judged by
itself, and is confirmed to Telegram only once it is stored, or known to be of no use.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.telegram_calls import Calls, Patience
from bot.channels.telegram_intake import Intake
from bot.channels.telegram_reading import CHANNEL, number_of
from bot.channels.telegram_wire import TooMany
from bot.clock import Clock

_log = structlog.get_logger()

QUIET = timedelta(days=1)  # after a week without updates their numbers start anywhere (platform)
BREATH = 0.05  # seconds between two empty answers, should they come at once


class Poller:
    """Asks for updates until it is cancelled; nothing that Telegram answers ends it."""

    def __init__(self, *, calls: Calls, intake: Intake, clock: Clock, patience: Patience) -> None:
        self._calls = calls
        self._intake = intake
        self._clock = clock
        self._patience = patience
        self._offset: int | None = None  # the next update we have not dealt with
        self._heard_at = clock()
        self.failures = 0  # in a row

    async def run(self) -> None:
        """Poll for ever."""
        while True:
            try:
                wait = await self._round()
            except TooMany as error:
                wait = error.seconds or self._failed(error)
            except Conflict as error:
                # Either a webhook was set meanwhile, or a second poller runs with our token.
                wait = self._failed(error)
                await self._calls.drop_webhook()
            except InvalidToken as error:
                self._failed(error)
                wait = self._patience.slowest
            except TelegramError as error:
                wait = self._failed(error)
            except Exception as error:  # noqa: BLE001 - the next round may go well
                wait = self._failed(error)
            await asyncio.sleep(wait)

    async def _round(self) -> float:
        """One answer of Telegram, dealt with; how many seconds to wait before the next."""
        self._forget_old_numbers(self._clock())
        batch = await self._calls.updates(self._offset)
        if not batch:
            self.failures = 0
            return BREATH
        before = self._offset
        kept = await self._take(batch)
        if kept and self._offset != before:
            self.failures = 0
            return 0.0
        return self._again("not stored" if not kept else "no progress")

    async def _take(self, batch: list[object]) -> bool:
        """Hand in a batch; False when part of it has to come again.

        From the first that cannot be kept, all wait, so that nobody's messages change places; but
        those that speak of danger are seen through at once.
        """
        kept = True
        for raw in batch:
            if await self._intake.take(raw, only_danger=not kept) and kept:
                number = number_of(raw)
                if number is not None:
                    self._offset = number + 1
                    self._heard_at = self._clock()
            else:
                kept = False
        return kept

    def _forget_old_numbers(self, now: datetime) -> None:
        if now - self._heard_at > QUIET:
            self._offset = None  # all before it was confirmed long ago

    def _failed(self, error: Exception) -> float:
        return self._again(type(error).__name__)

    def _again(self, reason: str) -> float:
        self.failures += 1
        wait = self._patience.after(self.failures)
        _log.warning(
            "telegram.poll_failed",
            channel=CHANNEL,
            reason=reason,
            tries=self.failures,
            seconds=wait,
        )
        return wait
