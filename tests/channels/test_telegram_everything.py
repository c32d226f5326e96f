"""Every update of the table through the webhook; and talks while Telegram is in trouble."""

import json
import random
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.conversation import Conversation
from bot.dialogue.decision import Decision
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.store.tables import inbox
from tests.channels.telegram_rig import SECRET, Rig, opened, until
from tests.channels.telegram_stand_in import (
    ARRIVED_BUT_CUT,
    CUT,
    FLOOD,
    Fault,
    StandIn,
    stand_in,
)
from tests.channels.test_telegram_reading import CASES
from tests.fakes import echo

RESENT = "You may have had this already.\n"
SLOW = Fault(seconds=0.3, done=True, status=200, body=b'{"ok": true, "result": {"message_id": 5}}')
LATE = Fault(seconds=2.5, done=True, drop=True)  # delivered, and we had given up waiting


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def test_every_update_is_taken_with_200_and_answered_or_left_alone(
    api: StandIn, tmp_path: Path
) -> None:
    """As Telegram sends them, new or broken: 2xx each, an answer for each thing a person did."""
    cases = [param.values[0] for param in CASES]
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    albums: set[str] = set()
    async with _open(api, tmp_path) as rig, httpx.AsyncClient(trust_env=False) as us:
        for number, case in enumerate(cases):
            update, expect = case["update"], case["expect"]
            if isinstance(update, dict) and isinstance(update.get("update_id"), int):
                update = {**update, "update_id": 1_000 + number}  # some share a number
            before = len(api.sent)
            body = json.dumps(update)
            answer = await us.post(f"{rig.url}/telegram", content=body, headers=headers)
            assert answer.status_code == 200, case["name"]
            await until(lambda: _settled(rig))
            album = expect.get("album") if isinstance(expect, dict) else None
            # A picture of an album that was answered is not answered again; words under one are.
            due = isinstance(expect, dict) and (album not in albums or "words" in expect)
            assert (len(api.sent) > before) is due, case["name"]
            if album is not None:
                albums.add(album)
        assert min(one["chat_id"] for one in api.sent) > 0, "nothing is said in a group"
        assert len(rig.gone) == sum(case["expect"] == "closed" for case in cases)
        unreadable = sum(case["expect"] == "unreadable" for case in cases)
        assert rig.telegram.unreadable == unreadable


def _open(api: StandIn, folder: Path) -> AbstractAsyncContextManager[Rig]:
    """Answers name what they answer, but not at such length that they would be refused."""

    def short(talk: Conversation, heard: Heard, now: datetime, known: Known) -> Decision:
        return echo(talk, replace(heard, words=heard.words[:40]), now, known)

    return opened(api, folder, webhook=True, decide=short)


async def _settled(rig: Rig) -> bool:
    new = select(func.count()).select_from(inbox).where(inbox.c.state == "new")
    waits = await rig.database.read(lambda c: int(c.execute(new).scalar_one()))
    return not waits and not {"new", "sending"} & set(await rig.states())


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_telegram_does_each_message_is_answered_once_or_once_more_with_a_word(
    api: StandIn, tmp_path: Path, seed: int
) -> None:
    """Floods, faults, cut lines, late and slow answers on every kind of call, by chance."""
    chance = random.Random(seed)
    troubles = [FLOOD, Fault(500), Fault(502, body=b"<html>"), CUT, ARRIVED_BUT_CUT, SLOW, LATE]
    people = range(1, 6)
    async with opened(api, tmp_path) as rig:
        for line in range(4):
            for person in people:
                if chance.random() < 0.5:
                    api.fail("sendMessage", chance.choice(troubles))
                if chance.random() < 0.3:
                    api.fail("getUpdates", chance.choice([FLOOD, CUT, Fault(500)]))
                await api.say(f"line {line}", person)
        await until(lambda: not api.waiting, 60)
        await until(lambda: _all_there(api, people), 90)
        await until(lambda: _settled(rig), 90)
        states = await rig.states()
    assert set(states) <= {"sent", "unknown"}
    for person in people:
        texts = api.texts(person)
        expected = [f"answer to line {line} [line {line}]" for line in range(4)]
        plain = [text.removeprefix(RESENT) for text in texts]
        assert list(dict.fromkeys(plain)) == expected, "nothing lost, and in order"
        for text in expected:
            assert plain.count(text) <= 2
            if plain.count(text) == 2:
                assert RESENT + text in texts, "the second says that it may be one"


def _all_there(api: StandIn, people: range) -> bool:
    return all(
        {text.removeprefix(RESENT) for text in api.texts(person)}
        >= {f"answer to line {line} [line {line}]" for line in range(4)}
        for person in people
    )


def test_each_case_of_the_table_says_what_becomes_of_it() -> None:
    """No case is there only for its number."""
    seen = [json.dumps(param.values[0]["update"], sort_keys=True) for param in CASES]
    assert len(seen) == len(set(seen))
