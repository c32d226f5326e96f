"""The answer to what was asked or told: one vetted item for the intent, role and nation."""

from collections.abc import Collection
from dataclasses import replace

from bot.conversation import Conversation
from bot.dialogue import acknowledging
from bot.dialogue.acknowledging import STORIES
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from nlu.reading import Hints, Reading

ANSWER = 0.86  # read with at least this: answered outright (docs/decisions/0006-thresholds.md)
SUPPORTER_INTENTS = frozenset({"help_someone", "help_my_child", "employer_or_school"})
OWN_INTENTS = frozenset({"worried_about_own_behaviour", "accused"})
_ROLES = dict.fromkeys(SUPPORTER_INTENTS, "supporter") | dict.fromkeys(OWN_INTENTS, "own")
PRESSING = (
    "under_18", "threats", "order_breached", "property_and_break_in", "followed_or_watched",
    "tracking_device",
)  # fmt: skip
"""Of several things told at once, these are answered first, in this order."""
TOLD = 0.4  # in a flow, read with at least this: remembered as described
NAMED, TWO = 3, 2  # things named at most; so many make a story
MAX_REST = 6
ONCE_MORE = "once_more"
FISHING = "out_of_scope.fishing"
SMALL_TALK = frozenset({"greet", "thanks", "goodbye", "affirm", "deny", "menu", "out_of_scope"})


def answer(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """The item for the best reading, if it was read with enough confidence.

    Of several things told or asked at once the most pressing is answered. All that was told is
    named, up to three, and the rest is kept to be offered.
    """
    reading = heard.reading
    if reading is None or reading.degraded or reading.confidence < ANSWER:
        return None
    said = (reading.intent, *(intent for intent in reading.also if intent not in SMALL_TALK))
    main = min(said, key=_pressing) if reading.intent not in SMALL_TALK else reading.intent
    others = tuple(dict.fromkeys(intent for intent in said if intent != main))
    known = learned(talk, reading)
    for intent in reversed([other for other in others if other in STORIES]):
        known = known.telling(intent)
    decision = asked(replace(known, rest=(*others, *known.rest)[:MAX_REST]), main, items)
    if decision is None:
        return None
    opened = acknowledging.by_words(talk, decision, main, heard.words)
    told = [intent for intent in (main, *others) if intent in STORIES][:NAMED]
    if opened is decision or len(told) < TWO:
        return opened
    say, *more = opened.says
    return replace(opened, says=(replace(say, naming=tuple(told)), *more))


def _pressing(intent: str) -> int:
    """Safety first; everything else is as pressing as it was said."""
    return PRESSING.index(intent) if intent in PRESSING else len(PRESSING)


def stories_in(reading: Reading) -> tuple[str, ...]:
    """What was told, most telling first; nothing that was read without much confidence."""
    sure = (reading.intent,) if reading.confidence >= TOLD else ()
    return tuple(i for i in dict.fromkeys((*sure, *reading.also)) if i in STORIES)


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
    if item not in talk.twice:
        return Decision((Say(item, again=item in talk.given),), after)
    # asked a third time: the whole of it, with a word on why it comes again
    return Decision((Say(item, lead=ONCE_MORE, wording=talk.turns),), after)


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
    after = talk.knowing(**{fact: value for fact, value in said.items() if value is not None})
    if reading.since is not None:
        after = after.knowing(since=reading.since)
    return after.hearing(signs=reading.signs, risks=reading.risks, devices=hints.devices)
