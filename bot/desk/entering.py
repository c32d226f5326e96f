"""Signing in and out, and using a one-time link."""

from datetime import datetime, timedelta
from http import HTTPStatus
from math import ceil
from typing import Any

from starlette.responses import RedirectResponse, Response

from bot.desk import cookie
from bot.desk.desk import Desk
from bot.desk.gate import CODE, SIGN_IN
from bot.desk.pages import Pages
from bot.desk.ways import Open, Visit, Way
from bot.staff import codes
from bot.staff.accounts import Account
from bot.staff.entry import Entered, Refused
from bot.staff.joining import GONE, Joined, NewFactor
from bot.staff.pace import Wait
from bot.staff.roles import EVERYBODY, Role
from bot.staff.sessions import Stage

ISSUER = "Alongside desk"
JOIN = "/desk/join/{token}"
_SECOND = timedelta(seconds=1)


def ways(pages: Pages) -> tuple[Way, ...]:
    """The ways in and out."""
    door = _Door(pages)
    return (
        Way("GET", SIGN_IN, Open.ANYBODY, door.sign_in_page),
        Way("POST", SIGN_IN, Open.ANYBODY, door.sign_in),
        Way("GET", CODE, Open.HALF_IN, door.code_page),
        Way("POST", CODE, Open.HALF_IN, door.code),
        Way("GET", JOIN, Open.ANYBODY, door.join_page),
        Way("POST", JOIN, Open.ANYBODY, door.join),
        Way("POST", "/desk/sign-out", EVERYBODY, door.sign_out),
        Way("POST", "/desk/start-again", Open.HALF_IN, door.sign_out),
    )


def home_of(role: Role) -> str:
    """Where somebody begins."""
    return "/desk/audit" if role is Role.AUDITOR else "/desk"


def on_to(desk: Desk, path: str, given: str) -> Response:
    """Go on with a new cookie."""
    response = RedirectResponse(path, HTTPStatus.SEE_OTHER)
    cookie.give(desk, response, given)
    return response


def wait_in_words(wait: Wait, now: datetime) -> tuple[str, dict[str, str]]:
    """What to tell somebody who must wait, and the header that tells programs."""
    seconds = max(1, ceil((wait.until - now) / _SECOND))
    span = f"{seconds} seconds" if seconds < 100 else f"{ceil(seconds / 60)} minutes"
    return f"Too many tries. Wait {span}, then try again.", {"Retry-After": str(seconds)}


class _Door:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def sign_in_page(self, _desk: Desk, visit: Visit) -> Response:
        if visit.session is not None:
            done = visit.session.stage is Stage.FULL
            path = home_of(visit.session.account.role) if done else CODE
            return RedirectResponse(path, HTTPStatus.SEE_OTHER)
        return self._sign_in(visit)

    async def sign_in(self, desk: Desk, visit: Visit) -> Response:
        name = visit.form.get("name", "")[:100]
        password = visit.form.get("password", "")
        done = await desk.sign_in.with_password(name, password, visit.network, visit.now)
        match done:
            case Entered(stage=Stage.FULL):
                return on_to(desk, home_of(done.account.role), done.cookie)
            case Entered():
                return on_to(desk, CODE, done.cookie)
            case Wait():
                return self._waiting(visit, done, "sign_in.html", name=name)
            case Refused():
                return self._sign_in(visit, done.why, name)

    def _sign_in(self, visit: Visit, fault: str = "", name: str = "") -> Response:
        status = HTTPStatus.FORBIDDEN if fault else HTTPStatus.OK
        return self._pages.page(visit, "sign_in.html", status, fault=fault, name=name)

    async def code_page(self, _desk: Desk, visit: Visit) -> Response:
        return self._pages.page(visit, "code.html", fault="")

    async def code(self, desk: Desk, visit: Visit) -> Response:
        code = visit.form.get("code", "")
        done = await desk.sign_in.with_code(visit.mine, code, visit.network, visit.now)
        match done:
            case Entered():
                return on_to(desk, home_of(done.account.role), done.cookie)
            case Wait():
                return self._waiting(visit, done, "code.html")
            case Refused():
                return self._pages.page(visit, "code.html", HTTPStatus.FORBIDDEN, fault=done.why)

    async def sign_out(self, desk: Desk, visit: Visit) -> Response:
        await desk.sessions.end(visit.mine, visit.now)
        response = RedirectResponse(SIGN_IN, HTTPStatus.SEE_OTHER)
        cookie.take(desk, response)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    async def join_page(self, desk: Desk, visit: Visit) -> Response:
        token = visit.request.path_params["token"]
        account = await desk.joining.look(token, visit.now)
        if account is None:
            return self._pages.plain("This link is over", GONE.why, HTTPStatus.GONE, SIGN_IN)
        return self._join(desk, visit, account, desk.joining.new_factor(token), "")

    async def join(self, desk: Desk, visit: Visit) -> Response:
        token, form = visit.request.path_params["token"], visit.form
        account = await desk.joining.look(token, visit.now)
        if account is None:
            return self._pages.plain("This link is over", GONE.why, HTTPStatus.GONE, SIGN_IN)
        sealed = form.get("factor", "")
        factor = desk.joining.same_factor(token, sealed) or desk.joining.new_factor(token)
        password = form.get("password", "")
        if password != form.get("again", ""):
            return self._join(desk, visit, account, factor, "The two passwords differ.")
        done = await desk.joining.join(token, password, form.get("code", ""), sealed, visit.now)
        if isinstance(done, Joined):
            return on_to(desk, home_of(done.account.role), done.cookie)
        return self._join(desk, visit, account, factor, done.why)

    def _join(
        self, desk: Desk, visit: Visit, account: Account, factor: NewFactor, fault: str
    ) -> Response:
        return self._pages.page(
            visit,
            "join.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
            account=account,
            factor=factor_fields(factor, account),
            needs_factor=desk.joining.needs_factor,
            fault=fault,
        )

    def _waiting(self, visit: Visit, wait: Wait, template: str, **values: Any) -> Response:
        fault, headers = wait_in_words(wait, visit.now)
        response = self._pages.page(
            visit, template, HTTPStatus.TOO_MANY_REQUESTS, fault=fault, **values
        )
        response.headers.update(headers)
        return response


def factor_fields(factor: NewFactor, account: Account) -> dict[str, str]:
    """What the form for a new second factor shows."""
    return {
        "sealed": factor.sealed,
        "key": codes.in_groups(factor.secret),
        "address": codes.address(factor.secret, account.name, ISSUER),
    }
