"""`parse`: what the engine understands, JSON lines in and out."""

import asyncio
import json
from typing import Any, TextIO

from bot.ports import Engine
from nlu.reading import Context, Reading

_RANKED = 5  # best readings shown


def parse(stdin: TextIO, stdout: TextIO, engine: Engine) -> None:
    """Answer each line before the next is read: {"id", "text"} in, a reading out, in order.

    A line that is no such object gets {"id": its id or null, "error": why}; unknown keys are
    ignored.
    """
    with asyncio.Runner() as runner:
        for row in stdin:
            answer = runner.run(_answer(row, engine))
            stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
            stdout.flush()


async def _answer(row: str, engine: Engine) -> dict[str, Any]:
    try:
        fields = json.loads(row)
    except (ValueError, RecursionError):
        return {"id": None, "error": "the line is not JSON"}
    if not isinstance(fields, dict):
        return {"id": None, "error": "the line is not a JSON object"}
    if not isinstance(fields.get("text"), str):
        return {"id": fields.get("id"), "error": "`text` is missing or not text"}
    return shown(fields.get("id"), await engine.read(fields["text"], Context()))


def shown(number: Any, reading: Reading) -> dict[str, Any]:
    """A reading as the line that is written: the five best intents, to four decimals."""
    return {
        "id": number,
        "intent": reading.intent,
        "confidence": round(reading.confidence, 4),
        "urgent": bool(reading.urgent),
        "language": reading.language,
        "ranking": [[name, round(share, 4)] for name, share in reading.ranking[:_RANKED]],
    }
