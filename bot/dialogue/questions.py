"""Typed answers to the question that is open: yes, no, a role or a nation said in words."""

from collections.abc import Collection
from dataclasses import replace

from bot.actions import parse_action
from bot.conversation import Conversation
from bot.dialogue import taps
from bot.dialogue.choosing import NATION_WORDS, plain, yes_or_no
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from bot.messages import Kind

ELSEWHERE = frozenset({"ask:advocate", "ask:helpline", "menu", "none"})
"""Offers that stand under many messages and that a bare "yes" does not mean."""
AROUND_A_PLACE = frozenset(
    [
        "i", "i'm", "i’m", "im", "am", "it", "it's", "it’s", "its", "is", "we", "we're", "we’re",
        "are", "he", "he's", "she", "she's", "they", "live", "lives", "living", "based", "here",
        "in", "from", "near", "the", "actually", "please", "pls",
    ]
)  # fmt: skip
"""Words that a place may be wrapped in and still be the whole answer ("I'm in Wales")."""


SHORT = 6  # words
WHERE_OPENERS = frozenset(
    {
        "i", "i'm", "im", "we", "we're", "were", "she", "she's", "shes", "he", "he's", "hes",
        "they", "they're", "theyre", "in", "from", "near", "it's", "its",
    }
)  # fmt: skip


def answer(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision | None:
    """What a short answer means for what we asked or offered last; None when it is no answer."""
    reading = heard.reading
    if reading is None:
        return None
    if nation := _nation(talk, heard):
        return taps.again(talk.knowing(nation=nation), items)
    if talk.question == "role" and reading.hints.role:
        return taps.again(talk.knowing(role=reading.hints.role), items)
    if _only_says_where(talk, heard):
        return taps.again(talk.knowing(nation=reading.hints.nation), items)
    said = yes_or_no(heard) if talk.offers else None
    if said is True:
        return _yes(talk, heard, items)
    if said is False:
        item = "none_of_these" if talk.question == "which" else "deny"
        says = (Say(item, kind=Kind.QUESTION),)
        return Decision(says, replace(talk, question=None, unsure=0))
    return None


def _only_says_where(talk: Conversation, heard: Heard) -> bool:
    """True for "I'm in Glasgow btw": a new fact for the last advice, not a question of its own."""
    nation = heard.reading.hints.nation if heard.reading else None
    words = heard.words.lower().replace("\u2019", "'").split()
    if nation is None or nation == talk.facts.nation or not talk.turns or "?" in heard.words:
        return False
    return len(words) <= SHORT and words[0] in WHERE_OPENERS


def _nation(talk: Conversation, heard: Heard) -> str | None:
    """The nation, said in answer to our question, or to a message that offers to ask it."""
    hinted = heard.reading.hints.nation if heard.reading else None
    if talk.question == "nation" and hinted:
        return hinted
    if talk.question != "nation" and all(o.id != "question:nation" for o in talk.offers):
        return None
    place = [word for word in plain(heard.words).split() if word not in AROUND_A_PLACE]
    return NATION_WORDS.get(" ".join(place)) or (hinted if len(place) <= 2 else None)


def _yes(talk: Conversation, heard: Heard, items: Collection[str]) -> Decision:
    """A bare yes takes the one thing offered; with several it asks which."""
    real = [offer.id for offer in talk.offers if offer.id not in ELSEWHERE]
    if len(real) == 1:
        done = taps.answer(talk, heard, parse_action(real[0]), items)
        if done:
            return done
    titled = tuple(i for i in real if i.startswith(("ask:", "show:")))[:3]
    if not titled:
        return Decision((Say("menu", kind=Kind.QUESTION),), replace(talk, question=None))
    says = (Say("which", kind=Kind.QUESTION, choices=(*titled, "none")),)
    return Decision(says, replace(talk, question="which"))
