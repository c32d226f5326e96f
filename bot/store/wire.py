"""Wakes the other processes that share a PostgreSQL database: LISTEN and NOTIFY.

Only a hint travels, "there is work" or "this page has a new line", never a word of anybody. It has
two connections of its own and no place in anybody's transaction: a commit that carries a NOTIFY
waits for every other such commit of the server. What is lost while a connection is down is found
by the slow poll behind it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import psycopg
import structlog

_log = structlog.get_logger()

_TOPIC = "alongside"
_WORK, _URGENT, _PAGES = "work", "urgent", "pages "
_PAYLOAD = 7000  # bytes of one NOTIFY, of the server's 8,000
_AGAIN = 0.5  # seconds before a lost connection is opened again
_ALIVE_EVERY = 5.0  # seconds without a word before the line is tried


class Hears(Protocol):
    """What is told of the others' news."""

    def answer(self, *, urgent: bool = False) -> None:
        """There is work."""


class Wire:
    """One per process. `run` keeps it up; `work` and `page` may be called at any time."""

    def __init__(
        self, connect: dict[str, Any], bell: Hears, ring_page: Callable[[str], object]
    ) -> None:
        """connect: psycopg's own arguments. ring_page: a page of this process has a new line."""
        self._connect = connect
        self._bell = bell
        self._ring_page = ring_page
        self._news = asyncio.Event()
        self._work: str | None = None
        self._pages: set[str] = set()
        self._speaker = 0  # backend pid: we do not wake ourselves
        self.up = False  # others' news reach us

    def work(self, urgent: bool) -> None:
        """Tell the others that there is work."""
        self._work = _URGENT if urgent or self._work == _URGENT else _WORK
        self._news.set()

    def page(self, of: str) -> None:
        """Tell the others that this conversation's page has a new line."""
        self._pages.add(of)
        self._news.set()

    async def run(self) -> None:
        """Listen and tell for as long as it is let; a lost connection is opened again."""
        await asyncio.gather(self._keep_up(self._listen), self._keep_up(self._tell))

    async def _keep_up(self, do: Callable[[psycopg.AsyncConnection[Any]], Any]) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **self._connect, autocommit=True
                ) as connection:
                    await do(connection)
            except (psycopg.Error, OSError) as error:
                _log.warning("wire.down", fault=type(error).__name__)
            except Exception as error:  # noqa: BLE001 - without it everything is slower, no more
                _log.error("wire.failed", fault=type(error).__name__)
            await asyncio.sleep(_AGAIN)

    async def _listen(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(f"LISTEN {_TOPIC}".encode())
        self.up = True
        self._bell.answer(urgent=True)  # whatever was told in between
        try:
            while True:
                async for note in connection.notifies(timeout=_ALIVE_EVERY):
                    if note.pid != self._speaker:
                        self._heard(note.payload)
                await connection.execute("SELECT 1")  # a line that is cut says nothing by itself
        finally:
            self.up = False

    def _heard(self, payload: str) -> None:
        if payload.startswith(_PAGES):
            for of in payload.removeprefix(_PAGES).split():
                self._ring_page(of)
        else:
            self._bell.answer(urgent=payload == _URGENT)

    async def _tell(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """What gathers while one NOTIFY is under way goes with the next."""
        self._speaker = connection.info.backend_pid
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_ALIVE_EVERY):
                    await self._news.wait()
            self._news.clear()
            news = self._gather()
            if not news:
                await connection.execute("SELECT 1")
            for payload in news:
                await connection.execute("SELECT pg_notify(%s, %s)", (_TOPIC, payload))

    def _gather(self) -> list[str]:
        news = [self._work] if self._work else []
        self._work = None
        page = _PAGES
        while self._pages:
            page += self._pages.pop() + " "
            if len(page) > _PAYLOAD or not self._pages:
                news.append(page)
                page = _PAGES
        return news
