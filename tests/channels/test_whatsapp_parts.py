"""A bubble as the JSON that WhatsApp takes."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.whatsapp_calls import Calls
from bot.channels.whatsapp_parts import is_number, is_scoped_id, message, recipient
from bot.content.limits import WHATSAPP
from bot.messages import Choice, Kind, Part, Sent
from tests.channels.whatsapp_rig import QUICK
from tests.channels.whatsapp_stand_in import (
    NUMBER_ID,
    PERSON,
    PHONE,
    TOKEN,
    StandIn,
    refusal,
    stand_in,
)


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


@pytest.fixture
async def calls(api: StandIn) -> AsyncIterator[Calls]:
    calls = Calls(TOKEN, NUMBER_ID, api.url, QUICK)
    calls.open()
    yield calls
    await calls.close()


def choices(count: int, title: str = "Choice {}") -> tuple[Choice, ...]:
    return tuple(Choice(f"show:item.{number}", title.format(number)) for number in range(count))


def test_words_alone_go_as_text_without_a_preview() -> None:
    """No preview: it would show the site's picture in the chat. Links stay as they are."""
    part = Part("See https://example.org/x_y & <b>ring</b>", Kind.ADVICE)
    assert message(PERSON, part, "7.ab") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient": PERSON,
        "type": "text",
        "text": {"body": part.text, "preview_url": False},
        "biz_opaque_callback_data": "7.ab",
    }


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_choices_are_buttons(count: int) -> None:
    """Under the message, one tap each; no header and no footer."""
    inside = message(PHONE, Part("Which?", Kind.QUESTION, choices=choices(count)))["interactive"]
    assert (inside["type"], set(inside)) == ("button", {"type", "body", "action"})
    assert [one["reply"] for one in inside["action"]["buttons"]] == [
        {"id": f"show:item.{number}", "title": f"Choice {number}"} for number in range(count)
    ]


@pytest.mark.parametrize("count", [4, 7, 10])
def test_more_choices_are_a_list(count: int) -> None:
    """One section, a row for each."""
    inside = message(PHONE, Part("Which?", Kind.QUESTION, choices=choices(count)))["interactive"]
    (section,) = inside["action"]["sections"]
    assert inside["type"] == "list"
    assert [row["id"] for row in section["rows"]] == [f"show:item.{n}" for n in range(count)]
    assert set(section["rows"][0]) == {"id", "title"}


@pytest.mark.parametrize(
    "part",
    [
        Part("x" * 5_000, Kind.ADVICE),
        Part("x" * 1_500, Kind.EMERGENCY, choices=choices(3)),
        Part("x", Kind.ADVICE, choices=choices(14)),
        Part("x", Kind.ADVICE, choices=choices(3, "A title that is far too long {}")),
        Part("x", Kind.ADVICE, choices=choices(6, "The very same title")),
        Part("x", Kind.ADVICE, choices=(Choice("", "No id"), Choice("menu", "Menu"))),
        Part("x", Kind.ADVICE, choices=(Choice("menu", " "), Choice("a", "A"))),
        Part("x", Kind.ADVICE, choices=(Choice("menu ", "Menu"), Choice("a", "A"))),
        Part("x", Kind.ADVICE, choices=(Choice("a", "A"), Choice("a", "B"))),
        Part("x", Kind.ADVICE, choices=(Choice("x" * 300, "Long"), Choice("a", "A"))),
        Part("x", Kind.ADVICE, choices=(*choices(3), Choice("y" * 300, "Long"))),
        Part("a \ud83d b", Kind.ADVICE, choices=(Choice("a", "\ud83d"),)),
    ],
    ids=range(12),
)
async def test_what_does_not_fit_costs_a_button_and_never_the_message(
    api: StandIn, calls: Calls, part: Part
) -> None:
    """The stand-in refuses what Meta would refuse; the words arrive."""
    assert isinstance(await calls.send(PERSON, part), Sent)
    assert api.texts()[0].startswith(part.text[:1])
    assert refusal(api.tried[0]) is None


def test_our_limits_lie_within_the_platforms() -> None:
    """What content is rendered for is what WhatsApp takes."""
    full = Part(
        "x" * WHATSAPP.text_with_choices,
        Kind.ADVICE,
        choices=tuple(Choice(str(n), f"{n}" * 10 + "x" * 14) for n in range(WHATSAPP.rows)),
    )
    assert refusal(message(PERSON, full)) is None
    assert len(message(PERSON, full)["interactive"]["action"]["sections"][0]["rows"]) == 10
    assert refusal(message(PERSON, Part("x" * WHATSAPP.text, Kind.ADVICE))) is None


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (PERSON, {"recipient": PERSON}),
        ("GB.ENT.11815799212886844830", {"recipient": "GB.ENT.11815799212886844830"}),
        ("US.a1B2", {"recipient": "US.a1B2"}),
        (PHONE, {"to": PHONE}),
        (f"+{PHONE}", {"to": f"+{PHONE}"}),
    ],
)
def test_a_message_names_its_person_once(to: str, expected: dict[str, str]) -> None:
    """An id or a number, never both: the number would win."""
    assert recipient(to) == expected
    assert is_scoped_id(to) is not is_number(to)


@pytest.mark.parametrize("value", ["", " ", "a b", "é", "\n", "x" * 201, "1" * 30, "+"])
def test_what_is_neither_an_id_nor_a_number_is_nobody(value: str) -> None:
    """Nothing is ever sent to it."""
    assert not is_number(value)
    assert not is_scoped_id(value)
