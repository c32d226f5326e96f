"""What we ask of Telegram. The library's Bot makes the calls, over our own Wire."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    User,
    WebhookInfo,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.actions import MAX_BYTES
from bot.channels.telegram_reading import CHANNEL, KINDS
from bot.channels.telegram_wire import UpdatesWire, Wire, outcome_of
from bot.messages import Choice, Outcome, Part, Sent

_log = structlog.get_logger()

COMMANDS = (  # seen by whoever holds the phone: nothing here says what this is about
    ("start", "Start"),
    ("menu", "Menu"),
    ("help", "What you can type"),
    ("erase", "Clear"),
    ("leave", "Leave"),
)
BATCH = 100  # updates in one answer (platform: at most 100)
CONNECTIONS = 64  # at once, for calls (ours)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds. poll: Telegram holds an empty answer back so long (0 to 50)."""

    connect: float = 5.0
    answer: float = 10.0
    poll: int = 25
    start: float = 5.0  # before the rest of the service goes on without Telegram
    first: float = 1.0  # after a failure; doubles
    slowest: float = 30.0
    watch: float = 600.0  # between two looks whether Telegram still calls us

    def after(self, failures: int) -> float:
        """The wait after so many failures in a row, 1 or more."""
        return min(self.slowest, self.first * 2.0 ** min(failures - 1, 16))


class Calls:
    """Every call we make, for one bot."""

    def __init__(self, token: str, api: str, patience: Patience) -> None:
        """api: root of the Bot API, without /bot."""
        self._patience = patience
        self._wire = Wire(CONNECTIONS, **_limits(api, patience))
        self._updates = UpdatesWire(2, **_limits(api, patience))
        self._bot = Bot(
            token,
            base_url=f"{api}/bot",
            base_file_url=f"{api}/file/bot",
            request=self._wire,
            get_updates_request=self._updates,
        )

    async def open(self) -> None:
        """Ready for calls; again after `close`."""
        await self._wire.initialize()
        await self._updates.initialize()

    async def close(self) -> None:
        """Let the connections go."""
        await self._wire.shutdown()
        await self._updates.shutdown()

    async def send(self, chat: str, part: Part) -> Outcome:
        """Send one bubble. Plain text: nothing in it is ever read as markup."""
        try:
            message = await self._bot.send_message(
                chat_id=chat,
                text=part.text.encode("utf-8", "replace").decode("utf-8"),
                reply_markup=_keyboard(part.choices),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            return Sent(str(message.message_id))
        except TelegramError as error:
            return outcome_of(error)
        except Exception as error:  # noqa: BLE001 - Telegram said yes; only its answer was odd
            _log.warning("telegram.odd_answer", channel=CHANNEL, fault=type(error).__name__)
            return Sent()

    async def updates(self, offset: int | None) -> list[Any]:
        """What people did, raw, oldest first. Confirms all before `offset`.

        Raises TelegramError.
        """
        self._updates.updates = []
        await self._bot.get_updates(
            offset=offset, limit=BATCH, timeout=self._patience.poll, allowed_updates=KINDS
        )
        return self._updates.updates

    async def check_token(self) -> None:
        """Ask who we are. Raises TelegramError: InvalidToken when there is no such bot."""
        try:
            await self._bot.get_me()
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001 - the token was taken; only the answer was odd
            _log.warning("telegram.odd_answer", channel=CHANNEL, fault=type(error).__name__)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Telegram calls us from now on; what waits there is kept. Raises TelegramError."""
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS)

    async def delete(self, chat: str, numbers: Sequence[int]) -> None:
        """Delete 1 to 100 messages for both sides. Raises TelegramError: BadRequest, and none of
        them is deleted, where one is too old or must stay. Those that are gone are no fault.
        """
        await self._bot.delete_messages(chat, list(numbers))

    async def webhook(self) -> WebhookInfo:
        """What Telegram says of its calls to us; `url` is empty for none. Raises TelegramError."""
        return await self._bot.get_webhook_info()

    async def me(self) -> User:
        """The bot as people see it. Raises TelegramError."""
        return await self._bot.get_me()

    async def drop_webhook(self) -> None:
        """Telegram does not call us any more; what waits there is kept. Best effort."""
        await self._try("deleteWebhook", self._bot.delete_webhook())

    async def set_commands(self) -> None:
        """The menu of commands. Best effort."""
        await self._try("setMyCommands", self._bot.set_my_commands(COMMANDS))

    async def confirm_tap(self, query: str) -> None:
        """Stop the clock on the button. Best effort: a late one is refused, and nothing is lost."""
        await self._try("answerCallbackQuery", self._bot.answer_callback_query(query))

    async def show_typing(self, chat: str) -> None:
        """Best effort."""
        await self._try("sendChatAction", self._bot.send_chat_action(chat, "typing"))

    async def leave(self, chat: int) -> bool:
        """Leave a group without a word; False when it should be tried again."""
        return await self._try("leaveChat", self._bot.leave_chat(chat))

    async def _try(self, name: str, call: Awaitable[Any]) -> bool:
        """False when it did not go well and might another time."""
        try:
            await call
        except (BadRequest, Forbidden):
            return True  # too late, or done already
        except Exception as error:  # noqa: BLE001 - nothing that a person waits for hangs on it
            _log.info("telegram.passed_over", name=name, fault=type(error).__name__)
            return False
        return True


def _limits(api: str, patience: Patience) -> dict[str, Any]:
    local = urlsplit(api).hostname in {"127.0.0.1", "localhost", "::1"}
    return {
        "read_timeout": patience.answer,
        "write_timeout": patience.answer,
        "connect_timeout": patience.connect,
        "pool_timeout": patience.connect,
        "httpx_kwargs": {"trust_env": not local},  # no proxy on the way to this very machine
    }


def _keyboard(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    """One button a row. One that Telegram would refuse is left out rather than the message lost."""
    good = [c for c in choices if c.title.strip() and 0 < len(c.id.encode()) <= MAX_BYTES]
    if len(good) < len(choices):
        _log.error("telegram.button_left_out", channel=CHANNEL, count=len(choices) - len(good))
    rows = [[InlineKeyboardButton(c.title, callback_data=c.id)] for c in good]
    return InlineKeyboardMarkup(rows) if rows else None
