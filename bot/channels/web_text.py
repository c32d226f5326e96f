"""Numbers a person can ring and register links they can open, found in the plain text of a bubble.

Only our own texts are read for these; a person's or an advocate's words stay plain text.
"""

import re
from dataclasses import dataclass

from bot.messages import Kind

_LONG = r"(?<![\w+])(?:\+44 ?\d{2,4}|0\d{2,4})(?: ?\d{3,4}){1,2}(?!\w)|(?<!\w)116 \d{3}(?!\w)"
_URL = r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]"
_SHORT = r"(?<![\w.£])(?:999|112)(?!\w)"  # rung from an emergency card only: no slip of the thumb
_PLAIN = re.compile(f"(?P<url>{_URL})|(?P<tel>{_LONG})")
_URGENT = re.compile(f"(?P<url>{_URL})|(?P<tel>{_LONG}|{_SHORT})")
LEAD = 120  # characters; a longer first line of an emergency card is not set large


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. href: None, a `tel:` number, or an `https:` address of the register."""

    text: str
    href: str | None = None

    @property
    def leaves(self) -> bool:
        """True for a link to another site, which must tell that site nothing."""
        return bool(self.href and self.href.startswith("http"))


def pieces(text: str, kind: Kind) -> tuple[Piece, ...]:
    """The text in order, cut at each number or link; joined again it is the text unchanged."""
    if kind is Kind.ADVOCATE:
        return (Piece(text),) if text else ()
    found: list[Piece] = []
    at = 0
    for match in (_URGENT if kind is Kind.EMERGENCY else _PLAIN).finditer(text):
        if match.start() > at:
            found.append(Piece(text[at : match.start()]))
        found.append(Piece(match.group(), _href(match)))
        at = match.end()
    if at < len(text):
        found.append(Piece(text[at:]))
    return tuple(found)


def number_to_ring(text: str, kind: Kind) -> Piece | None:
    """The first number of an emergency card, for its large button; None on any other bubble."""
    if kind is not Kind.EMERGENCY:
        return None
    return next((p for p in pieces(text, kind) if p.href and p.href.startswith("tel:")), None)


def lead_and_rest(text: str, kind: Kind) -> tuple[str, str]:
    """An emergency card's first line, to be set large, and what follows; else no lead."""
    lead, _, rest = text.partition("\n")
    if kind is not Kind.EMERGENCY or len(lead) > LEAD:
        return "", text
    return lead, rest.lstrip("\n")


def _href(match: re.Match[str]) -> str:
    if match.lastgroup == "url":
        return match.group()
    return "tel:" + re.sub(r"[^\d+]", "", match.group())
