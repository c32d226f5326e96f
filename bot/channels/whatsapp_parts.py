"""A bubble as the JSON that WhatsApp takes. Pure.

Each number's source: Meta's pages on text, reply button and list messages. What does not fit loses
its button or its end, never the whole message.
"""

import re
from typing import Any

import structlog

from bot.messages import Choice, Part

_log = structlog.get_logger()

BODY = 4096  # characters of a text message (platform)
BODY_WITH_CHOICES = 1024  # characters of an interactive message (platform)
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256  # (platform)
ROWS, ROW_TITLE, ROW_ID = 10, 24, 200  # (platform)
OPEN_LIST = "Choose"  # the label that opens a list: 20 characters at most (platform)
TAG = 512  # characters of biz_opaque_callback_data (platform)

_NUMBER = re.compile(r"\A\+?[0-9]{4,20}\Z")
_SCOPED = re.compile(r"\A(?=.*[A-Za-z])[!-~]{1,200}\Z")  # wider than today's, should that change


def is_number(value: str) -> bool:
    """True for a phone number as WhatsApp writes it: digits."""
    return _NUMBER.match(value) is not None


def is_scoped_id(value: str) -> bool:
    """True for a business-scoped user id, today `CC.` with letters and digits; not for a number."""
    return _SCOPED.match(value) is not None


def recipient(to: str) -> dict[str, str]:
    """Whom a message is for. A number would win over an id, so only one of them is ever given."""
    return {"recipient": to} if is_scoped_id(to) else {"to": to}


def message(to: str, part: Part, tag: str | None = None) -> dict[str, Any]:
    """The body of one send. tag: comes back in every status of this message."""
    text = _clean(part.text)
    choices = _fitting(part.choices)
    if choices and len(text) > BODY_WITH_CHOICES:
        _log.error("whatsapp.buttons_left_out", count=len(choices))
        choices = ()
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(to),
        **(_interactive(text, choices) if choices else _text(text)),
    }
    if tag is not None:
        body["biz_opaque_callback_data"] = tag[:TAG]
    return body


def read_and_typing(message_id: str) -> dict[str, Any]:
    """Two blue ticks, and "typing…" until we answer or 25 seconds have gone."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message_id,
        "typing_indicator": {"type": "text"},
    }


def _text(text: str) -> dict[str, Any]:
    if len(text) > BODY:
        _log.error("whatsapp.text_cut", count=len(text))
        text = text[: BODY - 1] + "…"
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _interactive(text: str, choices: tuple[Choice, ...]) -> dict[str, Any]:
    if len(choices) <= BUTTONS:
        kind = "button"
        buttons = [{"id": c.id, "title": c.title} for c in choices]
        action: dict[str, Any] = {"buttons": [{"type": "reply", "reply": b} for b in buttons]}
    else:
        kind = "list"
        rows = [{"id": choice.id, "title": choice.title} for choice in choices]
        action = {"button": OPEN_LIST, "sections": [{"rows": rows}]}
    interactive = {"type": kind, "body": {"text": text}, "action": action}
    return {"type": "interactive", "interactive": interactive}


def _fitting(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Those that WhatsApp would take: it refuses the whole message for one that it would not."""
    few = len(choices) <= BUTTONS
    title, longest = (BUTTON_TITLE, BUTTON_ID) if few else (ROW_TITLE, ROW_ID)
    good: dict[str, Choice] = {}
    for choice in choices:
        words = _clean(choice.title).strip()[:title].strip()
        fits = choice.id == choice.id.strip() and 0 < len(choice.id) <= longest
        known = {one.title for one in good.values()}
        if words and fits and words not in known and choice.id not in good:
            good[choice.id] = Choice(choice.id, words)
    kept = tuple(good.values())[:ROWS]
    if len(kept) < len(choices):
        _log.error("whatsapp.button_left_out", count=len(choices) - len(kept))
    return kept


def _clean(text: str) -> str:
    """Without halves of characters, which cannot be sent as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
