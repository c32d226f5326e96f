"""Typed answers to the question that is open: yes, no, a role or a nation said in words."""

from collections.abc import Collection
from dataclasses import replace

from bot.actions import parse_action
from bot.conversation import Conversation
from bot.dialogue import taps, topics
from bot.dialogue.choosing import NATION_WORDS, plain, yes_or_no
from bot.dialogue.decision import Decision, said_again
from bot.dialogue.heard import Heard
from bot.messages import Kind

ELSEWHERE = frozenset({"ask:advocate", "ask:helpline", "ask:emergency", "menu", "none", "back"})
"""Offers that stand under many messages and that a bare "yes" does not mean."""
WHICH_YES = "which.yes"
AROUND_A_PLACE = frozenset(
    {
        "i", "i'm", "im", "am", "it", "it's", "its", "is", "we", "we're", "are", "he", "he's",
        "hes", "she", "she's", "shes", "they", "they're", "theyre", "live", "lives", "living",
        "based", "here", "in", "from", "near", "the", "actually", "please", "pls", "now",
    }
)  # fmt: skip
"""Words that a place may be wrapped in and still be all that is said ("I'm in Wales")."""
BARE = 2  # words of a place ("Northern Ireland", "Glasgow btw")


def answer(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """What a short answer means for what we asked or offered last; None when it is no answer."""
    reading = heard.reading
    if reading is None:
        return None
    if reading.corrects:
        return taps.again(topics.learned(talk, reading), items, before=talk)
    if nation := _nation(talk, heard):
        return taps.again(talk.knowing(nation=nation), items, before=talk)
    if talk.question == "role" and reading.hints.role:
        return taps.again(talk.knowing(role=reading.hints.role), items, before=talk)
    if reading.hints.age == "adult" and len(heard.words.split()) <= BARE + 1:
        return taps.again(talk.knowing(age="adult"), items, before=talk)
    said = yes_or_no(heard) if talk.offers else None
    if said is True:
        return _yes(talk, heard, items)
    if said is False:
        item = "none_of_these" if talk.question == "which" else "deny"
        say, after = said_again(talk, item, Kind.QUESTION)
        return Decision((say,), replace(after, question=None, unsure=0))
    return None


def _nation(talk: Conversation, heard: Heard) -> str | None:
    """The nation, when a place is all that was said or when it answers our question.

    "I'm in Glasgow btw" is a fact for the last advice, not a question of its own.
    """
    hinted = heard.reading.hints.nation if heard.reading else None
    if talk.question == "nation" and hinted:
        return hinted
    words = plain(heard.words).replace("\u2019", "'").split()
    place = [word for word in words if word not in AROUND_A_PLACE]
    if "?" in heard.words or not 0 < len(place) <= BARE:
        return None
    return NATION_WORDS.get(" ".join(place)) or hinted


def _yes(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision:
    """A bare yes takes the one thing offered; with several it asks which."""
    real = [offer.id for offer in talk.offers if offer.id not in ELSEWHERE]
    if len(real) == 1:
        done = taps.answer(talk, heard, parse_action(real[0]), items)
        if done:
            return done
    titled = tuple(i for i in real if i.startswith(("ask:", "show:")))[:3]
    if not titled:
        say, after = said_again(talk, "menu", Kind.QUESTION)
        return Decision((say,), replace(after, question=None))
    say, after = said_again(talk, WHICH_YES, Kind.QUESTION, (*titled, "none"))
    return Decision((say,), replace(after, question="which"))
