"""The start of a talk: what this is, in one line or one bubble, never a gate."""

from collections.abc import Collection
from dataclasses import replace

from bot.conversation import Conversation
from bot.dialogue.choosing import plain
from bot.dialogue.decision import Decision, Say, said_again
from bot.dialogue.heard import Heard
from bot.messages import Kind
from nlu.reading import URGENT_INTENTS

START_ROLES = {"friend": "supporter", "me": "victim", "self": "own", "change": "own"}
"""`/start friend` and the like: deep links that a poster or page may carry."""

DEMO = "hello.short.demo"  # among the items only while this is a demonstration
CARDS = "campaign."  # beginnings of the ids of dated cards
BANNERED = frozenset({"web"})  # channels that say it is a demonstration above every line


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
        say, after = said_again(talk, "menu", Kind.QUESTION)
        return Decision((say,), replace(after, question=None))
    reading = heard.reading
    # in a language we do not speak, a "hello" is a guess: its rescue card comes first
    greeted = reading and reading.intent == "greet" and reading.language in {"en", "und"}
    return _hello(talk) if greeted and "hello" not in talk.given else None


def with_hello(
    before: Conversation, heard: Heard, decision: Decision, items: Collection[str]
) -> Decision:
    """One line of hello before the first answer, unless the answer is urgent or the hello itself.

    items: of the demonstration's line and the dated cards, only those whose time it is. The line
    waits for the first answer that is not urgent. Danger first: nothing ever stands before the 999
    card.
    """
    shown = {say.item for say in decision.says}
    urgent = any(_is_urgent(say) for say in decision.says)
    if urgent or decision.effects or "technical.resent" in shown:
        return decision
    demo = DEMO in items and DEMO not in before.given and heard.channel not in BANNERED
    if before.turns:
        return _before(decision, DEMO) if demo else decision
    card = None if decision.talk.facts.role == "own" else _card(items)
    if "hello" not in shown:
        return _before(decision, DEMO if demo else "hello.short", card)
    if demo:
        decision = _before(decision, DEMO)
    return _after_hello(decision, card)


def _is_urgent(say: Say) -> bool:
    """Whether it is a card for danger, or a step behind one ("It's a landline")."""
    return say.kind is Kind.EMERGENCY or say.item.partition(".")[0] in URGENT_INTENTS


def _card(items: Collection[str]) -> str | None:
    return next((item for item in sorted(items) if item.startswith(CARDS)), None)


def _before(decision: Decision, *names: str | None) -> Decision:
    notes = tuple(Say(name, kind=Kind.NOTICE, choices=()) for name in names if name)
    given = decision.talk.giving(*(note.item for note in notes if note.item != "hello.short"))
    return replace(decision, says=(*notes, *decision.says), talk=given)


def _after_hello(decision: Decision, card: str | None) -> Decision:
    if card is None:
        return decision
    note = Say(card, kind=Kind.NOTICE, choices=())
    return replace(decision, says=(*decision.says, note), talk=decision.talk.giving(card))


def _hello(talk: Conversation) -> Decision:
    after = replace(talk.giving("hello"), question=None, unsure=0)
    return Decision((Say("hello", kind=Kind.NOTICE, again="hello" in talk.given),), after)
