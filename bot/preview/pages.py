"""The pages as HTML: templates, style and the one small script."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web_page import FOLDER as WEB_PAGE
from bot.channels.web_text import lead_and_rest, number_to_ring, pieces
from bot.content.check_words import BUBBLE, MAX_AGE
from bot.content.hours import LONDON
from bot.content.signoff import Changed, Draft, Due, Signed, State
from bot.messages import Kind
from bot.preview.asked import NATION_NAMES, ROLE_NAMES

FOLDER = Path(__file__).parent / "page"
CHANNEL_NAMES = {"web": "Web", "telegram": "Telegram", "whatsapp": "WhatsApp"}


class Templates:
    """Renders the pages."""

    def __init__(self) -> None:
        self._jinja = Environment(
            # the bubbles of the web chat are drawn by the web chat's own template
            loader=PrefixLoader(
                {"preview": FileSystemLoader(FOLDER), "web": FileSystemLoader(WEB_PAGE)}
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            pieces=pieces,
            lead_and_rest=lead_and_rest,
            number_to_ring=number_to_ring,
            state_words=state_words,
            Kind=Kind,
            LONDON=LONDON,
            BUBBLE=BUBBLE,
            MAX_AGE=MAX_AGE,
            CHANNEL_NAMES=CHANNEL_NAMES,
            ROLE_NAMES=ROLE_NAMES,
            NATION_NAMES=NATION_NAMES,
        )

    def page(self, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
        """The template `name` with these values."""
        return HTMLResponse(self._jinja.get_template(f"preview/{name}").render(values), status)


def state_words(state: State) -> str:
    """Where an approval stands, in a few words."""
    match state:
        case Draft():
            return "draft: nobody has approved it"
        case Changed(role, on):
            return f"changed since {role} approved it on {on}"
        case Due(role, on, by, expired=True):
            return f"approved by {role} on {on}, but that ended on {by}"
        case Due(role, on, by):
            return f"approved by {role} on {on}, due again by {by}"
        case Signed(role, on, by):
            return f"approved by {role} on {on}, good until {by}"


def style(_: Request) -> Response:
    """Our own style, then the web chat's, which holds inside its screen and nowhere else."""
    web = (WEB_PAGE / "page.css").read_text(encoding="utf-8").replace(":root", "&")
    own = (FOLDER / "preview.css").read_text(encoding="utf-8")
    return Response(f"{own}\n.web-chat {{\n{web}\n}}\n", media_type="text/css")


def script(_: Request) -> Response:
    """Loads the page again when a file was saved."""
    return Response((FOLDER / "preview.js").read_bytes(), media_type="text/javascript")


def icon(_: Request) -> Response:
    """The web chat's blank sheet."""
    return Response((WEB_PAGE / "icon.svg").read_bytes(), media_type="image/svg+xml")
