"""The small pieces that stand before the page."""

import asyncio

import httpx
from starlette.responses import PlainTextResponse
from starlette.types import Message

from bot.channels.web_guard import DRAIN, BodyCap
from tests.channels.web_fakes import HeldPipe
from tests.channels.web_pages import HIS_GYM, SCRIPT, say

BIG = PlainTextResponse("too big", 413)
FORM = {"type": "http", "method": "POST", "path": "/", "headers": []}


async def through(*messages: Message) -> tuple[list[bytes], list[int]]:
    """What the app behind the cap got, and the statuses that went out."""
    got: list[bytes] = []
    statuses: list[int] = []
    waiting = list(messages)

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        got.append((await receive())["body"])
        await PlainTextResponse("ok")(scope, receive, send)

    await BodyCap(app, refuse=BIG)(FORM, receive, send)
    return got, statuses


def piece(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_body_in_pieces_arrives_whole() -> None:
    """A slow phone sends in pieces."""
    assert await through(piece(b"text=", more=True), piece(b"hello")) == ([b"text=hello"], [200])


async def test_a_message_cut_off_half_way_is_no_message() -> None:
    """The lift door closed while it was sent: half a sentence must not be answered."""
    cut = {"type": "http.disconnect"}

    assert await through(piece(b"text=he did n", more=True), cut) == ([], [])


async def test_a_body_without_end_is_refused() -> None:
    """No declared length, no end: it is dropped as it comes and refused."""
    flood = [piece(b"x" * 1_000_000, more=True) for _ in range(DRAIN // 1_000_000 + 2)]

    assert await through(*flood) == ([], [413])


async def test_one_session_cannot_hold_many_looks_open(
    browser: httpx.AsyncClient, pipe: HeldPipe
) -> None:
    """A few windows wait for the answer; more than that are answered at once."""
    pipe.answering = False
    await say(browser, HIS_GYM, **SCRIPT)
    looks = [
        asyncio.create_task(browser.get("/lines?after=0&wait=25", headers=SCRIPT)) for _ in range(9)
    ]
    done, waiting = await asyncio.wait(looks, timeout=1)
    assert (len(done), len(waiting)) == (3, 6)
    await pipe.answer_now()
    await asyncio.gather(*looks)
