"""A small HTTP server on this machine that answers as Rasa does, or as a broken one does."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from nlu.taxonomy import load_taxonomy

INTENTS = load_taxonomy().intents
MADE = {"taxonomy": "t", "encoder": "e", "data": "d", "config": "c"}
TOKEN = "the-token"


def answer(first: str = "accounts_hacked", **changed: Any) -> dict[str, Any]:
    """What our component under Rasa says of a message it takes for `first`."""
    rest = [name for name in INTENTS if name != first]
    ranking = [{"name": first, "confidence": 0.94}]
    ranking += [{"name": name, "confidence": 0.06 / len(rest)} for name in rest]
    return {
        "text": "",
        "intent": ranking[0],
        "entities": [],
        "intent_ranking": ranking,
        "alongside": {"urgent": [], "also": [], "made_from": MADE},
        **changed,
    }


def http(body: bytes, status: str = "200 OK", length: int | None = None) -> bytes:
    """A response as bytes; length: what the header claims."""
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + body


def says(document: Any) -> bytes:
    """A good response with this JSON."""
    return http(json.dumps(document).encode())


@dataclass
class StandIn:
    """What it answers next, and what it was asked."""

    url: str = ""
    reply: bytes | Callable[[str], bytes] = field(default_factory=lambda: says(answer()))
    after: float = 0.0  # seconds before it answers
    texts: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer, good-bye."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            size = next(
                int(line.split(":")[1])
                for line in head.splitlines()
                if line.lower().startswith("content-length:")
            )
            text = json.loads(await reader.readexactly(size))["text"]
            self.texts.append(text)
            target = urlsplit(head.split(" ")[1])
            self.paths.append(target.path)
            await asyncio.sleep(self.after)
            if parse_qs(target.query).get("token") == [TOKEN]:
                writer.write(self.reply(text) if callable(self.reply) else self.reply)
            else:
                writer.write(http(b"{}", "401 Unauthorized"))
            await writer.drain()
        except ConnectionError:
            pass  # the asker had enough
        finally:
            writer.close()


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """A stand-in on a free port of this machine."""
    stand_in = StandIn()
    server = await asyncio.start_server(stand_in.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    stand_in.url = f"http://127.0.0.1:{port}"
    async with server:
        yield stand_in
