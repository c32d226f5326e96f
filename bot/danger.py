"""Danger seen by the rules alone: what is left when engine, content or database are not there."""

import structlog

from bot.actions import parse_action
from bot.messages import Incoming
from nlu.reading import URGENT_INTENTS, Reading
from nlu.urgent_words import urgent_in

_log = structlog.get_logger()


def seen_in(text: str) -> frozenset[str]:
    """The urgent intents the rules see in a person's words. Never raises.

    Should the rules themselves fail, danger cannot be ruled out: that counts as an emergency.
    """
    try:
        return urgent_in(text)
    except Exception as error:  # noqa: BLE001 - see above
        _log.error("danger.rules_failed", fault=type(error).__name__)
        return frozenset({"emergency"})


def brought_by(incoming: Incoming) -> frozenset[str]:
    """The urgent intents in what a person did: their words, or a button such as "Danger now".

    Never raises.
    """
    if incoming.words is not None:
        return seen_in(incoming.words.text)
    action = parse_action(incoming.tap) if incoming.tap is not None else None
    if action is None:
        return frozenset()
    if action.verb == "now":
        return frozenset({"cannot_speak" if action.value == "cannot_call" else "emergency"})
    topic = action.value.partition(".")[0]
    return (
        frozenset({topic} & set(URGENT_INTENTS)) if action.verb in {"ask", "show"} else frozenset()
    )


def most_pressing(urgent: frozenset[str]) -> str:
    """Of the urgent intents seen, the one to answer first; the 999 card where none is known."""
    return next((intent for intent in URGENT_INTENTS if intent in urgent), "emergency")


def by_rules(text: str) -> Reading:
    """The reading when there is no engine: danger, or nothing understood."""
    urgent = seen_in(text)
    best = (most_pressing(urgent), 1.0) if urgent else ("out_of_scope", 0.0)
    return Reading(ranking=(best,), urgent=urgent, degraded=True, ruled=urgent)
