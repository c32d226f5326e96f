"""A real Rasa server with our model, as `make rasa` starts it. Run by `make test-rasa`."""

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.settings import load_settings
from nlu.engine import EmbeddedEngine, open_engine
from nlu.rasa_engine import RasaEngine, open_rasa
from nlu.rasa_server import SECONDS, rasa_server
from tests.bot.commands.test_run import free_port
from tools.rasa import MODELS, OURS, PYTHON, environment, serve_command

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATIENCE = 120  # seconds a start may take on a busy machine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """These tests run when they are asked for by their mark, and only then."""
    asked = config.option.markexpr == "rasa"
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("rasa")
            if not asked:
                item.add_marker(pytest.mark.skip(reason="`make test-rasa` runs these"))


@dataclass(frozen=True)
class Running:
    """A Rasa server: where it is, and what it has written so far."""

    url: str
    token: str
    log: Path
    process: subprocess.Popen[bytes]

    def engine(self, token: str | None = None, seconds: float = SECONDS) -> RasaEngine:
        """The engine as the bot opens it; seconds: more patience than the bot has."""
        server = rasa_server(self.url, token or self.token, seconds=seconds)
        return open_rasa(server, load_settings().model_dir)


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The server, until the last test is done."""
    if not PYTHON.exists() or not (MODELS / f"{OURS}.tar.gz").exists():
        pytest.fail("Rasa's environment or model is not there: run make test-rasa")
    token, port = secrets.token_urlsafe(16), free_port()
    log = tmp_path_factory.mktemp("rasa") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            serve_command(OURS, port),
            cwd=ROOT,
            env=environment(load_settings()) | {"BOT_RASA_TOKEN": token},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Running(f"http://127.0.0.1:{port}", token, log, process)
    try:
        _wait(server)
        yield server
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.terminate()
        process.wait(PATIENCE)


def _wait(server: Running) -> None:
    for _ in range(PATIENCE * 4):
        if server.process.poll() is not None:
            pytest.fail(f"Rasa ended: {server.log.read_text(encoding='utf-8')}")
        try:
            status = httpx.get(f"{server.url}/status", params={"token": server.token})
            if status.status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.25)
    pytest.fail("Rasa did not come up")


@pytest.fixture(scope="session")
def embedded() -> EmbeddedEngine:
    """The embedded engine with the trained model."""
    engine = open_engine(load_settings().model_dir)
    if not engine.state().ready:
        pytest.fail(engine.state().detail)
    return engine
