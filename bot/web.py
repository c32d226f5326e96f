"""The two HTTP apps: the public one that people reach, and the internal one for operators.

Each is one list of routes. Health answers say what is not ready, never anything a person wrote.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from bot.gauges import Seen, exposition

Readiness = Callable[[], Awaitable[Mapping[str, str]]]
"""What is not ready: name → one sentence that says what to do. Empty: all is well."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What health and metrics tell about the service."""

    not_ready: Readiness
    notes: Callable[[], Mapping[str, str]]  # works, but not as meant; name → one sentence
    seen: Callable[[], Awaitable[Seen]]  # for the metrics


def health_routes(inside: Inside) -> list[BaseRoute]:
    """`/health/live`: this process answers. `/health/ready`: it can do all of its work.

    `notes` tells what works otherwise than it was set up to, if anything does: that is ready, too.
    """

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True}, headers={"Cache-Control": "no-store"})

    async def ready(_: Request) -> Response:
        missing = dict(await inside.not_ready())
        body: dict[str, object] = {"ready": not missing, "not_ready": missing}
        if notes := dict(inside.notes()):
            body["notes"] = notes
        status = 503 if missing else 200
        return JSONResponse(body, status, headers={"Cache-Control": "no-store"})

    return [Route("/health/live", live), Route("/health/ready", ready)]


def public_app(channel_routes: Sequence[BaseRoute], inside: Inside) -> Starlette:
    """What the internet reaches: the web page, the messengers' webhooks, health."""
    return Starlette(
        routes=[*channel_routes, *health_routes(inside)],
        exception_handlers={404: _not_here, 405: _not_here, 500: _broken},
    )


def internal_app(inside: Inside, desk: ASGIApp | None = None) -> Starlette:
    """What only staff and operators reach: metrics, health and the desk."""

    async def metrics(_: Request) -> Response:
        return Response(exposition(await inside.seen()), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[
            Route("/metrics", metrics),
            *health_routes(inside),
            *([Mount("", desk)] if desk else []),
        ],
        exception_handlers={404: _not_here, 405: _not_here, 500: _broken},
    )


async def _not_here(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return PlainTextResponse("There is nothing here.", status)


async def _broken(_: Request, _error: Exception) -> Response:
    text = "Something went wrong on our side. If you are in danger now, call 999."
    return PlainTextResponse(text, 500)
