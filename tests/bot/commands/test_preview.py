"""`python -m bot preview` as a program: its address, its refusals, its end."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[3]
PATIENCE = 120  # seconds; reading the texts takes two on a quiet machine


def started(*arguments: str, **settings: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "preview", *arguments],
        cwd=ROOT,
        env={**clean, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_says_where_it_is_and_ends_when_told() -> None:
    """The address it prints answers with the texts; Ctrl-C ends it without a fault."""
    preview = started("--port", "0")
    try:
        assert preview.stdout
        said = re.search(r"http://127\.0\.0\.1:\d+/", preview.stdout.readline())
        assert said
        answer = httpx.get(said.group(), timeout=PATIENCE)
        assert "about the bot" in answer.text
        preview.send_signal(signal.SIGINT)
        _, errors = preview.communicate(timeout=PATIENCE)
        assert (preview.returncode, errors) == (0, "")
    finally:
        preview.kill()
        preview.communicate()


def test_a_port_that_is_taken_is_one_sentence() -> None:
    """No traceback: which port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        preview = started("--port", str(port))
        out, errors = preview.communicate(timeout=PATIENCE)
    assert (preview.returncode, out) == (2, "")
    assert f"127.0.0.1:{port}" in errors
    assert "Traceback" not in errors


def test_a_folder_that_is_not_there_is_one_sentence() -> None:
    """A wrong BOT_CONTENT_DIR is told before anything is served."""
    preview = started("--port", "0", BOT_CONTENT_DIR="nowhere")
    out, errors = preview.communicate(timeout=PATIENCE)
    assert (preview.returncode, out) == (2, "")
    assert "BOT_CONTENT_DIR: there is no such folder" in errors
