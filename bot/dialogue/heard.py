"""What one message was, once it has been read: the dialogue's input."""

from dataclasses import dataclass, field

from bot.messages import Media
from nlu.reading import Reading


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, read. words and reading go together; or a tap; or media."""

    channel: str  # a channel's name: what erase can do differs
    words: str = field(default="", repr=False)
    reading: Reading | None = None
    tap: str | None = None  # a button's id as it came back, not yet trusted
    media: Media | None = None
