"""The small values that travel between channels, the turn and the outbox."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

ConversationId = NewType("ConversationId", str)
"""A keyed hash of where the person writes from. Nobody can get the chat id back from it."""


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What a person wrote. Printing, logging or formatting it shows only its length."""

    text: str

    def __repr__(self) -> str:
        return f"Words({len(self.text)} characters)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a reply goes. Lives only as long as the conversation, sealed at rest.

    channel: a channel's name. to: the platform's own id of the chat, as text.
    """

    channel: str
    to: str

    def __repr__(self) -> str:
        return f"Address({self.channel})"

    __str__ = __repr__


class Media(StrEnum):
    """Kinds of thing we are sent and cannot read. Never downloaded."""

    VOICE = "voice"
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person did: wrote words, tapped a button, or sent something we cannot read.

    Exactly one of words, tap, media is set. event_id is unique within the channel (Telegram: the
    update_id). A command such as `/start friend` travels as words, slash included.
    """

    address: Address
    event_id: str
    at: datetime  # UTC, when we received it
    words: Words | None = None
    tap: str | None = None  # the id of a button we offered, at most 64 bytes
    media: Media | None = None
    message: str | None = None  # the platform's number of it, where it can be taken off the screen


class Kind(StrEnum):
    """What a reply is for (`kind` in docs of the talk protocol)."""

    EMERGENCY = "emergency"
    ADVICE = "advice"
    QUESTION = "question"
    HANDOFF = "handoff"
    ADVOCATE = "advocate"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. id: what comes back as a tap, at most 64 bytes of UTF-8. title: what it says."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """One bubble as the person sees it: plain text within the channel's limits, and its choices."""

    text: str
    kind: Kind
    topic: str | None = None  # the content item shown
    choices: tuple[Choice, ...] = ()
    refs: tuple[
        str, ...
    ] = ()  # "service:ID", "law:ID": register entries whose facts the text shows


@dataclass(frozen=True, slots=True)
class Limits:
    """What one channel can carry. Each number's origin is written where the value is made."""

    text: int  # characters in one message
    text_with_choices: int  # characters in one message that carries buttons
    buttons: int  # reply buttons under one message
    button_title: int  # characters
    rows: int  # choices when shown as a list (0: the channel has no lists)
    row_title: int  # characters
    erase_within: timedelta | None = None  # None: nothing sent can be taken back
    reply_within: timedelta | None = None  # of the person's last message; None: at any time


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform accepted it. provider_id: the platform's id of the message, if it gave one."""

    provider_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It will never arrive: blocked, gone, malformed. `gone`: the chat itself is closed to us."""

    reason: str  # a fixed word for logs and counts, never the platform's text
    gone: bool = False


@dataclass(frozen=True, slots=True)
class TryLater:
    """It did not arrive and may be tried again after `after` (None: our own back-off)."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no answer came: it may have arrived.

    after: how long the platform may take to tell us that it did; None: it never tells.
    """

    reason: str = "no answer"
    after: timedelta | None = None


Outcome = Sent | Refused | TryLater | Unknown


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice as the conversation remembers it, so that "the second one" can be understood."""

    id: str
    title: str = field(repr=False)
