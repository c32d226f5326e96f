"""The answer to what was asked or told: one vetted item for the intent, role and nation."""

from collections.abc import Collection
from dataclasses import replace

from bot.conversation import Conversation
from bot.dialogue import acknowledging
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from nlu.reading import Hints, Reading

ANSWER = 0.86  # read with at least this: answered outright (docs/decisions/0006-thresholds.md)
SUPPORTER_INTENTS = frozenset({"help_someone", "help_my_child", "employer_or_school"})
OWN_INTENTS = frozenset({"worried_about_own_behaviour", "accused"})
_ROLES = dict.fromkeys(SUPPORTER_INTENTS, "supporter") | dict.fromkeys(OWN_INTENTS, "own")
FISHING = "out_of_scope.fishing"
SMALL_TALK = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "menu", "out_of_scope"})


def answer(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """The item for the best reading, if it was read with enough confidence."""
    reading = heard.reading
    if reading is None or reading.degraded or reading.confidence < ANSWER:
        return None
    decision = asked(learned(talk, reading), reading.intent, items)
    if decision is None:
        return None
    return acknowledging.by_words(talk, decision, reading.intent, heard.words)


def fishing(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """The one answer to whoever looks for, watches or wants to reach somebody: no.

    A frightened mother may ask as well, so nothing is concluded about who is writing.
    """
    if heard.reading is None or not heard.reading.fishing:
        return None
    return show(talk, FISHING, items) or show(talk, "out_of_scope", items)


def asked(talk: Conversation, intent: str, items: Collection[str]) -> Decision | None:
    """The first answer to an intent. None when content has none."""
    # A guess from the topic fills a gap, or moves on from "victim", which we take for granted. A
    # friend, or someone who spoke of their own behaviour, stays that until they say otherwise.
    guessed = _ROLES.get(intent)
    if guessed and talk.facts.role in {None, "victim"}:
        talk = talk.knowing(role=guessed)
    if intent not in SMALL_TALK:
        talk = talk.telling(intent)
    return show(talk, intent, items)


def show(talk: Conversation, item: str, items: Collection[str]) -> Decision | None:
    """One content item, in its shorter wording when it was shown before."""
    if item not in items:
        return None
    after = replace(talk.giving(item), question=None, unsure=0)
    return Decision((Say(item, again=item in talk.given),), after)


def learned(talk: Conversation, reading: Reading) -> Conversation:
    """The talk with the facts said in passing. What is said now wins over what was known."""
    hints: Hints = reading.hints
    said = {
        "role": hints.role,
        "nation": hints.nation,
        "relationship": hints.relationship,
        "age": hints.age,
        "police": hints.police,
        "orders": hints.orders,
        "children": hints.children,
    }
    return talk.knowing(**{fact: value for fact, value in said.items() if value is not None})
