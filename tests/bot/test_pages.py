"""The web page's talk is kept here, and told in order."""

import asyncio

from sqlalchemy import Connection

from bot.messages import Address, Incoming, Kind
from bot.store import page_rows
from bot.store.page_rows import MOST
from tests.conftest import House
from tests.fakes import NOON, written


async def test_the_page_shows_both_sides(house: House) -> None:
    """What the person wrote and tapped, and what we said, in order; nothing goes by the outbox."""
    of = house.keyring.conversation_id(Address("web", "w1"))
    await house.say("one", chat="w1", channel="web")
    await house.pipe.door.receive(Incoming(Address("web", "w1"), "t1", NOON, tap="menu"))
    await house.pipe.worker.drain()

    lines = await house.pipe.pages.lines(of)

    assert [(line.mine, line.text) for line in lines] == [
        (True, "one"),
        (False, "answer to one [one]"),
        (True, "Menu"),
        (False, "answer to menu [menu]"),
    ]
    assert [line.kind for line in lines] == [None, Kind.ADVICE, None, Kind.ADVICE]
    assert lines[1].choices[0].id == "menu"
    assert await house.pipe.pages.lines(of, after=lines[2].seq) == lines[3:]
    assert house.web.sent == {}


async def test_what_is_not_answered_yet_can_be_shown(house: House) -> None:
    """The person sees that their words arrived."""
    of = house.keyring.conversation_id(Address("web", "w1"))
    await house.pipe.door.receive(written("one", "1", chat="w1", channel="web"))

    assert [words.text for words in await house.pipe.pages.pending(of)] == ["one"]
    await house.pipe.worker.drain()
    assert await house.pipe.pages.pending(of) == []


async def test_waiting_ends_as_soon_as_there_is_a_line(house: House) -> None:
    """An open page shows the answer at once."""
    of = house.keyring.conversation_id(Address("web", "w1"))
    async with asyncio.timeout(10):
        waiting = asyncio.create_task(house.pipe.pages.wait(of, 0, 60))
        await asyncio.sleep(0.05)
        await house.say("one", chat="w1", channel="web")
        lines = await waiting

    assert [line.text for line in lines] == ["one", "answer to one [one]"]


async def test_waiting_ends_when_the_time_is_up(house: House) -> None:
    """Nothing new is an answer, too."""
    of = house.keyring.conversation_id(Address("web", "w1"))

    assert await house.pipe.pages.wait(of, 0, 0.05) == []


async def test_line_numbers_are_never_given_twice(house: House) -> None:
    """A page that knows line 2 is not blind to what comes after an erasure."""
    of = house.keyring.conversation_id(Address("web", "w1"))
    await house.say("one", chat="w1", channel="web")
    last = (await house.pipe.pages.lines(of))[-1].seq
    await house.pipe.retention.erase(of)
    await house.say("two", chat="w1", channel="web")

    assert [line.text for line in await house.pipe.pages.lines(of, after=last)] == [
        "two",
        "answer to two [two]",
    ]


async def test_forgetting_the_page_keeps_the_talk(house: House) -> None:
    """Lines go, the place stays."""
    of = house.keyring.conversation_id(Address("web", "w1"))
    await house.say("one", chat="w1", channel="web")

    assert await house.pipe.pages.forget(of) == 2
    assert await house.pipe.pages.lines(of) == []
    assert (await house.pipe.turn.where(of)).turns == 1


async def test_a_talk_without_end_keeps_its_newest_lines(house: House) -> None:
    """Somebody, or a program, writes all night: what each look loads stays bounded."""
    for text in ("mine", "other"):
        await house.say(text, chat=text, channel="web")
    of, other = (house.keyring.conversation_id(Address("web", chat)) for chat in ("mine", "other"))

    def flood(connection: Connection) -> None:
        for _ in range(MOST):
            page_rows.add(connection, of, mine=True, body=b"", now=house.clock())

    await house.database.write(flood)
    await house.database.write(lambda c: page_rows.trim(c, of))
    lines = await house.database.read(lambda c: page_rows.after(c, of, 0))

    assert len(lines) == MOST
    assert all(line.body == b"" for line in lines), "the oldest went"
    assert len(await house.pipe.pages.lines(other)) == 2


async def test_every_turn_trims(house: House) -> None:
    """Nobody has to think of it."""
    await house.say("one", chat="c", channel="web")
    of = house.keyring.conversation_id(Address("web", "c"))

    def flood(connection: Connection) -> None:
        for _ in range(MOST + 10):
            page_rows.add(connection, of, mine=True, body=b"", now=house.clock())

    await house.database.write(flood)
    await house.say("two", chat="c", channel="web")
    assert len(await house.database.read(lambda c: page_rows.after(c, of, 0))) == MOST
