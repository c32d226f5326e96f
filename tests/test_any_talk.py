"""Whatever is written, tapped or sent, in any order: always an answer, and danger first."""

import asyncio
import json
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.talk import TalkSession, read_instant
from bot.content.shelf import Shelf
from bot.messages import Media
from bot.settings import load_settings
from nlu.hints import hints_in
from nlu.reading import URGENT_INTENTS, Context, EngineState, Reading
from nlu.taxonomy import load_taxonomy
from nlu.urgent_words import urgent_in
from tests.channel_limits import beyond

SETTINGS = load_settings({}, Path("none"))
SHELF = Shelf(SETTINGS.content_dir)
INTENTS = tuple(load_taxonomy().intents)
START = read_instant("2026-11-24T12:00:00+00:00")
DANGER = (
    "a lad from the pub is outside with a crowbar, he is breaking my door now",
    "i swear i will kill her tonight",
    "honestly i want to kill myself tonight",
    "how can i call 999 without talking",
)
LINES = (
    "he's gone", "yes", "no", "not sure", "delete", "leave", "exit", "menu", "/start friend",
    "/help", "the second one", "2", "none of these", "wales", "i live in Glasgow", "hello",
    "he rang me again from a withheld number", "my sister is being stalked", "thanks", "ok",
    "", "   ", "🙂", "???", "x" * 6000, "on mnie śledzi", "\x00", "é" * 3000,
)  # fmt: skip


class QuickEngine:
    """Runs the real danger rules and hints; the rest is drawn from the words themselves."""

    name = "quick"

    async def read(self, text: str, context: Context) -> Reading:
        number = sum(text.encode("utf-8", "replace")) + len(context.question or "")
        urgent = urgent_in(text)
        best = next((i for i in URGENT_INTENTS if i in urgent), INTENTS[number % len(INTENTS)])
        if best in URGENT_INTENTS and not urgent:
            best = "out_of_scope"
        other = INTENTS[(number * 7) % len(INTENTS)]
        sure = 0.95 if number % 3 else 0.3
        language = "pl" if "ś" in text else ("en", "und")[number % 2]
        ranking = ((best, sure), (other, (1 - sure) / 2), ("court", (1 - sure) / 3))
        degraded = number % 11 == 0
        return Reading(ranking, urgent, language, hints_in(text), degraded=degraded)

    def state(self) -> EngineState:
        return EngineState(ready=True)


@dataclass
class Stranger:
    """Someone who does anything at all, and what they were offered so far."""

    session: TalkSession
    channel: str
    hours: float = 0.0
    offered: list[str] = field(default_factory=list)

    async def does(self, event: tuple[str, Any]) -> None:
        """One event, and what must hold for its answer."""
        kind, what = event
        if kind == "restart":
            assert (await self._hears(restart=True))["ok"]
        elif kind == "hours":
            self.hours += what
            at = (START + timedelta(hours=self.hours)).isoformat()
            assert (await self._hears(at=at))["ok"]
        elif kind == "button":
            taken = self.offered[what % len(self.offered)] if self.offered else "menu"
            await self._is_answered(tap=taken)
        else:
            replies = await self._is_answered(**{kind: what})
            if kind == "text" and urgent_in(what):
                assert replies[0]["kind"] == "emergency"

    async def _is_answered(self, **event: str) -> list[dict[str, Any]]:
        replies: list[dict[str, Any]] = (await self._hears(chat="c1", **event))["replies"]
        assert 1 <= len(replies) <= 10
        kinds = [reply["kind"] for reply in replies]
        assert "emergency" not in kinds or kinds[0] == "emergency"
        for reply in replies:
            assert beyond(reply, self.channel) is None
            assert reply["topic"] != "technical.wrong"
        self.offered += [b["id"] for reply in replies for b in reply["buttons"]]
        return replies

    async def _hears(self, **event: Any) -> dict[str, Any]:
        return await self.session.handle(json.dumps(event))


async def the_talk(channel: str, events: list[tuple[str, Any]]) -> None:
    """All events, one after the other, in a service of their own."""
    with tempfile.TemporaryDirectory() as folder:
        session = TalkSession(
            SETTINGS, Path(folder), channel=channel, at=START, open_engine=QuickEngine, shelf=SHELF
        )
        try:
            stranger = Stranger(session, channel)
            for event in events:
                await stranger.does(event)
        finally:
            await session.close()


def doing(kind: str, what: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    """Events of one kind."""
    return st.tuples(st.just(kind), what)


EVENTS = st.one_of(
    doing("text", st.sampled_from(DANGER)),
    doing("text", st.sampled_from(LINES)),
    doing("text", st.sampled_from(LINES)),
    doing("text", st.text(max_size=80)),
    doing("button", st.integers(0, 200)),
    doing("button", st.integers(0, 200)),
    doing("tap", st.text(max_size=80)),
    doing("media", st.sampled_from([*Media, "hologram", ""])),
    doing("hours", st.sampled_from([0.1, 1.0, 9.0, 25.0])),
    doing("restart", st.just(True)),
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # each example is a whole service
@given(st.sampled_from(["web", "telegram", "whatsapp"]), st.lists(EVENTS, max_size=25))
def test_any_talk_through_the_whole_service_is_answered(
    channel: str, events: list[tuple[str, Any]]
) -> None:
    """Never silence, never an error, danger first, within the channel's limits."""
    asyncio.run(the_talk(channel, events))


def test_the_lines_of_danger_are_danger() -> None:
    """Otherwise the property above would hold for nothing."""
    assert [line for line in DANGER if not urgent_in(line)] == []
