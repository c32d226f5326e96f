"""What a tap, or a typed answer to the choices under our last message, stands for."""

from bot.actions import Action, parse_action
from bot.conversation import Conversation
from bot.dialogue.heard import Heard
from bot.dialogue.titles import names_place, place_of, some, title_meant, words_of

YES = frozenset(
    {"yes", "y", "ye", "yeah", "yep", "yup", "yea", "yh", "ys", "aye", "sure", "ok", "okay"}
) | {
    "please", "yes please", "yes pls", "go on", "go ahead", "yes now", "do it", "please do",
    "absolutely", "definitely", "of course", "i do", "i would", "i guess so", "if you like",
    "yes i do", "yes i would", "yes it is", "yes i am", "alright", "alright then", "why not",
}  # fmt: skip
NO = frozenset({"no", "n", "nope", "nah", "naw"}) | {
    "no thanks", "no thank you", "no ta", "not now", "not really", "not today", "maybe later",
    "later", "rather not", "i'd rather not", "i don't want to", "i dont want to",
    "i do not want to", "no way", "no i'm fine", "no i'm ok", "no im ok",
    "nah you're alright", "no not yet", "neither", "none of them",
    "none of these", "none of those", "neither of them", "no need", "don't",
}  # fmt: skip
_NO_TYPED = frozenset(words.replace("'", "") for words in NO)
_PLAINLY = frozenset({"yes", "y", "ye", "yeah", "yep", "yup", "yea", "yh", "aye"})
_AFTER_YES = some("please pls plz plss then thank thanks you ta go on sure ok do it x mate now")
_AFTER_OK = some("then please pls plz go on sure yes yeah")
_AFTER_NO = some("no nah nope thanks thank you ta x mate it's its ok not now really")
LEAST = 0.4  # a yes or no read with less confidence than this is not taken for one
NATION_WORDS = dict.fromkeys(
    ("northern ireland", "ni", "n ireland", "norn iron"), "northern_ireland"
) | {name: name for name in ("england", "wales", "scotland")}


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
    at = place_of(words, len(talk.offers))
    if at is None:
        at = _guessed(talk, heard)
    return parse_action(talk.offers[at].id) if at is not None else None


def _guessed(talk: Conversation, heard: Heard) -> int | None:
    """The offer whose title is named in part or misspelt.

    A guess does not outweigh an alarm, not even one that the model alone raises.
    """
    if heard.reading is not None and heard.reading.urgent:
        return None
    titles = [offer.title for offer in talk.offers]
    if not any(plain(title) in NATION_WORDS for title in titles):
        return title_meant(heard.words, titles)
    place = names_place(heard.words)
    known = NATION_WORDS.get(place.removesuffix(" please").removesuffix(" pls"))
    spelled = {NATION_WORDS.get(plain(title)): at for at, title in enumerate(titles)}
    return spelled[known] if known in spelled and known else title_meant(place, titles)


def yes_or_no(heard: Heard) -> bool | None:
    """True for yes, False for no, None for anything else. Works without a model, by plain words."""
    said = _plain_yes_or_no(heard.words)
    if said is not None:
        return said
    reading = heard.reading
    if reading is None or reading.confidence < LEAST:
        return None
    return {"affirm": True, "deny": False}.get(reading.intent)


def _plain_yes_or_no(text: str) -> bool | None:
    """By the words alone; a drawn-out one is one too."""
    words = plain(text)
    if words in YES:
        return True
    if words.replace("'", "").replace("’", "") in _NO_TYPED:
        return False
    first, *rest = words_of(words) or [""]
    first = _drawn_out(first)
    if first in _PLAINLY and _AFTER_YES.issuperset(rest):
        return True
    if first in {"ok", "okay", "sure"} and _AFTER_OK.issuperset(rest):
        return True
    return False if first in {"no", "nah", "nope", "naw"} and _AFTER_NO.issuperset(rest) else None


def _drawn_out(word: str) -> str:
    """The word without the letters that are drawn out at its end."""
    end = word[-1:]
    return word.rstrip(end) + end if end else word
