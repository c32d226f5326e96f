"""An editor's desk: a folder of texts, the preview over it, and git where a test wants it."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.clock import SetClock
from bot.preview.app import preview_app
from bot.preview.folder import Folder
from tests.bot.content.conftest import responses, template
from tests.bot.content.responses import Responses

__all__ = ["responses", "template"]

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday

Git = Callable[..., None]


def desk(root: Path) -> httpx.AsyncClient:
    """A browser without a script, on a preview of this folder."""
    clock = SetClock(NOON)
    transport = httpx.ASGITransport(preview_app(Folder(root, clock), clock))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


def repository(folder: Path) -> Git:
    """Runs git in a folder, all of which is committed."""
    who = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    # a hook that runs these tests has git's own variables set
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def run(*arguments: str) -> None:
        command = ["git", "-C", str(folder), *who, *arguments]
        subprocess.run(command, check=True, capture_output=True, env=clean)

    run("init", "-q")
    run("add", ".")
    run("commit", "-q", "-m", "First version")
    return run


@pytest.fixture
def git(responses: Responses) -> Git:
    """Git in the folder of texts."""
    return repository(responses.root)
