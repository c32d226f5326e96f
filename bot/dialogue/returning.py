"""Somebody comes back after a while: perhaps another person, on the same phone.

Nothing of the earlier talk is shown by itself: no question goes on, no flow, no topic is named. It
is all there again once the person takes it up: by "Go on", or by telling or asking something.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions import Action
from bot.conversation import Conversation
from bot.dialogue import flows, taps
from bot.dialogue.decision import Decision, said_again
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.messages import Kind

GAP = timedelta(hours=1)
BACK = "hello.back"
STILL = frozenset({"now"})  # "Is it happening now?" is never let go by itself


def after_a_gap(talk: Conversation, now: datetime) -> Conversation:
    """The talk as it is taken up again; the same when no gap lies between."""
    if talk.last_at is None or now - talk.last_at <= GAP:
        return talk
    question = talk.question if talk.question in STILL else None
    return replace(talk, question=question, offers=(), unsure=0, returned=True)


def greeted(talk: Conversation, heard: Heard) -> Decision | None:
    """A hello, or a mere yes or no, after a gap: an ordinary one back."""
    reading = heard.reading
    if not talk.returned or reading is None or reading.language not in {"en", "und"}:
        return None
    if talk.question in STILL or reading.intent not in {"greet", "affirm", "deny", "thanks"}:
        return None
    say, after = said_again(talk, BACK, Kind.NOTICE)
    return Decision((say,), replace(after, question=None))


def tapped(talk: Conversation, act: Action | None, known: Known) -> Decision | None:
    """The button "Go on": the open question of a flow, or the last advice in few words."""
    if act is None or act.verb != "back":
        return None
    if talk.flow is not None:
        again = Action("flow", f"{talk.flow.flow}:on")
        return flows.tapped(talk, again, known)
    return taps.again(talk, known.items, before=talk)
