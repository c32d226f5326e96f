"""Faults in who gets an answer: holes of the coverage, and roads that must not be open."""

import re
from collections.abc import Iterator

from bot.actions import target_action
from bot.content.check_fault import Fault, Look
from bot.content.check_words import item_texts
from bot.content.coverage import OWN, coverage
from bot.content.library import Item, Library
from bot.content.load import read_intents

OWN_INTENTS = "own_behaviour"  # group of the taxonomy
REVEALING = frozenset({
    "address_privacy", "cameras_and_smart_home", "children_and_contact", "evidence",
    "followed_or_watched", "intimate_images", "personal_details_posted", "phone_monitored",
    "reply_or_block", "safety_planning", "social_media", "stranger", "tracking_device",
    "unwanted_contact",
})  # fmt: skip
"""Here the victim's words tell how somebody hides, is found, or is going to act."""
REACHES = re.compile(  # to find, reach, watch or persuade; fine in a sentence that says no
    r"(?<!\w)(?:"
    r"(?:get|win) (?:them|him|her) back|"
    r"(?:find|look|search) (?:out )?(?:where|for) (?:they|he|she|them|him|her)\b|"
    r"(?:look|track) (?:them|him|her) (?:up|down)|"
    r"(?:write|send|give|post) (?:to )?(?:them|him|her) (?:a |one )?(?:last )?"
    r"(?:letter|message|note|gift|flowers|sorry)|"
    r"(?:message|text|ring|phone|call|contact|meet|visit|follow|watch) (?:them|him|her)\b|"
    r"(?:ask|get) (?:a friend|someone|somebody) to (?:tell|ask|speak to|talk to) (?:them|him|her)|"
    r"(?:explain|apologise) to (?:them|him|her)"
    r")(?!\w)",
    re.IGNORECASE,
)
NO = re.compile(
    r"\b(?:not|no|never|nobody|cannot|none|neither|nor|without|stop|instead of|rather than|"
    r"before you|urge to|want to|if you|feel like|help (?:you )?to stop|keep from)\b|n['’]t\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^.?\n]+[.?]?")


def holes(look: Look) -> Iterator[Fault]:
    """Somebody who gets nothing, another person's words, or nothing for where they live.

    What nobody wrote at all is told by `check_links.unanswered`.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in coverage(look.content):
        if row.hole and row.item:
            cells = found.setdefault((row.where, row.intent, row.role), [])
            cells += [row.hole] if row.hole not in cells else []
    for (where, intent, role), cells in found.items():
        what = f"'{intent}' for {role}: {', and '.join(cells)}"
        yield Fault(where, what, "Write a variant, or add a button that leads to one")


def own_behaviour_reaches(look: Look) -> Iterator[Fault]:
    """Words that help somebody find, watch, reach or persuade the person they are fixated on."""
    groups = read_intents()
    for item in look.english:
        family = item.base.partition(".")[0]
        if item.role != OWN and groups.get(family) != OWN_INTENTS:
            continue
        for text in item_texts(item):
            for sentence in SENTENCE.findall(text.replace("’", "'")):
                for match in REACHES.finditer(sentence):
                    if not NO.search(sentence[: match.start()]):
                        what = f"'{match.group()}' helps to reach the other person"
                        yield Fault(item.where, what, "Say how to stop, and who helps with that")


def own_behaviour_led_to_victims_steps(look: Look) -> Iterator[Fault]:
    """A button that shows somebody who follows a person what the victim is told to do."""
    groups = read_intents()
    library = look.content.library
    for item in look.items:
        own = item.role == OWN or groups.get(item.base.partition(".")[0]) == OWN_INTENTS
        for button in item.buttons if own else ():
            step = _shown_to_own(library, button.to, item)
            if step and step.role != OWN and step.base.partition(".")[0] in REVEALING:
                what = f"the button '{button.title}' shows the victim's words, {step.id}"
                yield Fault(item.where, what, "Lead elsewhere, or write a variant for own")


def _shown_to_own(library: Library, to: str, item: Item) -> Item | None:
    action = target_action(to)
    if action is None or action.verb not in {"ask", "show"}:
        return None
    return library.find(action.value, OWN, item.nation, "")
