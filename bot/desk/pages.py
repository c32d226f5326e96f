"""The desk's pages as HTML, and their few files under names that change with them."""

from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.desk import cookie
from bot.desk.desk import Desk
from bot.desk.ways import Visit
from bot.staff.roles import ADVOCATES, AUDIT, LEADS

FOLDER = Path(__file__).parent / "page"
FILES: Final = "/desk/file"
LONDON: Final = ZoneInfo("Europe/London")
_TYPES = {".css": "text/css", ".svg": "image/svg+xml"}
_YEAR = "public, max-age=31536000, immutable"
_MENU = (
    ("/desk", "Queue", ADVOCATES),
    ("/desk/people", "People", LEADS),
    ("/desk/audit", "Audit", AUDIT),
)


class Pages:
    """Renders the pages. folders: templates of other parts of the desk, looked at first."""

    def __init__(self, desk: Desk, *folders: Path) -> None:
        self._desk = desk
        self._jinja = Environment(
            loader=FileSystemLoader([*folders, FOLDER]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters["at"] = in_words
        self._files = {_hashed(path): path for path in FOLDER.iterdir() if path.suffix in _TYPES}
        files = {path.name: f"{FILES}/{name}" for name, path in self._files.items()}
        self._jinja.globals.update(files=files, demo=desk.demo)

    def page(
        self, visit: Visit, template: str, status: int = HTTPStatus.OK, **values: Any
    ) -> Response:
        """A page for this visitor, inside the frame. Forms in it carry `csrf`.

        Who has no cookie yet is given one: without it no form of theirs would be accepted.
        """
        held = visit.cookie or cookie.fresh()
        session = visit.session
        response = HTMLResponse(
            self._jinja.get_template(template).render(
                session=session,
                menu=_menu(visit),
                here=visit.request.url.path,
                csrf=self._desk.keys.form_token(held),
                **values,
            ),
            status,
        )
        if held != visit.cookie:
            cookie.give(self._desk, response, held)
        return response

    async def file(self, _desk: Desk, visit: Visit) -> Response:
        """One of the files. Its name holds its hash, so it may be kept for a year."""
        path = self._files.get(visit.request.path_params["name"])
        if path is None:
            return Response(status_code=HTTPStatus.NOT_FOUND)
        headers = {"Cache-Control": _YEAR}
        return Response(path.read_bytes(), media_type=_TYPES[path.suffix], headers=headers)

    def plain(self, title: str, text: str, status: int, back: str) -> Response:
        """A page of one sentence, for whoever it is."""
        html = self._jinja.get_template("plain.html").render(
            title=title, text=text, back=back, session=None, menu=(), here="", csrf=""
        )
        return HTMLResponse(html, status)


def _hashed(path: Path) -> str:
    return f"{path.stem}-{sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"


def in_words(moment: datetime) -> str:
    """`24 November 2026, 09:05` as clocks in the UK show it."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _menu(visit: Visit) -> list[tuple[str, str]]:
    if visit.session is None or visit.session.stage != "full":
        return []
    role = visit.session.account.role
    return [(path, title) for path, title, who in _MENU if role in who]
