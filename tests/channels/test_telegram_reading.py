"""What each update means to us, by a table of payloads: as Telegram sends them, new, broken."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update as LibraryUpdate

from bot.channels.telegram_reading import (
    CHANNEL,
    Alone,
    Closed,
    Shared,
    Unreadable,
    read_update,
)
from bot.messages import Address, Incoming, Media, Words
from nlu.urgent_words import urgent_in
from tests.fakes import NOON

FOLDER = Path(__file__).parent / "payloads" / "telegram"
CASES: list[Any] = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text(encoding="ascii"))
]
TYPES = {"alone": Alone, "closed": Closed, "shared": Shared, "unreadable": Unreadable}
PERSON = "1001"


@pytest.mark.parametrize("case", CASES)
def test_each_update_is_taken_as_it_was_meant(case: Any) -> None:
    """Words, taps and media reach the dialogue; all else is left alone or set aside."""
    expect, raw = case["expect"], case["update"]

    update = read_update(raw, NOON)

    if isinstance(expect, str):
        assert isinstance(update.meant, TYPES[expect])
        assert update.query is None
        return
    assert update.number == raw["update_id"]
    assert update.meant == _expected(expect, raw)
    assert update.query == expect.get("query")
    assert update.album == expect.get("album")


def _expected(expect: dict[str, Any], raw: dict[str, Any]) -> Incoming:
    return Incoming(
        address=Address(CHANNEL, expect.get("chat", PERSON)),
        event_id=expect.get("event", str(raw["update_id"])),
        at=NOON,
        words=Words(expect["words"]) if "words" in expect else None,
        tap=expect.get("tap"),
        media=Media(expect["media"]) if "media" in expect else None,
        message=expect.get("message"),
    )


def test_the_table_is_wide_enough() -> None:
    """At least 120 cases, of each sort many."""
    names = [param.id or "" for param in CASES]
    assert len(names) == len(set(names)) >= 120
    for sort in ("recorded", "invented", "broken"):
        assert sum(name.startswith(sort) for name in names) >= 30


@pytest.mark.parametrize("case", [c for c in CASES if str(c.id).startswith("recorded")])
def test_recorded_updates_are_ones_the_library_can_read_and_reads_alike(
    case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recorded payloads are true to Telegram's shapes; the library sees the same content."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the library warns of its own fields
    theirs = LibraryUpdate.de_json(case["update"])
    ours = read_update(case["update"], NOON)

    assert theirs.update_id == ours.number
    if not isinstance(ours.meant, Incoming):
        return
    assert theirs.effective_chat is None or str(theirs.effective_chat.id) == ours.meant.address.to
    if ours.meant.tap is not None:
        assert theirs.callback_query is not None
        assert theirs.callback_query.data in {ours.meant.tap, None}
        assert theirs.callback_query.id == ours.query
    elif ours.meant.words is not None:
        said = theirs.effective_message
        assert said is not None
        written = str(said.text or said.caption)
        assert written.replace("@notes_bot", "", written.startswith("/")) == ours.meant.words.text
    else:
        assert theirs.message is not None
        assert theirs.message.text is None


def test_danger_is_heard_in_updates_that_the_library_cannot_read() -> None:
    """An update that would kill the library's poller still brings the person's words."""
    heard = 0
    for param in CASES:
        case = param.values[0]
        if not str(param.id).startswith("broken: danger"):
            continue
        try:
            LibraryUpdate.de_json(case["update"])
        except (TypeError, ValueError, KeyError, AttributeError):
            heard += 1
        meant = read_update(case["update"], NOON).meant
        assert isinstance(meant, Incoming)
        assert meant.words is not None
        assert urgent_in(meant.words.text)
    assert heard >= 3


def test_names_and_origins_never_reach_our_types() -> None:
    """Whoever reads our objects learns no name, no username, no origin of a forward."""
    for param in CASES:
        shown = repr(read_update(param.values[0]["update"], NOON).meant)
        for hidden in ("Nomen", "Nescio", "nomen_nescio", "Alius", "2002", PERSON + "'"):
            assert hidden not in shown


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "chat",
                    "id",
                    "type",
                    "from",
                    "text",
                    "caption",
                    "data",
                    "message",
                    "photo",
                    "media_group_id",
                    "voice",
                    "new_chat_member",
                    "status",
                    "location",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(
    kind=st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "x"]),
    body=_json,
)
def test_no_update_whatever_its_shape_breaks_the_reading(kind: str, body: object) -> None:
    """Any JSON at all is read or set aside; nothing is raised."""
    update = read_update({"update_id": 7, kind: body}, NOON)
    assert update.number == 7
