"""What an update of Telegram means to us. Pure, and it never raises.

The raw JSON is read here, not the library's objects: the library refuses a whole update for one
field it does not expect, and somebody's words of danger with it. And what is never looked at
(names, usernames, whom a message was forwarded from, the files themselves) cannot leak.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions import MAX_BYTES
from bot.messages import Address, Incoming, Media, Words
from nlu.urgent_words import urgent_in

CHANNEL = "telegram"
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update we ask for (`allowed_updates`)."""

_MEDIA: Mapping[str, Media] = {  # the first key found decides: a GIF is a document as well
    "voice": Media.VOICE,
    "audio": Media.VOICE,
    "video_note": Media.VIDEO,
    "video": Media.VIDEO,
    "animation": Media.VIDEO,
    "photo": Media.PHOTO,
    "live_photo": Media.PHOTO,
    "document": Media.DOCUMENT,
    "sticker": Media.STICKER,
    "venue": Media.LOCATION,
    "location": Media.LOCATION,
    "contact": Media.CONTACT,
    "users_shared": Media.CONTACT,
    "chat_shared": Media.CONTACT,
    "dice": Media.OTHER,
    "game": Media.OTHER,
    "poll": Media.OTHER,
    "story": Media.OTHER,
    "checklist": Media.OTHER,
    "paid_media": Media.OTHER,
    "invoice": Media.OTHER,
    "rich_message": Media.OTHER,
}
_SHARED = ("channel_post", "edited_channel_post", *KINDS)  # kinds that can come from a group
_ADDRESSED = re.compile(r"\A(/[A-Za-z0-9_]{1,32})@[A-Za-z0-9_]{1,32}(?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Closed:
    """The person blocked us: nothing can be sent to them any more."""

    address: Address


@dataclass(frozen=True, slots=True, repr=False)
class Shared:
    """It comes from a group or a channel: nobody's case is ever talked about there."""

    chat: int


@dataclass(frozen=True, slots=True)
class Alone:
    """Nothing to do and nothing to say. why: a fixed word."""

    why: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No person and no content could be made out. why: a fixed word."""

    why: str


@dataclass(frozen=True, slots=True, repr=False)
class Update:
    """number: the update_id, None when there is none. query: the id that a tap is confirmed by.

    album: set when the message is one of several sent together, the same text for all of them.
    """

    number: int | None
    meant: Incoming | Closed | Shared | Alone | Unreadable
    query: str | None = None
    album: str | None = None


def read_update(raw: object, now: datetime) -> Update:
    """The meaning of one update. raw: the JSON as it came. now: UTC. Never raises."""
    number = number_of(raw)
    if not isinstance(raw, dict) or number is None:
        return Update(None, Unreadable("no update_id"))
    for kind in _SHARED:
        if kind not in raw:
            continue
        body = raw[kind]
        if not isinstance(body, dict):
            return Update(number, Unreadable(kind))
        return _read_kind(kind, body, number, now)
    return Update(number, Alone("kind"))


def number_of(raw: object) -> int | None:
    """The update_id."""
    return _whole(raw.get("update_id")) if isinstance(raw, dict) else None


def _read_kind(kind: str, body: dict[str, Any], number: int, now: datetime) -> Update:
    if kind == "callback_query":
        return _tap(body, number, now)
    chat, private = _chat(body)
    if chat is None:
        return Update(number, Unreadable("no chat"))
    if kind == "my_chat_member":
        return Update(number, _member(body, chat, private=private))
    if not private:
        return Update(number, Shared(chat))
    address = Address(CHANNEL, str(chat))
    if kind == "edited_message":
        return Update(number, _edit(body, address, number, now))
    return _message(body, address, number, now)


def _message(body: dict[str, Any], address: Address, number: int, now: datetime) -> Update:
    event = str(number)
    group = body.get("media_group_id")
    album = f"album:{address.to}:{group}" if isinstance(group, str | int) else None
    words = _words(body)
    if words is not None:
        return Update(number, Incoming(address, event, now, words=words), album=album)
    media = next((media for key, media in _MEDIA.items() if key in body), None)
    if media is not None:
        # The pictures of one album are one event: it is answered once, even after a restart.
        return Update(number, Incoming(address, album or event, now, media=media), album=album)
    if "text" in body:
        return Update(number, Unreadable("text"))
    return Update(number, Alone("content"))  # a service message, or a kind newer than this program


def _edit(body: dict[str, Any], address: Address, number: int, now: datetime) -> Incoming | Alone:
    """An edit is no new message, and a live location that moves least of all; danger is."""
    words = _words(body)
    if words is None or not urgent_in(words.text):
        return Alone("edit")
    return Incoming(address, str(number), now, words=words)


def _tap(body: dict[str, Any], number: int, now: datetime) -> Update:
    """A button. Its message may be too old to be shown to us, or missing: the sender is known."""
    chat, private = _chat(body.get("message"))
    if chat is None:
        sender = body.get("from")
        chat, private = (_whole(sender.get("id")) if isinstance(sender, dict) else None), True
    if chat is None:
        return Update(number, Unreadable("no chat"))
    if not private:
        return Update(number, Shared(chat))
    data = body.get("data")
    known = isinstance(data, str) and len(data.encode("utf-8", "replace")) <= MAX_BYTES
    tap = _clean(str(data)) if known else ""  # foreign: still a tap, and answered as an old button
    query = body.get("id")
    incoming = Incoming(Address(CHANNEL, str(chat)), str(number), now, tap=tap)
    return Update(number, incoming, query=query if isinstance(query, str) else None)


def _member(body: dict[str, Any], chat: int, *, private: bool) -> Closed | Shared | Alone:
    member = body.get("new_chat_member")
    status = member.get("status") if isinstance(member, dict) else None
    if private:
        return Closed(Address(CHANNEL, str(chat))) if status == "kicked" else Alone("member")
    return Alone("member") if status in {"kicked", "left"} else Shared(chat)


def _words(body: dict[str, Any]) -> Words | None:
    """Text, or the words under a picture: danger in a caption must be heard."""
    for key in ("text", "caption"):
        value = body.get(key)
        if isinstance(value, str) and (key == "text" or value.strip()):
            return Words(_ADDRESSED.sub(r"\1", _clean(value)))
    return None


def _chat(body: object) -> tuple[int | None, bool]:
    """The chat's id, and whether it is one person's own chat with us (groups are below 0)."""
    chat = body.get("chat") if isinstance(body, dict) else None
    if not isinstance(chat, dict):
        return None, False
    id_, kind = _whole(chat.get("id")), chat.get("type")
    if id_ is None:
        return None, False
    return id_, kind == "private" if isinstance(kind, str) else id_ > 0


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _clean(text: str) -> str:
    """Without halves of characters, which cannot be sent or stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
