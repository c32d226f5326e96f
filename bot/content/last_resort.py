"""Texts built into the code, for when the content or the database can't be reached.

They need no file and no database. A test compares their numbers with the register.
"""

from bot.messages import Kind, Limits, Part

EMERGENCY = "service:emergency_999"
SILENT = "service:silent_solution_55"
SAMARITANS = "service:samaritans"
SHOUT = "service:shout"
HELPLINE = "service:national_stalking_helpline"

NUMBERS = {  # by id of the register of services; `check` compares them
    "emergency_999": "999",
    "samaritans": "116 123",
    "shout": "85258",
    "national_stalking_helpline": "0808 802 0300",
}
_PROGRAM = "I'm a program: I can't call for you."
_999 = "If you are in danger now, call 999."
_CARDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # lines, refs
    "emergency": (
        (
            _999,
            "Can't speak? Call 999 from a mobile, listen, and press 55 when you are asked.",
            f"Go to other people or to a locked room. {_PROGRAM}",
        ),
        (EMERGENCY, SILENT),
    ),
    "cannot_speak": (
        (
            "Call 999 from a mobile. You don't have to speak. Listen, and press 55 when asked.",
            "That puts you through to the police. On a landline, stay on the line.",
            _PROGRAM,
        ),
        (EMERGENCY, SILENT),
    ),
    "suicide_self_harm": (
        (
            "If a life is in danger now, call 999.",
            f"You can talk to Samaritans on {NUMBERS['samaritans']} at any time, free.",
            f"If you can't talk, text SHOUT to {NUMBERS['shout']}.",
            f"{_PROGRAM} Please reach one of them now.",
        ),
        (EMERGENCY, SAMARITANS, SHOUT),
    ),
    "harm_to_others": (
        (
            "If anyone may be hurt now, call 999.",
            "If you are afraid of what you might do, move away from the person.",
            f"You can talk to Samaritans on {NUMBERS['samaritans']}, day and night.",
            _PROGRAM,
        ),
        (EMERGENCY, SAMARITANS),
    ),
}
_WRONG = (
    (
        "Something went wrong on our side, and I can't answer properly just now.",
        _999,
        f"The National Stalking Helpline is on {NUMBERS['national_stalking_helpline']}.",
        "You can try again here in a few minutes.",
    ),
    (EMERGENCY, HELPLINE),
)

_BUSY = (
    "Many people are writing just now, so my answer may take some minutes. It will come.",
    _999,
)


def emergency_card(intent: str, limits: Limits) -> Part:
    """The card for an urgent intent of nlu/taxonomy.yml; any other name gets the 999 card.

    One bubble without choices, within every channel's limits.
    """
    lines, refs = _CARDS.get(intent, _CARDS["emergency"])
    topic = intent if intent in _CARDS else "emergency"
    return _part(lines, Kind.EMERGENCY, topic, refs, limits)


def wrong_on_our_side(limits: Limits) -> Part:
    """What is said when we failed: 999 and the helpline, and that it was not their fault."""
    lines, refs = _WRONG
    return _part(lines, Kind.NOTICE, "technical.wrong", refs, limits)


def busy(limits: Limits) -> Part:
    """What is said to somebody who waits long: that it takes longer, and 999."""
    return _part(_BUSY, Kind.NOTICE, "technical.busy", (EMERGENCY,), limits)


def _part(
    lines: tuple[str, ...], kind: Kind, topic: str, refs: tuple[str, ...], limits: Limits
) -> Part:
    text = "\n".join(lines)
    assert len(text) <= limits.text
    return Part(text=text, kind=kind, topic=topic, refs=refs)
