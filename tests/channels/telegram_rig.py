"""The channel over the real pipe (SQLite, the real worker), with the stand-in as Telegram."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from bot.channels.telegram_calls import Patience
from bot.clock import Clock, utc_now
from bot.dialogue.known import Known
from bot.door import Door
from bot.inbox import Accepted, Inbox
from bot.messages import Address, Incoming
from bot.pipe import Pipe, open_pipe
from bot.ports import Channel
from bot.store.database import Away, Database
from bot.store.seal import Keyring
from bot.store.tables import aside, outbox
from bot.turn import Mind
from tests.channels.telegram_stand_in import StandIn, served
from tests.fakes import MASTER, EchoRenderer, FakeEngine, echo

SECRET = "stand-in_secret_0123456789"
QUICK = Patience(connect=2.0, answer=2.0, poll=1, start=4.0, first=0.05, slowest=0.2)


class SwitchInbox(Inbox):
    """The real inbox, whose database can be switched off."""

    def __init__(self, real: Inbox) -> None:
        self.real = real
        self.away = False

    async def accept(self, incoming: Incoming, **how: Any) -> Accepted:
        self._must_be_there()
        return await self.real.accept(incoming, **how)

    async def ahead(self, incoming: Incoming) -> int | None:
        self._must_be_there()
        return await self.real.ahead(incoming)

    async def note(self, address: Address, number: str, at: datetime, *, mine: bool) -> None:
        self._must_be_there()
        await self.real.note(address, number, at, mine=mine)

    def _must_be_there(self) -> None:
        if self.away:
            raise Away("OperationalError")


@dataclass(eq=False)
class Rig:
    """One life of the service: from `opened` until the block is left."""

    api: StandIn
    database: Database
    pipe: Pipe
    telegram: Telegram
    inbox: "SwitchInbox"
    url: str  # of the public app
    gone: list[Address] = field(default_factory=list)

    async def answered(self, chat: int, count: int) -> list[str]:
        """What this person has on the phone, once there are so many messages."""
        await until(lambda: len(self.api.texts(chat)) >= count)
        return self.api.texts(chat)

    async def states(self) -> list[str]:
        """The outbox's rows, oldest first."""
        rows = await self.database.read(
            lambda c: c.execute(select(outbox.c.state).order_by(outbox.c.id)).all()
        )
        return [row.state for row in rows]

    async def aside(self) -> list[bytes]:
        """What was set aside, opened."""
        rows = await self.database.read(lambda c: c.execute(select(aside)).all())
        return [Keyring(MASTER).open_aside(row.id, row.body) for row in rows]


async def until(true: Callable[[], bool | Awaitable[bool]], seconds: float = 15.0) -> None:
    """Wait until something is so. Fails when it is not within so many seconds."""
    async with asyncio.timeout(seconds):
        while True:
            now = true()
            if now if isinstance(now, bool) else await now:
                return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(
    api: StandIn,
    folder: Path,
    *,
    webhook: bool = False,
    start: bool = True,
    work: bool = True,
    clock: Clock = utc_now,
    patience: Patience = QUICK,
    **parts: Any,
) -> AsyncIterator[Rig]:
    """The service runs over the database in this folder, which outlives it.

    webhook: Telegram calls us instead of being asked. work: False leaves messages unanswered.
    """
    database = await Database.open(f"sqlite:///{folder / 'alongside.db'}")
    await database.migrate()
    channels: dict[str, Channel] = {}
    pipe = open_pipe(
        database=database,
        keyring=Keyring(MASTER),
        mind=Mind(FakeEngine(), parts.pop("decide", echo), EchoRenderer, Known),
        channels=channels,
        clock=clock,
        idle=timedelta(hours=24),
        paces={},
    )
    gone: list[Address] = []

    async def on_gone(address: Address) -> None:
        gone.append(address)
        await pipe.retention.erase(Keyring(MASTER).conversation_id(address))

    inbox = SwitchInbox(pipe.inbox)
    door = Door(inbox=inbox, keyring=Keyring(MASTER), channels=channels)

    def make(url: str | None) -> Telegram:
        return Telegram(
            token=parts.get("token", api.token),
            api=parts.get("api_root", api.url),
            door=door,
            clock=clock,
            on_gone=parts.get("on_gone", on_gone),
            set_aside=parts.get("set_aside", pipe.aside.keep),
            webhook_url=url,
            webhook_secret=SECRET if webhook else None,
            patience=patience,
        )

    app = Starlette()
    async with served(app) as url:
        telegram = make(f"{url}/telegram" if webhook else None)
        app.router.routes.extend(telegram.routes())
        channels["telegram"] = telegram
        working = asyncio.create_task(pipe.worker.run()) if work else None
        try:
            if start:
                await telegram.start()
            yield Rig(api, database, pipe, telegram, inbox, url, gone)
        finally:
            await telegram.stop()
            pipe.worker.stop()
            if working is not None:
                await working
            await telegram.close()
            await database.close()
