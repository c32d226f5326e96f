"""Typed answers to the question that is open: yes, no, a role or a nation said in words."""

from collections.abc import Collection
from dataclasses import replace

from bot.actions import parse_action
from bot.conversation import Conversation
from bot.dialogue import taps
from bot.dialogue.choosing import yes_or_no
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from bot.messages import Kind

ELSEWHERE = frozenset({"ask:advocate", "ask:helpline", "menu", "none"})
"""Offers that stand under many messages and that a bare "yes" does not mean."""


def answer(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """What a short answer means for what we asked or offered last; None when it is no answer."""
    reading = heard.reading
    if reading is None:
        return None
    if talk.question == "nation" and reading.hints.nation:
        return taps.again(talk.knowing(nation=reading.hints.nation), items)
    if talk.question == "role" and reading.hints.role:
        return taps.again(talk.knowing(role=reading.hints.role), items)
    said = yes_or_no(heard) if talk.offers else None
    if said is True:
        return _yes(talk, heard, items)
    if said is False:
        item = "none_of_these" if talk.question == "which" else "deny"
        says = (Say(item, kind=Kind.QUESTION),)
        return Decision(says, replace(talk, question=None, unsure=0))
    return None


def _yes(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision:
    """A bare yes takes the one thing offered; with several it asks which."""
    real = [offer.id for offer in talk.offers if offer.id not in ELSEWHERE]
    if len(real) == 1:
        done = taps.answer(talk, heard, parse_action(real[0]), items)
        if done:
            return done
    titled = tuple(i for i in real if i.startswith(("ask:", "show:")))[:3]
    if not titled:
        return Decision((Say("menu", kind=Kind.QUESTION),), replace(talk, question=None))
    says = (Say("which", kind=Kind.QUESTION, choices=(*titled, "none")),)
    return Decision(says, replace(talk, question="which"))
