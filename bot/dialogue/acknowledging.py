"""Whether an answer opens by naming what was told, and in which of its wordings.

Only the first answer to a story does, and never two answers in a row: whoever hears each message
said back to them talks to a machine.
"""

import re
from dataclasses import replace

from bot.conversation import Conversation
from bot.dialogue.decision import Decision

STORIES = frozenset({
    "accounts_hacked", "accused", "cameras_and_smart_home", "children_and_contact",
    "employer_or_school", "ex_partner", "feelings", "followed_or_watched", "gifts_and_deliveries",
    "help_my_child", "help_someone", "how_dangerous", "intimate_images", "is_this_stalking",
    "neighbour_or_family", "order_breached", "personal_details_posted", "phone_monitored",
    "property_and_break_in", "social_media", "stranger", "threats", "tracking_device",
    "unwanted_contact", "work_or_study", "worried_about_own_behaviour",
})  # fmt: skip
"""Intents by which people tell what is going on."""

OFTEN_ASKED = frozenset({
    "address_privacy", "court", "offender_management", "online_safety_check", "police_not_helping",
    "protective_orders", "reply_or_block", "report_to_police", "safety_planning", "victims_rights",
})  # fmt: skip
"""Intents that are a story from one person and a plain question from the next."""

QUIET = 2  # messages: an answer that opens so, and the one after it

ANY_ROLE = OFTEN_ASKED | {"feelings"}
"""Here what is said back to whoever it happens to hurts nobody who turns out to be someone else."""

_WORD = re.compile(r"[a-z]+")
_BEFORE_IT = frozenset({
    "hi", "hiya", "hello", "hey", "please", "pls", "so", "and", "but", "ok", "okay", "well",
    "um",
})  # fmt: skip
_ASKING = frozenset({
    "how", "hows", "what", "whats", "which", "when", "where", "wheres", "why", "who", "whos",
    "can", "could", "do", "does", "did", "is", "are", "am", "should", "shall", "will", "would",
    "may", "tell", "explain", "info", "information",
})  # fmt: skip
_I = frozenset({"i", "im", "ive", "id"})
_ME = frozenset({"me", "mine", "myself", "we", "us", "our"})
_CLOSE = frozenset({
    "friend", "friends", "mate", "mates", "sister", "sisters", "brother", "brothers", "mum", "mums",
    "mother", "mothers", "dad", "dads", "father", "daughter", "daughters", "son", "sons", "kid",
    "kids", "child", "girlfriend", "boyfriend", "wife", "husband", "partner", "colleague", "niece",
    "nephew", "cousin", "nan", "auntie", "aunt", "student", "pupil", "tenant", "employee",
})  # fmt: skip
"""Who is often written for by somebody else."""
_PEOPLE = _I | _ME | _CLOSE | frozenset({
    "my", "he", "hes", "she", "shes", "they", "theyre", "theyve", "him", "her", "them", "his",
    "their", "someone", "somebody", "guy", "man", "bloke", "woman", "lad", "girl", "boy", "ex",
    "exs", "children", "boss", "manager", "neighbour", "flatmate", "stranger",
})  # fmt: skip


def by_words(before: Conversation, decision: Decision, intent: str, words: str) -> Decision:
    """The answer to a message, opened by what it told, if it told something.

    While nobody said who it is about, we answer as to the person it is done to. To say it back to
    them by mistake would be worse than to say nothing.
    """
    unknown = decision.talk.facts.role is None
    if not tells(words, intent) or (unknown and _may_be_someone_else(words, intent)):
        return decision
    return _opened(before, decision, intent)


def by_tap(before: Conversation, decision: Decision, intent: str) -> Decision:
    """The same for a button. It tells something where words were not understood, or are not there
    yet; under advice it only asks for more.
    """
    telling = intent in STORIES and (before.question == "which" or not before.facts.told)
    return _opened(before, decision, intent) if telling else decision


def tells(words: str, intent: str) -> bool:
    """True for a story; False for a question that anyone might ask ("how do trackers work")."""
    said = _words(words)
    first = next((word for word in said if word not in _BEFORE_IT), "")
    asks, of_people = first in _ASKING, not _PEOPLE.isdisjoint(said)
    if intent in STORIES:
        return of_people or not asks
    return intent in OFTEN_ASKED and of_people and not asks


def _may_be_someone_else(words: str, intent: str) -> bool:
    """True for "my daughter gets presents from him" and "I put a tag in her bag"."""
    said = _words(words)
    if not _ME.isdisjoint(said) or said.count("my") > 1:
        return False
    people = [word for word in said if word in _PEOPLE and word != "my"]
    if _I.isdisjoint(said):
        return "my" in said and not _CLOSE.isdisjoint(said)
    acts = people[0] in _I and not _I.issuperset(people) and "my" not in said
    return acts and intent not in ANY_ROLE


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))


def _opened(before: Conversation, decision: Decision, intent: str) -> Decision:
    say, *others = decision.says
    if say.again or before.turns < before.quiet_until:
        return decision
    after = decision.talk
    # another role has other wordings, which are counted for themselves
    role = after.facts.role or "victim"
    topic = intent if role == "victim" else f"{intent}.{role}"
    wording = after.voice + after.acknowledged.count(topic)
    talk = replace(after.acknowledging(topic), quiet_until=before.turns + QUIET)
    return replace(decision, says=(replace(say, acknowledge=wording), *others), talk=talk)
