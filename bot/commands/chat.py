"""`python -m bot chat`: the same service for a person at a terminal. Nothing is kept afterwards."""

import asyncio
import json
import tempfile
import textwrap
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from bot.commands.talk import TalkSession
from bot.ports import Engine
from bot.settings import Settings

WIDTH = 65  # characters a line


async def chat(
    lines: TextIO,
    out: TextIO,
    settings: Settings,
    *,
    at: datetime,
    open_engine: Callable[[], Engine],
) -> None:
    """Read what the person types, a line a message; a bare number picks a choice. Ends at end of
    input or Ctrl-D.
    """
    print("Type a message. A number picks a choice. Ctrl-D ends; nothing is kept.\n", file=out)
    with tempfile.TemporaryDirectory(prefix="chat-") as folder:
        session = TalkSession(
            settings, Path(folder), channel="console", at=at, open_engine=open_engine
        )
        offered: list[str] = []
        try:
            while True:
                print("> ", end="", file=out, flush=True)
                line = await asyncio.to_thread(lines.readline)
                if not line:
                    break
                event = _event(line.rstrip("\n"), offered)
                answer = await session.handle(json.dumps(event))
                offered = _show(answer, out)
        finally:
            await session.close()
    print(file=out)


def _event(line: str, offered: list[str]) -> dict[str, Any]:
    number = line.strip()
    if number.isdecimal() and 0 < int(number) <= len(offered):
        return {"chat": "terminal", "tap": offered[int(number) - 1]}
    return {"chat": "terminal", "text": line}


def _show(answer: dict[str, Any], out: TextIO) -> list[str]:
    """Print the bubbles; return the ids of the choices under the last of them."""
    offered: list[str] = []
    for reply in answer.get("replies", ()):
        mark = "!" if reply["kind"] == "emergency" else "|"
        for line in reply["text"].splitlines():
            for piece in textwrap.wrap(line, WIDTH) or [""]:
                print(f"  {mark} {piece}", file=out)
        for button in reply["buttons"]:
            offered.append(button["id"])
            print(f"    {len(offered)}  {button['title']}", file=out)
        print(file=out)
    return offered
