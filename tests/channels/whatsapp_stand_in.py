"""Meta's Graph API on this machine: strict where Meta is, and as troublesome on demand.

It speaks real HTTP on a real port, keeps what reached each phone, and calls the webhook with signed
bodies. Every id is invented; numbers are of the range that Ofcom keeps for drama.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.channels.telegram_stand_in import served

TOKEN = "EAAstandinTOKENstandinTOKEN0001"
SECRET = "0123456789abcdef0123456789abcdef"
VERIFY = "stand-in-verify-token"
NUMBER_ID = "106540352242922"
OTHER_NUMBER_ID = "106540352242999"
ACCOUNT = "102290129340398"
PERSON = "GB.13491208655302741918"
PHONE = "447700900123"


@dataclass(frozen=True)
class Fault:
    """One send goes wrong. done: it arrives all the same. drop: no answer, line cut.

    code: Meta's. body: sent as it is in place of JSON. seconds: before the answer.
    """

    status: int = 400
    code: int | None = None
    done: bool = False
    drop: bool = False
    body: bytes | None = None
    seconds: float = 0.0


CUT = Fault(drop=True)
ARRIVED_BUT_CUT = Fault(done=True, drop=True)


@dataclass(eq=False)
class StandIn:
    """The Graph API, and the people who write to the number."""

    url: str = ""  # root, version included
    sent: list[dict[str, Any]] = field(default_factory=list)  # what reached a phone
    marks: list[dict[str, Any]] = field(default_factory=list)  # read marks
    tried: list[dict[str, Any]] = field(default_factory=list)  # every send, as it came
    looks: int = 0
    token: str = TOKEN
    number_id: str = NUMBER_ID
    webhook: str = ""
    away: Fault | None = None

    def __post_init__(self) -> None:
        self._faults: deque[Fault] = deque()
        self._look_faults: deque[Fault] = deque()
        self._numbers = itertools.count(1)

    # What tests do

    def fail(self, *faults: Fault) -> None:
        """The next sends go wrong, in this order."""
        self._faults.extend(faults)

    def fail_looks(self, *faults: Fault) -> None:
        """The next questions about our number go wrong, in this order."""
        self._look_faults.extend(faults)

    def texts(self, person: str = PERSON) -> list[str]:
        """What arrived on this person's phone, oldest first."""
        return [_text_of(one) for one in self.sent if _to(one) == person]

    def text(self, words: str, person: str = PERSON, **more: Any) -> dict[str, Any]:
        """A message in words."""
        return self.message(person, type="text", text={"body": words}, **more)

    def message(self, person: str = PERSON, **content: Any) -> dict[str, Any]:
        """Any message; `from` is missing, as it is for people with a username."""
        id_ = f"wamid.STANDIN{next(self._numbers):08d}"
        return {"from_user_id": person, "id": id_, "timestamp": "1795520000", **content}

    def body(self, *messages: Any, statuses: Any = None, **value: Any) -> dict[str, Any]:
        """A whole call with these messages."""
        inside: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "447700900000", "phone_number_id": NUMBER_ID},
        }
        if messages:
            known = [m for m in messages if isinstance(m, dict) and "from_user_id" in m]
            people = dict.fromkeys(message["from_user_id"] for message in known)
            inside["contacts"] = [
                {"profile": {"name": "Nomen Nescio"}, "user_id": person} for person in people
            ]
            inside["messages"] = list(messages)
        if statuses is not None:
            inside["statuses"] = statuses
        changes = [{"field": "messages", "value": {**inside, **value}}]
        entry = [{"id": ACCOUNT, "changes": changes}]
        return {"object": "whatsapp_business_account", "entry": entry}

    def status(self, of: dict[str, Any], word: str = "delivered", **more: Any) -> dict[str, Any]:
        """News of a message that was sent."""
        return {
            "id": of.get("id", "wamid.SENT"),
            "status": word,
            "timestamp": "1795520001",
            "recipient_user_id": _to(of),
            "biz_opaque_callback_data": of["biz_opaque_callback_data"],
            **more,
        }

    async def post(self, body: Any, *, secret: str = SECRET, signature: bytes | None = None) -> int:
        """Call the webhook; the status. signature: another one than the right one."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = signed(content, secret) if signature is None else signature
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(
                self.webhook, content=content, headers=[(b"X-Hub-Signature-256", given)]
            )
        return answer.status_code

    async def say(self, words: str, person: str = PERSON) -> int:
        """A person writes and Meta calls us once."""
        return await self.post(self.body(self.text(words, person)))

    # What the bot may call

    async def answer(self, request: Request) -> Response | ASGIApp:
        """One call."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _no(401, 190)
        if request.path_params["number"] != self.number_id:
            return _no(400, 100)
        if request.method == "GET":
            self.looks += 1
            fault = self._look_faults.popleft() if self._look_faults else self.away
            return JSONResponse({"id": self.number_id}) if fault is None else await _broken(fault)
        data = await request.json()
        if data.get("status") == "read":
            return self._mark(data)
        self.tried.append(data)
        fault = self._faults.popleft() if self._faults else self.away
        if fault is not None and not fault.done:
            return await _broken(fault)
        code = refusal(data)
        if code is not None:
            return _no(400, code)
        id_ = f"wamid.OUT{next(self._numbers):08d}"
        self.sent.append({**data, "id": id_})
        if fault is not None:
            return await _broken(fault)
        return JSONResponse({"messaging_product": "whatsapp", "messages": [{"id": id_}]})

    def _mark(self, data: dict[str, Any]) -> Response:
        self.marks.append(data)
        good = str(data.get("message_id", "")).startswith("wamid.")
        return JSONResponse({"success": True}) if good else _no(400, 131009)


def refusal(data: dict[str, Any]) -> int | None:
    """Meta's code for a send that it does not take; None for one that it does."""
    if data.get("messaging_product") != "whatsapp" or not _to(data):
        return 131008
    if len(str(data.get("biz_opaque_callback_data", ""))) > 512:
        return 131009
    if data["type"] == "text":
        return None if 0 < len(data["text"]["body"].strip()) <= 4096 else 131009
    interactive = data["interactive"]
    if not 0 < len(interactive["body"]["text"]) <= 1024:
        return 131009
    if interactive["type"] == "button":
        options = [one["reply"] for one in interactive["action"]["buttons"]]
        most, title, id_ = 3, 20, 256
    else:
        options = interactive["action"]["sections"][0]["rows"]
        most, title, id_ = 10, 24, 200
        if not 0 < len(interactive["action"]["button"]) <= 20:
            return 131009
    good = 0 < len(options) <= most
    for name, longest in (("title", title), ("id", id_)):
        said = [one[name] for one in options]
        good = good and len(set(said)) == len(said)
        good = good and all(one == one.strip() and 0 < len(one) <= longest for one in said)
    return None if good else 131009


def signed(body: bytes, secret: str = SECRET) -> bytes:
    """The header's value."""
    return b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    """A Graph API that listens; `url` is its root."""
    api = StandIn()
    end = Answering(api)
    routes = [Route("/v26.0/{number}", end), Route("/v26.0/{number}/messages", end)]
    async with served(Starlette(routes=routes)) as url:
        api.url = f"{url}/v26.0"
        yield api


class Answering:
    """The route's end: a class, so that Starlette lets it send what it likes."""

    def __init__(self, api: StandIn) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._api.answer(Request(scope, receive))
        await answer(scope, receive, send)


def _to(data: dict[str, Any]) -> str:
    return str(data.get("to") or data.get("recipient") or "")  # a number would win


def _text_of(data: dict[str, Any]) -> str:
    inside = data["text"] if data["type"] == "text" else data["interactive"]["body"]
    return str(inside.get("body") or inside.get("text"))


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
    return _no(fault.status, fault.code)


def _no(status: int, code: int | None) -> Response:
    error: dict[str, Any] = {"message": "(#) stand-in", "type": "OAuthException"}
    if code is not None:
        error["code"] = code
    return JSONResponse({"error": error}, status)
