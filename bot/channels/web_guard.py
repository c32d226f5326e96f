"""What stands before the page: a cap on bodies, strict headers, and whose form this is."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY = 256 * 1024  # bytes: 20,000 characters of four bytes each, percent-encoded, with room
DRAIN = 8 * 1024 * 1024  # bytes read and thrown away so that a browser shows our answer
SECONDS = 30  # longest wait for a body on a slow line

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_FEATURES = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), "
    "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
    "payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), "
    "xr-spatial-tracking=()"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": _FEATURES,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Whose(StrEnum):
    """Which page a POST came from, by what the browser says of it."""

    OURS = "ours"
    UNKNOWN = "unknown"  # an old browser, or none: the form token decides
    FOREIGN = "foreign"


class StrictHeaders:
    """Gives every answer the page's headers; one that an answer has set itself stays."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = HEADERS) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; add headers at the start of the answer."""

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, strict)


class BodyCap:
    """Reads the whole body first, at most `BODY` bytes; a larger or too slow one never gets in.

    refuse: the app that answers then; the body it sees is empty. Up to `DRAIN` bytes are read and
    dropped before that, because a browser cut off while it sends shows an error of its own.
    """

    def __init__(self, app: ASGIApp, refuse: ASGIApp) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what fits."""
        body = bytearray()
        size = 0
        try:
            async with asyncio.timeout(SECONDS):
                async for chunk in _chunks(receive):
                    if chunk is None:
                        return  # cut off half way: half a message is none
                    size += len(chunk)
                    if size <= BODY:
                        body += chunk
                    if size > DRAIN:
                        break
        except TimeoutError:
            size = BODY + 1
        fits = size <= BODY
        app = self.app if fits else self.refuse
        await app(scope, _replay(bytes(body) if fits else b"", receive), send)


async def _chunks(receive: Receive) -> AsyncIterator[bytes | None]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            yield None
            return
        yield message.get("body", b"")
        more = message.get("more_body", False)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


def whose_form(request: Request, own: Iterable[str]) -> Whose:
    """Whether this POST was sent by our own page.

    own: origins that are ours. `Sec-Fetch-Site` is the browser's own word and wins. `Origin` is
    the old way; our own forms send `Origin: null`, because the page sends no referrer.
    """
    headers: Headers = request.headers
    site = headers.get("sec-fetch-site")
    if site is not None:
        return Whose.OURS if site in {"same-origin", "none"} else Whose.FOREIGN
    origin = headers.get("origin")
    if origin is None or origin == "null":
        return Whose.UNKNOWN
    return Whose.OURS if origin.lower() in own else Whose.FOREIGN


def origins(request: Request, public_url: str | None) -> frozenset[str]:
    """Our own origins: the public address where one is set, else the host the browser asked for."""
    if public_url is None:
        return frozenset({f"{request.url.scheme}://{request.headers.get('host', '')}".lower()})
    parts = urlsplit(public_url)
    return frozenset({f"{parts.scheme}://{parts.netloc}".lower()})
