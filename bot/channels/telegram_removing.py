"""Messages taken off a person's screen: `deleteMessages`, which does all of a batch or nothing."""

from collections.abc import Sequence

import structlog
from telegram.error import BadRequest, TelegramError

from bot.channels.telegram_calls import Calls
from bot.channels.telegram_reading import CHANNEL
from bot.channels.telegram_wire import outcome_of
from bot.messages import Outcome, Refused, Sent

_log = structlog.get_logger()

MOST_CALLS = 32  # for one batch: enough to part the old ones from a hundred (ours)


async def take_off(calls: Calls, chat: str, messages: Sequence[str]) -> Outcome:
    """Delete these, at most 100, for both sides. Sent: none is left that we know of.

    One message that must stay (older than 48 hours) makes Telegram refuse the whole batch. It is
    then halved until those that must stay are alone. Doing it again does no harm.
    """
    batches = [[int(one) for one in messages if one.isdecimal()]]
    left = len(messages) - len(batches[0])
    asked = 0
    while batches:
        batch = batches.pop()
        if not batch:
            continue
        if asked >= MOST_CALLS:
            left += len(batch)
            continue
        asked += 1
        try:
            await calls.delete(chat, batch)
        except BadRequest as error:
            outcome = outcome_of(error)
            if isinstance(outcome, Refused) and outcome.gone:
                return outcome
            if len(batch) == 1:
                left += 1
            else:  # the newer half first: with few calls left, the most is taken off
                half = len(batch) // 2
                batches += [batch[:half], batch[half:]]
        except TelegramError as error:
            return outcome_of(error)
    if left:
        _log.warning("telegram.left_on_screen", channel=CHANNEL, count=left)
        return Refused("too old")
    return Sent()
