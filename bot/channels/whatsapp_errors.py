"""What Meta's error codes mean to us, as a table. Only the number counts, never the wording.

Sources: Meta's list of Cloud API errors (developers.facebook.com/documentation/business-messaging/
whatsapp, "Error codes"), the names in pywa's errors.py, and for 131042, 131045 and 133010 vendors'
copies of Meta's list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.messages import Outcome, Refused, TryLater, Unknown


class Do(Enum):
    """What we do about it."""

    LATER = "it did not go: again after a while"
    CROWDED = "too many to this one person: again after a while that grows"
    DOUBT = "it may have gone: the outbox decides"
    GIVE_UP = "this message will never go"
    GONE = "nothing reaches this person: give up everything that waits"


@dataclass(frozen=True, slots=True)
class Meaning:
    """reason: a fixed word for logs. wait: seconds, None: the outbox's own back-off.

    page: a sentence for the operator when nobody can be answered until somebody acts.
    """

    do: Do
    reason: str
    wait: float | None = None
    page: str = ""


CHECK_TOKEN = "Meta does not accept the access token, or it may not send: see docs/whatsapp.md"  # noqa: S105 - a sentence
_PAY = "Meta wants payment for this account before it sends: see docs/whatsapp.md"
_BLOCKED = "Meta has limited or blocked this account or number: look in WhatsApp Manager"
_UNREGISTERED = "The WhatsApp number is not registered for the Cloud API: see docs/whatsapp.md"
NUMBER_GONE = "Meta knows no such number for this token: check BOT_WHATSAPP_PHONE_NUMBER_ID"

_TOKEN = Meaning(Do.LATER, "token", 120.0, CHECK_TOKEN)  # the token may be put right meanwhile
_BUSY_APP = Meaning(Do.LATER, "app limit", 60.0)
_AWAY = Meaning(Do.DOUBT, "unavailable")
_POLICY = Meaning(Do.GIVE_UP, "account limited", page=_BLOCKED)
_OURS = Meaning(Do.GIVE_UP, "malformed")
_STOPPED = Meaning(Do.GIVE_UP, "stopped")
_SETUP = Meaning(Do.GIVE_UP, "not allowed here")


def _each(codes: Iterable[int], meaning: Meaning) -> dict[int, Meaning]:
    return dict.fromkeys(codes, meaning)


MEANINGS: Mapping[int, Meaning] = {
    # token and permission
    **_each((0, 3, 10, 190, *range(200, 300), 131005), _TOKEN),
    # too much, too fast
    **_each((4, 80007), _BUSY_APP),
    130429: Meaning(Do.LATER, "throughput", 5.0),
    131056: Meaning(Do.CROWDED, "too many to one person"),
    131057: Meaning(Do.LATER, "maintenance", 60.0),
    133016: Meaning(Do.LATER, "registered too often", 300.0),
    # their side
    **_each((1, 2, 131000, 131016, 135000), _AWAY),
    # the account
    **_each((368, 130497, 131031, 131048, 131064), _POLICY),
    131042: Meaning(Do.LATER, "payment", 300.0, _PAY),
    **_each((131045, 133010), Meaning(Do.LATER, "number not registered", 120.0, _UNREGISTERED)),
    33: Meaning(Do.LATER, "no such number", 120.0, NUMBER_GONE),
    # this person
    131047: Meaning(Do.GIVE_UP, "window_closed"),
    131026: Meaning(Do.GONE, "unreachable"),
    **_each((130472, 131049, 131050), _STOPPED),
    **_each((131021, 131030), _SETUP),  # to ourselves; not on a test number's list
    # this message: a fault of ours
    **_each((100, 131008, 131009, 131051, 131052, 131053, 131062), _OURS),
    **_each((*range(132000, 132017), 132068, 132069), _OURS),  # templates, which we never send
}


def meaning_of(code: int | None, status: int = 400) -> Meaning:
    """What an error means. code: Meta's, None without one. status: the HTTP status it came with.

    In a webhook there is no status: the default says that it did not go.
    """
    known = None if code is None else MEANINGS.get(code)
    if known is not None:
        return known
    if status in {401, 403}:
        return _TOKEN
    if status == 429:
        return _BUSY_APP
    if status == 404:
        return MEANINGS[33]
    return _AWAY if status >= 500 or status < 400 else _OURS


def outcome_of(meaning: Meaning, *, crowded: int = 0, doubt: timedelta | None = None) -> Outcome:
    """What it comes to for the outbox.

    crowded: how often in a row this person had too many before. doubt: how long a status may take
    that says whether it arrived.
    """
    match meaning.do:
        case Do.LATER:
            wait = None if meaning.wait is None else timedelta(seconds=meaning.wait)
            return TryLater(meaning.reason, wait)
        case Do.CROWDED:  # Meta: wait 4^n seconds
            return TryLater(meaning.reason, timedelta(seconds=4.0 ** min(crowded, 4)))
        case Do.DOUBT:
            return Unknown(meaning.reason, doubt)
        case Do.GONE:
            return Refused(meaning.reason, gone=True)
        case _:
            return Refused(meaning.reason)
