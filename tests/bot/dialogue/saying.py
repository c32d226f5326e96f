"""Short ways to say what happened, for the tests of the dialogue."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.conversation import Conversation
from bot.dialogue.decision import Decision
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.dialogue.policy import decide
from bot.messages import Media, Offer
from nlu.reading import URGENT_INTENTS, Hints, Reading
from nlu.taxonomy import load_taxonomy

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
INTENTS = tuple(load_taxonomy().intents)
SYSTEM_ITEMS = (
    "hello", "hello.short", "menu", "emergency.now_yes", "emergency.now_gone",
    "emergency.cannot_call", "which", "which.yes", "unsure", "none_of_these", "question.role",
    "question.nation", "noted", "technical.media", "technical.media_voice",
    "technical.media_photo", "technical.media_location", "technical.empty", "technical.emoji",
    "technical.long", "technical.stale_button", "technical.wrong", "technical.weak", "erase.ask",
    "erase.done", "erase.kept", "leave.done", "commands", "language.pl", "evidence.diary",
    "out_of_scope.fishing",
)  # fmt: skip
ITEMS = frozenset((*INTENTS, *SYSTEM_ITEMS))
KNOWN = Known(ITEMS)
EARLIER = Conversation(turns=3, given=("hello",))
"""A talk that is under way."""


def reading(
    intent: str,
    confidence: float = 0.9,
    *,
    urgent: tuple[str, ...] | None = None,
    language: str = "en",
    hints: Hints | None = None,
    others: tuple[tuple[str, float], ...] = (),
    degraded: bool = False,
    fishing: bool = False,
    ruled: bool = True,
) -> Reading:
    """A reading; an urgent intent is seen as urgent unless told otherwise.

    ruled: what is urgent was seen by the rules; False: by the model alone.
    """
    seen = urgent if urgent is not None else ((intent,) if intent in URGENT_INTENTS else ())
    return Reading(
        ranking=((intent, confidence), *others),
        urgent=frozenset(seen),
        language=language,
        hints=hints or Hints(),
        degraded=degraded,
        fishing=fishing,
        ruled=frozenset(seen if ruled else ()),
    )


def hears(
    talk: Conversation, words: str, read: Reading | None = None, *, channel: str = "web"
) -> Decision:
    """What is decided about words."""
    heard = Heard(channel=channel, words=words, reading=read or reading("out_of_scope", 0.05))
    return decide(talk, heard, NOON, KNOWN)


def taps(talk: Conversation, button: str) -> Decision:
    """What is decided about a tap."""
    return decide(talk, Heard(channel="web", tap=button), NOON, KNOWN)


def sends(talk: Conversation, media: Media) -> Decision:
    """What is decided about something we cannot read."""
    return decide(talk, Heard(channel="web", media=media), NOON, KNOWN)


def items(decision: Decision) -> list[str]:
    """The content items shown, in order."""
    return [say.item for say in decision.says]


def offering(talk: Conversation, *ids: str) -> Conversation:
    """The talk with these choices under our last message, titled like their ids."""
    return replace(talk, offers=tuple(Offer(i, f"Title of {i}") for i in ids))
