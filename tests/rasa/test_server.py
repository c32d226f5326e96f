"""The Rasa server lets nobody in but the bot, tells nobody anything, and may be away."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.settings import load_settings
from nlu.reading import Context
from tests.rasa.conftest import ROOT, Running
from tools.rasa import PYTHON, environment

NOBODY = Context()
MARK = "Qwertzuiop"
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # as /proc/net/tcp writes them


def ask(rasa: Running, text: str, **params: str) -> httpx.Response:
    return httpx.post(f"{rasa.url}/model/parse", params=params, json={"text": text}, timeout=30)


def test_a_wrong_token_gets_nothing(rasa: Running) -> None:
    """Neither a wrong token nor none is answered with a reading."""
    for params in ({}, {"token": ""}, {"token": "guess"}, {"token": rasa.token[:-1]}):
        response = ask(rasa, "hello", **params)
        assert response.status_code == httpx.codes.UNAUTHORIZED
        assert "intent" not in response.json()
    assert ask(rasa, "hello", token=rasa.token).status_code == httpx.codes.OK


async def test_the_engine_says_which_setting_is_wrong(rasa: Running) -> None:
    """With a wrong token the embedded engine reads, and the operator is told."""
    engine = rasa.engine("guess")

    reading = await engine.read("he is outside my door", NOBODY)

    assert reading.intent == "emergency"
    assert engine.fallbacks["refused"] == 1
    assert "BOT_RASA_TOKEN" in engine.state().detail


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Linux tells who listens where")
def test_it_listens_on_this_machine_alone(rasa: Running) -> None:
    """Nothing on the network reaches it."""
    port = f"{int(rasa.url.rsplit(':', 1)[1]):04X}"
    lines = [line for name in ("tcp", "tcp6") for line in _lines(Path("/proc/net") / name)]
    listening = [line.split()[1].split(":") for line in lines if line.split()[3] == "0A"]
    assert {address for address, number in listening if number == port} <= LOOPBACK
    assert any(number == port for _, number in listening)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines()[1:] if path.exists() else []


def test_no_page_in_a_browser_may_ask_it(rasa: Running) -> None:
    """A web page of somebody else, open on the same machine, is not let in."""
    answer = httpx.post(
        f"{rasa.url}/model/parse",
        params={"token": rasa.token},
        json={"text": "hello"},
        headers={"Origin": "https://example.org"},
    )
    assert answer.headers.get("access-control-allow-origin") in {None, ""}


def test_it_chats_with_nobody(rasa: Running) -> None:
    """Rasa's own chat channel, which asks for no token, is not there."""
    answer = httpx.post(f"{rasa.url}/webhooks/rest/webhook", json={"sender": "a", "message": "hi"})
    assert answer.status_code == httpx.codes.NOT_FOUND


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="Linux shows command lines")
def test_its_command_line_shows_no_token(rasa: Running) -> None:
    """Every account on the machine can read it."""
    line = Path(f"/proc/{rasa.process.pid}/cmdline").read_bytes()
    assert b"nlu.rasa.start" in line
    assert rasa.token.encode() not in line


def test_nothing_is_reported_to_its_makers() -> None:
    """Rasa itself, asked in the environment that we start it in, says that telemetry is off."""
    done = subprocess.run(
        [PYTHON, "-c", "from rasa import telemetry; print(telemetry.is_telemetry_enabled())"],
        cwd=ROOT,
        env=environment(load_settings()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_its_log_holds_neither_words_nor_token(rasa: Running) -> None:
    """Whatever is asked, rightly or wrongly."""
    ask(rasa, f"my name is {MARK}", token=rasa.token)
    ask(rasa, MARK, token="guess")
    ask(rasa, f"/{MARK}{{not json", token=rasa.token)
    for body in (b"", b"{", json.dumps({"message": MARK}).encode(), json.dumps([MARK]).encode()):
        url = f"{rasa.url}/model/parse"
        httpx.post(url, params={"token": rasa.token, "query": MARK}, content=body)

    written = rasa.log.read_text(encoding="utf-8")

    assert MARK not in written
    assert rasa.token not in written


def bot(verb: list[str], lines: list[dict[str, str]], rasa: Running, folder: Path) -> list[str]:
    """The output lines of `python -m bot`, with Rasa as the settings say."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    settings = {
        "BOT_RASA_URL": rasa.url,
        "BOT_DATA_DIR": str(folder),
        "BOT_MODEL_DIR": str(load_settings().model_dir),
        "BOT_NLU_SECONDS": "30",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", *verb, "--nlu", "rasa"],
        cwd=ROOT,
        env=own | settings,
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""  # nothing about another engine
    return done.stdout.splitlines()


def test_parse_reads_by_rasa(rasa: Running, tmp_path: Path) -> None:
    """The token that `make rasa` leaves in the data folder is found there."""
    (tmp_path / "rasa-token").write_text(rasa.token + "\n", encoding="ascii")

    (line,) = bot(["parse"], [{"id": "1", "text": "hes outside my door"}], rasa, tmp_path)

    assert json.loads(line)["intent"] == "emergency"
    assert json.loads(line)["urgent"] is True


def test_talk_answers_by_rasa(rasa: Running, tmp_path: Path) -> None:
    """A whole conversation goes the same way."""
    (tmp_path / "rasa-token").write_text(rasa.token + "\n", encoding="ascii")

    (line,) = bot(["talk"], [{"chat": "1", "text": "how do i keep a diary"}], rasa, tmp_path)

    topics = [reply["topic"] for reply in json.loads(line)["replies"]]
    assert any(topic and topic.startswith("evidence") for topic in topics)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a system that can stop programs")
async def test_a_server_that_hangs_and_comes_back(rasa: Running) -> None:
    """While it hangs the embedded engine reads within a second or so; then Rasa does again."""
    engine = rasa.engine()
    os.kill(rasa.process.pid, signal.SIGSTOP)
    try:
        reading = await engine.read("he keeps turning up at my work", NOBODY)
    finally:
        os.kill(rasa.process.pid, signal.SIGCONT)

    assert not reading.degraded
    assert engine.fallbacks["slow"] == 1
    await engine.read("he keeps turning up at my work", NOBODY)
    assert engine.state().detail == ""
