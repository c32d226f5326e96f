"""A form as it was sent, whoever sent it and in whatever state."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.channels.web_guard import BODY, Whose, origins, whose_form
from bot.channels.web_session import Sessions, tidy_key

FIELDS = 20  # more than our forms have
PART = BODY  # bytes of one field, percent-encoded; the body as a whole is no larger


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """One POST, read. token: the session it belongs to, None for a first message."""

    fields: dict[str, str]
    token: str | None
    whose: Whose
    json: bool  # sent by our script

    @property
    def key(self) -> str:
        """The form's own id."""
        return tidy_key(self.fields.get("key", ""))

    @property
    def after(self) -> int:
        """The newest line that its sender saw."""
        return number(self.fields.get("after", ""))

    @property
    def earlier(self) -> bool:
        """Whether its sender saw what was said before a long silence."""
        return self.fields.get("earlier") == "1"

    @property
    def draft(self) -> str:
        """What was typed, as it was typed."""
        return self.fields.get("text", "")

    @property
    def words(self) -> str:
        """What was typed, ready to be read: plain line ends, no blanks around it."""
        return self.draft.replace("\r\n", "\n").replace("\0", "").strip()


async def read_form(request: Request, sessions: Sessions, public_url: str | None) -> Form | None:
    """The form, or None for a body that is no form of ours (another content type, files, damage).

    The body has passed `BodyCap`.
    """
    try:
        sent: FormData = await request.form(max_files=0, max_fields=FIELDS, max_part_size=PART)
    except (HTTPException, MultiPartException, UnicodeError):  # the last: a charset that is none
        return None
    fields = {name: _whole(value) for name, value in sent.items() if isinstance(value, str)}
    if not fields:
        return None
    whose = whose_form(request, origins(request, public_url))
    return Form(fields, sessions.read(request), whose, wants_json(request))


def _whole(text: str) -> str:
    """Without halves of characters: a page that holds one cannot be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


def wants_json(request: Request) -> bool:
    """True when our script asks; a browser that follows a form asks for HTML."""
    return "application/json" in request.headers.get("accept", "")


def number(text: str) -> int:
    """A count from outside: 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
