"""For leads: who has an account; adding people, new links, roles, closing."""

from http import HTTPStatus
from typing import NamedTuple

from starlette.responses import Response

from bot.audit import Action
from bot.desk.desk import Desk
from bot.desk.pages import Pages
from bot.desk.ways import Visit, Way
from bot.staff.accounts import Account, Invitation, NoAccount
from bot.staff.roles import LEADS, Role

PEOPLE = "/desk/people"


class Told(NamedTuple):
    """What the page says on top. link: shown once."""

    text: str = ""
    link: str = ""
    fault: str = ""


def ways(pages: Pages) -> tuple[Way, ...]:
    """The page and its forms."""
    people = _People(pages)
    return (
        Way("GET", PEOPLE, LEADS, people.page, Action.PEOPLE_VIEWED),
        Way("POST", f"{PEOPLE}/add", LEADS, people.add),
        Way("POST", f"{PEOPLE}/link", LEADS, people.link),
        Way("POST", f"{PEOPLE}/role", LEADS, people.role),
        Way("POST", f"{PEOPLE}/disable", LEADS, people.disable),
    )


def join_url(base: str, token: str) -> str:
    """The one-time link as it is handed over. base: the desk's address."""
    return f"{base.rstrip('/')}/desk/join/{token}"


class _People:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def page(self, desk: Desk, visit: Visit) -> Response:
        return await self._show(desk, visit, Told())

    async def add(self, desk: Desk, visit: Visit) -> Response:
        role = _role(visit)
        if role is None:
            return await self._show(desk, visit, Told(fault="Choose a role."))
        name = visit.form.get("name", "")
        try:
            made = await desk.accounts.add(name, role, visit.now, visit.mine.account.id)
        except ValueError as fault:
            text = str(fault)
            return await self._show(desk, visit, Told(fault=text[:1].upper() + text[1:] + "."))
        return await self._invited(desk, visit, made)

    async def link(self, desk: Desk, visit: Visit) -> Response:
        account = await self._other(desk, visit)
        if isinstance(account, Told):
            return await self._show(desk, visit, account)
        made = await desk.accounts.give_link(account.name, visit.now, visit.mine.account.id)
        return await self._invited(desk, visit, made)

    async def role(self, desk: Desk, visit: Visit) -> Response:
        account, role = await self._other(desk, visit), _role(visit)
        if isinstance(account, Told) or role is None:
            told = account if isinstance(account, Told) else Told(fault="Choose a role.")
            return await self._show(desk, visit, told)
        by = visit.mine.account.id
        changed = await desk.accounts.set_role(account.name, role, visit.now, by)
        return await self._show(desk, visit, Told(f"{changed.name} is now {changed.role}."))

    async def disable(self, desk: Desk, visit: Visit) -> Response:
        account = await self._other(desk, visit)
        if isinstance(account, Told):
            return await self._show(desk, visit, account)
        closed = await desk.accounts.disable(account.name, visit.now, visit.mine.account.id)
        return await self._show(desk, visit, Told(f"{closed.name}'s account is closed."))

    async def _other(self, desk: Desk, visit: Visit) -> Account | Told:
        """Whom the form is about: never oneself, so that a lead cannot lock themselves out."""
        try:
            account = await desk.accounts.of_id(visit.form.get("id", ""))
        except NoAccount:
            return Told(fault="There is no such account.")
        if account.id == visit.mine.account.id:
            return Told(fault="Somebody else has to do this for you.")
        return account

    async def _invited(self, desk: Desk, visit: Visit, made: Invitation) -> Response:
        base = desk.url or str(visit.request.base_url)
        text = f"Link for {made.account.name}. It works once, for 24 hours, and is shown only now."
        return await self._show(desk, visit, Told(text, join_url(base, made.token)))

    async def _show(self, desk: Desk, visit: Visit, told: Told) -> Response:
        return self._pages.page(
            visit,
            "people.html",
            HTTPStatus.UNPROCESSABLE_ENTITY if told.fault else HTTPStatus.OK,
            people=await desk.accounts.every(),
            roles=list(Role),
            told=told,
        )


def _role(visit: Visit) -> Role | None:
    try:
        return Role(visit.form.get("role", ""))
    except ValueError:
        return None
