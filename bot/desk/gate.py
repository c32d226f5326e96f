"""Stands before every way: whose request is it, may they, is the form ours, is the case theirs."""

from http import HTTPStatus
from typing import Final

import structlog
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from bot.audit import Action, Broken, Entry, Outcome, is_plain, note
from bot.channels.web_guard import BODY, Whose, origins, whose_form
from bot.desk import cookie
from bot.desk.desk import Desk
from bot.desk.pages import Pages
from bot.desk.ways import Open, Visit, Way
from bot.staff.pace import network_of
from bot.staff.sessions import Session, Stage
from bot.store.database import Away

_log = structlog.get_logger()

SIGN_IN: Final = "/desk/sign-in"
CODE: Final = "/desk/code"
TOKEN_FIELD: Final = "csrf"  # noqa: S105 - the name of a field
_FIELDS = 30
_NOT_YOURS = "This page is not for your role, or the case is with somebody else."
_NOT_OURS = "The page had been open too long, or was opened elsewhere. Go back and try again."


class Guarded:
    """A way with its gate, as an app of its own for Starlette's Route."""

    def __init__(self, desk: Desk, pages: Pages, way: Way) -> None:
        self.desk = desk
        self.pages = pages
        self.way = way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Away as away:
            _log.error("desk.database_away", fault=str(away))
            response = self._trouble("The desk cannot reach its database. Try again in a minute.")
        except Broken:
            _log.error("desk.audit_broken", do="Run `python -m bot audit verify`")
            response = self._trouble("The audit is damaged, so the desk is closed. Tell a lead.")
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        desk, way = self.desk, self.way
        now = desk.clock()
        held = cookie.read(desk, request)
        session = await desk.sessions.find(held, now, used=not way.background) if held else None
        if refused := await self._refuse_person(session):
            return refused
        form: dict[str, str] = {}
        if way.method == "POST":
            form = await _fields(request)
            if not self._is_ours(request, held, form):
                return await self._refused(session, _NOT_OURS, "form")
        case = request.path_params.get("case", "")
        if refused := await self._refuse_case(session, case):
            return refused
        if way.action is not None and session is not None:
            entry = Entry(session.account.id, way.action, case)
            await note(desk.database, desk.audit, entry, now)
        host = request.client.host if request.client else None
        return await way.answer(desk, Visit(request, now, network_of(host), held, session, form))

    async def _refuse_person(self, session: Session | None) -> Response | None:
        who = self.way.who
        if who is Open.ANYBODY:
            return None
        if session is None:
            return self._elsewhere(SIGN_IN)
        if who is Open.HALF_IN:
            return None if session.stage is Stage.SECOND else self._elsewhere("/desk")
        if session.stage is Stage.SECOND:
            return self._elsewhere(CODE)
        if session.account.role in who:
            return None
        return await self._refused(session, _NOT_YOURS, "role")

    async def _refuse_case(self, session: Session | None, case: str) -> Response | None:
        if self.way.case is None or session is None:
            return None
        known = is_plain(case)  # the audit could not keep anything else
        if known and (
            self.way.case == "any" or await self.desk.owner_of(case) == session.account.id
        ):
            return None
        return await self._refused(session, _NOT_YOURS, "case")

    def _is_ours(self, request: Request, held: str, form: dict[str, str]) -> bool:
        if whose_form(request, origins(request, self.desk.url)) is Whose.FOREIGN or not held:
            return False
        token = form.get(TOKEN_FIELD) or request.headers.get("x-csrf-token", "")
        return self.desk.keys.is_form_of(held, token)

    def _elsewhere(self, path: str) -> Response:
        """A page leads on to where it can be got; nothing that was sent is carried out."""
        if self.way.method == "GET":
            return RedirectResponse(path, HTTPStatus.SEE_OTHER)
        return self.pages.plain("Sign in first", "Nothing was changed.", HTTPStatus.FORBIDDEN, path)

    async def _refused(self, session: Session | None, why: str, kind: str) -> Response:
        if session is not None:
            entry = Entry(session.account.id, Action.REFUSED, kind, Outcome.REFUSED)
            await note(self.desk.database, self.desk.audit, entry, self.desk.clock())
        back = SIGN_IN if session is None else "/desk/account"
        return self.pages.plain("That is not possible", why, HTTPStatus.FORBIDDEN, back)

    def _trouble(self, why: str) -> Response:
        return self.pages.plain("Not just now", why, HTTPStatus.SERVICE_UNAVAILABLE, "/desk")


async def _fields(request: Request) -> dict[str, str]:
    """The form's fields; none for a body that is no form of ours."""
    try:
        sent: FormData = await request.form(max_files=0, max_fields=_FIELDS, max_part_size=BODY)
    except (HTTPException, MultiPartException, UnicodeError):
        return {}
    return {name: value for name, value in sent.items() if isinstance(value, str)}
