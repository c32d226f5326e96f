"""The preview's app: pages over the folder of texts, read only."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.actions import parse_action
from bot.channels.web_guard import StrictHeaders
from bot.clock import Clock
from bot.content.shapes import ID
from bot.preview import values
from bot.preview.asked import asked
from bot.preview.changes import changes
from bot.preview.folder import Folder
from bot.preview.item_page import leads_to
from bot.preview.pages import Templates, icon, script, style
from bot.preview.values import Visit

HOSTS = ["127.0.0.1", "localhost"]
"""A page of another site that has its own name point here gets nothing."""

PAGES: tuple[tuple[str, str, Callable[[Visit], dict[str, Any] | None]], ...] = (
    ("/", "index.html", values.index),
    ("/file/{name:path}", "file.html", values.file),
    ("/item/{name}", "item.html", values.item),
    ("/changed", "changed.html", values.changed),
    ("/due", "due.html", values.due),
    ("/coverage", "coverage.html", values.coverage),
    ("/search", "search.html", values.search),
)


def preview_app(folder: Folder, clock: Clock) -> Starlette:
    """The pages. Nothing here writes, and nothing leaves this machine."""
    templates = Templates()

    def stamp(_: Request) -> Response:
        """What the script asks for once a second."""
        return PlainTextResponse(folder.stamp())

    def tap(request: Request) -> Response:
        """Where a button leads: the text it shows, for the same person and time."""
        asks = asked(request.query_params, clock())
        action = parse_action(request.query_params.get("to", ""))
        to = leads_to(action) or request.query_params.get("here", "")
        if action and action.verb == "set":
            fact, _, value = action.value.partition(":")
            asks = asks.for_(**{fact: value})
        if not ID.fullmatch(to):
            return PlainTextResponse("This button leads nowhere.", 404)
        return RedirectResponse(f"/item/{to}{asks.query}", 303)

    files = [("/style.css", style), ("/script.js", script), ("/icon.svg", icon)]
    return Starlette(
        routes=[
            *(Route(path, _page(folder, clock, templates, *page)) for path, *page in PAGES),
            *(Route(path, answer) for path, answer in files),
            Route("/stamp", stamp),
            Route("/tap", tap),
        ],
        middleware=[
            Middleware(StrictHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False),
        ],
    )


def _page(
    folder: Folder, clock: Clock, templates: Templates, template: Any, values_of: Any
) -> Callable[[Request], Response]:
    """Answers with a template and its values; 404 where there are none for this address.

    503 where no version of the texts could be read: then the page says what is wrong.
    """

    # `def` rather than `async def`: reading the files takes a second, which a thread can wait for
    def answer(request: Request) -> Response:
        seen = folder.look()
        ask = asked(request.query_params, clock())
        shared = {"seen": seen, "ask": ask, "here": request.url.path, "query": "", "moved": ()}
        if seen.edition is None:
            return templates.page("nothing.html", 503, **shared)
        old, new = seen.committed.content, seen.edition.content
        moved = changes(old, new, ask.at) if old else ()
        shared["moved"] = moved
        given = values_of(Visit(seen.edition, ask, moved, request))
        if given is None:
            return templates.page("missing.html", 404, **shared)
        return templates.page(template, **{**shared, **given})

    return answer
