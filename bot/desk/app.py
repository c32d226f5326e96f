"""The desk as an app: ways behind their gates, strict headers, small bodies. Nothing else."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.web_guard import HEADERS, BodyCap, StrictHeaders
from bot.desk import account, audit_page, entering, people, queue_page
from bot.desk.desk import Desk
from bot.desk.gate import Guarded
from bot.desk.pages import FILES, Pages
from bot.desk.ways import Open, Way

DESK_HEADERS = {
    **HEADERS,
    "Referrer-Policy": "same-origin",  # so that browsers tell our own forms' origin
}


def ways(pages: Pages) -> tuple[Way, ...]:
    """Every way there is, with who may take it."""
    return (
        Way("GET", f"{FILES}/{{name}}", Open.ANYBODY, pages.file),
        *entering.ways(pages),
        *account.ways(pages),
        *people.ways(pages),
        *audit_page.ways(pages),
        *queue_page.ways(pages),
    )


def whole_desk(desk: Desk) -> Starlette:
    """The app with every way there is."""
    pages = Pages(desk)
    return desk_app(desk, pages, ways(pages))


def desk_app(desk: Desk, pages: Pages, all_ways: Sequence[Way]) -> Starlette:
    """The app over these ways. Mount it at the root: the paths are complete."""

    async def nothing(_: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", HTTPStatus.NOT_FOUND)
        return pages.plain("There is nothing here", "Go back to the desk.", status, "/desk")

    async def broken(_: Request, _error: Exception) -> Response:
        text = "Something went wrong on our side. Nothing you did is shown here."
        return pages.plain("Not just now", text, HTTPStatus.INTERNAL_SERVER_ERROR, "/desk")

    too_big = pages.plain("Too much", "That was too long.", 413, "/desk")
    return Starlette(
        routes=[
            Route(way.path, Guarded(desk, pages, way), methods=[way.method]) for way in all_ways
        ],
        middleware=[
            Middleware(StrictHeaders, headers=DESK_HEADERS),
            Middleware(BodyCap, refuse=too_big),
        ],
        exception_handlers={404: nothing, 405: nothing, 500: broken},
    )
