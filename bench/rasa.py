"""The embedded engine, our model under Rasa, and Rasa's stock pipeline, side by side in one run.

    python -m bench.rasa

Needs the trained model; Rasa's halves are measured where they are there (`make test-rasa`, and
`python -m tools.rasa stock` once). Messages are the development set's, one after the other.
"""

import asyncio
import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import numpy as np

from bench.nlu import DEVELOPMENT, cold
from bot.ports import Engine
from bot.settings import Settings, load_settings
from nlu.engine import open_engine
from nlu.rasa_engine import RasaEngine, StockReader, open_rasa
from nlu.rasa_server import RasaServer, rasa_server
from nlu.reading import Context
from tools.rasa import MODELS, OURS, PYTHON, STOCK, environment, serve_command

PATIENCE = 180.0  # seconds for a start
SECONDS = 30.0  # a slow answer is measured, not given up
HOW = {
    OURS: "run make test-rasa (2.6 GB, Python 3.10)",
    STOCK: "run python -m tools.rasa stock, and stop it when it serves",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One engine's figures."""

    name: str
    right: float  # share of messages whose best intent is the labelled one, or among `also`
    times: list[float]  # milliseconds
    memory: float  # MB, the highest, of the process that holds the model
    start: float  # seconds from nothing to the first reading


def main() -> None:
    """Print the table; exit 1 when there is no embedded model to compare with."""
    settings = load_settings()
    engine = open_engine(settings.model_dir)
    if not engine.state().ready:
        sys.exit(f"bench: {engine.state().detail}")
    lines = [json.loads(line) for line in DEVELOPMENT.read_text(encoding="utf-8").splitlines()]
    start, memory = cold(settings.model_dir)
    right, times = asyncio.run(_measured(engine, lines))
    rows = [Row("embedded", right, times, memory, start)]
    for name, opened in (
        (OURS, lambda server: open_rasa(server, settings.model_dir)),
        (STOCK, StockReader),
    ):
        if PYTHON.exists() and (MODELS / f"{name}.tar.gz").exists():
            rows.append(_under_rasa(name, settings, opened, lines))
        else:
            print(f"Rasa, {name}: not here; {HOW[name]}")
    _print(rows, len(lines))


def _under_rasa(
    name: str,
    settings: Settings,
    opened: Callable[[RasaServer], Engine],
    lines: list[dict[str, Any]],
) -> Row:
    begin = perf_counter()
    with _serving(name, settings) as (server, process):
        start = perf_counter() - begin
        engine = opened(server)
        right, times = asyncio.run(_measured(engine, lines))
        if isinstance(engine, RasaEngine) and any(engine.fallbacks.values()):
            sys.exit(f"bench: {engine.state().detail or dict(engine.fallbacks)}")
        return Row(f"Rasa, {name}", right, times, _memory(process.pid), start)


@contextmanager
def _serving(name: str, settings: Settings) -> Iterator[tuple[RasaServer, subprocess.Popen[bytes]]]:
    """A server of that model that has read its first message."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    token = secrets.token_urlsafe(16)
    process = subprocess.Popen(
        serve_command(name, port),
        env=environment(settings) | {"BOT_RASA_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        begin = perf_counter()
        while not _reads(url, token):
            if process.poll() is not None or perf_counter() - begin > PATIENCE:
                sys.exit(f"bench: Rasa did not start; see {' '.join(serve_command(name, port))}")
        yield rasa_server(url, token, seconds=SECONDS), process
    finally:
        process.terminate()
        process.wait()


def _reads(url: str, token: str) -> bool:
    """One try in a tenth of a second."""
    try:
        answer = httpx.post(
            f"{url}/model/parse",
            params={"token": token},
            json={"text": "he keeps turning up at my work"},
            timeout=SECONDS,
        )
    except httpx.HTTPError:
        asyncio.run(asyncio.sleep(0.1))
        return False
    return answer.status_code == httpx.codes.OK


async def _measured(engine: Engine, lines: list[dict[str, Any]]) -> tuple[float, list[float]]:
    """(share right, milliseconds of each)."""
    times, right = [], 0
    for line in lines:
        begin = perf_counter()
        reading = await engine.read(line["text"], Context())
        times.append((perf_counter() - begin) * 1000)
        right += reading.intent in {line["intent"], *line.get("also", ())}
    return right / len(lines), times


def _memory(pid: int) -> float:
    """The most the process ever held, in MB; nought where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    return int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 1024


def _print(rows: list[Row], messages: int) -> None:
    first = rows[0]
    base = float(np.median(first.times))
    print(f"{messages} messages of the development set; × is against the embedded engine")
    print(f"{'':18}{'right':>7}{'p50 ms':>9}{'p95 ms':>9}{'×':>6}{'MB':>7}{'×':>6}{'start s':>9}")
    for row in rows:
        middle, high = np.percentile(row.times, [50, 95])
        print(
            f"{row.name:18}{row.right:7.3f}{middle:9.1f}{high:9.1f}{middle / base:6.1f}"
            f"{row.memory:7.0f}{row.memory / first.memory:6.1f}{row.start:9.1f}"
        )


if __name__ == "__main__":
    main()
