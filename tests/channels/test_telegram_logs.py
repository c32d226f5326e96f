"""A whole exchange, with all its troubles, leaves no word, chat or token in the logs."""

from io import StringIO
from pathlib import Path

import pytest

from tests.channels.telegram_rig import SECRET, opened, until
from tests.channels.telegram_stand_in import (
    ARRIVED_BUT_CUT,
    FLOOD,
    NOT_FOUND,
    TOKEN,
    Fault,
    stand_in,
)

CANARY, CHAT, BLOCKER = "canarywords", 918273645, 918273646
DANGER = f"he is outside my door with a knife {CANARY}"


@pytest.mark.parametrize("webhook", [False, True])
async def test_nothing_of_a_person_and_no_token_reaches_the_logs(
    tmp_path: Path, logs: StringIO, caplog: pytest.LogCaptureFixture, *, webhook: bool
) -> None:
    """Poison, floods, broken answers, a block, a wrong token, the database away: all of it dull."""
    async with stand_in() as api, opened(api, tmp_path, webhook=webhook) as rig:

        async def deliver() -> None:
            if webhook:
                await api.deliver(tries=3)

        echo = f'{{"ok": false, "description": "{CANARY}", "parameters": {{"x": {CHAT}}}}}'.encode()
        faults = [
            Fault(500, CANARY),
            Fault(502, body=CANARY.encode()),
            Fault(200, body=b'{"ok": true, "result": [{"message": "' + CANARY.encode()),
            Fault(400, body=echo),
            NOT_FOUND,
            FLOOD,
        ]
        if not webhook:
            api.fail("getUpdates", *faults)
        api.fail("sendMessage", ARRIVED_BUT_CUT)
        api.fail("answerCallbackQuery", *faults)
        await api.push("message", {"chat": {"id": CHAT}, "text": [CANARY]})
        await api.push("message", CANARY)
        await api.say(f"hello {CANARY}", CHAT)
        await api.tap(CANARY, CHAT)
        await deliver()
        await rig.answered(CHAT, 3)
        api.fail("sendMessage", *faults)
        for number in range(len(faults)):
            await api.say(f"{CANARY} {number}", CHAT)
        rig.inbox.away = True
        await api.say(DANGER, CHAT)
        await deliver()
        await until(lambda: "card_past_inbox" in logs.getvalue())
        rig.inbox.away = False
        await deliver()
        api.blocked.add(BLOCKER)
        await api.say(CANARY, BLOCKER)
        status = {"status": "kicked"}
        chat = {"id": BLOCKER, "type": "private"}
        await api.push("my_chat_member", {"chat": chat, "new_chat_member": status})
        await deliver()
        await until(lambda: bool(rig.gone) and not api.waiting)
        assert str(CHAT) not in repr(rig.telegram)

    logged = "\n".join([logs.getvalue(), caplog.text, *(str(r.__dict__) for r in caplog.records)])
    assert "telegram.unreadable" in logged  # it did log
    assert "telegram.ready" in logged
    assert "keys dropped" not in logged
    for secret in (CANARY, str(CHAT), str(BLOCKER), TOKEN, TOKEN.split(":")[1], SECRET, "Nescio"):
        assert secret not in logged
