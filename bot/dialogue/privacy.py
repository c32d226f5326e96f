"""Erase and leave: words and buttons that work at any moment, whatever else was going on."""

from dataclasses import replace

from bot.actions import Action
from bot.conversation import Conversation
from bot.dialogue.choosing import plain, yes_or_no
from bot.dialogue.decision import Decision, Effect, Say
from bot.dialogue.heard import Heard
from bot.messages import Kind

ERASE_WORDS = frozenset(
    {
        "/erase", "/delete", "/forget", "erase", "delete", "delete this", "delete chat",
        "delete this chat", "delete everything", "erase everything", "erase this", "erase chat",
        "forget me", "wipe", "wipe this", "wipe chat", "delete my data",
    }
)  # fmt: skip
LEAVE_WORDS = frozenset({"/leave", "/exit", "/quit", "exit", "leave", "quit", "hide", "/hide"})
SURE = 0.5  # an intent read with less than this does not open the erase question by itself


def answer(talk: Conversation, heard: Heard, act: Action | None) -> Decision | None:
    """Leave at once; erase after one question; None when neither was meant."""
    words = plain(heard.words)
    if words in LEAVE_WORDS:
        return _erased("leave.done")
    if talk.question == "erase":
        said = yes_or_no(heard)
        if said or (act and act.id == "erase:yes") or words in ERASE_WORDS:
            return _erased("erase.done")
        if said is False or (act and act.id == "erase:no"):
            return Decision((Say("erase.kept", kind=Kind.NOTICE),), replace(talk, question=None))
    if act and act.verb == "erase":  # an old button: ask again rather than erase by surprise
        return _ask(talk)
    reading = heard.reading
    meant = reading and reading.intent == "delete_my_data" and reading.confidence >= SURE
    if words in ERASE_WORDS or meant or (act and act.id == "ask:delete_my_data"):
        return _ask(talk)
    return None


def _ask(talk: Conversation) -> Decision:
    return Decision((Say("erase.ask", kind=Kind.QUESTION),), replace(talk, question="erase"))


def _erased(item: str) -> Decision:
    effects = frozenset({Effect.ERASE, Effect.REMOVE})
    return Decision((Say(item, kind=Kind.NOTICE),), Conversation(), effects)
