"""Who is writing, by their words: the one it happens to, somebody close, or the one who does it.

The rules are data (roles.yml). This module weighs what they find against each other and against
what the talk knows already. None when the words leave it open: a wrong role gives advice meant for
another person.
"""

from pathlib import Path

from nlu.reading import NOTHING_KNOWN, Context, EngineState
from nlu.rulebook import Book, read_book
from nlu.urgent_text import Mended
from nlu.urgent_words import Message

FILE = Path(__file__).parent / "roles.yml"
_ALONE = 7  # words: a message this brief may say who it is about and nothing else
_SETTLING = frozenset({"law_is_at_them", "thinks_of_nothing_else"})
"""Rules of `own` that hold whatever else is told: an order against me is one, though she texts."""
_DOING = frozenset({"puts_things_on_them", "goes_where_they_are"})
_ASKING = "asks_for_them"
_ABOUT_THEM = frozenset({_ASKING, "somebody_does_it_to_them"})


def roles() -> Book:
    """The rules of roles.yml."""
    return read_book(FILE, "side")


def roles_state() -> EngineState:
    """Whether the rules were read; without them no role is heard in passing."""
    wrong = roles().detail
    return EngineState(ready=not wrong, detail=wrong and f"No role is heard: {wrong}")


def role_in(
    words: Mended, context: Context = NOTHING_KNOWN, rough: str | None = None
) -> str | None:
    """victim, supporter, own, or None. Never raises.

    context: what is known; a known supporter becomes the one it happens to only in plain words,
    and an answer to the question who it is about may be as short as "my sister".
    rough: what coarser patterns made of the words; heard where the rules find nothing.
    """
    message = _asked(words, context)
    sides, rules = _found(message)
    if rough and not sides and (rough == "supporter" or not message.has("somebody_else")):
        sides = frozenset({rough})
    if "own" in sides:
        return _own(sides, rules, context)
    if "victim_plainly" in sides:
        return "supporter" if _ASKING in rules and _not_me(words) else "victim"
    if _ASKING in rules:
        return "supporter"
    victim = "victim" in sides
    if sides & {"supporter", "supporter_alone"}:
        return None if victim and "supporter" in sides else "supporter"
    if "supporter_perhaps" in sides:
        return None if victim or context.role == "victim" else "supporter"
    return "victim" if victim and context.role in {None, "victim"} else None


def _own(sides: frozenset[str], rules: frozenset[str], context: Context) -> str | None:
    """Somebody close may write much as well: with words of both sides only the plainest count."""
    others = sides & {"supporter", "victim", "victim_plainly"}
    if context.role == "supporter" or others:
        holds = rules & (_SETTLING | (_DOING if not rules & _ABOUT_THEM else frozenset()))
        return "own" if holds and _ASKING not in rules else None
    return "own"


def _asked(words: Mended, context: Context) -> Message:
    """The message; a brief answer to "who is it about?" as a sentence of its own."""
    if context.question == "role" and words.tokens <= _ALONE and len(words.sentences) == 1:
        words = Mended((*words.sentences, f" it is about{words.sentences[0]}"), words.tokens)
    return Message(words, roles().known)


def _not_me(words: Mended) -> bool:
    return any(" not me " in sentence or " not for me " in sentence for sentence in words.sentences)


def _found(message: Message) -> tuple[frozenset[str], frozenset[str]]:
    """(sides, ids of rules) that some words of the message raise."""
    brief = message.tokens <= _ALONE and len(message.sentences) <= 2
    others = message.has("somebody_else") and not message.has("acts_themselves")
    apart = _without_others(message) if others else message
    raised = [
        rule
        for rule in roles().known.english
        if (brief or rule.intent != "supporter_alone")
        and (apart if rule.intent == "victim" else message).raises(rule)
    ]
    return frozenset(rule.intent for rule in raised), frozenset(rule.id for rule in raised)


def _without_others(message: Message) -> Message:
    """The clauses that are not about somebody else: only these can say that it happens to me."""
    cues = [message.known.cues[name] for name in ("somebody_else", "confides")]
    clauses = (
        f" {clause.strip()} " for sentence in message.sentences for clause in sentence.split(" ,")
    )
    own = tuple(clause for clause in clauses if not any(cue.search(clause) for cue in cues))
    return Message(Mended(own, message.tokens), message.known)
