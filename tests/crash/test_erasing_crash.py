"""Killed at any step of an erasing and started again: it is not begun, or it gets finished."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DONE = "answer to erase.done"
RESENT = "You may have had this already.\n"
pytestmark = pytest.mark.slow


def run(url: str, chat: Path, point: str, passes: int) -> int:
    """Run the service until it is done or dead; its exit status."""
    command = [sys.executable, "-m", "tests.crash.erasing", url, str(chat), point, str(passes)]
    return subprocess.run(command, timeout=120, check=False, stdout=subprocess.DEVNULL).returncode


def screen(chat: Path) -> list[str]:
    """What stands in the chat, oldest first."""
    standing: dict[str, str] = {}
    for line in map(json.loads, chat.read_text().splitlines()):
        event: dict[str, Any] = line
        if "number" in event:
            standing[event["number"]] = event.get("sent") or event["said"]
        for number in event.get("removed", ()):
            standing.pop(number, None)
    return list(standing.values())


STEPS = [
    ("accept.before", 2),
    ("accept.after", 2),
    ("erase.before", 0),
    ("erase.after", 0),
    ("remove.before", 0),
    ("remove.after", 0),
    ("mark.before", 0),
    ("mark.after", 0),
    ("mark.before", 1),
    ("mark.after", 1),
    ("finish.before", 1),
    ("finish.before", 2),
    ("finish.after", 2),
    ("send.before", 1),
    ("send.before", 2),
    ("send.after", 2),
]


@pytest.mark.parametrize(("point", "passes"), STEPS)
def test_an_erasing_is_finished_after_a_crash(
    empty_url: str, tmp_path: Path, point: str, passes: int
) -> None:
    """Only the last line is on the screen, at most twice where it may have been sent before."""
    chat = tmp_path / "chat"
    chat.touch()

    assert run(empty_url, chat, point, passes) == -signal.SIGKILL
    assert run(empty_url, chat, "none", 0) == 0

    left = screen(chat)
    assert left.count(DONE) >= 1 or left == [RESENT + DONE]
    assert [text for text in left if text.removeprefix(RESENT) != DONE] == _lost(point, passes)
    assert len(left) <= 2


def _lost(point: str, passes: int) -> list[str]:
    """A message whose number died with the process before it was written down: we cannot know it.

    The last line tells the person what to do about what they still see.
    """
    return ["answer to m2 [m2]"] if (point, passes) == ("finish.before", 1) else []
