"""The whole way of a message, over a real database and fakes at both ends."""

from tests.conftest import House


async def test_a_message_is_answered_once(house: House) -> None:
    """Somebody writes, and one answer comes."""
    assert await house.say("hello") == ["answer to hello [hello]"]


async def test_messages_are_answered_in_order(house: House) -> None:
    """Three messages sent in a row get their answers in that order."""
    for text in ("one", "two", "three"):
        await house.say(text)

    assert house.telegram.texts("c1") == [
        "answer to one [one]",
        "answer to two [two]",
        "answer to three [three]",
    ]
