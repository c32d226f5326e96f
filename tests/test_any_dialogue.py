"""The pure dialogue on the real content, through random talks of up to 40 messages.

Quicker than the whole service, so there are many more of them (tests/test_any_talk.py drives that).
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import known_of
from bot.content.limits import BY_CHANNEL
from bot.content.shelf import Shelf
from bot.conversation import Conversation, from_record, to_record
from bot.dialogue.decision import Decision
from bot.dialogue.flows import ASKING
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from bot.messages import Kind, Media, Offer, Part
from bot.settings import load_settings
from nlu.reading import URGENT_INTENTS, Hints, Reading
from nlu.taxonomy import load_taxonomy
from tests.channel_limits import beyond

SHELF = Shelf(load_settings({}, Path("none")).content_dir)
CONTENT = SHELF.content
KNOWN: Known = known_of(CONTENT, CONTENT.library.ids)
INTENTS = tuple(load_taxonomy().intents)
START = datetime(2026, 11, 24, 12, tzinfo=UTC)
NUMBERS = {f"service:{name}" for name, s in CONTENT.registers.services.items() if s.phone}
CARDS = {*URGENT_INTENTS, *(f"emergency.{step}" for step in ("now_yes", "now_gone", "cannot_call"))}
WORDS = (
    "yes", "no", "not sure", "skip", "stop", "the second one", "delete", "menu", "hello", "wales",
    "no its my sister", "he keeps turning up at my work and rings me all day", "ok", "", "??",
    "delete everything", "thanks", "that's all", "i told you already", "go on", "x" * 5100,
)  # fmt: skip


@dataclass
class Talker:
    """One talk, from message to message."""

    channel: str
    talk: Conversation = field(default_factory=Conversation)
    now: datetime = START
    buttons: tuple[str, ...] = ()
    ever: list[str] = field(default_factory=list)

    def does(self, event: tuple[str, Any]) -> tuple[Part, ...]:
        """One event; the answer."""
        kind, what = event
        if kind == "clock":
            self.now += timedelta(minutes=what)
            return ()
        if kind == "restart":
            self.talk = from_record(json.loads(json.dumps(to_record(self.talk))))
            return ()
        heard = self.heard(kind, what)
        decision = decide(self.talk, heard, self.now, KNOWN)
        assert decision == decide(self.talk, heard, self.now, KNOWN)
        parts = self.shown(decision)
        self.holds(heard, decision, parts)
        choices = next((part.choices for part in reversed(parts) if part.choices), ())
        self.buttons = tuple(choice.id for choice in choices)
        self.ever += self.buttons
        offers = tuple(Offer(choice.id, choice.title) for choice in choices)
        self.talk = replace(decision.talk, offers=offers)
        return parts

    def heard(self, kind: str, what: Any) -> Heard:
        """The event as the dialogue hears it."""
        if kind == "media":
            return Heard(channel=self.channel, media=what)
        if kind == "tap":
            return Heard(channel=self.channel, tap=what)
        if kind in {"button", "old"}:
            among = self.buttons if kind == "button" and self.buttons else self.ever or ["menu"]
            return Heard(channel=self.channel, tap=among[what % len(among)])
        words, reading = what
        return Heard(channel=self.channel, words=words, reading=reading)

    def shown(self, decision: Decision) -> tuple[Part, ...]:
        """The bubbles."""
        limits = BY_CHANNEL[self.channel]
        return tuple(
            part
            for say in decision.says
            for part in SHELF.renderer.render(
                say, decision.talk.facts, self.now, limits, self.channel
            )
        )

    def holds(self, heard: Heard, decision: Decision, parts: tuple[Part, ...]) -> None:
        """What must hold for every answer."""
        assert parts
        for part in parts:
            reply = {
                "text": part.text,
                "buttons": [{"id": c.id, "title": c.title} for c in part.choices],
            }
            assert beyond(reply, self.channel) is None, (part.topic, part.text)
            assert "went wrong on our side" not in part.text
        if heard.reading and heard.reading.urgent and heard.reading.ruled:
            assert parts[0].kind is Kind.EMERGENCY
            assert parts[0].topic in CARDS
        advice = [say for say in decision.says if say.kind is None or say.kind is Kind.ADVICE]
        for say in advice:
            whole = KNOWN.leads(say.item, decision.talk.facts, self.channel) is None
            assert whole or say.choices is None or len(say.choices) <= 3

    def reaches_help(self) -> bool:
        """Whether a number is one word away; and two taps, but for questions with their answers."""
        turns = 0 if self.talk.question == ASKING else 2
        return self._within(self.talk, self.buttons, turns)

    def _within(self, talk: Conversation, buttons: tuple[str, ...], turns: int) -> bool:
        asked = Heard(
            channel=self.channel, words="helpline", reading=Reading((("helpline", 0.99),))
        )
        if not _shows_number(self.shown(decide(talk, asked, self.now, KNOWN))):
            return False
        for button in buttons if turns else ():
            heard = Heard(channel=self.channel, tap=button)
            decision = decide(talk, heard, self.now, KNOWN)
            parts = self.shown(decision)
            if _shows_number(parts):
                return True
            next_ = next((part.choices for part in reversed(parts) if part.choices), ())
            if turns > 1 and self._within(decision.talk, tuple(c.id for c in next_), turns - 1):
                return True
        return not buttons or not turns  # without buttons a word reaches it, which was seen above


def _shows_number(parts: tuple[Part, ...]) -> bool:
    return any(set(part.refs) & NUMBERS for part in parts)


READINGS = st.builds(
    lambda intent, sure, also, hints, signs, risks, corrects, language: Reading(
        ranking=((intent, sure), ("court", (1 - sure) / 2), ("evidence", (1 - sure) / 3)),
        urgent=frozenset({intent} & set(URGENT_INTENTS)),
        ruled=frozenset({intent} & set(URGENT_INTENTS)),
        language=language,
        also=also,
        hints=hints,
        signs=signs,
        risks=risks,
        corrects=corrects,
    ),
    intent=st.sampled_from(INTENTS),
    sure=st.sampled_from([0.3, 0.7, 0.95]),
    also=st.lists(st.sampled_from(INTENTS), max_size=3).map(tuple),
    hints=st.builds(
        Hints,
        role=st.sampled_from([None, None, "victim", "supporter", "own"]),
        nation=st.sampled_from([None, None, "wales", "scotland"]),
        relationship=st.sampled_from([None, "ex", "stranger"]),
        age=st.sampled_from([None, None, "under_18", "adult"]),
        police=st.sampled_from([None, True, False]),
        orders=st.sampled_from([None, True]),
        children=st.sampled_from([None, True]),
    ),
    signs=st.frozensets(st.sampled_from(["repeated", "unwanted", "fixated", "obsessive"])),
    risks=st.frozensets(st.sampled_from(["threats", "weapons", "home", "children"]), max_size=2),
    corrects=st.sampled_from([frozenset(), frozenset(), frozenset({"role"})]),
    language=st.sampled_from(["en", "en", "en", "und", "pl"]),
)
STARTS = tuple(f"flow:{name}" for name in CONTENT.flows)
EVENTS = st.one_of(
    st.tuples(st.just("text"), st.tuples(st.sampled_from(WORDS), READINGS)),
    st.tuples(st.just("text"), st.tuples(st.sampled_from(WORDS), READINGS)),
    st.tuples(st.just("button"), st.integers(0, 20)),
    st.tuples(st.just("button"), st.integers(0, 20)),
    st.tuples(st.just("button"), st.integers(0, 20)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("tap"), st.sampled_from([*STARTS, "back", "none", "pick:x.y:z", "", "ż"])),
    st.tuples(st.just("media"), st.sampled_from(list(Media))),
    st.tuples(st.just("clock"), st.sampled_from([1, 45, 90, 3000])),
    st.tuples(st.just("restart"), st.just(None)),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["web", "telegram", "whatsapp"]), st.lists(EVENTS, max_size=40))
def test_any_talk_of_forty_messages(channel: str, events: list[tuple[str, Any]]) -> None:
    """Danger first, within limits, three next steps at most, the same each time, never an error;
    and from wherever it ends a helpline or 999 is two turns away.
    """
    talker = Talker(channel)
    for event in events:
        talker.does(event)

    assert talker.reaches_help()


@pytest.mark.parametrize("channel", ["web", "telegram", "whatsapp"])
@pytest.mark.parametrize("flow", sorted(CONTENT.flows))
def test_every_flow_ends_whatever_is_tapped(flow: str, channel: str) -> None:
    """The first choice each time, and the last: never more taps than there are choices."""
    for choose in (0, -1):
        talker = Talker(channel)
        talker.does(("tap", f"flow:{flow}"))
        taps = 0
        while talker.talk.flow is not None:
            talker.does(("tap", talker.buttons[choose]))
            taps += 1
            assert taps < 40
        assert _shows_number(talker.does(("tap", "ask:helpline")))
