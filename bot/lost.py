"""What somebody is told whose talk can't be opened any more: after a backup was put back."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.conversation import Facts
from bot.dialogue.decision import Say
from bot.messages import Kind, Part
from bot.outbox import Renders
from bot.ports import Channel

_log = structlog.get_logger()


def with_apology(
    parts: tuple[Part, ...], renderer: Callable[[], Renders], now: datetime, channel: Channel
) -> tuple[Part, ...]:
    """The answer with a sentence that what was said before is lost. A 999 card still goes first.

    Never raises: without the sentence the answer goes out as it is.
    """
    try:
        lost = renderer().render(Say("technical.lost"), Facts(), now, channel.limits, channel.name)
    except Exception as error:  # noqa: BLE001 - the answer matters more
        _log.error("turn.last_resort", channel=channel.name, fault=type(error).__name__)
        return parts
    cards = [part for part in parts if part.kind is Kind.EMERGENCY]
    return (*cards, *lost, *(part for part in parts if part.kind is not Kind.EMERGENCY))
