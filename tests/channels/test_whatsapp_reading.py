"""What each call means to us, by a table of payloads: as Meta sends them, new, and broken.

Each line of the files is one whole call and, in order, everything that it tells. A message stands
as `words`, `tap` or `media`, with `to` where it is not the usual person's, and `event`, its id.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp_events import (
    CHANNEL,
    Alone,
    Closed,
    Event,
    Said,
    Status,
    Trouble,
    Unreadable,
)
from bot.channels.whatsapp_reading import events_in
from bot.messages import Incoming
from nlu.urgent_words import urgent_in
from tests.channels.whatsapp_stand_in import NUMBER_ID, PERSON, PHONE
from tests.fakes import NOON

FOLDER = Path(__file__).parent / "payloads" / "whatsapp"
CASES: list[Any] = [
    pytest.param(case, id=f"{file.stem}: {case['name']}")
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text(encoding="ascii"))
]


def read(body: Any) -> list[Event]:
    """What a call tells."""
    return events_in(json.dumps(body).encode(), NOON, NUMBER_ID)


@pytest.mark.parametrize("case", CASES)
def test_each_call_is_taken_as_it_was_meant(case: Any) -> None:
    """Words, taps and media reach the dialogue; all else is left alone or set aside."""
    assert [_told(event) for event in read(case["body"])] == [_full(e) for e in case["expect"]]


def _told(event: Event) -> dict[str, Any]:
    """An event as the table writes it."""
    match event:
        case Said(incoming, shown, odd):
            assert incoming.at == NOON
            assert shown in {None, incoming.event_id}
            return {
                **_what(incoming),
                "to": incoming.address.to,
                "event": incoming.event_id.partition(":")[0],
                "odd": odd,
            }
        case Status(word, tag, code):
            return {"status": word, "tag": tag, "code": code}
        case Closed(address):
            assert address.channel == CHANNEL
            return {"closed": address.to}
        case Alone(why):
            return {"alone": why}
        case Trouble(code):
            return {"trouble": code}
        case Unreadable(why):
            return {"unreadable": why}


def _what(incoming: Incoming) -> dict[str, Any]:
    assert incoming.address.channel == CHANNEL
    given: dict[str, Any] = {
        "words": incoming.words.text if incoming.words else None,
        "tap": incoming.tap,
        "media": incoming.media.value if incoming.media else None,
    }
    found = {name: value for name, value in given.items() if value is not None}
    assert len(found) == 1
    return found


def _full(expect: dict[str, Any]) -> dict[str, Any]:
    """What the table leaves out."""
    if "event" in expect:
        return {"to": PERSON, "odd": "", **expect}
    return {"code": None, **expect} if "status" in expect else expect


def test_the_table_is_wide_enough() -> None:
    """At least 120 cases, of each sort some, and no name twice."""
    names = [str(param.id) for param in CASES]
    assert len(names) == len(set(names)) >= 120
    for sort, least in (("recorded", 60), ("invented", 20), ("broken", 40)):
        assert sum(name.startswith(sort) for name in names) >= least


def test_danger_is_heard_however_damaged_the_rest_is() -> None:
    """Words of danger of a known person reach the dialogue; only a group is left alone."""
    heard = 0
    for param in CASES:
        name, case = str(param.id), param.values[0]
        if "danger" not in name or "group" in name or "nothing that tells who" in name:
            continue
        told = [event for event in read(case["body"]) if isinstance(event, Said)]
        assert told, name
        assert all(one.incoming.words and urgent_in(one.incoming.words.text) for one in told), name
        heard += 1
    assert heard >= 20


def test_names_and_origins_never_reach_our_types() -> None:
    """Whoever reads our objects learns no name, username, number or origin of a forward."""
    for param in CASES:
        for event in read(param.values[0]["body"]):
            if isinstance(event, Closed):
                event = event.address  # type: ignore[assignment]  # noqa: PLW2901 - as logs show it
            shown = repr(event)
            for hidden in ("Nomen", "Nescio", "nomen_nescio", "Alius", PHONE, PERSON, "knife"):
                assert hidden not in shown


def test_an_id_that_is_missing_is_made_the_same_each_time() -> None:
    """A message without an id is known again when it is delivered again, and only then."""

    def event(words: str) -> str:
        message = {"from_user_id": PERSON, "type": "text", "text": {"body": words}}
        body = {"entry": [{"changes": [{"value": {"messages": [message]}}]}]}
        (said,) = read(body)
        assert isinstance(said, Said)
        assert said.shown is None
        return said.incoming.event_id

    assert event("one") == event("one")
    assert event("one") != event("two")


def test_a_number_of_thousands_of_digits_costs_nobody_an_answer() -> None:
    """Python would refuse the whole body for it."""
    digits = "9" * 5_000
    raw = (
        '{"entry": [{"changes": [{"value": {"messages": [{"from_user_id": "GB.1", "id": "a", '
        f'"timestamp": {digits}, "type": "text", "text": {{"body": "hello"}}}}]}}}}]}}]}}'
    )
    (said,) = events_in(raw.encode(), NOON, NUMBER_ID)
    assert isinstance(said, Said)


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b""])
def test_bytes_that_are_no_text_cost_only_themselves(prefix: bytes) -> None:
    """A damaged character becomes a mark; a mark of byte order is passed over."""
    raw = (
        b'{"entry": [{"changes": [{"value": {"messages": [{"from_user_id": "GB.1", "id": "a",'
        b'"type": "text", "text": {"body": "he\xff is here"}}]}}]}]}'
    )
    (said,) = events_in(prefix + raw, NOON, NUMBER_ID)
    assert isinstance(said, Said)
    assert said.incoming.words is not None
    assert said.incoming.words.text == "he\ufffd is here"


_KEYS = [
    "entry",
    "changes",
    "value",
    "field",
    "messages",
    "statuses",
    "contacts",
    "errors",
    "metadata",
    "phone_number_id",
    "from",
    "from_user_id",
    "user_id",
    "wa_id",
    "id",
    "type",
    "text",
    "body",
    "interactive",
    "button_reply",
    "list_reply",
    "button",
    "payload",
    "image",
    "caption",
    "system",
    "previous_user_id",
    "edit",
    "message",
    "status",
    "code",
    "biz_opaque_callback_data",
    "group_id",
]
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(_KEYS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6)
    ),
    max_leaves=15,
)


@given(inside=_json, level=st.integers(0, 4))
def test_no_call_whatever_its_shape_breaks_the_reading(inside: Any, level: int) -> None:
    """Any JSON at all, at any depth of a call, is read or set aside; nothing is raised."""
    wrapped: Any = inside
    if level > 3:
        wrapped = {"from_user_id": "GB.1", "id": "a", "type": "text", "text": inside}
    if level > 2:
        wrapped = {"messages": [wrapped], "statuses": [inside], "contacts": [inside]}
    if level > 1:
        wrapped = {"changes": [{"field": "messages", "value": wrapped}]}
    if level > 0:
        wrapped = {"entry": [wrapped]}
    for event in read(wrapped):
        assert isinstance(event, Event)


@given(raw=st.binary(max_size=200))
def test_no_bytes_whatever_break_the_reading(raw: bytes) -> None:
    """What is no JSON is set aside whole."""
    for event in events_in(raw, NOON, NUMBER_ID):
        assert isinstance(event, Unreadable)
