"""Requests to the Bot API and what their answers mean, by status and not by wording.

Wire stands between the library's Bot and the network: what Telegram tells about the person (name,
username) is dropped there.
"""

import json
from datetime import timedelta
from typing import Any

import httpx
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

from bot.messages import Outcome, Refused, Sent, TryLater, Unknown


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


def _lost(error: NetworkError) -> NetworkError:
    never_left = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return NotSent("not sent") if isinstance(error.__cause__, never_left) else NoAnswer("lost")


def _object_in(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
