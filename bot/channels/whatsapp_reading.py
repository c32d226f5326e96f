"""What the events of WhatsApp mean to us. Pure, and it never raises.

Only what is needed is looked at: profile names, usernames, referrals, whom a message was forwarded
from, the message it quotes and the files themselves are never read and so cannot leak. Every field
may be missing or of another type than it should be: one odd message must not cost another person
their answer. Shapes: Meta's webhook reference for the field `messages`.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.actions import MAX_BYTES, parse_action
from bot.channels.whatsapp_events import (
    CHANNEL,
    NEWS,
    Alone,
    Closed,
    Event,
    Said,
    Status,
    Trouble,
    Unreadable,
)
from bot.channels.whatsapp_parts import is_number, is_scoped_id
from bot.messages import Address, Incoming, Media, Words
from nlu.urgent_words import urgent_in

MESSAGES = "messages"  # the one field whose changes are people writing to us

_MEDIA = {
    "audio": Media.VOICE,
    "voice": Media.VOICE,  # in older samples
    "image": Media.PHOTO,
    "video": Media.VIDEO,
    "document": Media.DOCUMENT,
    "sticker": Media.STICKER,
    "location": Media.LOCATION,
    "contacts": Media.CONTACT,
}
_ALONE = frozenset({"reaction", "revoke", "request_welcome"})
_DIGITS = 18  # of a whole number that we still read; ids and times have fewer


def events_in(body: bytes, now: datetime, number_id: str) -> list[Event]:
    """Everything one call tells, in its order; statuses after the messages beside them.

    number_id: our own number's id; what was written to another number is left alone. Never raises.
    """
    try:
        raw = json.loads(body.decode("utf-8-sig", "replace"), parse_int=_number)
    except (ValueError, RecursionError):
        return [Unreadable("not JSON", None)]
    if not isinstance(raw, dict) or not isinstance(raw.get("entry"), list):
        return [Unreadable("no entries", None)]
    return [event for entry in raw["entry"] for event in _in_entry(entry, now, number_id)]


def _in_entry(entry: object, now: datetime, number_id: str) -> Iterator[Event]:
    changes = entry.get("changes") if isinstance(entry, dict) else None
    if not isinstance(changes, list):
        yield Unreadable("no changes", entry)
        return
    for change in changes:
        value = change.get("value") if isinstance(change, dict) else None
        if not isinstance(change, dict) or not isinstance(value, dict):
            yield Unreadable("no value", change)
            continue
        field = change.get("field", MESSAGES)
        if isinstance(field, str) and field != MESSAGES:
            yield Alone(field if field in NEWS else "field")  # echoes, history: nobody waits
        elif _is_others(value, number_id):
            yield Alone("other number")
        else:
            yield from _in_value(value, now)


def _is_others(value: dict[str, Any], number_id: str) -> bool:
    to = _text(_dict(value.get("metadata")).get("phone_number_id"))
    return bool(to) and to != number_id


def _in_value(value: dict[str, Any], now: datetime) -> Iterator[Event]:
    contacts = [c for c in _list(value.get("contacts")) if isinstance(c, dict)]
    messages = _list(value.get("messages"))
    senders = {(_text(m.get("from")), _text(m.get("from_user_id"))) for m in map(_dict, messages)}
    sole = contacts[0] if len(contacts) == 1 and len(senders) == 1 else {}
    for message in messages:
        try:
            yield _message(message, contacts, sole, now)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not come again for a week
            yield Unreadable(type(error).__name__, message)
    for status in _list(value.get("statuses")):
        yield _status(_dict(status))
    for code in _codes(value):
        yield Trouble(code)


def _message(
    raw: object, contacts: list[dict[str, Any]], sole: dict[str, Any], now: datetime
) -> Event:
    if not isinstance(raw, dict):
        return Unreadable("no message", raw)
    if raw.get("group_id"):
        return Alone("group")
    kind = _kind(raw)
    if kind == "system":
        return _moved(_dict(raw.get("system")), raw)
    if kind in _ALONE:
        return Alone(kind)
    sender = _sender(raw, contacts, sole)
    if sender is None:
        return Unreadable("no sender", raw)
    incoming, odd = _said(kind, raw, Address(CHANNEL, sender), now)
    if incoming is None:
        return Alone(kind)
    return Said(incoming, _text(raw.get("id")) or None, odd)


def _said(
    kind: str, raw: dict[str, Any], address: Address, now: datetime
) -> tuple[Incoming | None, str]:
    event = _event_id(raw)
    content = _dict(raw.get(kind))
    if kind == "text":
        words = _words(content.get("body"))
        if words is not None:
            return Incoming(address, event, now, words=words), ""
        return Incoming(address, event, now, media=Media.OTHER), "text"
    if kind == "edit":
        return _edit(content, address, event, now), ""
    if kind == "interactive":
        return _chosen(content, address, event, now)
    if kind == "button":
        return _template_button(content, address, event, now)
    caption = _words(content.get("caption"))
    if caption is not None and caption.text.strip():  # danger under a picture must be heard
        return Incoming(address, event, now, words=caption), ""
    return Incoming(address, event, now, media=_MEDIA.get(kind, Media.OTHER)), ""


def _chosen(
    content: dict[str, Any], address: Address, event: str, now: datetime
) -> tuple[Incoming, str]:
    for kind in ("button_reply", "list_reply"):
        if kind in content:
            id_ = _dict(content[kind]).get("id")
            odd = "" if isinstance(id_, str) else kind
            return Incoming(address, event, now, tap=_tap(id_)), odd
    return Incoming(address, event, now, media=Media.OTHER), ""  # a form, a call, something newer


def _template_button(
    content: dict[str, Any], address: Address, event: str, now: datetime
) -> tuple[Incoming, str]:
    """We send no templates: a button of one that somebody else sent says what its words say."""
    tap = _tap(content.get("payload"))
    if parse_action(tap) is not None:
        return Incoming(address, event, now, tap=tap), ""
    words = _words(content.get("text"))
    if words is not None:
        return Incoming(address, event, now, words=words), ""
    return Incoming(address, event, now, tap=tap), "button"


def _edit(content: dict[str, Any], address: Address, event: str, now: datetime) -> Incoming | None:
    """An edit is no new message; danger is."""
    message = _dict(content.get("message"))
    inner = _dict(message.get(_kind(message)))
    words = _words(inner.get("body")) or _words(inner.get("caption"))
    if words is None or not urgent_in(words.text):
        return None
    return Incoming(address, event, now, words=words)


def _moved(system: dict[str, Any], raw: dict[str, Any]) -> Closed | Alone:
    """A changed number or id. What was said before does not go on under the new one: a number that
    was handed on, or taken away, may be in somebody else's hands. The old talk is closed.
    """
    before, after = _text(system.get("previous_user_id")), _text(system.get("user_id"))
    if before and before != after and is_scoped_id(before):
        return Closed(Address(CHANNEL, before))
    number, new = _text(raw.get("from")), _text(system.get("wa_id") or system.get("new_wa_id"))
    if not before and number and new and number != new:
        return Closed(Address(CHANNEL, number))
    return Alone("system")


def _status(raw: dict[str, Any]) -> Status | Alone:
    word, tag = _text(raw.get("status")), _text(raw.get("biz_opaque_callback_data"))
    if not word or not tag:
        return Alone("status")  # of a message that nobody has doubts about
    return Status(word, tag, next(_codes(raw), None))


def _sender(
    raw: dict[str, Any], contacts: list[dict[str, Any]], sole: dict[str, Any]
) -> str | None:
    """Who wrote: the id that Meta gives this person with us, else the number.

    sole: the only contact, where only one person wrote; else empty. With several people nobody is
    told apart by place: one person's answer must not go to another.
    """
    number = _text(raw.get("from"))
    mine = [c for c in contacts if number and _text(c.get("wa_id")) == number]
    if not mine and not (number and _text(sole.get("wa_id"))):
        mine = [sole]
    ids = [_text(raw.get("from_user_id")), number, *(_text(c.get("user_id")) for c in mine)]
    numbers = [number, *(_text(c.get("wa_id")) for c in mine)]
    scoped = next((one for one in ids if is_scoped_id(one)), None)
    return scoped or next((one for one in numbers if is_number(one)), None)


def _kind(raw: dict[str, Any]) -> str:
    """The type that is given; where it is not, the content tells."""
    kind = raw.get("type")
    if isinstance(kind, str) and kind:
        return kind
    known = ("text", "interactive", "button", "system", "reaction", *_MEDIA)
    return next((one for one in known if one in raw), "unknown")


def _event_id(raw: dict[str, Any]) -> str:
    """The message's own id; without one, a digest that is the same each time it is delivered."""
    given = _text(raw.get("id"))
    if given:
        return given
    whole = json.dumps(raw, sort_keys=True).encode()
    return "without id:" + hashlib.sha256(whole).hexdigest()


def _codes(raw: dict[str, Any]) -> Iterator[int]:
    for error in _list(raw.get("errors")):
        code = _dict(error).get("code")
        if isinstance(code, int) and not isinstance(code, bool):
            yield code


def _tap(value: object) -> str:
    """What a button brings. A foreign one is still a tap, answered as an old button."""
    if not isinstance(value, str) or len(value.encode("utf-8", "replace")) > MAX_BYTES:
        return ""
    return _clean(value)


def _words(value: object) -> Words | None:
    return Words(_clean(value)) if isinstance(value, str) else None


def _text(value: object) -> str:
    """A string, or a whole number as one: ids have come as both. Empty for everything else."""
    if isinstance(value, str):
        return _clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(digits: str) -> int:
    """A number of thousands of digits would make Python refuse the whole body."""
    return int(digits) if len(digits) <= _DIGITS else 0


def _clean(text: str) -> str:
    """Without halves of characters, which cannot be sent or stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
