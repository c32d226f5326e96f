"""Erase and leave: words and buttons that work at any moment, whatever else was going on."""

from dataclasses import replace

from bot.actions import Action
from bot.conversation import Conversation
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
YES_WORDS = frozenset({"yes", "y", "yeah", "yep", "ok", "yes please", "do it", "erase", "delete"})
SURE = 0.5  # an intent read with less than this does not open the erase question by itself


def answer(talk: Conversation, heard: Heard, act: Action | None) -> Decision | None:
    """Leave at once; erase after one question; None when neither was meant."""
    words = plain(heard.words)
    if words in LEAVE_WORDS:
        return _erased("leave.done")
    if talk.question == "erase":
        said_yes = (act and act.id == "erase:yes") or words in YES_WORDS
        if said_yes or (heard.reading and heard.reading.intent == "affirm"):
            return _erased("erase.done")
        if (act and act.id == "erase:no") or (heard.reading and heard.reading.intent == "deny"):
            return Decision((Say("erase.kept", kind=Kind.NOTICE),), replace(talk, question=None))
    if act and act.verb == "erase":  # an old button: ask again rather than erase by surprise
        return _ask(talk)
    reading = heard.reading
    meant = reading and reading.intent == "delete_my_data" and reading.confidence >= SURE
    if words in ERASE_WORDS or meant or (act and act.id == "ask:delete_my_data"):
        return _ask(talk)
    return None


def plain(words: str) -> str:
    """Words reduced for comparison with a fixed list: lower case, single spaces, no full stop."""
    return " ".join(words.lower().split()).rstrip(".! ")


def _ask(talk: Conversation) -> Decision:
    return Decision((Say("erase.ask", kind=Kind.QUESTION),), replace(talk, question="erase"))


def _erased(item: str) -> Decision:
    effects = frozenset({Effect.ERASE, Effect.REMOVE})
    return Decision((Say(item, kind=Kind.NOTICE),), Conversation(), effects)
