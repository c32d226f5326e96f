"""The one cookie of the desk: random, and meaningless to anybody but us."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot.desk.desk import Desk


def name_of(desk: Desk) -> str:
    """With https a name that browsers take from this very host alone."""
    return "__Host-desk" if desk.is_secure else "desk"


def read(desk: Desk, request: Request) -> str:
    """What the browser holds; empty for nothing."""
    return request.cookies.get(name_of(desk), "")


def give(desk: Desk, response: Response, value: str) -> None:
    """Set it. It has no age: the browser drops it when it is closed."""
    response.set_cookie(
        name_of(desk),
        value,
        path="/",
        secure=desk.is_secure,
        httponly=True,
        samesite="strict",
    )


def take(desk: Desk, response: Response) -> None:
    """Take it away."""
    response.delete_cookie(
        name_of(desk), path="/", secure=desk.is_secure, httponly=True, samesite="strict"
    )


def fresh() -> str:
    """A value for somebody who has not signed in: their forms are theirs, too."""
    return secrets.token_urlsafe(32)
