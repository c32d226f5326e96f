"""The order of a decision: the first that answers wins."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.conversation import Conversation
from bot.dialogue import (
    flows,
    offers,
    opening,
    privacy,
    questions,
    repair,
    returning,
    taps,
    topics,
    urgent,
)
from bot.dialogue.choosing import chosen
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.messages import Kind

LONG = 5000  # characters we read of one message; the engine cuts there


def decide(talk: Conversation, heard: Heard, now: datetime, known: Known) -> Decision:
    """What to do about one message. Same arguments, same answer; never raises.

    now: UTC. known: what content there is.
    """
    items = known.items
    talk = returning.after_a_gap(talk, now)
    act = chosen(talk, heard)
    decision = (
        urgent.answer(talk, heard, act)  # life first, whatever else was going on
        or privacy.answer(talk, heard, act)  # "delete this" works at any moment
        or (None if act else topics.fishing(talk, heard, items))  # whoever may be asking
        or returning.tapped(talk, act, known)
        or flows.tapped(talk, act, known)
        or taps.answer(talk, heard, act, items)
        or repair.unreadable(talk, heard, items)  # before a model calls nothing at all a hello
        or returning.greeted(talk, heard)
        or opening.answer(talk, heard)
        or flows.answer(talk, heard, known)
        or questions.answer(talk, heard, items)
        or repair.language(talk, heard, items)
        or topics.answer(talk, heard, items)
        or repair.answer(talk, heard)  # never None: there is always a next step
    )
    decision = replace(decision, talk=_going_on(talk, decision.talk))
    decision = _with_extras(offers.fitted(decision, heard, known), heard, items)
    decision = opening.with_hello(talk, heard, decision, items)
    if decision.effects:
        return decision  # erased: nothing of the talk is carried over
    still = any(say.item == returning.BACK for say in decision.says)
    after = replace(decision.talk, turns=talk.turns + 1, last_at=now, returned=still)
    return replace(decision, talk=after)


def _going_on(before: Conversation, after: Conversation) -> Conversation:
    """The talk afterwards, without what was answered and the flow that nobody took up."""
    rest = tuple(intent for intent in dict.fromkeys(after.rest) if intent not in after.given)
    return flows.waiting(before, replace(after, rest=rest))


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
