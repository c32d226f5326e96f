"""One's own page: password, second factor, and where else one is signed in."""

from http import HTTPStatus

from starlette.responses import RedirectResponse, Response

from bot.desk.desk import Desk
from bot.desk.entering import factor_fields, on_to, wait_in_words
from bot.desk.pages import Pages
from bot.desk.ways import Visit, Way
from bot.staff.entry import Entered
from bot.staff.joining import NotYet
from bot.staff.pace import Wait
from bot.staff.roles import EVERYBODY

ACCOUNT = "/desk/account"


def ways(pages: Pages) -> tuple[Way, ...]:
    """One's own page and its three forms."""
    own = _Own(pages)
    return (
        Way("GET", ACCOUNT, EVERYBODY, own.page),
        Way("POST", f"{ACCOUNT}/password", EVERYBODY, own.password),
        Way("POST", f"{ACCOUNT}/factor", EVERYBODY, own.factor),
        Way("POST", f"{ACCOUNT}/end-others", EVERYBODY, own.end_others),
    )


class _Own:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def page(self, desk: Desk, visit: Visit) -> Response:
        return await self._show(desk, visit)

    async def password(self, desk: Desk, visit: Visit) -> Response:
        form = visit.form
        if form.get("new", "") != form.get("again", ""):
            return await self._show(desk, visit, first_fault="The two passwords differ.")
        done = await desk.sign_in.change_password(
            visit.mine, form.get("old", ""), form.get("new", ""), visit.network, visit.now
        )
        return await self._done(desk, visit, done, "first_fault")

    async def factor(self, desk: Desk, visit: Visit) -> Response:
        form = visit.form
        done = await desk.sign_in.change_factor(
            visit.mine,
            form.get("old", ""),
            form.get("code", ""),
            form.get("factor", ""),
            network=visit.network,
            now=visit.now,
        )
        return await self._done(desk, visit, done, "second_fault")

    async def end_others(self, desk: Desk, visit: Visit) -> Response:
        await desk.sessions.end_others(visit.mine, visit.now)
        return RedirectResponse(f"{ACCOUNT}?done=ended", HTTPStatus.SEE_OTHER)

    async def _done(
        self, desk: Desk, visit: Visit, done: Entered | NotYet | Wait, where: str
    ) -> Response:
        match done:
            case Entered():
                return on_to(desk, f"{ACCOUNT}?done=changed", done.cookie)
            case NotYet():
                return await self._show(desk, visit, **{where: done.why})
            case Wait():
                fault, headers = wait_in_words(done, visit.now)
                response = await self._show(desk, visit, **{where: fault})
                response.status_code = HTTPStatus.TOO_MANY_REQUESTS
                response.headers.update(headers)
                return response

    async def _show(
        self, desk: Desk, visit: Visit, *, first_fault: str = "", second_fault: str = ""
    ) -> Response:
        account = visit.mine.account
        sealed = visit.form.get("factor", "")
        factor = desk.joining.same_factor(account.id, sealed) or desk.joining.new_factor(account.id)
        bad = bool(first_fault or second_fault)
        return self._pages.page(
            visit,
            "account.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK,
            account=account,
            others=await desk.sessions.others(visit.mine, visit.now),
            factor=factor_fields(factor, account),
            first_fault=first_fault,
            second_fault=second_fault,
            done=visit.request.query_params.get("done", ""),
        )
