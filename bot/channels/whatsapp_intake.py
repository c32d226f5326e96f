"""What one signed call of WhatsApp tells is handed in, person by person."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from bot.channels.whatsapp_calls import Calls
from bot.channels.whatsapp_errors import meaning_of, outcome_of
from bot.channels.whatsapp_events import (
    CHANNEL,
    NEWS,
    Alone,
    Closed,
    Event,
    Said,
    Status,
    Trouble,
    Unreadable,
)
from bot.channels.whatsapp_reading import events_in
from bot.clock import Clock
from bot.danger import brought_by
from bot.door import Door
from bot.messages import Address, Incoming, Sent
from bot.receipts import Receipt
from bot.store.database import Away

_log = structlog.get_logger()

OnGone = Callable[[Address], Awaitable[object]]
"""Told when an address is nobody's any more. May raise while it cannot be."""
SetAside = Callable[[str, bytes], Awaitable[object]]
"""Keeps what nobody could read: the channel's name, and the bytes. Raises Away while it cannot."""
OnReceipt = Callable[[Receipt], Awaitable[object]]
"""Told what became of a message of ours. Raises Away."""

BESIDE = 200  # read marks under way at once; more are left out


class Intake:
    """Reads calls and hands them to the door. One per number and process."""

    def __init__(
        self,
        *,
        calls: Calls,
        door: Door,
        clock: Clock,
        number_id: str,
        on_gone: OnGone,
        on_receipt: OnReceipt,
        set_aside: SetAside,
    ) -> None:
        self._calls = calls
        self._door = door
        self._clock = clock
        self._number_id = number_id
        self._on_gone = on_gone
        self._on_receipt = on_receipt
        self._set_aside = set_aside
        self._beside: set[asyncio.Task[None]] = set()
        self.unreadable = 0  # messages nobody could make anything of, since the start

    async def take(self, body: bytes) -> bool:
        """Hand in all of one call. False: something could not be kept and must come again.

        What was kept is not kept twice when it does. Once the database is away the rest is only
        looked at for danger, which is answered at once. Never raises.
        """
        kept = True
        for event in events_in(body, self._clock(), self._number_id):
            if kept or _is_danger(event):
                kept = await self._hand_in(event, body) and kept
        return kept

    async def stop(self) -> None:
        """End the calls that nobody waits for."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def _hand_in(self, event: Event, body: bytes) -> bool:
        try:
            return await self._handed_in(event, body)
        except Away:
            return False
        except Exception as error:  # noqa: BLE001 - a fault of ours must not come again for a week
            _log.error("whatsapp.failed", channel=CHANNEL, fault=type(error).__name__)
            return True

    async def _handed_in(self, event: Event, body: bytes) -> bool:
        match event:
            case Said():
                return await self._receive(event)
            case Status():
                await self._on_receipt(_receipt(event))
            case Closed(address=address):
                await self._on_gone(address)
            case Trouble(code=code):
                self._calls.heard_of(meaning_of(code))
            case Unreadable(why=why, raw=raw):
                await self._keep_aside(why, body if raw is None else _bytes(raw))
            case Alone(why=why) if why in NEWS or why == "other number":
                _log.warning("whatsapp.news", channel=CHANNEL, kind=why)
            case _:
                pass
        return True

    async def _receive(self, said: Said) -> bool:
        incoming = said.incoming
        if said.odd:
            _log.error("whatsapp.odd_message", channel=CHANNEL, reason=said.odd)
        received = await self._door.receive(incoming)
        for part in received.parts:
            outcome = await self._calls.send(incoming.address.to, part)
            _log.info("whatsapp.card_past_inbox", outcome=type(outcome).__name__)
            self._door.delivered(incoming, outcome)
        if received.stored and said.shown is not None:
            self._aside(self._calls.show_read_and_typing(said.shown))
        return received.stored

    async def _keep_aside(self, why: str, raw: bytes) -> None:
        """Nobody could make anything of it: kept sealed, counted, and never in anybody's way."""
        self.unreadable += 1
        _log.error("whatsapp.unreadable", channel=CHANNEL, reason=why, count=self.unreadable)
        await self._set_aside(CHANNEL, raw)

    def _aside(self, call: Coroutine[Any, Any, None]) -> None:
        """Do it beside, so that nobody waits for it."""
        if len(self._beside) >= BESIDE:
            call.close()
            return
        task = asyncio.create_task(call)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


def _receipt(status: Status) -> Receipt:
    if status.word == "failed":
        return Receipt(CHANNEL, status.tag, outcome_of(meaning_of(status.code)))
    return Receipt(CHANNEL, status.tag, Sent())


def _is_danger(event: Event) -> bool:
    return isinstance(event, Said) and _speaks_of_danger(event.incoming)


def _speaks_of_danger(incoming: Incoming) -> bool:
    return bool(brought_by(incoming))


def _bytes(raw: object) -> bytes:
    return json.dumps(raw).encode("ascii", "replace")
