"""How many messages the talk protocol says were taken off the person's screen."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from nlu.engine import EmbeddedEngine
from tests.bot.commands.test_talk import Player, session_of

Open = Callable[[str], Player]


@pytest.fixture
async def open_talk(engine: EmbeddedEngine, tmp_path: Path) -> AsyncIterator[Open]:
    """Makes a run of the protocol on a channel."""
    sessions = []

    def make(channel: str) -> Player:
        sessions.append(session_of(engine, tmp_path, channel))
        return Player(sessions[-1])

    yield make
    for session in sessions:
        await session.close()


def _count(*answers: dict[str, Any]) -> int:
    return sum(len(answer["replies"]) for answer in answers)


async def test_on_telegram_erasing_takes_both_sides_off(open_talk: Open) -> None:
    """Two messages of theirs, every reply and the question; a tap is no message."""
    play = open_talk("telegram")
    told = await play(chat="c1", text="he keeps turning up at my work")
    asked = await play(chat="c1", text="delete")
    done = await play(chat="c1", tap="erase:yes")

    assert told["removed"] == asked["removed"] == 0
    assert done["removed"] == 2 + _count(told, asked)
    assert done["replies"][0]["topic"] == "erase.done"
    assert "off this screen" in done["replies"][0]["text"]


async def test_leaving_takes_off_as_much_and_says_next_to_nothing(open_talk: Open) -> None:
    """One dull line is left, also after a crash in between; another chat is not touched."""
    play = open_talk("telegram")
    told = await play(chat="c1", text="he keeps turning up at my work")
    await play(chat="c2", text="hello")
    await play(restart=True)
    left = await play(chat="c1", text="/leave")

    assert left["removed"] == 2 + _count(told)
    assert [reply["text"] for reply in left["replies"]] == ["OK."]
    again = await play(chat="c1", text="/leave")
    assert again["removed"] == 1  # the command; of the talk before nothing is known any more


async def test_what_is_too_old_stays_and_is_told(open_talk: Open) -> None:
    """A talk of three days: the first day's messages cannot be taken off any more."""
    play = open_talk("telegram")
    answers = []
    for day, hour in ((24, 12), (25, 11), (26, 10), (27, 9)):
        await play(at=f"2026-11-{day}T{hour:02}:00:00+00:00")
        answers.append(await play(chat="c1", text="he keeps turning up at my work"))
    left = await play(chat="c1", text="/leave")

    assert left["removed"] == 4 + _count(*answers[1:]), "all but the first day, and the command"
    assert left["replies"][0]["topic"] == "leave.done.stays"


@pytest.mark.parametrize("channel", ["web", "whatsapp"])
async def test_elsewhere_nothing_is_taken_off_and_nothing_of_the_kind_is_said(
    open_talk: Open, channel: str
) -> None:
    """No such call on WhatsApp; nothing to take off on the page."""
    play = open_talk(channel)
    await play(chat="c1", text="he keeps turning up at my work")
    await play(chat="c1", text="delete")
    done = await play(chat="c1", text="yes")

    assert done["removed"] == 0
    assert done["replies"][0]["topic"] == "erase.done"
    assert "taken our messages" not in done["replies"][0]["text"]
