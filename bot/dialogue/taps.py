"""What each button does, once danger and privacy have had their turn."""

from collections.abc import Collection
from dataclasses import replace

from bot.actions import Action
from bot.conversation import Conversation
from bot.dialogue import acknowledging, topics
from bot.dialogue.decision import Decision, Say, said_again
from bot.dialogue.heard import Heard
from bot.messages import Kind

SYSTEM = ("hello", "menu", "which", "unsure", "none_of_these", "noted", "commands", "not_helpful")
SYSTEM_GROUPS = (
    "question.",
    "technical.",
    "erase.",
    "leave.",
    "hello.",
    "which.",
    "language.",
    "out_of_scope.",
    "flow.",
    "step.",
)

STILL_ASKING = ("emergency", "emergency.now_yes")


def answer(
    talk: Conversation, heard: Heard, act: Action | None, items: Collection[str]
) -> Decision | None:
    """Do what the button says; an unknown or old one is answered kindly. None: no button."""
    if act is None:
        return _stale(talk) if heard.tap is not None else None
    match act.verb:
        case "show":
            return topics.show(talk, act.value, items) or _stale(talk)
        case "ask":
            done = topics.asked(talk, act.value, items)
            return acknowledging.by_tap(talk, done, act.value) if done else _stale(talk)
        case "set":
            fact, _, value = act.value.partition(":")
            return again(talk.knowing(**{fact: value}), items, before=talk)
        case "question":
            asking = replace(talk, question=act.value)
            return Decision((Say(f"question.{act.value}", kind=Kind.QUESTION),), asking)
        case "none":
            return _asked_back(talk, "none_of_these")
        case "menu":
            return _asked_back(talk, "menu")
        case _:
            return _stale(talk)


def again(talk: Conversation, items: Collection[str], *, before: Conversation) -> Decision:
    """The last advice, given for the case as we now know it; or a plain "noted".

    before: the talk without the new fact, so that a text which stays the same is said shorter.
    """
    for item in reversed(talk.given):
        if item in items and not is_system(item):
            after = _free(talk.giving(item))
            if item in STILL_ASKING:  # an old button must not close "Is it happening now?"
                after = replace(after, question="now")
            return Decision((Say(item, since=before.facts),), after)
    return Decision((Say("noted", kind=Kind.NOTICE),), _free(talk))


def is_system(item: str) -> bool:
    """True for texts about the talk itself, which are no advice to give again."""
    return item in SYSTEM or item in topics.SMALL_TALK or item.startswith(SYSTEM_GROUPS)


def _asked_back(talk: Conversation, item: str) -> Decision:
    say, after = said_again(talk, item, Kind.QUESTION)
    return Decision((say,), _free(after))


def _stale(talk: Conversation) -> Decision:
    say, after = said_again(talk, "technical.stale_button", Kind.NOTICE)
    return Decision((say,), after)


def _free(talk: Conversation) -> Conversation:
    return replace(talk, question=None, unsure=0)
