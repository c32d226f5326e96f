"""What a tap, or a typed answer to the choices under our last message, stands for."""

import re

from bot.actions import Action, parse_action
from bot.conversation import Conversation
from bot.dialogue.heard import Heard

ORDINALS = {
    "first": 0, "1st": 0, "one": 0, "second": 1, "2nd": 1, "two": 1, "third": 2, "3rd": 2,
    "three": 2, "fourth": 3, "4th": 3, "four": 3, "fifth": 4, "5th": 4, "five": 4,
}  # fmt: skip
_POSITION = re.compile(
    r"(?:the |option |number |no\.? ?|#)?(\w+)(?: one| option)?(?: please| pls| plz)?"
)
YES = frozenset(["yes", "y", "yeah", "yep", "yea", "yh", "sure", "ok", "okay", "please"]) | {
    "yes please", "yes pls", "go on", "yes now", "do it",
}  # fmt: skip
NO = frozenset(["no", "n", "nope", "nah", "naw"]) | {"no thanks", "no thank you", "not now"}
LEAST = 0.4  # a yes or no read with less confidence than this is not taken for one
NATION_WORDS = {"northern ireland": "northern_ireland", "ni": "northern_ireland"} | {
    n: n for n in ("england", "wales", "scotland")
}


def plain(words: str) -> str:
    """Words reduced for comparison with a fixed list: lower case, single spaces, no full stop."""
    return " ".join(words.lower().split()).rstrip(".! ")


def chosen(talk: Conversation, heard: Heard) -> Action | None:
    """The action meant by a tap, a typed button title, or its place ("the second one", "2").

    None when nothing of the kind was said. A tap that is no button of ours is None too.
    """
    if heard.tap is not None:
        return parse_action(heard.tap)
    words = plain(heard.words)
    if not words:
        return None
    if talk.question == "nation" and words in NATION_WORDS:
        return Action("set", f"nation:{NATION_WORDS[words]}")
    for offer in talk.offers:
        if words == plain(offer.title):
            return parse_action(offer.id)
    place = _place(words, len(talk.offers))
    return parse_action(talk.offers[place].id) if place is not None else None


def yes_or_no(heard: Heard) -> bool | None:
    """True for yes, False for no, None for anything else. Works without a model, by plain words."""
    words = plain(heard.words)
    if words in YES:
        return True
    if words in NO:
        return False
    reading = heard.reading
    if reading is None or reading.confidence < LEAST:
        return None
    return {"affirm": True, "deny": False}.get(reading.intent)


def _place(words: str, count: int) -> int | None:
    """The index of the offer named by its place, if there is such an offer."""
    match = _POSITION.fullmatch(words)
    if not match:
        return None
    word = match[1]
    last = {"last": count - 1}
    index = int(word) - 1 if word.isdecimal() and len(word) < 3 else (ORDINALS | last).get(word)
    return index if index is not None and 0 <= index < count else None
