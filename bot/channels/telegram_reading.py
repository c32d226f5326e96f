"""What an update of Telegram means to us. Pure, and it never raises.

The raw JSON is read here, not the library's objects: the library refuses a whole update for one
field it does not expect, and somebody's words of danger with it. And what is never looked at
(names, usernames, whom a message was forwarded from, the files themselves) cannot leak.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
_SERVICE = frozenset(  # nothing that a person said: the app tells of what was done in the chat
    [
        "boost_added", "chat_background_set", "chat_owner_changed", "chat_owner_left",
        "checklist_tasks_added", "checklist_tasks_done", "connected_website", "delete_chat_photo",
        "direct_message_price_changed", "forum_topic_closed", "forum_topic_created",
        "forum_topic_edited", "forum_topic_reopened", "gift", "gift_upgrade_sent", "giveaway",
        "giveaway_completed", "giveaway_created", "giveaway_winners", "group_chat_created",
        "left_chat_member", "managed_bot_created", "message_auto_delete_timer_changed",
        "migrate_from_chat_id", "migrate_to_chat_id", "new_chat_members", "new_chat_photo",
        "new_chat_title", "paid_message_price_changed", "passport_data", "pinned_message",
        "poll_option_added", "poll_option_deleted", "proximity_alert_triggered",
        "refunded_payment", "stopped_message_generation", "successful_payment",
        "suggested_post_approval_failed", "suggested_post_approved", "suggested_post_declined",
        "suggested_post_paid", "suggested_post_refunded", "supergroup_chat_created",
        "unique_gift", "video_chat_ended", "video_chat_participants_invited",
        "video_chat_scheduled", "video_chat_started", "web_app_data", "write_access_allowed",
    ]
)  # fmt: skip
_ENVELOPE = frozenset(  # says how a message came, not what it is
    [
        "author_signature", "business_connection_id", "caption", "caption_entities", "chat", "date",
        "direct_messages_topic", "edit_date", "effect_id", "entities", "external_reply",
        "forward_date", "forward_from", "forward_from_chat", "forward_from_message_id",
        "forward_origin", "forward_sender_name", "forward_signature", "from",
        "has_media_spoiler", "has_protected_content", "is_automatic_forward", "is_from_offline",
        "is_paid_post", "is_topic_message", "link_preview_options", "media_group_id", "message_id",
        "message_thread_id", "paid_star_count", "quote", "reply_markup",
        "reply_to_checklist_task_id", "reply_to_message", "reply_to_poll_option_id",
        "reply_to_story", "sender_boost_count", "sender_business_bot", "sender_chat", "sender_tag",
        "show_caption_above_media", "suggested_post_info", "via_bot",
    ]
)  # fmt: skip
ERASABLE = timedelta(hours=48)  # so old a message can be taken off the screen (platform)
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
    """Nothing to do and nothing to say. why: a fixed word.

    stands: where, and under which number, it stands on the screen all the same.
    """

    why: str
    stands: tuple[Address, str] | None = None


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
    stands = _erasable(body, now)
    words = _words(body)
    if words is not None:
        incoming = Incoming(address, event, now, words=words, message=stands)
        return Update(number, incoming, album=album)
    media = next((media for key, media in _MEDIA.items() if key in body), None)
    if "text" in body and media is None:
        return Update(number, Unreadable("text"))
    if media is None and (_SERVICE & body.keys() or _ENVELOPE.issuperset(body)):
        return Update(number, Alone("content", (address, stands) if stands else None))
    # What is newer than this program gets an answer, too. The pictures of one album are one event:
    # it is answered once, even after a restart.
    media = media or Media.OTHER
    incoming = Incoming(address, album or event, now, media=media, message=stands)
    return Update(number, incoming, album=album)


def _edit(body: dict[str, Any], address: Address, number: int, now: datetime) -> Incoming | Alone:
    """An edit is no new message, and a live location that moves least of all; danger is."""
    words = _words(body)
    if words is None or not urgent_in(words.text):
        return Alone("edit")
    return Incoming(address, str(number), now, words=words, message=_erasable(body, now))


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
    # The message above the button is ours; its number may have been lost on the way to us.
    stands = _erasable(body.get("message"), now)
    incoming = Incoming(Address(CHANNEL, str(chat)), str(number), now, tap=tap, message=stands)
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


def _erasable(body: object, now: datetime) -> str | None:
    """The message's number, unless it is too old to be taken off the screen."""
    if not isinstance(body, dict):
        return None
    number, date = _whole(body.get("message_id")), _whole(body.get("date"))
    if number is None or number <= 0:
        return None
    try:
        young = date is None or now - datetime.fromtimestamp(date, UTC) < ERASABLE
    except (OverflowError, ValueError, OSError):  # no date at all
        young = True
    return str(number) if young else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _clean(text: str) -> str:
    """Without halves of characters, which cannot be sent or stored as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
