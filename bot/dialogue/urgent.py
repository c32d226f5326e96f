"""Danger first: the four urgent intents and the one question that follows the 999 card."""

from dataclasses import replace

from bot.actions import Action
from bot.conversation import Conversation
from bot.dialogue.choosing import yes_or_no
from bot.dialogue.decision import Decision, Say
from bot.dialogue.happening import doubtful, now_or_gone, plainly_gone, plainly_yes
from bot.dialogue.heard import Heard
from bot.dialogue.topics import learned
from bot.messages import Kind
from nlu.reading import URGENT_INTENTS

NOW_ITEMS = {
    "yes": "emergency.now_yes",
    "gone": "emergency.now_gone",
    "cannot_call": "emergency.cannot_call",
}


def answer(talk: Conversation, heard: Heard, act: Action | None) -> Decision | None:
    """The card for urgent words, or for an answer to "Is it happening now?"."""
    seen = _seen(talk, heard, act)
    if seen:
        return _more_of_it(talk, heard, seen) or _cards(_told_in_passing(talk, heard), seen)
    if act and act.verb == "now":
        return _after_card(talk, act.value)
    if act and act.verb == "ask" and act.value in URGENT_INTENTS:
        return _cards(talk, frozenset({act.value}))
    said = _is_it_now(heard) if talk.question == "now" else None
    return None if said is None else _after_card(talk, "yes" if said else "gone")


def _seen(talk: Conversation, heard: Heard, act: Action | None) -> frozenset[str]:
    """The urgent intents to answer.

    The model alone may see danger in "the second one" or "no, he drove off". Where such words name
    one of our choices, or answer "Is it happening now?", only the rules' findings count.
    """
    if heard.reading is None:
        return frozenset()
    answers = act is not None or (talk.question == "now" and now_or_gone(heard.words) is not None)
    return heard.reading.ruled if answers else heard.reading.urgent


def _more_of_it(talk: Conversation, heard: Heard, seen: frozenset[str]) -> Decision | None:
    """An answer to the card's question that sounds urgent itself: answered, not asked again."""
    if talk.question != "now" or seen != {"emergency"}:
        return None
    if plainly_gone(heard.words):
        return _after_card(talk, "gone")
    return _after_card(talk, "yes") if plainly_yes(heard.words) else None


def _told_in_passing(talk: Conversation, heard: Heard) -> Conversation:
    """With who is in danger and where, if that was said. A cry for help makes nobody a stalker."""
    after = learned(talk, heard.reading) if heard.reading else talk
    return after.knowing(role=talk.facts.role) if after.facts.role == "own" else after


def _is_it_now(heard: Heard) -> bool | None:
    """True also for someone who does not know: they may still be there."""
    said = now_or_gone(heard.words)
    if said is not None:
        return said
    read = yes_or_no(heard)
    return True if read is False and doubtful(heard.words) else read


def _cards(talk: Conversation, seen: frozenset[str]) -> Decision:
    """Most pressing first. The 999 card already says how to call without speaking."""
    cards = [intent for intent in URGENT_INTENTS if intent in seen]
    if "emergency" in seen and "cannot_speak" in seen:
        cards.remove("cannot_speak")
    cards = cards[:2]
    says = tuple(Say(card, kind=Kind.EMERGENCY, again=card in talk.given) for card in cards)
    after = talk.giving(*cards)
    for card in cards:
        after = after.telling(card)
    return Decision(says, _asking(after, "now" if cards[0] == "emergency" else None))


def _after_card(talk: Conversation, said: str) -> Decision:
    item = NOW_ITEMS[said]
    open_question = "now" if said == "yes" else None
    says = (Say(item, kind=Kind.EMERGENCY, again=item in talk.given),)
    return Decision(says, _asking(talk.giving(item), open_question))


def _asking(talk: Conversation, question: str | None) -> Conversation:
    return replace(talk, question=question, unsure=0)
