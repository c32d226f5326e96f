"""The channel over the real pipe (SQLite, the real worker), with the stand-in as Meta."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp_calls import Patience
from bot.clock import Clock, utc_now
from bot.dialogue.known import Known
from bot.door import Door
from bot.inbox import Accepted, Inbox
from bot.messages import Address, Incoming
from bot.pipe import Pipe, open_pipe
from bot.ports import Channel
from bot.store.database import Away, Database
from bot.store.seal import Keyring
from bot.store.tables import aside, inbox, outbox
from bot.turn import Mind
from tests.channels.telegram_rig import until
from tests.channels.telegram_stand_in import served
from tests.channels.whatsapp_stand_in import NUMBER_ID, PERSON, SECRET, TOKEN, VERIFY, StandIn
from tests.fakes import MASTER, EchoRenderer, FakeEngine, echo

QUICK = Patience(connect=2.0, answer=2.0, start=4.0, retry=0.05, watch=0.2, status=1.0)


class SwitchInbox(Inbox):
    """The real inbox, whose database can be switched off. after: it goes away after so many."""

    def __init__(self, real: Inbox) -> None:
        self.real = real
        self.away = False
        self.after: int | None = None

    async def accept(self, incoming: Incoming, **how: Any) -> Accepted:
        if self.after is not None:
            self.after -= 1
            self.away = self.after < 0
        if self.away:
            raise Away("OperationalError")
        return await self.real.accept(incoming, **how)

    async def ahead(self, incoming: Incoming) -> int | None:
        if self.away:
            raise Away("OperationalError")
        return await self.real.ahead(incoming)


@dataclass(eq=False)
class Rig:
    """One life of the service: from `opened` until the block is left."""

    api: StandIn
    database: Database
    pipe: Pipe
    whatsapp: WhatsApp
    inbox: SwitchInbox
    url: str  # of the public app
    gone: list[Address] = field(default_factory=list)

    async def answered(self, count: int, person: str = PERSON) -> list[str]:
        """What this person has on the phone, once there are so many messages."""
        await until(lambda: len(self.api.texts(person)) >= count)
        return self.api.texts(person)

    async def states(self) -> list[str]:
        """The outbox's rows, oldest first."""
        rows = await self.database.read(
            lambda c: c.execute(select(outbox.c.state).order_by(outbox.c.id)).all()
        )
        return [row.state for row in rows]

    async def settled(self, *states: str) -> None:
        """Wait until the outbox's rows are so."""

        async def so() -> bool:
            return await self.states() == list(states)

        await until(so)

    async def stored(self) -> int:
        """How many messages were accepted."""
        rows = await self.database.read(lambda c: c.execute(select(inbox.c.id)).all())
        return len(rows)

    async def aside(self) -> list[bytes]:
        """What was set aside, opened."""
        rows = await self.database.read(lambda c: c.execute(select(aside)).all())
        return [Keyring(MASTER).open_aside(row.id, row.body) for row in rows]


@asynccontextmanager
async def opened(
    api: StandIn,
    folder: Path,
    *,
    start: bool = True,
    work: bool = True,
    clock: Clock = utc_now,
    patience: Patience = QUICK,
    **parts: Any,
) -> AsyncIterator[Rig]:
    """The service runs over the database in this folder, which outlives it.

    work: False leaves messages unanswered.
    """
    database = await Database.open(f"sqlite:///{folder / 'alongside.db'}")
    await database.migrate()
    channels: dict[str, Channel] = {}
    keyring = Keyring(MASTER)
    pipe = open_pipe(
        database=database,
        keyring=keyring,
        mind=Mind(FakeEngine(), parts.pop("decide", echo), EchoRenderer, Known),
        channels=channels,
        clock=clock,
        idle=timedelta(hours=parts.get("idle", 24)),
        paces=parts.get("paces", {}),
    )
    gone: list[Address] = []

    async def on_gone(address: Address) -> None:
        gone.append(address)
        await pipe.retention.erase(keyring.conversation_id(address))

    switch = SwitchInbox(pipe.inbox)
    whatsapp = WhatsApp(
        token=parts.get("token", TOKEN),
        number_id=parts.get("number_id", NUMBER_ID),
        app_secret=SECRET,
        verify_token=VERIFY,
        api=parts.get("api_root", api.url),
        door=Door(inbox=switch, keyring=keyring, channels=channels),
        clock=clock,
        on_gone=parts.get("on_gone", on_gone),
        on_receipt=parts.get("on_receipt", pipe.receipts.took),
        set_aside=parts.get("set_aside", pipe.aside.keep),
        patience=patience,
    )
    channels["whatsapp"] = whatsapp
    app = Starlette(routes=whatsapp.routes())
    async with served(app) as url:
        api.webhook = f"{url}/whatsapp"
        working = asyncio.create_task(pipe.worker.run()) if work else None
        try:
            if start:
                await whatsapp.start()
            yield Rig(api, database, pipe, whatsapp, switch, url, gone)
        finally:
            await whatsapp.stop()
            pipe.worker.stop()
            if working is not None:
                await working
            await whatsapp.close()
            await database.close()
