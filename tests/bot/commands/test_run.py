"""`python -m bot run` as a program: what it prints, serves and refuses."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from bot.clock import utc_now
from bot.content.approvals import Approval, write_approvals
from bot.content.load import load_content
from bot.content.signoff import subjects
from nlu.engine import EmbeddedEngine

ROOT = Path(__file__).parents[3]
PATIENCE = 60  # seconds a start may take on a busy machine


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(folder: Path, **more: str) -> dict[str, str]:
    """An environment for one service of its own."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    ports = {"BOT_PORT": str(free_port()), "BOT_DESK_PORT": str(free_port())}
    return {**clean, "BOT_DATA_DIR": str(folder / "data"), **ports, **more}


@contextmanager
def running(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The service, until the block ends."""
    service = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield service
    finally:
        if service.poll() is None:
            service.kill()
        service.communicate()


def wait_until_up(environ: dict[str, str], service: subprocess.Popen[str]) -> str:
    """The address of the web page, once it answers."""
    url = f"http://127.0.0.1:{environ['BOT_PORT']}"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and service.poll() is None:
        try:
            httpx.get(url + "/health/live", timeout=1)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return url
    service.kill()
    raise AssertionError(service.communicate())


def refused(environ: dict[str, str]) -> str:
    """What a start that must fail says."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2, done
    return done.stderr


def test_it_serves_answers_health_and_stops(engine: EmbeddedEngine, tmp_path: Path) -> None:
    """From nothing: key, database, page, a message answered, health, metrics, a clean stop."""
    assert engine.state().ready
    environ = settings(tmp_path)
    with running(environ) as service:
        url = wait_until_up(environ, service)
        internal = f"http://127.0.0.1:{environ['BOT_DESK_PORT']}"
        with httpx.Client(base_url=url, headers={"Origin": url}, timeout=20) as person:
            assert person.get("/").status_code == 200
            ready = person.get("/health/ready")
            assert (ready.status_code, ready.json()) == (200, {"ready": True, "not_ready": {}})
            assert person.get("/metrics").status_code == 404
            assert person.get("/desk").status_code == 404
        metrics = httpx.get(internal + "/metrics").text
        assert 'alongside_rows{state="kept",table="conversations"} 0.0' in metrics
        service.send_signal(signal.SIGTERM)
        out, _ = service.communicate(timeout=PATIENCE)
    assert service.returncode == 0
    assert f"Web chat   {url}/" in out
    assert f"Desk       {internal}/desk\n" in out
    sign_in = rf"^Sign in    {internal}/desk/join/[\w-]+ \(first advocate; "
    assert re.search(sign_in, out, re.MULTILINE)
    assert "Mode       demo" in out
    key = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path) -> None:
    """With the setting's name."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(settings(tmp_path, BOT_PORT=port))

    assert said.splitlines()[-1].startswith(f"BOT_PORT: cannot listen on 127.0.0.1:{port}")
    assert "Traceback" not in said


def test_an_unusable_data_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    """A file where the folder should be (a read-only folder does not stop root)."""
    (tmp_path / "file").write_text("")
    said = refused(settings(tmp_path, BOT_DATA_DIR=str(tmp_path / "file" / "data")))

    assert "BOT_DATA_DIR: the data folder" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"BOT_PROT": "1"}, "BOT_PROT: is not a setting of this service"),
        ({"BOT_NLU": "raza"}, "BOT_NLU: Input should be 'embedded' or 'rasa'"),
        ({"BOT_RASA_URL": "http://rasa.example"}, "BOT_RASA_URL: must be an https:// address"),
        ({"BOT_WHATSAPP_TOKEN": "x"}, "settings: WhatsApp needs BOT_WHATSAPP_PHONE_NUMBER_ID"),
        ({"BOT_DATABASE_URL": "mysql://x/y"}, "BOT_DATABASE_URL: the database URL is not usable"),
        ({"BOT_CONTENT_DIR": "no-such"}, "no-such"),
        ({"BOT_MODE": "production"}, "BOT_MODE: production is refused for"),
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path: Path, given: dict[str, str], said: str) -> None:
    """With a sentence, before anything is served."""
    assert said in refused(settings(tmp_path, **given))


def test_production_names_everything_that_stands_against_it(tmp_path: Path) -> None:
    """Key, address, unsigned texts."""
    said = refused(settings(tmp_path, BOT_MODE="production"))

    for name in ("BOT_SECRET_KEY", "BOT_PUBLIC_URL", "is not signed off", "a demonstration"):
        assert name in said


@pytest.mark.model
def test_production_starts_when_all_is_approved_and_not_when_a_word_has_changed(
    tmp_path: Path,
) -> None:
    """The whole content is signed in a copy; then one sentence of it is not what was signed."""
    texts = Path(shutil.copytree(ROOT / "responses", tmp_path / "responses"))
    operator = (texts / "operator.yml").read_text()
    lines = re.sub(r"demonstration|demo", "service", operator)
    (texts / "operator.yml").write_text(lines)
    content, today = load_content(texts), utc_now().date()
    whole = {name: Approval(s.version, "editor", today) for name, s in subjects(content).items()}
    write_approvals(texts, whole)
    environ = settings(
        tmp_path,
        BOT_MODE="production",
        BOT_CONTENT_DIR=str(texts),
        BOT_SECRET_KEY="0" * 32,
        BOT_PUBLIC_URL="https://chat.example.org",
    )
    with running(environ) as service:
        page = httpx.get(wait_until_up(environ, service) + "/")
        assert "Demonstration" not in page.text
    menu = texts / "topics/small_talk.yml"
    menu.write_text(menu.read_text().replace("text: |\n    ", "text: |\n    Well. ", 1))
    said = refused(environ)

    assert "BOT_MODE: production is refused for 1 reasons" in said
    assert "has changed since the editor approved it" in said


def test_without_a_model_danger_is_still_heard(tmp_path: Path) -> None:
    """Health names the model, the page works, and the 999 card comes."""
    environ = settings(tmp_path, BOT_MODEL_DIR=str(tmp_path / "no-model"))
    with running(environ) as service:
        url = wait_until_up(environ, service)
        ready = httpx.get(url + "/health/ready")
        assert ready.status_code == 503
        assert "make setup" in ready.json()["not_ready"]["model"]
        assert "Understanding is poor just now" in httpx.get(url + "/").text


@pytest.mark.parametrize("verb", ["run", "purge", "talk"])
def test_a_damaged_database_is_told_in_one_sentence(verb: str, tmp_path: Path) -> None:
    """No traceback, no path of the library: what is wrong and what to do. `talk` has its own."""
    environ = settings(tmp_path)
    folder = Path(environ["BOT_DATA_DIR"])
    folder.mkdir()
    (folder / "alongside.db").write_bytes(b"not a database. " * 600)

    done = subprocess.run(
        [sys.executable, "-m", "bot", verb],
        cwd=ROOT,
        env=environ,
        input="",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode == (0 if verb == "talk" else 2)
    assert "Traceback" not in done.stderr
    assert verb == "talk" or "BOT_DATA_DIR: the database cannot be used" in done.stderr


@pytest.mark.postgres
def test_danger_is_heard_while_a_database_server_is_away_at_the_start(
    postgres: str, tmp_path: Path
) -> None:
    """Both hosts come back after a power cut, the database later: 999 does not wait for it."""
    port = free_port()
    environ = settings(tmp_path, BOT_DATABASE_URL=f"postgresql://postgres@127.0.0.1:{port}/late")
    with running(environ) as service:
        url = wait_until_up(environ, service)
        form = {"text": "hes outside my door right now", "key": "a-first-form"}
        card = httpx.post(url + "/say", data=form, timeout=30)
        ready = httpx.get(url + "/health/ready", timeout=30)

        assert card.status_code == 503
        assert "tel:999" in card.text
        assert "database" in ready.json()["not_ready"]

        with server_on(postgres, port):
            end = time.monotonic() + PATIENCE
            while "database" in httpx.get(url + "/health/ready", timeout=30).json()["not_ready"]:
                assert time.monotonic() < end
                time.sleep(0.5)
            answer = httpx.post(url + "/say", data=form, timeout=30, follow_redirects=True)
            assert answer.status_code == 200
            service.send_signal(signal.SIGTERM)
            assert service.wait(PATIENCE) == 0


@contextmanager
def server_on(postgres: str, port: int) -> Iterator[None]:
    """The test server's database `late` at this port: bytes are passed on both ways."""
    target = make_url(postgres)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(b"CREATE DATABASE late")
    relay = subprocess.Popen(
        [sys.executable, "-c", RELAY, str(port), str(target.host), str(target.port)]
    )
    try:
        yield
    finally:
        relay.kill()
        relay.wait()
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(b"DROP DATABASE late WITH (FORCE)")


RELAY = """
import asyncio, sys
port, host, there = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
async def meet(reader, writer):
    if host.startswith("/"):
        other = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{there}")
    else:
        other = await asyncio.open_connection(host, there)
    await asyncio.gather(pump(reader, other[1]), pump(other[0], writer), return_exceptions=True)
async def main():
    async with await asyncio.start_server(meet, "127.0.0.1", port) as server:
        await server.serve_forever()
asyncio.run(main())
"""
