"""The page as HTML: templates, and the few files it needs under names that change with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.channels.web_notices import OFFLINE, Notice
from bot.channels.web_session import new_key
from bot.channels.web_text import lead_and_rest, number_to_ring, pieces
from bot.messages import Choice, Kind, Part, Words
from bot.pages import PageLine

FOLDER = Path(__file__).parent / "page"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Look:
    """What a deployer may choose. Nothing here should make a bystander curious."""

    title: str = "Notes"
    leave_url: str = "https://www.bbc.co.uk/weather"
    icon: Path | None = None  # svg, png or ico; None: a blank sheet of paper
    quiet_hours: int = 24  # BOT_IDLE_HOURS, for "What this page keeps"


@dataclass(frozen=True, slots=True, repr=False)
class Talk:
    """What there is to show: lines answered, and the person's words not yet answered."""

    lines: Sequence[PageLine] = ()
    pending: Sequence[Words] = ()
    readable: bool = True  # False: the rows cannot be read just now
    since: int | None = None  # something was sent when this was the newest line; None: nothing was
    before: int = 0  # the newest line that is held back: from before a long silence

    @property
    def last(self) -> int:
        """The newest line's number; 0 where there is none."""
        return self.lines[-1].seq if self.lines else self.before

    @property
    def oldest(self) -> int | None:
        """The oldest line's number, 0 where there is none; None when we cannot tell."""
        if not self.readable:
            return None
        if self.lines:
            return self.lines[0].seq
        return self.before + 1 if self.before else 0

    @property
    def answer(self) -> list[PageLine]:
        """Our lines since the person last spoke."""
        said = [n for n, line in enumerate(self.lines) if line.mine]
        return list(self.lines[said[-1] + 1 if said else 0 :])

    @property
    def waits(self) -> bool:
        """True while an answer is on its way."""
        return bool(self.pending) or (self.since is not None and self.last <= self.since)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The buttons that are open now: those of our newest line that has any."""
        if self.waits:
            return ()
        return next((line.choices for line in reversed(self.answer) if line.choices), ())

    @property
    def newest(self) -> int:
        """The number of the line where reading goes on: the first of the answer."""
        return self.answer[0].seq if self.answer else self.last


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """Everything about one rendering that is not the talk."""

    form: str = ""  # the form token of the session
    key: str = ""  # the id of the next form; empty: a new one
    notice: Notice | None = None
    draft: str = ""  # text kept in the box
    parts: tuple[Part, ...] = ()  # bubbles that could not be stored: the 999 card
    again: int = 0  # how often the page without script has looked again
    hold: bool = False  # it looks no more, so that the person can write
    earlier: bool = False  # the person wants to see what was said before a long silence

    def look_again(self, talk: Talk, again: int) -> str:
        """Where the page without script looks for the answer."""
        earlier = "&earlier=1" if self.earlier else ""
        return f"/?since={talk.last}&again={again}{earlier}"


class PageTemplates:
    """Renders the page and serves its files."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self._files = dict(_hashed(look))
        self._jinja = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            look=look,
            offline=OFFLINE,
            files={path.suffix: name for name, path in self._files.items() if path.parent == FOLDER}
            | {"icon": next(n for n in self._files if n.startswith("icon-"))},
            pieces=pieces,
            lead_and_rest=lead_and_rest,
            number_to_ring=number_to_ring,
            new_key=new_key,
            Kind=Kind,
        )

    def whole(
        self, talk: Talk, view: View, *, banner: Sequence[str], greeting: Sequence[Part]
    ) -> HTMLResponse:
        """The whole page, with the status of its notice."""
        html = self._jinja.get_template("page.html").render(
            talk=talk, view=view, banner=banner, greeting=greeting
        )
        return HTMLResponse(html, view.notice.status if view.notice else HTTPStatus.OK)

    def lines(self, lines: Sequence[PageLine]) -> str:
        """The bubbles of these lines, for the script to add."""
        return self._jinja.get_template("lines.html").render(lines=lines)

    def tail(self, talk: Talk, view: View, *, greeting: Sequence[Part]) -> str:
        """What stands under the last bubble: words on their way, or the choices."""
        return self._jinja.get_template("tail.html").render(talk=talk, view=view, greeting=greeting)

    def away(self) -> Response:
        """A blank page that goes on to the neutral site by itself."""
        html = self._jinja.get_template("away.html").render()
        return HTMLResponse(html, headers={"Refresh": f"0; url={self.look.leave_url}"})

    async def file(self, request: Request) -> Response:
        """One of the page's files. The name holds the hash, so it may be kept for a year."""
        path = self._files.get(request.path_params["name"])
        if path is None:
            return Response(status_code=404)
        headers = {"Cache-Control": _YEAR}
        return Response(path.read_bytes(), media_type=_TYPES[path.suffix], headers=headers)


def _hashed(look: Look) -> list[tuple[str, Path]]:
    icon = look.icon or FOLDER / "icon.svg"
    found = [("page", FOLDER / "page.css"), ("page", FOLDER / "page.js"), ("icon", icon)]
    return [
        (f"{stem}-{sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}", path)
        for stem, path in found
    ]
