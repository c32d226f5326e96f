"""Danger is answered while the database is away, and nothing is lost."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import Away
from tests.channels.telegram_rig import until
from tests.channels.whatsapp_rig import opened
from tests.channels.whatsapp_stand_in import (
    CUT,
    PERSON,
    Fault,
    StandIn,
    stand_in,
)

DANGER = "he is outside my door with a knife"
OTHER = "GB.20000000000000000002"


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def test_danger_is_answered_while_the_database_is_away(api: StandIn, tmp_path: Path) -> None:
    """The card goes past the inbox, once; the call is refused, comes again and is answered."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.away = True
        body = api.body(api.text(DANGER))
        assert [await api.post(body) for _ in range(3)] == [503] * 3
        (card,) = api.texts()
        assert "999" in card
        assert "biz_opaque_callback_data" not in api.sent[0]
        rig.inbox.away = False
        assert await api.post(body) == 200
        await rig.answered(2)
        await rig.settled("sent")
    assert sum("999" in text for text in api.texts()) == 1


async def test_a_card_that_did_not_reach_the_person_is_given_again(
    api: StandIn, tmp_path: Path
) -> None:
    """WhatsApp refuses it at first: the next delivery of the same message tries again."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.away = True
        api.fail(Fault(500, 131000), CUT)
        body = api.body(api.text(DANGER))
        assert [await api.post(body) for _ in range(4)] == [503] * 4
        assert len(api.texts()) == 1
        assert len(api.tried) == 3


async def test_danger_behind_others_is_not_held_up(api: StandIn, tmp_path: Path) -> None:
    """The database goes away in the middle of a call: whoever is in danger still hears at once."""
    async with opened(api, tmp_path) as rig:
        rig.inbox.after = 1
        people = [f"GB.{number:020}" for number in range(6)]
        calm = [api.text("hello", person) for person in people[:5]]
        body = api.body(*calm, api.text(DANGER, people[5]))
        assert await api.post(body) == 503
        assert "999" in api.texts(people[5])[0]
        rig.inbox.after, rig.inbox.away = None, False
        assert await api.post(body) == 200
        await until(lambda: len(api.sent) >= 7)
        assert await rig.stored() == 6
    assert [len(api.texts(person)) for person in people[:5]] == [1] * 5


async def test_everything_waits_for_the_database(api: StandIn, tmp_path: Path) -> None:
    """What nobody can read, a status and a changed number come again, too."""

    async def away(*_: Any) -> None:
        raise Away("OperationalError")

    moved = {"type": "user_changed_user_id", "previous_user_id": PERSON, "user_id": OTHER}
    status = {"status": "sent", "biz_opaque_callback_data": "1.ab", "id": "wamid.B"}
    parts: Any = {"set_aside": away, "on_gone": away, "on_receipt": away}
    async with opened(api, tmp_path, work=False, **parts):
        assert await api.post(b"{}") == 503
        assert await api.post(api.body(7)) == 503
        assert await api.post(api.body(statuses=[status])) == 503
        assert await api.post(api.body({"id": "x", "type": "system", "system": moved})) == 503


async def test_a_fault_of_ours_does_not_make_a_call_come_for_ever(
    api: StandIn, tmp_path: Path
) -> None:
    """Never a 500: what breaks on our side is logged, and the others in the call are served."""

    async def broken(*_: Any) -> None:
        raise RuntimeError

    moved = {"type": "user_changed_user_id", "previous_user_id": PERSON, "user_id": OTHER}
    status = {"status": "sent", "biz_opaque_callback_data": "1.ab", "id": "wamid.B"}
    parts: Any = {"set_aside": broken, "on_gone": broken, "on_receipt": broken}
    async with opened(api, tmp_path, **parts) as rig:
        system = {"id": "x", "type": "system", "system": moved}
        body = api.body(7, system, api.text("hello"), statuses=[status])
        assert await api.post(body) == 200
        assert await rig.answered(1) == ["answer to hello [hello]"]
