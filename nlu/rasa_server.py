"""Asks a Rasa server over HTTP: one message out, its parsed answer back, within a second.

The words and the token go to that server only: no proxy is used, no redirect is followed.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

SECONDS = 1.0  # for everything, from connecting to the last byte

AWAY = "away"
SLOW = "slow"
REFUSED = "refused"
FAILED = "failed"
GARBLED = "garbled"
OTHER_MODEL = "other_model"
SAID = {
    AWAY: "Rasa does not answer: run make rasa",
    SLOW: "Rasa takes longer than a second to answer",
    REFUSED: "Rasa refuses our token: see BOT_RASA_TOKEN in docs/settings.md",
    FAILED: "Rasa answers with an error: see its own log",
    GARBLED: "Rasa's answer cannot be read: is BOT_RASA_URL a Rasa server?",
    OTHER_MODEL: "Rasa has no model, or one made from other files: run make rasa again",
}
"""Each reason why there was no answer, with what to do about it."""

_MARK = "\u2060"  # unseen, and dropped by normalise


class NotAnswered(Exception):  # noqa: N818 - an outcome to be dealt with
    """There is no usable answer. `reason` is a key of SAID; never a word of the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RasaServer:
    """One Rasa server. Safe to use from one event loop after another: no connection is kept."""

    address: str
    token: str = field(repr=False)
    client: httpx.AsyncClient
    seconds: float

    async def parse(self, text: str) -> Mapping[str, Any]:
        """Rasa's answer to `POST /model/parse`, a JSON object. Raises NotAnswered."""
        try:
            async with asyncio.timeout(self.seconds):
                response = await self.client.post(
                    f"{self.address}/model/parse",
                    params={"token": self.token} if self.token else {},
                    json={"text": _not_a_command(text)},
                )
        except (TimeoutError, httpx.TimeoutException):
            raise NotAnswered(SLOW) from None
        except httpx.ConnectError:
            raise NotAnswered(AWAY) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            raise NotAnswered(GARBLED) from None  # the cause holds the address and the token
        if response.status_code != httpx.codes.OK:
            raise NotAnswered(_reason(response.status_code))
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            raise NotAnswered(GARBLED) from None
        if not isinstance(answer, dict):
            raise NotAnswered(GARBLED)
        return answer


def rasa_server(url: str, token: str | None, *, seconds: float = SECONDS) -> RasaServer:
    """The server at `url` (without a path), asked with this token.

    Connections are not kept: Rasa drops idle ones after five seconds, and a message must not meet
    one that is just being dropped. A new one costs under a millisecond on the same machine.
    """
    client = httpx.AsyncClient(
        timeout=seconds,
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_keepalive_connections=0),
    )
    return RasaServer(url.rstrip("/"), token or "", client, seconds)


def next_port(url: str) -> str:
    """The address one port further: where the stock pipeline is served for comparison."""
    parts = urlsplit(url)
    port = (parts.port or {"https": 443}.get(parts.scheme, 80)) + 1
    host = parts.netloc.removesuffix(f":{parts.port}")
    return urlunsplit((parts.scheme, f"{host}:{port}", "", "", ""))


def _reason(status: int) -> str:
    if status in {401, 403}:
        return REFUSED
    return OTHER_MODEL if status == httpx.codes.CONFLICT else FAILED  # 409: no model is loaded


def _not_a_command(text: str) -> str:
    """A leading slash would make Rasa take the rest for the name of an intent."""
    return f"{_MARK}{text}" if text.lstrip().startswith("/") else text
