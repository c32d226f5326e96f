"""Guessing is slowed down; nobody is shut out for good."""

import asyncio
from datetime import datetime, timedelta

from bot.staff.keys import StaffKeys
from bot.staff.pace import HERE, NAME, NETWORK, Gatekeeper, Wait, network_of
from bot.store.database import Database
from tests.fakes import MASTER, NOON

GATE = Gatekeeper(StaffKeys(MASTER))


async def attempt(
    database: Database, now: datetime, name: str = "ann", network: str = "n1"
) -> Wait | None:
    """One try, which turns out wrong."""
    return await database.write(lambda c: GATE.count(c, name, network, now))


async def waits(database: Database, count: int, **who: str) -> list[float]:
    """The seconds to wait before each of so many tries, each made as soon as it may be."""
    now, seconds = NOON, []
    for _ in range(count):
        closed = await attempt(database, now, **who)
        seconds.append((closed.until - now).total_seconds() if closed else 0.0)
        if closed:
            now = closed.until
            assert await attempt(database, now, **who) is None
    return seconds


def test_the_delays_double_and_end_somewhere() -> None:
    """Some tries are free, and half an hour is the most."""
    assert [HERE.delay(n).total_seconds() for n in range(1, 8)] == [0, 0, 0, 15, 30, 60, 120]
    assert HERE.delay(100) == timedelta(minutes=30)
    assert NAME.delay(10_000) == timedelta(minutes=2)
    assert NETWORK.delay(10_000) == timedelta(minutes=30)


async def test_a_name_from_one_place_waits_longer_each_time(database: Database) -> None:
    """Four are free."""
    assert await waits(database, 7) == [0, 0, 0, 0, 15, 30, 60]


async def test_a_try_that_is_not_looked_at_does_not_count(database: Database) -> None:
    """Somebody who presses the button again and again does not wait longer for it."""
    await waits(database, 4)
    for _ in range(10):
        closed = await attempt(database, NOON)
        assert closed is not None
        assert closed.until == NOON + timedelta(seconds=15)


async def test_who_gets_it_right_begins_anew(database: Database) -> None:
    """From there, and for the name."""
    await waits(database, 4)
    await database.write(lambda c: GATE.clear(c, "ann", "n1", NOON))

    assert await attempt(database, NOON) is None


async def test_the_advocate_at_another_place_is_hardly_held_up(database: Database) -> None:
    """Whoever knows a name can guess, but cannot keep its owner out."""
    now = NOON
    for number in range(60):  # from twenty places, three tries each
        closed = await attempt(database, now, network=f"n{number // 3}")
        if closed is not None:
            now = closed.until
            assert await attempt(database, now, network=f"n{number // 3}") is None

    closed = await attempt(database, now, network="home")
    assert closed is None or closed.until - now <= timedelta(minutes=2)


async def test_a_place_that_tries_many_names_waits(database: Database) -> None:
    """One try for each name is no way round."""
    answers = [await attempt(database, NOON, name=f"name{n}") for n in range(40)]

    assert answers[:30] == [None] * 30
    assert all(answers[30:])


async def test_the_right_guess_of_one_name_does_not_wipe_out_the_others(database: Database) -> None:
    """Or an insider could go on guessing by signing in between."""
    for number in range(29):
        await attempt(database, NOON, name=f"name{number}")
    await attempt(database, NOON, name="own")
    await database.write(lambda c: GATE.clear(c, "own", "n1", NOON))

    assert await attempt(database, NOON, name="one more") is None
    assert await attempt(database, NOON, name="and one more") is not None


async def test_a_hundred_tries_at_once_are_a_hundred(database: Database) -> None:
    """A try is counted before it is judged."""
    answers = await asyncio.gather(*(attempt(database, NOON) for _ in range(100)))

    assert sum(answer is None for answer in answers) == 4


async def test_after_a_day_it_is_forgotten(database: Database) -> None:
    """What was long ago is no guessing."""
    await waits(database, 6)

    later = NOON + timedelta(hours=25)
    assert [await attempt(database, later) for _ in range(3)] == [None] * 3


def test_an_address_stands_for_its_network() -> None:
    """Whoever has an IPv6 address has 2^64 of them."""
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:2")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert network_of("fe80::1%eth0") == network_of("fe80::2")
    assert network_of(None) == network_of("") == network_of("no:address") == "unknown"
