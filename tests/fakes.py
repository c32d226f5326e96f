"""Stand-ins that keep what they get, like the real things. No mocking library."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.conversation import Conversation, Facts
from bot.dialogue.decision import Decision, Effect, Say
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.messages import (
    Address,
    Choice,
    Incoming,
    Kind,
    Limits,
    Outcome,
    Part,
    Sent,
    Words,
)
from nlu.reading import Context, EngineState, Reading

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROOMY = Limits(text=4096, text_with_choices=4096, buttons=8, button_title=40, rows=0, row_title=0)
MASTER = bytes(range(32))


class StepClock:
    """A clock that is moved by hand and otherwise creeps on, so that no two moments are equal."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(microseconds=1)
        return self.at

    def move(self, **by: float) -> None:
        """move(hours=24)"""
        self.at += timedelta(**by)


@dataclass(eq=False)
class FakeChannel:
    """Keeps what was sent, by chat. answer: what each send comes to."""

    name: str = "telegram"
    limits: Limits = ROOMY
    keeps_page: bool = False
    answer: Callable[[Address, Part], Outcome] = lambda _to, _part: Sent()
    sent: dict[str, list[Part]] = field(default_factory=dict)
    takes: float = 0.0  # seconds a send takes

    async def send(self, to: Address, part: Part) -> Outcome:
        await asyncio.sleep(self.takes)
        outcome = self.answer(to, part)
        if isinstance(outcome, Sent):
            self.sent.setdefault(to.to, []).append(part)
        return outcome

    def texts(self, chat: str) -> list[str]:
        """What this chat was sent, in order."""
        return [part.text for part in self.sent.get(chat, ())]


def telling(event: asyncio.Event) -> Callable[[Address, Part], Outcome]:
    """Accepts everything, and says so."""

    def answer(_to: Address, _part: Part) -> Outcome:
        event.set()
        return Sent()

    return answer


@dataclass(eq=False)
class FakeEngine:
    """Reads "danger" as an emergency and everything else as itself. before: runs first."""

    name: str = "fake"
    before: Callable[[str], None] = lambda _text: None
    takes: float = 0.0

    async def read(self, text: str, context: Context) -> Reading:
        self.before(text)
        await asyncio.sleep(self.takes)
        if "danger" in text:
            return Reading((("emergency", 0.99),), urgent=frozenset({"emergency"}))
        return Reading((("followed_or_watched", 0.9),))

    def state(self) -> EngineState:
        return EngineState(ready=True)


def echo(talk: Conversation, heard: Heard, now: datetime, known: Known) -> Decision:
    """Answers each message with a reply that names it, so that none can be mistaken."""
    after = replace(talk, turns=talk.turns + 1, last_at=now)
    if heard.words == "erase":
        return Decision((Say("erase.done"),), Conversation(), frozenset(Effect))
    if heard.reading and heard.reading.urgent:
        return Decision((Say("emergency", kind=Kind.EMERGENCY), Say("question.now")), after)
    said = heard.words or heard.tap or str(heard.media)
    return Decision(tuple(Say(f"{said} [{part}]") for part in said.split("+")), after)


class EchoRenderer:
    """Shows an item's name, and its choices."""

    def render(
        self, say: Say, facts: Facts, now: datetime, limits: Limits, channel: str
    ) -> tuple[Part, ...]:
        kind = say.kind or Kind.ADVICE
        texts = {"technical.resent": "You may have had this already."}
        actions = say.choices if say.choices is not None else ("menu",)
        choices = tuple(Choice(action, action.title()) for action in actions)
        text = texts.get(say.item, f"answer to {say.item}")
        return (Part(text, kind, topic=say.item, choices=choices),)


def written(
    text: str, event: str, *, chat: str = "c1", channel: str = "telegram", at: datetime = NOON
) -> Incoming:
    """A message in words."""
    return Incoming(Address(channel, chat), event, at, words=Words(text))
