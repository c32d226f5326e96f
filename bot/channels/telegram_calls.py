"""What we ask of Telegram, and what its answers mean. The library's Bot makes the calls.

Between the Bot and the network stands Wire: there every answer is judged, by status and not by
wording, and what Telegram tells about the person (name, username) is dropped.
"""

import json
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.actions import MAX_BYTES
from bot.channels.telegram_reading import CHANNEL, KINDS
from bot.messages import Choice, Outcome, Part, Refused, Sent, TryLater, Unknown

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


class NotSent(NetworkError):  # noqa: N818 - a fact about a request
    """The request never left: no connection."""


class NoAnswer(NetworkError):  # noqa: N818 - a fact about a request
    """The request left and nothing, or nothing of use, came back: it may have been done."""


class TooMany(TelegramError):  # noqa: N818 - a fact about a request
    """Telegram wants us to wait. seconds: None when it did not say how long."""

    def __init__(self, seconds: float | None) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class Wire(HTTPXRequest):
    """Requests to the Bot API. Raises one of the errors above, or the library's own by status."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """The status and body of a call that went well."""
        try:
            code, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:  # the library's TimedOut is one, too
            raise _lost(error) from None
        except RuntimeError:  # closed: the service ends
            raise NotSent("closed") from None
        answer = _object_in(payload)
        if not httpx.codes.is_success(code):
            raise refusal(code, answer)
        if "result" not in answer:
            raise NoAnswer("no result")
        return code, self.kept(answer["result"], payload)

    def kept(self, result: Any, payload: bytes) -> bytes:
        """What the library gets to see. Of a message, only its number."""
        number = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(number, int):
            return payload
        bare = {"message_id": number, "date": 0, "chat": {"id": 0, "type": "private"}}
        return json.dumps({"ok": True, "result": bare}).encode()


class UpdatesWire(Wire):
    """Keeps the updates raw: the library would throw a whole batch away for one it cannot read."""

    updates: list[Any]

    def kept(self, result: Any, payload: bytes) -> bytes:  # noqa: ARG002 - Wire's shape
        """Nothing for the library; the updates are in `updates`."""
        self.updates = result if isinstance(result, list) else []
        return b'{"ok": true, "result": []}'


def refusal(code: int, answer: dict[str, Any]) -> TelegramError:
    """The error of an answer that is not 2xx. answer: its JSON, {} when it was none."""
    given = answer.get("parameters")
    parameters = given if isinstance(given, dict) else {}
    description = str(answer.get("description", ""))
    match code:
        case 429:
            seconds = parameters.get("retry_after")
            return TooMany(float(seconds) if isinstance(seconds, int | float) else None)
        case 401 | 404:
            return InvalidToken("refused")
        case 403:
            return Forbidden(description)
        case 409:
            return Conflict(description)
        case 400:
            moved = parameters.get("migrate_to_chat_id")
            return ChatMigrated(moved) if isinstance(moved, int) else BadRequest(description)
        case _:
            return NoAnswer(f"status {code}")


def outcome_of(error: TelegramError) -> Outcome:
    """What a failed send means. BadRequest is a NetworkError in this library: it comes first."""
    match error:
        case TooMany(seconds=seconds):
            after = None if seconds is None else timedelta(seconds=seconds)
            return TryLater("too many", after)
        case Forbidden():
            return Refused("blocked", gone=True)
        case ChatMigrated():
            return Refused("moved")
        case InvalidToken():
            return Refused("token")
        case BadRequest() if "not modified" in error.message:
            return Sent()
        case BadRequest() if "chat not found" in error.message.lower():
            return Refused("no chat", gone=True)
        case BadRequest():
            return Refused("malformed")
        case NotSent():
            return TryLater("not reached")
        case _:
            return Unknown("no answer")


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

    async def webhook(self) -> str:
        """The address that Telegram calls, empty for none. Raises TelegramError."""
        return (await self._bot.get_webhook_info()).url

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


def _lost(error: NetworkError) -> NetworkError:
    never_left = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return NotSent("not sent") if isinstance(error.__cause__, never_left) else NoAnswer("lost")


def _object_in(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
