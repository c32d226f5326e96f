"""Whether a call of our address really comes from Meta. Compares bytes, in constant time."""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping

from starlette.requests import Request

BODY = 3 * 1024 * 1024  # bytes of one event (platform: up to 3 MB)
BODY_WITHIN = 20.0  # seconds in which a body must have come (ours)


class TooBig(Exception):  # noqa: N818 - a fact about a body
    """More than `BODY` bytes: nobody can tell whether it is signed."""


async def body_of(request: Request) -> bytes:
    """The body as it came. Raises TooBig, ClientDisconnect, TimeoutError."""
    body = bytearray()
    async with asyncio.timeout(BODY_WITHIN):
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY:
                raise TooBig
    return bytes(body)


def is_signed(body: bytes, given: str, secret: bytes) -> bool:
    """Whether `X-Hub-Signature-256` is this body's, by the app's secret. Never raises."""
    right = b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(given.encode("utf-8", "replace"), right)


def challenge_of(query: Mapping[str, str], verify_token: bytes) -> str | None:
    """What Meta wants to hear back when it is told our address; None: it is not Meta."""
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    right = hmac.compare_digest(given, verify_token)
    if not right or query.get("hub.mode") != "subscribe":
        return None
    return query.get("hub.challenge", "")[:1_000]
