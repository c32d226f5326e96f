"""Joins every part of the way of a message over one database."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.aside import Aside
from bot.clock import Clock
from bot.door import Door
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.pages import Pages
from bot.ports import Channel
from bot.receipts import Receipts
from bot.retention import Retention
from bot.rush import Rush
from bot.store.bell import Bell
from bot.store.database import Database
from bot.store.pace import PACES, Pace
from bot.store.seal import Keyring
from bot.timers import Timers
from bot.turn import Mind, Turn
from bot.worker import LEASE, Worker

if TYPE_CHECKING:
    from bot.store.wire import Wire  # its driver is not needed for SQLite


@dataclass(frozen=True, slots=True)
class Pipe:
    """Every part of the way of a message, joined."""

    inbox: Inbox
    door: Door
    pages: Pages
    retention: Retention
    aside: Aside
    receipts: Receipts
    turn: Turn
    worker: Worker
    rush: Rush
    wire: "Wire | None"  # joins us to the other processes; None where there are none

    async def watch(self) -> None:
        """What every process does besides its own work: hear the others, and tell those who wait
        long. For as long as it is let.
        """
        watching = [self.rush.run()] if self.wire is None else [self.rush.run(), self.wire.run()]
        await asyncio.gather(*watching)


def open_pipe(
    *,
    database: Database,
    keyring: Keyring,
    mind: Mind,
    channels: Mapping[str, Channel],
    clock: Clock,
    idle: timedelta,
    paces: Mapping[str, Pace] = PACES,
    lease: timedelta = LEASE,
) -> Pipe:
    """Join the parts over one database. channels: by name; may be filled afterwards."""
    bell = Bell()
    inbox = Inbox(database, keyring, bell, clock)
    pages = Pages(database, keyring)
    wire = database.wire(bell, pages.answer)
    if wire is not None:
        bell.far = wire.work
        pages.join(wire)
    retention = Retention(database)
    aside = Aside(database, keyring, clock)
    receipts = Receipts(database, keyring, bell, clock)
    outbox = Outbox(
        database=database,
        keyring=keyring,
        channels=channels,
        bell=bell,
        clock=clock,
        renderer=mind.renderer,
        paces=paces,
        lease=lease,
    )
    turn = Turn(
        database=database,
        keyring=keyring,
        mind=mind,
        channels=channels,
        outbox=outbox,
        pages=pages,
        clock=clock,
        idle=idle,
        lease=lease,
    )
    worker = Worker(
        database=database,
        turn=turn,
        outbox=outbox,
        timers=Timers(database, clock),
        retention=retention,
        bell=bell,
        clock=clock,
        lease=lease,
    )
    rush = Rush(
        database=database,
        keyring=keyring,
        channels=channels,
        pages=pages,
        renderer=mind.renderer,
        clock=clock,
    )
    door = Door(inbox=inbox, keyring=keyring, channels=channels, crowded=lambda: rush.on)
    return Pipe(inbox, door, pages, retention, aside, receipts, turn, worker, rush, wire)
