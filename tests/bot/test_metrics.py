"""The numbers say what happened, and nothing about anybody."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot import metrics
from bot.gauges import PARTS, Seen, exposition
from bot.messages import Address, Outcome, Part, Refused, TryLater, Unknown
from bot.pulse import ROOM, Measured, Pulse, troubles
from tests.conftest import House, OpenHouse
from tests.fakes import FakeEngine, StepClock, written

ROOT = Path(__file__).parents[2]
MARK = "zanzibarflamingo"
FIXED = {
    key: {*words, metrics.OTHER}
    for key, words in {
        "channel": metrics.CHANNELS,
        "how": metrics.HOW,
        "intent": metrics.INTENTS,
        "way": metrics.WAYS,
        "outcome": metrics.OUTCOMES.values(),
        "engine": metrics.ENGINES,
        "part": PARTS,
    }.items()
}
"""Everything that a label of ours may say; the rest are words of the code, looked at below."""
OF_THE_CODE = re.compile(r"[a-z_]{1,20}|[0-9a-f]{0,12}")
FULL = Seen(
    measured=Measured(unanswered=1.0, unsent=2.0, silent=0.5, free=10**9, skew=0.1),
    not_ready={"model": "missing"},
    fallbacks={"away": 1},
    rows={("inbox", "new"): 1},
    content="0123456789ab",
    reviews=3,
)


def figures(seen: Seen = FULL) -> dict[tuple[str, ...], float]:
    """Every sample by name and labels: ("alongside_cards_total", "emergency", "turn")."""
    return {
        (sample.name, *(sample.labels[key] for key in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(exposition(seen).decode())
        for sample in family.samples
    }


class Rise:
    """How far a figure has risen since this was made."""

    def __init__(self) -> None:
        self.before = figures()

    def of(self, *name: str) -> float:
        key = (f"alongside_{name[0]}", *name[1:])
        return figures().get(key, 0.0) - self.before.get(key, 0.0)


async def test_no_metric_holds_a_word_a_name_or_a_chat_id(open_house: OpenHouse) -> None:
    """Marked words and chats, a channel and an engine of that name; every label is looked at."""

    def fails(_text: str) -> None:
        raise ValueError(MARK)

    house = await open_house(engine=FakeEngine(name=MARK, before=fails))
    house.telegram.name = MARK
    for number, words in enumerate((f"hello {MARK}", f"danger {MARK}", "erase")):
        await house.pipe.door.receive(written(words, f"{MARK}{number}", chat=MARK))
    await house.pipe.worker.drain()
    metrics.cards([MARK, None], MARK)
    metrics.handled(MARK, MARK)
    metrics.sent(MARK, MARK)
    metrics.accepted(MARK, new=True)
    metrics.not_stored(MARK)
    shown = exposition(replace(FULL, not_ready={MARK: MARK}))

    assert MARK.encode() not in shown
    assert b'alongside_engine_failures_total{engine="other"}' in shown, "it was counted"
    for family in text_string_to_metric_families(shown.decode()):
        if not family.name.startswith("alongside_"):
            continue
        for sample in family.samples:
            for key, value in sample.labels.items():
                if key == "le":
                    continue
                assert value in FIXED.get(key, {value}), (sample.name, key)
                assert OF_THE_CODE.fullmatch(value.replace(" ", "_")), (sample.name, key)


async def test_a_talk_is_counted(house: House) -> None:
    """Stored, delivered again, answered, a card, an erasure; by channel."""
    rise = Rise()
    for event, words in (("1", "hello"), ("1", "hello"), ("2", "danger"), ("3", "erase")):
        await house.pipe.door.receive(written(words, event))
    await house.pipe.worker.drain()

    assert rise.of("accepted_total", "telegram") == 3
    assert rise.of("repeats_total", "telegram") == 1
    assert rise.of("handled_total", "telegram", "answered") == 2
    assert rise.of("handled_total", "telegram", "erased") == 1
    assert rise.of("cards_total", "emergency", "turn") == 1
    assert rise.of("sends_total", "telegram", "sent") == 4
    assert rise.of("engine_seconds_count", "other") == 3


@pytest.mark.parametrize(
    ("outcome", "word"),
    [(Refused("blocked"), "refused"), (TryLater("busy"), "try_later"), (Unknown("x"), "unknown")],
)
async def test_what_came_of_a_send_is_counted(house: House, outcome: Outcome, word: str) -> None:
    """Including that nobody knows."""

    def answer(_to: Address, _part: Part) -> Outcome:
        return outcome

    rise = Rise()
    house.telegram.answer = answer
    await house.say("hello")
    assert rise.of("sends_total", "telegram", word) >= 1


async def test_what_fails_is_counted(open_house: OpenHouse) -> None:
    """A reading, a turn that is tried again, a message that is given up."""

    def unwell(_text: str) -> None:
        raise RuntimeError

    def broken(*_: object) -> None:
        raise RuntimeError

    rise = Rise()
    house = await open_house(engine=FakeEngine(before=unwell), decide=broken)
    await house.pipe.door.receive(written("hello", "1"))
    for _ in range(4):
        await house.pipe.worker.drain()
        house.clock.move(seconds=10)

    assert rise.of("engine_failures_total", "other") == 3
    assert rise.of("turn_failures_total") == 3
    assert rise.of("handled_total", "telegram", "parked") == 1


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_danger_without_a_database_is_counted(house: House) -> None:
    """At the door: the card, and that nothing was stored."""
    rise = Rise()
    await house.database.close()
    await house.pipe.door.receive(written("he is outside my door right now", "1"))
    assert rise.of("not_stored_total", "telegram") == 1
    assert rise.of("cards_total", "emergency", "door") == 1


def test_every_counter_is_there_before_its_first_event() -> None:
    """An alert on a rise sees the first one, too."""
    there = {name for name, *_ in figures()}
    for name in ("accepted", "not_stored", "handled", "sends", "cards", "engine_failures"):
        assert f"alongside_{name}_total" in there


def names() -> set[str]:
    """Every metric of ours, as an operator writes it."""
    shown = text_string_to_metric_families(exposition(FULL).decode())
    return {
        family.name + ("_total" if family.type == "counter" else "")
        for family in shown
        if family.name.startswith("alongside_")
    }


def test_the_page_lists_every_metric_and_no_other() -> None:
    """With its labels."""
    page = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `(alongside_\w+)(?:\{([\w,]+)\})?` \|", page, re.MULTILINE))
    assert set(listed) == names()
    shown = exposition(FULL).decode()
    for name, labels in listed.items():
        for label in filter(None, labels.split(",")):
            assert re.search(rf"^{name}(_bucket)?{{[^}}]*{label}=", shown, re.MULTILINE), name


def pulse_of(house: House, folder: Path, silent: float | None = None) -> Pulse:
    """The pulse of a house."""
    return Pulse(
        database=house.database, clock=house.clock, folder=folder, silent_for=lambda: silent
    )


async def test_the_oldest_message_without_an_answer_has_an_age(
    house: House, tmp_path: Path
) -> None:
    """From when it was stored, whoever looks; answered, nobody waits."""
    await house.pipe.door.receive(written("hello", "1"))
    house.clock.move(seconds=90)
    await house.pipe.door.receive(written("hello", "2", chat="c2"))
    measured = await pulse_of(house, tmp_path).look()
    assert measured.unanswered == pytest.approx(90, abs=1)
    assert "waits for an answer for 90 seconds" in troubles(measured)["messages"]

    await house.pipe.worker.drain()
    measured = await pulse_of(house, tmp_path).look()
    assert (measured.unanswered, measured.unsent) == (0.0, 0.0)
    assert "messages" not in troubles(measured)


async def test_a_reply_that_might_have_been_sent_has_an_age(house: House, tmp_path: Path) -> None:
    """One that waits for its next try does not count before that moment."""
    house.telegram.answer = lambda _to, _part: TryLater("busy", after=timedelta(hours=1))
    await house.say("hello")
    house.clock.move(minutes=30)
    assert (await pulse_of(house, tmp_path).look()).unsent == 0.0
    house.clock.move(hours=2)
    measured = await pulse_of(house, tmp_path).look()
    assert measured.unsent == pytest.approx(9000, abs=1)
    assert "replies" in troubles(measured)


async def test_clock_and_disk_are_looked_at(house: House, tmp_path: Path) -> None:
    """PostgreSQL has a clock of its own; a folder that is not there has no room to tell."""
    measured = await pulse_of(house, tmp_path).look()
    assert (measured.skew is not None) == house.database.postgres
    assert measured.free is not None
    assert measured.free > 0
    assert (await pulse_of(house, tmp_path / "none").look()).free is None


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_a_database_that_is_away_takes_nothing_else_from_the_pulse(
    house: House, tmp_path: Path
) -> None:
    """The worker and the disk are still told."""
    await house.database.close()
    measured = await pulse_of(house, tmp_path, silent=20.0).look()
    assert (measured.unanswered, measured.silent) == (None, 20.0)
    assert list(troubles(measured)) == ["worker"]


def test_what_is_wrong_is_named_with_what_to_do() -> None:
    """Each has its sentence; nothing known is nothing wrong."""
    assert not troubles(Measured())
    bad = Measured(unanswered=61, unsent=301, silent=16, free=ROOM - 1, skew=-6)
    assert list(troubles(bad)) == ["messages", "replies", "worker", "disk", "clock"]
    assert set(troubles(bad)) <= set(PARTS)
    good = Measured(unanswered=59, unsent=299, silent=14, free=ROOM, skew=4.9)
    assert not troubles(good)


async def test_asking_often_asks_the_database_seldom(open_house: OpenHouse, tmp_path: Path) -> None:
    """Health is open to anybody: ten looks at once are one."""
    asked = 0
    clock = StepClock()

    def counting() -> float | None:
        nonlocal asked
        asked += 1
        return None

    house = await open_house(clock=clock)
    pulse = Pulse(database=house.database, clock=clock, folder=tmp_path, silent_for=counting)
    await asyncio.gather(*(pulse.look() for _ in range(10)))
    assert asked == 1


async def test_a_running_worker_says_that_it_looks(house: House) -> None:
    """And one that was stopped is not meant to."""
    worker = house.pipe.worker
    assert worker.silent_for() is None
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.1)
    silent = worker.silent_for()
    assert silent is not None
    assert silent < 5
    worker.stop()
    await running
    assert worker.silent_for() is None


async def test_lost_leases_are_counted(house: House) -> None:
    """Somebody erases while the answer is on its way."""
    rise = Rise()

    def steal(_to: Address, _part: Part) -> Outcome:
        return Unknown("x")

    house.telegram.answer = steal
    taken = text("UPDATE conversations SET lease_token = 'other'")

    async def read(words: str, context: object) -> object:
        await house.database.write(lambda c: c.execute(taken) and None)
        return await FakeEngine().read(words, context)  # type: ignore[arg-type]

    house.engine.read = read  # type: ignore[method-assign, assignment]
    await house.pipe.door.receive(written("hello", "1"))
    async with asyncio.timeout(10):
        await house.pipe.worker.drain()
    assert rise.of("lease_losses_total") >= 1
