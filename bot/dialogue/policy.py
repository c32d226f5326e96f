"""The order of a decision: the first that answers wins."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.conversation import Conversation
from bot.dialogue import opening, privacy, questions, repair, taps, topics, urgent
from bot.dialogue.choosing import chosen
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from bot.messages import Kind

LONG = 5000  # characters we read of one message; the engine cuts there


def decide(talk: Conversation, heard: Heard, now: datetime, items: Collection[str]) -> Decision:
    """What to do about one message. Same arguments, same answer; never raises.

    now: UTC. items: the ids of all content items there are.
    """
    act = chosen(talk, heard)
    decision = (
        urgent.answer(talk, heard, act)  # life first, whatever else was going on
        or privacy.answer(talk, heard, act)  # "delete this" works at any moment
        or (None if act else topics.fishing(talk, heard, items))  # whoever may be asking
        or taps.answer(talk, heard, act, items)
        or repair.unreadable(talk, heard, items)  # before a model calls nothing at all a hello
        or opening.answer(talk, heard)
        or questions.answer(talk, heard, items)
        or repair.language(talk, heard, items)
        or topics.answer(talk, heard, items)
        or repair.answer(talk, heard)  # never None: there is always a next step
    )
    decision = opening.with_hello(talk, heard, _with_extras(decision, heard, items), items)
    if decision.effects:
        return decision  # erased: nothing of the talk is carried over
    after = replace(decision.talk, turns=talk.turns + 1, last_at=now)
    return replace(decision, talk=after)


def _with_extras(decision: Decision, heard: Heard, items: Collection[str]) -> Decision:
    """The rescue card after an urgent card, and a word on very long messages."""
    first = decision.says[0]
    if first.kind is Kind.EMERGENCY and heard.reading:
        card = f"language.{heard.reading.language}"
        if card in items and heard.reading.language != "en" and len(decision.says) == 1:
            return replace(decision, says=(*decision.says, Say(card, kind=Kind.NOTICE, choices=())))
    elif len(heard.words) > LONG:
        note = Say("technical.long", kind=Kind.NOTICE, choices=())
        return replace(decision, says=(note, *decision.says[:2]))
    return decision
