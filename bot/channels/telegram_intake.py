"""One update is handed in, however it came: by webhook or by polling."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog

from bot.channels.telegram_calls import Calls
from bot.channels.telegram_reading import (
    CHANNEL,
    Alone,
    Closed,
    Shared,
    Unreadable,
    Update,
    read_update,
)
from bot.clock import Clock
from bot.door import Door
from bot.messages import Address, Incoming
from bot.store.database import Away
from nlu.urgent_words import urgent_in

_log = structlog.get_logger()

K = TypeVar("K")

OnGone = Callable[[Address], Awaitable[object]]
"""Told when a person has blocked us: their conversation is over. May raise while it cannot be."""

SetAside = Callable[[str, bytes], Awaitable[object]]
"""Keeps what nobody could read: the channel's name, and the bytes. Raises Away while it cannot."""

REMEMBERED = 1_000  # albums and groups
BESIDE = 200  # calls of small use under way at once; more are left out


class Intake:
    """Reads updates and hands them to the door. One per bot and process."""

    def __init__(
        self, *, calls: Calls, door: Door, clock: Clock, on_gone: OnGone, set_aside: SetAside
    ) -> None:
        self._calls = calls
        self._door = door
        self._clock = clock
        self._on_gone = on_gone
        self._set_aside = set_aside
        self._heard_albums: OrderedDict[str, None] = OrderedDict()
        self._leaving: OrderedDict[int, None] = OrderedDict()
        self._beside: set[asyncio.Task[None]] = set()
        self.unreadable = 0  # updates nobody could make anything of, since the start

    async def take(
        self, raw: object, *, only_danger: bool = False, body: bytes | None = None
    ) -> bool:
        """Hand in one update. False: it could not be kept and must come again. Never raises.

        only_danger: an earlier update could not be kept and this one has to wait behind it, unless
        it speaks of danger: that is answered at once. body: as it came, None where it came among
        others.
        """
        update = self._read(raw)
        meant = update.meant
        if only_danger and not _is_danger(meant):
            return False
        match meant:
            case Incoming():
                return await self._receive(meant, update)
            case Closed(address=address):
                return await self._close(address)
            case Shared(chat=chat):
                self._leave(chat)
            case Unreadable(why=why):
                return await self._keep_aside(raw if body is None else body, why)
            case Alone(stands=stands):
                if stands is not None:
                    address, message = stands
                    await self._door.note(address, message, self._clock(), mine=True)
        return True

    def _read(self, raw: object) -> Update:
        try:
            return read_update(raw, self._clock())
        except Exception as error:  # noqa: BLE001 - a fault of ours must not come again for ever
            return Update(None, Unreadable(type(error).__name__))

    async def stop(self) -> None:
        """End the calls that nobody waits for."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def _receive(self, incoming: Incoming, update: Update) -> bool:
        if update.query is not None:
            self._aside(self._calls.confirm_tap(update.query))
        if incoming.media is not None and update.album in self._heard_albums:
            if incoming.message is not None:
                await self._door.note(incoming.address, incoming.message, incoming.at, mine=True)
            return True  # the words under another picture of it are being answered
        received = await self._door.receive(incoming)
        for part in received.parts:
            outcome = await self._calls.send(incoming.address.to, part)
            _log.info("telegram.card_past_inbox", outcome=type(outcome).__name__)
            self._door.delivered(incoming, outcome)
        if not received.stored:
            return False
        if update.album is not None and incoming.words is not None:
            _remember(self._heard_albums, update.album)
        if update.album is None:
            self._aside(self._calls.show_typing(incoming.address.to))
        return True

    async def _keep_aside(self, raw: object, why: str) -> bool:
        """Nobody could make anything of it: kept sealed, counted, and never in anybody's way."""
        self.unreadable += 1
        _log.error("telegram.unreadable", channel=CHANNEL, reason=why, count=self.unreadable)
        try:
            body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
            await self._set_aside(CHANNEL, body)
        except Away:
            return False  # as with every other update: it comes again
        except Exception as error:  # noqa: BLE001 - it would come again for ever
            _log.error("telegram.not_aside", channel=CHANNEL, fault=type(error).__name__)
        return True

    async def _close(self, address: Address) -> bool:
        try:
            await self._on_gone(address)
        except Exception as error:  # noqa: BLE001 - the database may be away: it comes again
            _log.error("telegram.not_closed", channel=CHANNEL, fault=type(error).__name__)
            return False
        return True

    def _leave(self, chat: int) -> None:
        if chat not in self._leaving:
            _remember(self._leaving, chat)
            self._aside(self._left(chat))

    async def _left(self, chat: int) -> None:
        if not await self._calls.leave(chat):
            self._leaving.pop(chat, None)
        else:
            _log.info("telegram.left_group", channel=CHANNEL)

    def _aside(self, call: Coroutine[Any, Any, None]) -> None:
        """Do it beside, so that nobody waits for it."""
        if len(self._beside) >= BESIDE:
            call.close()
            return
        task = asyncio.create_task(call)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


def _is_danger(meant: object) -> bool:
    return (
        isinstance(meant, Incoming)
        and meant.words is not None
        and bool(urgent_in(meant.words.text))
    )


def _remember(kept: OrderedDict[K, None], one: K) -> None:
    kept[one] = None
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)
