"""What understanding costs: time per message, cold start, memory. Needs the trained model.

    python -m bench.nlu [model folder]

Ratios compare parts of the same run, so that they mean the same on a slow machine and a fast one.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from nlu.embedded import open_embedded
from nlu.encoder import Encoder, open_encoder
from nlu.engine import open_engine
from nlu.hints import hints_in
from nlu.languages import language_of
from nlu.normalise import normalise
from nlu.reading import Context
from nlu.urgent_words import urgent_in
from nlu.weights import FOLDER

DEVELOPMENT = Path(__file__).parent.parent / "nlu" / "dev" / "nlu_dev.jsonl"
BUDGET_P95 = 40.0  # milliseconds for one message
BUDGET_START = 3.0  # seconds from nothing to the first reading
BUDGET_MEMORY = 400.0  # megabytes

_COLD = """
import asyncio, pathlib, sys, time
begin = time.perf_counter()
from nlu.engine import open_engine
from nlu.reading import Context
engine = open_engine(pathlib.Path(sys.argv[1]))
asyncio.run(engine.read("he keeps turning up at my work", Context()))
took = time.perf_counter() - begin
status = pathlib.Path("/proc/self/status").read_text()
print(took, int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def main() -> None:
    """Print the table; exit 1 when there is no model to measure."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".model")
    engine = open_engine(folder)
    if not engine.state().ready:
        sys.exit(f"bench: {engine.state().detail}")
    rows = DEVELOPMENT.read_text(encoding="utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows]

    def read(text: str) -> Any:
        return runner.run(engine.read(text, Context()))

    with asyncio.Runner() as runner:
        whole = _times(read, texts)
        longest = _times(read, [" ".join(texts)[:5_000]] * 5)
    words = open_embedded(folder).model
    parts: list[tuple[str, Callable[[str], Any]]] = [
        ("urgent rules", urgent_in),
        ("language", language_of),
        ("hints", hints_in),
    ]
    parts.append(("words (TF-IDF)", lambda text: words.vectoriser.rows([normalise(text)])))
    for threads in (1, 2):
        encoder = open_encoder(folder / FOLDER, threads)
        parts.append((f"encoder, {threads} threads", partial(_meaning, encoder)))
    print(f"messages: {len(texts)} of the development set")
    _line("one message", whole, np.median(whole), BUDGET_P95)
    for name, part in parts:
        _line(f"  {name}", _times(part, texts), np.median(whole), None)
    _line("5,000 characters", longest, np.median(whole), None)
    start, memory = cold(folder)
    print(f"cold start        {start:7.2f} s   {start / BUDGET_START:5.2f} of the budget")
    print(f"memory, highest   {memory:7.0f} MB  {memory / BUDGET_MEMORY:5.2f} of the budget")


def _meaning(encoder: Encoder, text: str) -> Any:
    return encoder.encode([text])


def _times(call: Callable[[str], Any], texts: list[str]) -> list[float]:
    """Milliseconds of each call."""
    times = []
    for text in texts:
        begin = perf_counter()
        call(text)
        times.append((perf_counter() - begin) * 1000)
    return times


def _line(name: str, times: list[float], median: Any, budget: float | None) -> None:
    middle, high = np.percentile(times, [50, 95])
    share = f"   p95 {high / budget:5.2f} of the budget" if budget else ""
    print(f"{name:22} p50 {middle:7.2f} ms  p95 {high:7.2f} ms  {middle / median:5.2f}x{share}")


def cold(folder: Path) -> tuple[float, float]:
    """(seconds, MB) of a fresh process up to its first reading; the second start of two."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", _COLD, str(folder)], capture_output=True, text=True, check=True
        )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


if __name__ == "__main__":
    main()
