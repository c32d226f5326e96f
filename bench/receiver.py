"""The end of the way in the benches: a Bot API that takes every message and notes when."""

import asyncio
import itertools
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message on a person's phone. at: seconds, monotonic."""

    chat: int
    text: str
    at: float


@dataclass(eq=False)
class Receiver:
    """What arrived, in order."""

    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def answer(self, request: Request) -> Response:
        """One call of the Bot API."""
        if request.path_params["method"] != "sendMessage":
            return JSONResponse({"ok": True, "result": True})
        form = await request.form()
        chat, text = int(str(form["chat_id"])), str(form["text"])
        self.arrived.append(Arrived(chat, text, time.monotonic()))
        number = next(self._numbers)
        message = {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}}
        return JSONResponse({"ok": True, "result": message})


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens; `url` is its root."""
    receiver = Receiver()
    app = Starlette(
        routes=[Route("/bot{token}/{method}", receiver.answer, methods=["GET", "POST"])]
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    receiver.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", ws="none"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.01)
    try:
        yield receiver
    finally:
        server.should_exit = server.force_exit = True
        await task
        listener.close()
