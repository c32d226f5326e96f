"""When we did not understand, or cannot read what was sent: there is always a next step."""

from collections.abc import Collection
from dataclasses import replace

from bot.conversation import Conversation
from bot.dialogue.acknowledging import STORIES
from bot.dialogue.decision import Decision, Say, said_again
from bot.dialogue.heard import Heard
from bot.dialogue.topics import MAX_REST, SMALL_TALK, learned
from bot.messages import Kind, Media
from nlu.reading import URGENT_INTENTS, Reading

OFFERED = 3  # readings offered when we are unsure
LEAST = 0.04  # a reading below this is not worth offering
MOSTLY, CLEARLY = 0.7, 0.15  # together, and each of two: several things were heard
PARTLY = 0.5  # together, where all of it is something told
OTHER_LANGUAGE = "other_services.language"
MEDIA_ITEMS = {
    Media.VOICE: "technical.media_voice",
    Media.PHOTO: "technical.media_photo",
    Media.VIDEO: "technical.media_photo",
    Media.LOCATION: "technical.media_location",
}


def unreadable(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """Media, nothing at all, or marks without words: said kindly, with a way on."""
    if heard.media is not None:
        item = MEDIA_ITEMS.get(heard.media, "technical.media")
        return _notice(talk, item if item in items else "technical.media")
    if heard.reading is None:
        return None
    if not heard.words.strip():
        return _notice(talk, "technical.empty")
    if not any(c.isalnum() for c in heard.words):
        return _notice(talk, "technical.emoji")
    return None


def language(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """The rescue card of a language we do not speak: offered, never switched to.

    For one that has no card: where interpreters are, in English.
    """
    tag = heard.reading.language if heard.reading else "und"
    item = f"language.{tag}" if f"language.{tag}" in items else OTHER_LANGUAGE
    if tag in {"en", "und"} or item not in items:
        return None
    return Decision((Say(item, kind=Kind.NOTICE),), replace(talk.giving(item), question=None))


def answer(talk: Conversation, heard: Heard) -> Decision:
    """Up to three best readings as buttons; the second time a person, the helpline, the menu."""
    reading = heard.reading
    if reading is None or reading.degraded:
        return _notice(talk, "technical.weak")
    after = replace(learned(talk, reading), question=None, unsure=talk.unsure + 1)
    close = [
        intent
        for intent, confidence in reading.ranking
        if confidence >= LEAST and intent not in SMALL_TALK and intent not in URGENT_INTENTS
    ][:OFFERED]
    if talk.unsure or len(close) < 2:
        say, after = said_again(after, "unsure", Kind.QUESTION)
        return Decision((say,), after)
    choices = (*(f"ask:{intent}" for intent in close), "none")
    item = "which.story" if _several_heard(reading, close) else "which"
    say, after = said_again(after, item, Kind.QUESTION, choices)
    rest = (*close, *after.rest) if item == "which.story" else after.rest
    return Decision((say,), replace(after, question="which", rest=rest[:MAX_REST]))


def _several_heard(reading: Reading, close: list[str]) -> bool:
    """Not nothing but several things were understood: which of them comes first is asked."""
    weights = [confidence for intent, confidence in reading.ranking if intent in close]
    if STORIES.issuperset(close):
        return sum(weights) >= PARTLY
    return sum(weights) >= MOSTLY and len([w for w in weights if w >= CLEARLY]) > 1


def _notice(talk: Conversation, item: str) -> Decision:
    say, after = said_again(talk, item, Kind.NOTICE)
    return Decision((say,), after)
