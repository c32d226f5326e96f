"""What one call of WhatsApp may tell us."""

from dataclasses import dataclass

from bot.messages import Address, Incoming

CHANNEL = "whatsapp"
NEWS = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "phone_number_quality_update",
        "security",
    }
)
"""Fields whose changes an operator should look at."""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """Somebody wrote, tapped or sent something. odd: a fixed word when part of it made no sense.

    shown: the platform's own id of the message, for the read mark; None where it gave none.
    """

    incoming: Incoming
    shown: str | None
    odd: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Status:
    """What became of a message of ours. tag: what we sent with it. code: why it failed."""

    word: str  # sent | delivered | read | played | failed, or a newer one
    tag: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """This person is somebody else to us from now on: the number or the id was changed."""

    address: Address


@dataclass(frozen=True, slots=True)
class Alone:
    """Nothing to do and nothing to say. why: a fixed word."""

    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Meta tells of a fault in our account. code: its number."""

    code: int


@dataclass(frozen=True, slots=True, repr=False)
class Unreadable:
    """No person could be made out. why: a fixed word. raw: the part that nobody can read."""

    why: str
    raw: object


Event = Said | Status | Closed | Alone | Trouble | Unreadable
"""One thing that a call tells."""
