"""Killed at any step of a turn and started again, the service has answered each message once."""

import ast
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.crash.child import EVENTS, POINTS

RESENT = "You may have had this already.\n"
CARD = "answer to emergency"
ANSWERS = {
    "m1": ["answer to m1 [m1]"],
    "m2+more": ["answer to m2+more [m2]", "answer to m2+more [more]"],
    "m3": ["answer to m3 [m3]"],
    "danger": ["answer to emergency", "answer to question.now"],
    "n1": ["answer to n1 [n1]"],
    "n2": ["answer to n2 [n2]"],
}
pytestmark = pytest.mark.slow


def run(url: str, sends: Path, point: str, passes: int) -> int:
    """Run the service until it is done or dead; its exit status."""
    command = [sys.executable, "-m", "tests.crash.child", url, str(sends), point, str(passes)]
    return subprocess.run(command, timeout=120, check=False, stdout=subprocess.DEVNULL).returncode


def sent(path: Path) -> dict[str, list[str]]:
    """What each chat was sent, in order."""
    got: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text().splitlines():
        chat, text = line.split("\t")
        got[chat].append(ast.literal_eval(text))
    return got


def without_doubles(texts: list[str]) -> list[str]:
    """The messages without those that said they might be a repeat and were one."""
    kept: list[str] = []
    for text in texts:
        if text.startswith(RESENT) and kept and kept[-1] == text.removeprefix(RESENT):
            continue
        kept.append(text.removeprefix(RESENT))
    return kept


LATER = [("keep.after", 2), ("send.before", 2), ("send.after", 2), ("finish.before", 2)]


def _apart(texts: list[str]) -> tuple[list[str], list[str]]:
    """The 999 cards, and everything else."""
    cards = [text for text in texts if text.endswith(CARD)]
    return cards, [text for text in texts if not text.endswith(CARD)]


@pytest.mark.parametrize(("point", "passes"), [*((point, 0) for point in POINTS), *LATER])
def test_each_message_is_answered_once_and_in_order(
    empty_url: str, tmp_path: Path, point: str, passes: int
) -> None:
    """A person sees one answer to each message; a second copy says that it may be one."""
    sends = tmp_path / "sends"
    sends.touch()

    assert run(empty_url, sends, point, passes) == -signal.SIGKILL
    assert run(empty_url, sends, "none", 0) == 0

    got = sent(sends)
    for chat, messages in EVENTS.items():
        expected = [answer for message in messages for answer in ANSWERS[message]]
        # The 999 card goes first: it may overtake what waited, and never comes later.
        cards, others = _apart(got[chat])
        assert without_doubles(others) == _apart(expected)[1]
        assert without_doubles(cards) == _apart(expected)[0]
        if cards:
            assert got[chat].index(cards[0]) <= expected.index(CARD) + 1  # one double before it
    resent = [text for texts in got.values() for text in texts if text.startswith(RESENT)]
    assert len(resent) <= 2  # one for each conversation that was worked on
