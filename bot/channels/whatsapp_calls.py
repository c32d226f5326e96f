"""What we ask of Meta's Graph API, and what its answers mean. One HTTP client for each process."""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from bot.channels.whatsapp_errors import (
    CHECK_TOKEN,
    NUMBER_GONE,
    Do,
    Meaning,
    meaning_of,
    outcome_of,
)
from bot.channels.whatsapp_events import CHANNEL
from bot.channels.whatsapp_parts import message, read_and_typing
from bot.messages import Outcome, Part, Sent, TryLater, Unknown

_log = structlog.get_logger()

CONNECTIONS = 64  # at once (ours)
REMEMBERED = 1_000  # people to whom too much went of late
NOT_REACHED = "WhatsApp has not been reached; it is tried again"
SEEN_BY_LOOKING = frozenset({NOT_REACHED, CHECK_TOKEN, NUMBER_GONE})
"""Troubles of which a look at our number shows whether they are over."""

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds."""

    connect: float = 5.0
    answer: float = 10.0
    start: float = 5.0  # before the rest of the service goes on without WhatsApp
    retry: float = 15.0  # before it is asked again whether the token is good
    watch: float = 600.0  # between two such questions when it was
    status: float = 10.0  # that a status may take which says that a doubtful message arrived


class Calls:
    """Every call we make, for one number. `trouble`: a sentence while nobody can be answered."""

    def __init__(self, token: str, number_id: str, api: str, patience: Patience) -> None:
        """api: root of the Graph API, version included."""
        self._token = token
        self._root = api.rstrip("/")
        self._number = f"{self._root}/{number_id}"
        self._patience = patience
        self._crowded: OrderedDict[str, int] = OrderedDict()
        self._client: httpx.AsyncClient | None = None
        self.trouble = ""

    def open(self) -> None:
        """Ready for calls; again after `close`."""
        if self._client is not None:
            return
        local = urlsplit(self._root).hostname in {"127.0.0.1", "localhost", "::1"}
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(self._patience.answer, connect=self._patience.connect),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            headers={"Authorization": f"Bearer {self._token}"},
            trust_env=not local,  # no proxy on the way to this very machine
        )

    async def close(self) -> None:
        """Let the connections go."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def send(self, to: str, part: Part, tag: str | None = None) -> Outcome:
        """Send one bubble. tag: comes back with each status of it."""
        if self._client is None:
            return TryLater("closed")
        try:
            answer = await self._post(message(to, part, tag))
        except _NEVER_LEFT:
            return TryLater("not reached")
        except httpx.HTTPError:  # it left, and nothing of use came back
            return Unknown("no answer", self._doubt)
        said = _object_in(answer.content)
        if answer.is_success and isinstance(said.get("messages"), list):
            self.trouble = ""
            self._crowded.pop(to, None)
            return Sent(_id_in(said))
        return self._failed(to, answer, said)

    async def show_read_and_typing(self, message_id: str) -> None:
        """Best effort: nothing that a person waits for hangs on it."""
        try:
            await self._post(read_and_typing(message_id))
        except httpx.HTTPError as error:
            _log.info("whatsapp.passed_over", name="typing", fault=type(error).__name__)

    async def look(self) -> str:
        """Ask for our own number, which costs nothing: what is wrong, in a sentence, or empty."""
        if self._client is None:
            return "WhatsApp is closed"
        try:
            answer = await self._client.get(self._number, params={"fields": "id"})
        except httpx.HTTPError:
            return NOT_REACHED
        if answer.is_success:
            return ""
        code = _code_in(_object_in(answer.content))
        # Meta says 100 for a number that is not there, and for one that this token may not see.
        meaning = meaning_of(33 if code == 100 else code, answer.status_code)
        return meaning.page or NOT_REACHED

    def heard_of(self, meaning: Meaning) -> None:
        """Meta told of a fault, in an answer or by itself: an operator learns of what is theirs."""
        if meaning.page and meaning.page != self.trouble:
            _log.error("whatsapp.refused", channel=CHANNEL, reason=meaning.reason, do=meaning.page)
        self.trouble = meaning.page or self.trouble

    @property
    def _doubt(self) -> timedelta:
        return timedelta(seconds=self._patience.status)

    async def _post(self, body: dict[str, Any]) -> httpx.Response:
        if self._client is None:
            raise httpx.ConnectError("closed")
        # The library's own limits are for each step: a line that drips would hold us for ever.
        try:
            async with asyncio.timeout(self._patience.connect + self._patience.answer):
                return await self._client.post(f"{self._number}/messages", json=body)
        except TimeoutError:
            raise httpx.ReadTimeout("too slow") from None

    def _failed(self, to: str, answer: httpx.Response, said: dict[str, Any]) -> Outcome:
        code = _code_in(said)
        meaning = meaning_of(code, answer.status_code)
        _log.warning("whatsapp.not_sent", channel=CHANNEL, reason=meaning.reason, count=code or 0)
        self.heard_of(meaning)
        times = self._crowded.get(to, 0)
        if meaning.do is Do.CROWDED:
            self._crowded[to] = times + 1
            if len(self._crowded) > REMEMBERED:
                self._crowded.popitem(last=False)
        return outcome_of(meaning, crowded=times, doubt=self._doubt)


def _id_in(said: dict[str, Any]) -> str | None:
    first = next(iter(said["messages"]), None)
    id_ = first.get("id") if isinstance(first, dict) else None
    return id_ if isinstance(id_, str) else None


def _code_in(said: dict[str, Any]) -> int | None:
    error = said.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _object_in(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}
