"""Does what is due: answers, sends, fires timers, removes what is past its time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.clock import Clock
from bot.errors import place_of
from bot.outbox import Outbox
from bot.retention import Retention
from bot.store import bubbles, conversations, jobs
from bot.store.bell import Bell
from bot.store.conversations import Held, LeaseLost
from bot.store.database import Away, Database
from bot.store.jobs import Job
from bot.timers import Timers
from bot.turn import Turn

_log = structlog.get_logger()

LEASE = timedelta(seconds=8)  # how long a conversation stays with a worker that died
TRIES = 3  # turns begun on a message before it is set aside
IN_A_ROW = 5  # messages of one person, while others wait for room
AT_ONCE = 32  # conversations worked on at a time (ours: most of that time is the platform's)
CLAIMED = 16  # conversations taken at a time, so that several workers share what waits
DANGER_BESIDE = 8  # more of them where somebody spoke of danger and there is no room
_SET_BACK = timedelta(seconds=1)  # a clock that goes back by more was set
_POLL = 1.0  # seconds: what another host left, or a lost ring
_TIMERS_EVERY = 5.0  # seconds
_PURGE_EVERY = 3600.0  # seconds
_AWAY_WAIT = 1.0  # seconds before the database is asked again


class Worker:
    """One per process. It takes many conversations at once and never two messages of one."""

    def __init__(
        self,
        *,
        database: Database,
        turn: Turn,
        outbox: Outbox,
        timers: Timers,
        retention: Retention,
        bell: Bell,
        clock: Clock,
        lease: timedelta,
        at_once: int = AT_ONCE,
    ) -> None:
        """lease: how long a conversation stays ours when we die. at_once: conversations."""
        self._database = database
        self._turn = turn
        self._outbox = outbox
        self._timers = timers
        self._retention = retention
        self._bell = bell
        self._clock = clock
        self._lease = lease
        self._latest = clock()  # the last moment that we looked for work
        self._looked_at: float | None = None  # the loop's time of it; None while not running
        self._at_once = at_once
        self._held: dict[str, int] = {}  # lease token: conversations worked on under it
        self._full = False
        self._cut_short: list[Job] = []  # held when the database went away
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`, then finish what was begun."""
        self._stopping.clear()
        others = [
            asyncio.create_task(self._every(_TIMERS_EVERY, self._fire_timers)),
            asyncio.create_task(self._every(_PURGE_EVERY, self._purge)),
            asyncio.create_task(self._every(self._lease.total_seconds() / 4, self._renew)),
        ]
        try:
            while not self._stopping.is_set():
                self._looked_at = asyncio.get_running_loop().time()
                if not await self._claim():
                    await self._bell.wait(_POLL)
            self._bell.attended = False
            await self._finish()
        finally:
            self._bell.attended = False
            self._looked_at = None
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    def stop(self) -> None:
        """Take nothing new; `run` returns when the turns that run are done."""
        self._stopping.set()
        self._bell.ring()

    def silent_for(self) -> float | None:
        """Seconds since it last looked for work; None while it is not meant to."""
        looked = self._looked_at
        return None if looked is None else asyncio.get_running_loop().time() - looked

    async def drain(self) -> None:
        """Do everything that is due at this moment, then return. Not beside `run`."""
        while await self._claim() or self._running:
            await self._finish()
        await self._fire_timers()

    async def _claim(self) -> bool:
        """Begin work on what waits; True when more may wait and can be begun at once."""
        room = self._at_once - len(self._running)
        most = min(CLAIMED, room) if room > 0 else room + DANGER_BESIDE
        self._full = room <= 0
        self._bell.attended = not self._full
        if most <= 0:
            return False
        now = self._clock()
        try:
            await self._tidy(now)
            found = await self._database.write(
                lambda c: jobs.take(c, now=now, lease=self._lease, most=most, urgent=room <= 0)
            )
        except Away as away:
            metrics.database_away()
            _log.error("worker.database_away", fault=str(away))
            await asyncio.sleep(_AWAY_WAIT)
            return False
        except Exception as error:  # noqa: BLE001 - the service still has to hear danger
            _log.error("worker.failed", fault=type(error).__name__, where=place_of(error))
            await asyncio.sleep(_AWAY_WAIT)
            return False
        for job in found:
            task = asyncio.create_task(self._work(job))
            self._running.add(task)
            task.add_done_callback(self._done)
        if len(found) == room:
            self._bell.call_others()  # more may wait, and there is no room left here
        return len(found) == most

    async def _tidy(self, now: datetime) -> None:
        """Before new work: a clock that was set back, and what the database's absence cut short."""
        if now < self._latest - _SET_BACK:
            until = now + self._lease
            await self._database.write(lambda c: conversations.clock_went_back(c, now, until))
        self._latest = now
        while self._cut_short:
            await self._give_back(self._cut_short[-1])
            self._cut_short.pop()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if self._full:
            self._full = False
            self._bell.answer()

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running)

    async def _work(self, job: Job) -> None:
        with self._holding(job.held):
            try:
                await self._work_on(job)
            except LeaseLost:
                metrics.lease_lost()
                _log.info("worker.lease_lost", channel=job.held.channel)
            except Away as away:
                _log.error("worker.database_away", fault=str(away))
            except Exception as error:  # noqa: BLE001 - the lease runs out and it is tried again
                _log.error("worker.failed", fault=type(error).__name__, where=place_of(error))

    async def _work_on(self, job: Job) -> None:
        """Answer this conversation's messages; while others wait for room, a few of them only."""
        answered, following = 0, await self._step(job)
        while following is not None:
            answered += 1
            if answered >= IN_A_ROW and self._full:
                await self._give_back(following)
                return
            following = await self._step(following)

    async def _give_back(self, job: Job) -> None:
        now = self._clock()
        await self._database.write(lambda c: jobs.give_back(c, job, now=now))

    async def _step(self, job: Job) -> Job | None:
        """Do this job; what is to be done next for the same person."""
        try:
            return await self._do(job)
        except Away:
            self._cut_short.append(job)
            raise

    async def _do(self, job: Job) -> Job | None:
        held, message = job.held, job.message
        pending = tuple(bubbles.found(bubble) for bubble in job.pending)
        if message is None:
            return await self._outbox.deliver(held, pending)
        try:
            if message.tries > TRIES:
                kept = await self._turn.park(held, message, pending)
            else:
                kept = await self._turn.take(held, message, pending)
        except (LeaseLost, Away):
            raise
        except Exception as error:  # noqa: BLE001 - nothing of the turn was kept: it is tried again
            metrics.turn_failed()
            _log.error(
                "turn.failed",
                fault=type(error).__name__,
                where=place_of(error),
                tries=message.tries,
                channel=held.channel,
            )
            if message.tries < TRIES:
                await self._put_off(held, message.tries)
                return None
            kept = await self._turn.park(held, message, pending)
        if not kept.bubbles:
            return kept.following
        return await self._outbox.deliver(kept.held, kept.bubbles)

    async def _put_off(self, held: Held, tries: int) -> None:
        wait = timedelta(seconds=tries)
        due = self._clock() + wait
        await self._database.write(lambda c: conversations.release(c, held, due=due))
        self._bell.ring_after(wait.total_seconds())

    @contextmanager
    def _holding(self, held: Held) -> Iterator[None]:
        self._held[held.token] = self._held.get(held.token, 0) + 1
        try:
            yield
        finally:
            self._held[held.token] -= 1
            if not self._held[held.token]:
                del self._held[held.token]

    async def _renew(self) -> None:
        if not self._held:
            return
        tokens, until = tuple(self._held), self._clock() + self._lease
        await self._database.write(lambda c: conversations.renew(c, tokens, until))

    async def _fire_timers(self) -> None:
        erased = await self._timers.fire()
        if erased:
            _log.info("worker.idle_erased", count=erased)

    async def _purge(self) -> None:
        counts = await self._retention.purge(self._clock())
        _log.info("worker.purged", counts=counts)

    async def _every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await do()
            except Away as away:
                _log.error("worker.database_away", fault=str(away))
            except Exception as error:  # noqa: BLE001 - the next round may go well
                _log.error("worker.failed", fault=type(error).__name__, where=place_of(error))
            await asyncio.sleep(seconds)
