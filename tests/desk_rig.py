"""The desk over each database, and browsers that come to it."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import httpx
from starlette.types import ASGIApp

from bot.audit import OPERATOR, Action, Outcome
from bot.desk.app import desk_app, whole_desk
from bot.desk.desk import Desk, open_desk
from bot.desk.pages import Pages
from bot.desk.ways import Way
from bot.staff import codes
from bot.staff.accounts import Account
from bot.staff.roles import Role
from bot.staff.sessions import Stage
from bot.store.audit_rows import Row
from bot.store.database import Database
from tests.fakes import MASTER, StepClock

PASSWORD = "heron granite velvet 9"


class Visitor:
    """One browser: it keeps its cookie and sends back the form token of the page it saw last."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = ""

    async def get(self, path: str) -> httpx.Response:
        """Open a page, or follow where it leads."""
        return self._seen(await self.client.get(path, follow_redirects=True))

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as the page would, and follow where it leads."""
        data = {"csrf": self.field("csrf"), **fields}
        return self._seen(await self.client.post(path, data=data, follow_redirects=True))

    def field(self, name: str) -> str:
        """The value of a hidden field of the page seen last; empty for none."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def key(self) -> bytes:
        """The key of the authenticator that the page shows."""
        import base64  # noqa: PLC0415 - here alone

        found = re.search(r'class="key">([A-Z2-7 ]+)<', self.page)
        assert found, self.page
        text = found[1].replace(" ", "")
        return base64.b32decode(text + "=" * (-len(text) % 8))

    def _seen(self, response: httpx.Response) -> httpx.Response:
        self.page = response.text
        return response


@dataclass(eq=False)
class Rig:
    """The desk, its clock, and what the tests ask about it."""

    desk: Desk
    clock: StepClock
    app: ASGIApp

    @property
    def database(self) -> Database:
        """The one below."""
        return self.desk.database

    @asynccontextmanager
    async def visitor(self, network: str = "192.0.2.1") -> AsyncIterator[Visitor]:
        """A browser at this address."""
        transport = httpx.ASGITransport(self.app, client=(network, 4000))
        base = self.desk.url or "http://127.0.0.1:8001"
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            client.headers["Origin"] = base
            yield Visitor(client)

    async def token(self, name: str, role: Role = Role.ADVOCATE) -> str:
        """A new account's one-time link."""
        return (await self.desk.accounts.add(name, role, self.clock(), OPERATOR)).token

    async def join(self, visitor: Visitor, name: str, role: Role = Role.ADVOCATE) -> bytes:
        """Make an account and use its link in this browser; the key of its second factor."""
        path = f"/desk/join/{await self.token(name, role)}"
        await visitor.get(path)
        secret = visitor.key()
        done = await visitor.send(
            path,
            password=PASSWORD,
            again=PASSWORD,
            code=self.code(secret),
            factor=visitor.field("factor"),
        )
        assert done.status_code == 200, done.text
        return secret

    async def sign_in(self, visitor: Visitor, name: str, secret: bytes) -> httpx.Response:
        """Both steps."""
        await visitor.get("/desk/sign-in")
        await visitor.send("/desk/sign-in", name=name, password=PASSWORD)
        return await visitor.send("/desk/code", code=self.code(secret))

    def code(self, secret: bytes) -> str:
        """What the app shows now."""
        return codes.code_at(secret, int(self.clock.at.timestamp()) // codes.SECONDS)

    async def signed_in(
        self, visitor: Visitor, name: str, role: Role, stage: Stage = Stage.FULL
    ) -> Account:
        """An account whose session this browser holds, without the steps before."""
        made = await self.desk.accounts.add(name, role, self.clock(), OPERATOR)
        now = self.clock()
        held = await self.database.write(
            lambda c: self.desk.sessions.open(c, made.account.id, stage, now)
        )
        visitor.client.cookies.set("desk", held)
        return made.account

    async def entries(self) -> list[Row]:
        """The audit, oldest first."""
        rows = await self.database.read(lambda c: self.desk.audit.newest(c, 1000))
        return rows[::-1]

    async def noted(self) -> list[tuple[Action, Outcome]]:
        """What the audit says happened, oldest first."""
        return [(Action(row.action), Outcome(row.outcome)) for row in await self.entries()]


async def make_rig(
    database: Database,
    *,
    demo: bool = False,
    url: str | None = None,
    more: Sequence[Way] = (),
    owner: dict[str, str] | None = None,
) -> Rig:
    """The desk over this database. more: ways besides its own. owner: of cases, by id."""
    clock = StepClock()
    owners = owner if owner is not None else {}

    async def owner_of(case: str) -> str | None:
        return owners.get(case)

    desk = open_desk(
        database=database, master=MASTER, clock=clock, url=url, demo=demo, owner_of=owner_of
    )
    app = desk_app(desk, Pages(desk), more) if more else whole_desk(desk)
    return Rig(desk, clock, app)
