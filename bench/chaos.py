"""What is lost, doubled or mixed up while everything is killed: python -m bench.chaos

People write through a stand-in of Telegram, which delivers each person's updates in order and again
until it hears 2xx, and notes what arrives. Two web and two worker processes work over one
PostgreSQL; every few seconds one of them is killed -9, or the database for three seconds. With
--sqlite the same with one process. Exits 1 when a promise was broken.
"""

import argparse
import asyncio
import random
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.chaos_child import SECRET
from bench.receiver import Receiver, receiving
from bench.verdict import Said, Verdict, judge
from bot.worker import LEASE
from tests.postgres import Server, find_binaries

DANGER = "he is outside my door right now"
AWAY = 3.0  # seconds that the database is stopped
SETTLE = 60.0  # seconds after the last message in which all must have come
ALLOWED = LEASE.total_seconds() + AWAY + 5  # seconds from 2xx to the answer; 5: a start of Python
AGAIN = 0.2  # seconds before an update is delivered again


@dataclass(frozen=True, slots=True)
class Size:
    """conversations × messages, spread over `seconds`; something dies every `every` seconds."""

    conversations: int
    messages: int
    seconds: float
    every: float
    seed: int = 1


@dataclass(eq=False)
class Process:
    """One process that is killed and started again."""

    command: list[str]
    running: asyncio.subprocess.Process | None = None
    port: int = 0

    async def start(self) -> None:
        """Begin; it is up some time later."""
        self.running = await asyncio.create_subprocess_exec(*self.command)

    async def kill(self) -> None:
        """As hard as can be."""
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(signal.SIGKILL)
            await self.running.wait()


@dataclass(eq=False)
class Stage:
    """Everything that runs."""

    size: Size
    dice: random.Random
    receiver: Receiver
    processes: list[Process]
    server: Server | None
    said: list[Said] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)

    @property
    def doors(self) -> list[Process]:
        """Those that take in."""
        return [one for one in self.processes if one.port]

    async def person(self, client: httpx.AsyncClient, chat: int) -> None:
        """Writes now and then, whether answered or not."""
        gap = self.size.seconds / self.size.messages
        await asyncio.sleep(self.dice.random() * gap)
        for n in range(self.size.messages):
            words = f"{n} {DANGER}" if self.dice.random() < 0.02 else f"{n} hello"
            await self._deliver(client, chat, n, words)
            self.said.append(Said(chat, n, time.monotonic(), danger=DANGER in words))
            await asyncio.sleep(self.dice.random() * 2 * gap)

    async def _deliver(self, client: httpx.AsyncClient, chat: int, n: int, words: str) -> None:
        update = {
            "update_id": chat * 1000 + n,
            "message": {
                "message_id": n + 1,
                "date": int(time.time()),  # noqa: TID251 - the platform's own stamp
                "chat": {"id": chat, "type": "private"},
                "from": {"id": chat, "is_bot": False, "first_name": "Nomen Nescio"},
                "text": words,
            },
        }
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        while True:
            url = f"http://127.0.0.1:{self.dice.choice(self.doors).port}/telegram"
            try:
                answer = await client.post(url, json=update, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(AGAIN)
                continue
            if answer.is_success:
                return
            await asyncio.sleep(AGAIN)

    async def wreck(self) -> None:
        """One blow after the other, for as long as it is let."""
        while True:
            await asyncio.sleep(self.size.every)
            blows: list[Process | Server] = [*self.processes]
            blow = self.dice.choice([*blows, self.server] if self.server else blows)
            if isinstance(blow, Server):
                self.kills.append("database")
                await asyncio.to_thread(blow.stop)
                await asyncio.sleep(AWAY)
                await asyncio.to_thread(blow.start)
            else:
                self.kills.append(blow.command[3])
                await blow.kill()
                await blow.start()

    async def wait_for_all(self) -> None:
        """Until every answer has come, or the time for it is over."""
        until = time.monotonic() + SETTLE
        while self.verdict().lost and time.monotonic() < until:  # noqa: ASYNC110 - no event for it
            await asyncio.sleep(0.5)
        await asyncio.sleep(1)  # what is too much comes late, too

    def verdict(self) -> Verdict:
        """As things are now."""
        return judge(self.said, self.receiver.arrived, self.kills)


async def run(size: Size, *, sqlite: bool) -> Verdict:
    """One whole run."""
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(receiving())
        server = None if sqlite else _server(stack)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=".bench-", dir="."))
        url = f"sqlite:///{Path(folder) / 'chaos.db'}" if server is None else server.url
        halves = ["all"] if sqlite else ["web", "web", "worker", "worker"]
        processes = [_process(half, url, receiver.url) for half in halves]
        stage = Stage(size, random.Random(size.seed), receiver, processes, server)
        stack.push_async_callback(_for_each, processes, Process.kill)
        await _for_each(processes, Process.start)
        limits = httpx.Limits(max_connections=200)
        client = httpx.AsyncClient(timeout=10, limits=limits, trust_env=False)
        await stack.enter_async_context(client)
        await _up(client, stage)
        wrecking = asyncio.create_task(stage.wreck())
        await asyncio.gather(*(stage.person(client, 1001 + n) for n in range(size.conversations)))
        wrecking.cancel()
        await asyncio.gather(wrecking, return_exceptions=True)
        if server is not None:
            await asyncio.to_thread(_start_again, server)
        await stage.wait_for_all()
        return stage.verdict()


def _server(stack: AsyncExitStack) -> Server:
    binaries = find_binaries()
    if binaries is None:
        sys.exit("bench.chaos: no PostgreSQL server binary (make setup-dev); --sqlite needs none")
    server = Server(binaries)
    stack.callback(server.remove)
    server.start()
    stack.callback(server.stop)
    return server


def _start_again(server: Server) -> None:
    try:
        server.start()
    except RuntimeError:
        return  # it runs


def _process(half: str, url: str, api: str) -> Process:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "bench.chaos_child", half, url, str(port), api]
    return Process(command, port=0 if half == "worker" else port)


async def _for_each(these: list[Process], do: Callable[[Process], Awaitable[Any]]) -> None:
    await asyncio.gather(*(do(one) for one in these))


async def _up(client: httpx.AsyncClient, stage: Stage) -> None:
    """Until every door has answered anything at all."""
    for door in stage.doors:
        while True:
            try:
                await client.get(f"http://127.0.0.1:{door.port}/telegram")
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
            else:
                break


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos")
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sqlite", action="store_true", help="one process and a file")
    given = parser.parse_args()
    size = Size(given.conversations, given.messages, given.seconds, given.every, given.seed)
    verdict = asyncio.run(run(size, sqlite=given.sqlite))
    print(verdict)
    if verdict.longest > ALLOWED:
        print(f"NOT HEALED IN TIME: the longest wait may be {ALLOWED:.0f} s")
    sys.exit(0 if verdict.kept and verdict.longest <= ALLOWED else 1)


if __name__ == "__main__":
    main()
