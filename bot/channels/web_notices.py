"""What the page itself says when something is not as it should be. Never an answer of the talk."""

from dataclasses import dataclass
from http import HTTPStatus

from bot.content.last_resort import NUMBERS

_999 = NUMBERS["emergency_999"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One plain sentence or two above the box, and the status that goes with it."""

    text: str
    status: HTTPStatus = HTTPStatus.OK


EMPTY = Notice(
    "The box was empty, so nothing was sent. Write anything, in your own words.",
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
TOO_LONG = Notice(
    "That is longer than we can take in one go. Your words are still in the box: "
    "please send them in two or three pieces.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
)
TOO_BIG = Notice(
    "That was too big to be sent. We read words only, up to a few pages at a time. "
    f"Please send it in smaller pieces. If you are in danger, call {_999}.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
)
NOT_READ = Notice(
    "We could not read what was sent. Please write it in the box and press Send.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
SLOW = Notice(
    "That was a lot in a short time. Please wait ten seconds, then send it again. "
    f"In danger now? Say so here, or call {_999}.",
    HTTPStatus.TOO_MANY_REQUESTS,
)
NOT_STORED = Notice(
    "We could not keep your message just now; that is our fault, not yours. "
    f"Please send it again in a minute. If you are in danger, call {_999}.",
    HTTPStatus.SERVICE_UNAVAILABLE,
)
NOT_SHOWN = Notice(
    "We cannot show your messages just now. You can still write. "
    f"If you are in danger, call {_999}.",
    HTTPStatus.SERVICE_UNAVAILABLE,
)
FOREIGN = Notice(
    "This did not come from our own page, so nothing was sent. Please use the box here.",
    HTTPStatus.FORBIDDEN,
)
OLD_FORM = Notice(
    "This page had been open for a while, so nothing was sent yet. Your words are still in the "
    "box: please press Send once more.",
    HTTPStatus.CONFLICT,
)
OFFLINE = Notice(
    "Nothing was sent: this device could not reach us. Your words are still in the box. "
    f"If you are in danger, call {_999}."
)
