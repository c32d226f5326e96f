"""The start of a talk: what this is, in one line or one bubble, never a gate."""

from dataclasses import replace

from bot.conversation import Conversation
from bot.dialogue.choosing import plain
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from bot.messages import Kind

START_ROLES = {"friend": "supporter", "me": "victim", "self": "own", "change": "own"}
"""`/start friend` and the like: deep links that a poster or page may carry."""


def answer(talk: Conversation, heard: Heard) -> Decision | None:
    """The greeting for /start, a hello as the first word, and the few typed commands."""
    command, _, rest = plain(heard.words).partition(" ")
    if command == "/start":
        role = START_ROLES.get(rest)
        known = talk.knowing(role=role) if role else talk
        return _hello(known)
    if command in {"/help", "/commands"}:
        return Decision((Say("commands", kind=Kind.NOTICE),), replace(talk, question=None))
    if command == "/menu":
        return Decision((Say("menu", kind=Kind.QUESTION),), replace(talk, question=None))
    reading = heard.reading
    # in a language we do not speak, a "hello" is a guess: its rescue card comes first
    greeted = reading and reading.intent == "greet" and reading.language in {"en", "und"}
    return _hello(talk) if greeted and "hello" not in talk.given else None


def with_hello(before: Conversation, decision: Decision) -> Decision:
    """One line of hello before the first answer, unless the answer is urgent or the hello itself.

    Danger first: nothing ever stands before the 999 card.
    """
    shown = {say.item for say in decision.says}
    urgent = any(say.kind is Kind.EMERGENCY for say in decision.says)
    if before.turns or urgent or decision.effects or shown & {"hello", "technical.resent"}:
        return decision
    hello = Say("hello.short", kind=Kind.NOTICE, choices=())
    return replace(decision, says=(hello, *decision.says))


def _hello(talk: Conversation) -> Decision:
    after = replace(talk.giving("hello"), question=None, unsure=0)
    return Decision((Say("hello", kind=Kind.NOTICE, again="hello" in talk.given),), after)
