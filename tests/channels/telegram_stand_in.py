"""A Bot API on this machine: as strict as Telegram where it matters, and as troublesome on demand.

It speaks real HTTP on a real port. Updates are kept until they are confirmed by an offset, or until
the webhook answers 2xx; a second poller or a webhook makes getUpdates answer 409.
"""

import asyncio
import itertools
import json
import re
import socket
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.clock import Clock, utc_now

TOKEN = "987654321:AA" + "standinTOKEN" * 2 + "standin00"  # a token's shape, no bot's
DEFAULT_KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "poll")


@dataclass(frozen=True)
class Fault:
    """One call goes wrong. done: the work is done all the same. drop: no answer, line cut.

    body: sent as it is in place of JSON. seconds: before the answer.
    """

    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, Any] | None = None
    done: bool = False
    drop: bool = False
    body: bytes | None = None
    seconds: float = 0.0


FLOOD = Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1})
BLOCKED = Fault(403, "Forbidden: bot was blocked by the user")
MALFORMED = Fault(400, "Bad Request: BUTTON_DATA_INVALID")
NOT_FOUND = Fault(404, "Not Found")
CUT = Fault(drop=True)
ARRIVED_BUT_CUT = Fault(done=True, drop=True)


@dataclass(frozen=True)
class Call:
    """One call as it came, its JSON fields opened."""

    method: str
    data: dict[str, Any]


class Refusal(Exception):  # noqa: N818 - an answer
    """The Bot API's own no."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass(eq=False)
class StandIn:
    """The Bot API, and the people who write to the bot."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)  # updates not yet confirmed
    sent: list[dict[str, Any]] = field(default_factory=list)  # messages that reached a phone
    blocked: set[int] = field(default_factory=set)
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: list[dict[str, str]] = field(default_factory=list)
    allowed: tuple[str, ...] = DEFAULT_KINDS
    name: str = "Notes"
    standing: dict[int, dict[int, int]] = field(
        default_factory=dict
    )  # chat: message id: age, hours
    away: Fault | None = None  # every call goes wrong so
    token: str = TOKEN
    webhook_news: dict[str, Any] = field(default_factory=dict)  # more of getWebhookInfo
    clock: Clock = utc_now  # when messages are written
    polls: int = 0  # getUpdates that wait now

    def __post_init__(self) -> None:
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._numbers = itertools.count(700_000_001)
        self._messages = itertools.count(1)
        self._news = asyncio.Condition()

    # What tests do

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of this method go wrong, in this order."""
        self._faults[method].extend(faults)

    def of(self, method: str) -> list[dict[str, Any]]:
        """The data of every call of this method."""
        return [call.data for call in self.calls if call.method == method]

    def texts(self, chat: int) -> list[str]:
        """What arrived on this person's phone, oldest first."""
        return [one["text"] for one in self.sent if one["chat_id"] == chat]

    async def push(self, kind: str, body: Any, number: int | None = None) -> dict[str, Any]:
        """Queue an update of this kind, readable or not."""
        update = {"update_id": next(self._numbers) if number is None else number, kind: body}
        async with self._news:
            self.waiting.append(update)
            self._news.notify_all()
        return update

    async def say(self, text: str, chat: int = 1001) -> dict[str, Any]:
        """A person writes."""
        return await self.push("message", self.message(chat, text=text))

    async def tap(self, data: str, chat: int = 1001) -> dict[str, Any]:
        """A person taps a button under our last message."""
        return await self.push(
            "callback_query",
            {
                "id": f"q{next(self._messages)}",
                "from": {"id": chat, "is_bot": False, "first_name": "Nomen Nescio"},
                "message": self.last(chat) or self.message(chat, text="…"),
                "chat_instance": "-1",
                "data": data,
            },
        )

    def last(self, chat: int) -> dict[str, Any] | None:
        """Our last message in this chat, as a tap under it shows it."""
        ours = [one for one in self.sent if one["chat_id"] == chat]
        if not ours:
            return None
        whose = {"id": chat, "type": "private", "first_name": "Nomen Nescio"}
        number, date = ours[-1]["message_id"], int(self.clock().timestamp())
        return {"message_id": number, "date": date, "chat": whose, "text": ours[-1]["text"]}

    def on_screen(self, chat: int) -> list[int]:
        """The numbers of the messages that stand in this chat, of both sides, oldest first."""
        return list(self.standing.get(chat, {}))

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        """A message in a person's own chat with the bot."""
        number = next(self._messages)
        self.standing.setdefault(chat, {})[number] = 0
        return {
            "message_id": number,
            "date": int(self.clock().timestamp()),
            "chat": {"id": chat, "type": "private", "first_name": "Nomen Nescio"},
            "from": {
                "id": chat,
                "is_bot": False,
                "first_name": "Nomen Nescio",
                "username": "nomen_nescio",
            },
            **content,
        }

    async def deliver(self, *, tries: int = 1, secret: str | None = None) -> list[int]:
        """Call the webhook with every waiting update until it says 2xx; the statuses seen."""
        given = self.webhook.get("secret_token", "") if secret is None else secret
        statuses = []
        async with httpx.AsyncClient(trust_env=False) as client:
            for update in list(self.waiting):
                for _ in range(tries):
                    answer = await client.post(
                        self.webhook["url"],
                        json=update,
                        headers={"X-Telegram-Bot-Api-Secret-Token": given},
                    )
                    statuses.append(answer.status_code)
                    if answer.is_success:
                        self.waiting.remove(update)
                        break
        return statuses

    # What the bot may call

    async def answer(self, request: Request) -> Response | ASGIApp:
        """One call."""
        method = request.path_params["method"]
        data = await _data(request)
        if request.path_params["token"] != self.token:
            return _no(401 if ":" in request.path_params["token"] else 404, "Unauthorized")
        self.calls.append(Call(method, data))
        faults = self._faults[method]
        fault = faults.popleft() if faults else self.away
        if fault is not None and not fault.done:
            return await _broken(fault)
        try:
            result = await self._do(method, data)
        except Refusal as refusal:
            return _no(refusal.status, refusal.description)
        if fault is not None:
            return await _broken(fault)
        return JSONResponse({"ok": True, "result": result})

    async def _do(self, method: str, data: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return await self._get_updates(data)
        doing: dict[str, Callable[[dict[str, Any]], Any]] = {
            "getMe": lambda _: {
                "id": 987654321,
                "is_bot": True,
                "first_name": self.name,
                "username": "notes_bot",
            },
            "getWebhookInfo": lambda _: {
                "url": self.webhook.get("url", ""),
                "has_custom_certificate": False,
                "pending_update_count": len(self.waiting),
                **self.webhook_news,
                **(
                    {"allowed_updates": self.webhook["allowed_updates"]}
                    if "allowed_updates" in self.webhook
                    else {}
                ),
            },
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "setMyCommands": self._set_commands,
            "sendMessage": self._send_message,
            "answerCallbackQuery": self._answer_tap,
            "sendChatAction": lambda _: True,
            "leaveChat": lambda _: True,
            "deleteMessages": self._delete_messages,
        }
        if method not in doing:
            raise Refusal(404, "Not Found: method not found")
        return doing[method](data)

    async def _get_updates(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        offset = int(data.get("offset", 0))
        if "allowed_updates" in data:
            self.allowed = tuple(data["allowed_updates"])
        self.waiting = [u for u in self.waiting if u.get("update_id", offset) >= offset]
        self.polls += 1
        try:
            async with asyncio.timeout(float(data.get("timeout", 0))), self._news:
                while not (found := self._for_bot()):
                    await self._news.wait()
                return found[: int(data.get("limit", 100))]
        except TimeoutError:
            return []
        finally:
            self.polls -= 1

    def _for_bot(self) -> list[dict[str, Any]]:
        return [u for u in self.waiting if set(u) & {*self.allowed, "odd"}]

    def _set_webhook(self, data: dict[str, Any]) -> bool:
        if not str(data.get("url", "")).startswith(("https://", "http://127.0.0.1")):
            raise Refusal(400, "Bad Request: bad webhook: HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", data.get("secret_token", "x")):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        if data.get("drop_pending_updates"):
            self.waiting.clear()
        self.webhook = data
        return True

    def _delete_webhook(self, data: dict[str, Any]) -> bool:
        if data.get("drop_pending_updates"):
            self.waiting.clear()
        self.webhook = {}
        return True

    def _set_commands(self, data: dict[str, Any]) -> bool:
        for one in data["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) or not one["description"]:
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands = data["commands"]
        return True

    def _send_message(self, data: dict[str, Any]) -> dict[str, Any]:
        chat, text = int(data["chat_id"]), data.get("text", "")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if len(text) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        rows = data.get("reply_markup", {}).get("inline_keyboard", [])
        for button in itertools.chain.from_iterable(rows):
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        message = self.message(chat, text=text)
        self.sent.append({**data, "chat_id": chat, "message_id": message["message_id"]})
        return message

    def _answer_tap(self, data: dict[str, Any]) -> bool:
        if not str(data.get("callback_query_id", "")).startswith("q"):
            raise Refusal(400, "Bad Request: query is too old and response timeout expired")
        return True

    def _delete_messages(self, data: dict[str, Any]) -> bool:
        chat, numbers = int(data["chat_id"]), data["message_ids"]
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if not 1 <= len(numbers) <= 100:
            raise Refusal(400, "Bad Request: too many message identifiers specified")
        there = self.standing.get(chat, {})
        if any(there.get(number, 0) >= 48 for number in numbers):
            raise Refusal(400, "Bad Request: message can't be deleted for everyone")
        for number in numbers:  # what is gone, or stands in another chat, is passed over
            there.pop(number, None)
        return True


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    """A Bot API that listens; `url` is its root."""
    api = StandIn()
    route = Route("/bot{token}/{method}", Answering(api), methods=["GET", "POST"])
    async with served(Starlette(routes=[route])) as url:
        api.url = url
        yield api


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """The app on a port of this machine; its address."""
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        with suppress(asyncio.CancelledError):
            await task
        listener.close()


def free_port() -> int:
    """A port where nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Answering:
    """The route's end: a class, so that Starlette lets it send what it likes."""

    def __init__(self, api: StandIn) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._api.answer(Request(scope, receive))
        await answer(scope, receive, send)


async def _cut(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Promise more than comes: the server closes the line."""
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]}
    )


async def _broken(fault: Fault) -> Response | ASGIApp:
    await asyncio.sleep(fault.seconds)
    if fault.drop:
        return _cut
    if fault.body is not None:
        return Response(fault.body, fault.status)
    return _no(fault.status, fault.description, fault.parameters)


def _no(status: int, description: str, parameters: dict[str, Any] | None = None) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return JSONResponse(body, status)


async def _data(request: Request) -> dict[str, Any]:
    """Form, JSON or query, with every field that is JSON opened."""
    if request.headers.get("content-type", "").startswith("application/json"):
        opened: dict[str, Any] = await request.json()
        return opened
    fields = {**request.query_params, **(await request.form())}
    return {key: _opened(key, str(value)) for key, value in fields.items()}


def _opened(key: str, value: str) -> Any:
    if key in {"text", "url", "secret_token", "callback_query_id"}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
