"""A whole exchange, with all its troubles, leaves no word, person or token in the logs."""

import json
from io import StringIO
from pathlib import Path

import httpx
import pytest

from tests.channels.telegram_rig import until
from tests.channels.whatsapp_rig import opened
from tests.channels.whatsapp_stand_in import (
    ARRIVED_BUT_CUT,
    PERSON,
    PHONE,
    SECRET,
    TOKEN,
    VERIFY,
    Fault,
    stand_in,
)

CANARY = "canarywords"
DANGER = f"he is outside my door with a knife {CANARY}"


async def test_nothing_of_a_person_and_no_token_reaches_the_logs(
    tmp_path: Path, logs: StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    """Poison, limits, broken answers, a wrong token, the database away: all of it dull."""
    echo = json.dumps({"error": {"message": CANARY, "code": 131009, "to": PERSON}}).encode()
    async with stand_in() as api, opened(api, tmp_path) as rig:
        with_number = {**api.text(f"hello {CANARY}"), "from": PHONE}
        await api.post(api.body(with_number, contacts=[{"wa_id": PHONE, "user_id": PERSON}]))
        await rig.answered(1)
        api.fail(
            ARRIVED_BUT_CUT,
            Fault(400, body=echo),
            Fault(401, 190),
            Fault(500, body=CANARY.encode()),
            Fault(400, 131056),
            Fault(400, 131026),
        )
        for number in range(6):
            await api.say(f"{CANARY} {number}", f"{PERSON}{number}")
        await until(lambda: len(api.tried) >= 7)
        await api.post(api.body({"id": CANARY, "text": {"body": CANARY}}, 7))
        await api.post(CANARY.encode())
        await api.post(api.body(api.message(type="text", text=[CANARY])))
        await api.post(api.body(api.message(type=CANARY)))
        await api.post(api.body(api.text(CANARY)), signature=CANARY.encode())
        wrong = {**api.status(api.sent[0]), "biz_opaque_callback_data": CANARY, "status": CANARY}
        failed = api.status(api.sent[0], "failed", errors=[{"code": 131026, "title": CANARY}])
        await api.post(api.body(statuses=[wrong, failed]))
        rig.inbox.away = True
        await api.post(api.body(api.text(DANGER)))
        rig.inbox.away = False
        async with httpx.AsyncClient(trust_env=False) as other:
            query = {"hub.mode": "subscribe", "hub.challenge": CANARY, "hub.verify_token": VERIFY}
            await other.get(f"{rig.url}/whatsapp", params=query)
            await other.get(f"{rig.url}/whatsapp", params={**query, "hub.verify_token": CANARY})
        moved = {"type": "user_changed_user_id", "previous_user_id": PERSON, "user_id": "GB.9"}
        await api.post(api.body({"id": "x", "type": "system", "system": moved}))
        assert PERSON not in repr(rig.whatsapp)

    logged = "\n".join([logs.getvalue(), caplog.text, *(str(r.__dict__) for r in caplog.records)])
    for event in ("ready", "unreadable", "wrong_signature", "odd_message", "card_past_inbox"):
        assert f"whatsapp.{event}" in logged  # it did log
    assert "receipts.not_arrived" in logged
    assert "keys dropped" not in logged
    for secret in (CANARY, PERSON, PHONE, TOKEN, SECRET, VERIFY, "Nescio", "wamid"):
        assert secret not in logged
