"""The talk protocol, line by line as outsiders rely on it."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.talk import STAFF_ACTIONS, TalkSession, talk
from bot.content.limits import WHATSAPP
from bot.settings import load_settings
from nlu.engine import EmbeddedEngine

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SETTINGS = load_settings({}, Path("none"))
KINDS = {"emergency", "advice", "question", "handoff", "advocate", "notice"}


class Player:
    """Plays events and gives the answers as the JSON that is written."""

    def __init__(self, session: TalkSession) -> None:
        self.session = session

    async def __call__(self, **event: Any) -> dict[str, Any]:
        answer = await self.session.handle(json.dumps(event))
        return json.loads(json.dumps(answer))  # type: ignore[no-any-return]


def session_of(engine: EmbeddedEngine, folder: Path, channel: str = "web") -> TalkSession:
    """A run of the protocol over the real content and engine."""
    return TalkSession(SETTINGS, folder, channel=channel, at=NOON, open_engine=lambda: engine)


@pytest.fixture
async def play(engine: EmbeddedEngine, tmp_path: Path) -> AsyncIterator[Player]:
    """The web channel at noon on a Tuesday."""
    session = session_of(engine, tmp_path)
    yield Player(session)
    await session.close()


async def test_a_chat_event_gets_replies_and_state(play: Player) -> None:
    """Every key that the interface names, with its type, and no other."""
    answer = await play(chat="c1", text="he keeps turning up at my work")

    assert set(answer) == {"chat", "replies", "removed", "state"}
    assert (answer["chat"], answer["removed"]) == ("c1", 0)
    assert set(answer["state"]) == {"role", "nation", "flow", "handoff"}
    assert answer["replies"]
    for reply in answer["replies"]:
        assert set(reply) == {"text", "kind", "topic", "buttons", "refs"}
        assert reply["kind"] in KINDS
        assert reply["text"].strip()
        for button in reply["buttons"]:
            assert set(button) == {"id", "title"}
            assert button["id"]
            assert button["title"]


async def test_the_very_first_message_about_danger_gets_the_card_first(play: Player) -> None:
    """With the number, and its register entries named."""
    answer = await play(chat="c1", text="hes outside my door right now trying to get in")
    first = answer["replies"][0]

    assert first["kind"] == "emergency"
    assert first["topic"] == "emergency"
    assert "999" in first["text"]
    assert "service:emergency_999" in first["refs"]


async def test_the_start_is_safe(play: Player) -> None:
    """A program, not a person; 999 in danger."""
    answer = await play(chat="c1", text="hello")
    said = " ".join(reply["text"] for reply in answer["replies"])

    assert "program" in said
    assert "999" in said


async def test_an_answer_to_an_intent_has_an_id_that_starts_with_its_name(play: Player) -> None:
    """So that outsiders can tell what was answered."""
    answer = await play(chat="c1", text="what number can I ring about being stalked?")

    assert answer["replies"][-1]["topic"].split(".")[0] == "helpline"
    assert "service:national_stalking_helpline" in answer["replies"][-1]["refs"]


async def test_every_button_offered_can_be_tapped(play: Player) -> None:
    """Two steps deep, nothing is stale and nothing is a dead end."""
    seen: set[str] = set()
    await play(chat="c1", text="hello")
    waiting = [
        b["id"] for r in (await play(chat="c1", text="menu"))["replies"] for b in r["buttons"]
    ]
    for depth in range(2):
        following: list[str] = []
        for button in waiting:
            if button in seen:
                continue
            seen.add(button)
            answer = await play(chat="c1", tap=button)
            topics = [reply["topic"] for reply in answer["replies"]]
            assert "technical.stale_button" not in topics, (depth, button)
            following += [b["id"] for reply in answer["replies"] for b in reply["buttons"]]
        assert following
        waiting = following


@pytest.mark.parametrize(
    "media", ["voice", "photo", "video", "document", "sticker", "location", "contact", "hologram"]
)
async def test_media_is_answered_kindly(play: Player, media: str) -> None:
    """Known kinds and unknown ones."""
    answer = await play(chat="c1", media=media)

    assert answer["replies"][-1]["topic"].startswith("technical.media")


@pytest.mark.parametrize(
    "event",
    [
        {"text": ""}, {"text": "   "}, {"text": "🙂"}, {"text": "x" * 5000}, {"tap": "gone"},
        {"tap": ""}, {"media": ""}, {"text": "\ud800"}, {"text": "a\x00b"}, {"text": "é" * 9000},
    ],
)  # fmt: skip
async def test_odd_messages_are_answered_not_refused(play: Player, event: dict[str, str]) -> None:
    """Empty, emoji, very long, stale, half a character."""
    answer = await play(chat="c1", **event)

    assert "error" not in answer
    assert answer["replies"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "not JSON"),
        ("", "not JSON"),
        ("[1]", "an event is a JSON object"),
        ("{}", "no known key"),
        ('{"chat": 7, "text": "hi"}', '"chat" is a text'),
        ('{"chat": "c1"}', 'a chat event has "text", "tap" or "media"'),
        ('{"chat": "c1", "text": 7}', '"text" is a text'),
        ('{"at": "yesterday"}', "not an ISO 8601 time"),
        ('{"at": "2026-12-25T10:00:00"}', "a time needs its zone"),
        ('{"staff": "a1", "do": "dance"}', "unknown staff action"),
        ('{"restart": "yes"}', '"restart" is true'),
    ],
)
async def test_an_unusable_event_gets_an_error_and_the_stream_goes_on(
    play: Player, line: str, said: str
) -> None:
    """The next event is answered as if nothing had been."""
    answer = await play.session.handle(line)

    assert said in answer["error"]
    assert (await play(chat="c1", text="hello"))["replies"]


@pytest.mark.parametrize("action", STAFF_ACTIONS)
async def test_staff_events_say_that_there_is_no_desk_yet(play: Player, action: str) -> None:
    """In the shape that the interface gives a refused action."""
    answer = await play(staff="a1", do=action)

    assert (answer["staff"], answer["ok"]) == ("a1", False)
    assert "no advocates' desk yet" in answer["error"]
    assert (answer["queue"], answer["mine"], answer["deliveries"]) == ([], [], [])


async def test_moving_the_clock_is_answered_and_opens_the_helpline(play: Player) -> None:
    """The helpline's words follow the clock."""
    day = await play(chat="c1", text="what are the helpline opening hours?")
    moved = await play(at="2026-11-24T23:30:00+00:00")
    night = await play(chat="c2", text="what are the helpline opening hours?")

    assert moved == {"at": "2026-11-24T23:30:00+00:00", "ok": True, "deliveries": []}
    assert day["replies"][-1]["text"] != night["replies"][-1]["text"]


async def test_a_restart_loses_nothing(play: Player) -> None:
    """Role and nation are in the database, not in memory."""
    await play(chat="c1", text="hello")
    await play(chat="c1", tap="set:nation:scotland")
    await play(chat="c1", tap="set:role:supporter")

    assert await play(restart=True) == {"restart": True, "ok": True, "deliveries": []}
    state = (await play(chat="c1", text="how do I report it to the police?"))["state"]
    assert (state["role"], state["nation"]) == ("supporter", "scotland")


async def test_a_quiet_talk_is_forgotten(play: Player) -> None:
    """After a day without a word nothing is known any more."""
    await play(chat="c1", tap="set:nation:wales")
    await play(at="2026-11-25T13:00:00+00:00")

    assert (await play(chat="c1", text="hello"))["state"]["nation"] is None


async def test_erase_asks_once_and_forgets(play: Player) -> None:
    """In words all the way."""
    await play(chat="c1", tap="set:nation:wales")
    asked = await play(chat="c1", text="delete")
    done = await play(chat="c1", text="yes")

    assert asked["replies"][-1]["topic"] == "erase.ask"
    assert done["replies"][-1]["topic"] == "erase.done"
    assert done["state"] == {"role": None, "nation": None, "flow": None, "handoff": None}


async def test_two_chats_do_not_know_of_each_other(play: Player) -> None:
    """One person's facts are not another's."""
    await play(chat="c1", tap="set:nation:wales")

    assert (await play(chat="c2", text="hello"))["state"]["nation"] is None


async def test_whatsapp_keeps_to_its_limits(engine: EmbeddedEngine, tmp_path: Path) -> None:
    """Up to three reply buttons or a list of ten, and its lengths."""
    session = session_of(engine, tmp_path, "whatsapp")
    play = Player(session)
    for text in ("hello", "menu", "how do I report it?", "he put a tracker on my car", "delete"):
        for reply in (await play(chat="c1", text=text))["replies"]:
            buttons = reply["buttons"]
            longest = WHATSAPP.text_with_choices if buttons else WHATSAPP.text
            assert len(reply["text"]) <= longest
            assert len(buttons) <= WHATSAPP.rows
            most = WHATSAPP.button_title if len(buttons) <= WHATSAPP.buttons else WHATSAPP.row_title
            assert all(len(button["title"]) <= most for button in buttons)
    await session.close()


async def test_one_line_out_for_each_line_in(engine: EmbeddedEngine) -> None:
    """Bad lines and blank ones included."""
    lines = [
        '{"chat": "c1", "text": "hi"}',
        "",
        "junk",
        '{"restart": true}',
        '{"chat":"c1","tap":"x"}',
    ]
    out = io.StringIO()
    await talk(
        io.StringIO("\n".join(lines) + "\n"),
        out,
        SETTINGS,
        channel="telegram",
        at=NOON,
        open_engine=lambda: engine,
    )
    answers = [json.loads(line) for line in out.getvalue().splitlines()]

    assert len(answers) == len(lines)
    assert [("error" in answer) for answer in answers] == [False, True, True, False, False]


@pytest.mark.parametrize(
    "at",
    ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
)
async def test_a_clock_beyond_all_reckoning_is_refused(play: Player, at: str) -> None:
    """The talk goes on at the old time, and danger is answered."""
    refused = await play(at=at)
    answer = await play(chat="c1", text="hes outside my door")

    assert set(refused) == {"error"}
    assert answer["replies"][0]["kind"] == "emergency"
