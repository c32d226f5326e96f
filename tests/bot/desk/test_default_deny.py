"""Nobody gets anywhere by leaving something out. The routes are listed by the app itself."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.audit import Action, Outcome
from bot.desk.app import ways, whole_desk
from bot.desk.desk import Desk
from bot.desk.gate import CODE, SIGN_IN, Guarded
from bot.desk.pages import Pages
from bot.desk.ways import Open, Visit, Way
from bot.staff.roles import ADVOCATES, EVERYBODY, LEADS, Role
from bot.staff.sessions import Stage
from bot.store.database import Database
from tests.desk_rig import Rig, Visitor, make_rig

OPEN = {
    "GET /desk/file/{name}",
    f"GET {SIGN_IN}",
    f"POST {SIGN_IN}",
    "GET /desk/join/{token}",
    "POST /desk/join/{token}",
}
"""What may be reached by anybody: nothing else, ever."""


@pytest.fixture
async def one_rig() -> AsyncIterator[Rig]:
    """The desk over a database in memory: what is looked at here is the same on both."""
    database = await Database.open("sqlite://")
    await database.migrate()
    yield await make_rig(database)
    await database.close()


def guards(app: object) -> list[Guarded]:
    """Everything that the app answers to."""
    assert isinstance(app, Starlette)
    found = []
    for route in app.routes:
        assert isinstance(route, Route), f"{route} is no way"
        assert isinstance(route.endpoint, Guarded), f"{route.path} has no gate"
        assert route.endpoint.way.path == route.path
        assert route.methods is not None
        assert route.methods - {"HEAD"} == {route.endpoint.way.method}
        found.append(route.endpoint)
    return found


def paths(way: Way) -> str:
    """An address that the way answers to."""
    return way.path.replace("{", "").replace("}", "")


async def ask(visitor: Visitor, way: Way, **fields: str) -> httpx.Response:
    """One request, without following where it leads."""
    if way.method == "GET":
        return await visitor.client.get(paths(way))
    return await visitor.client.post(paths(way), data=fields)


def test_every_route_has_a_gate_and_only_these_are_open(one_rig: Rig) -> None:
    """A route that somebody adds is closed until the table above says otherwise."""
    listed = guards(one_rig.app)

    assert len(listed) > 15
    open_ = {f"{g.way.method} {g.way.path}" for g in listed if g.way.who is Open.ANYBODY}
    assert open_ == OPEN


async def test_every_route_refuses_the_signed_out(one_rig: Rig) -> None:
    """A page leads to the sign-in, a form changes nothing; a made-up cookie is no session."""
    async with one_rig.visitor() as visitor:
        for held in ("", "made-up"):
            visitor.client.cookies.set("desk", held)
            for guard in guards(one_rig.app):
                if guard.way.who is Open.ANYBODY:
                    continue
                answer = await ask(visitor, guard.way, csrf=one_rig.desk.keys.form_token(held))
                if guard.way.method == "GET":
                    assert answer.headers["location"] == SIGN_IN, guard.way.path
                else:
                    assert answer.status_code == 403, guard.way.path
    assert await one_rig.entries() == []


async def test_every_route_refuses_who_has_not_given_the_code(one_rig: Rig) -> None:
    """The password alone opens the page for the code, and nothing else."""
    async with one_rig.visitor() as visitor:
        await one_rig.signed_in(visitor, "Ann", Role.LEAD, Stage.SECOND)
        for guard in guards(one_rig.app):
            if isinstance(guard.way.who, Open):
                continue
            answer = await ask(visitor, guard.way, csrf=token(one_rig, visitor))
            if guard.way.method == "GET":
                assert answer.headers["location"] == CODE, guard.way.path
            else:
                assert answer.status_code == 403, guard.way.path


@pytest.mark.parametrize("role", Role)
async def test_every_route_refuses_the_wrong_role(one_rig: Rig, role: Role) -> None:
    """And the audit says who tried."""
    async with one_rig.visitor() as visitor:
        account = await one_rig.signed_in(visitor, "Ann", role)
        before, tried = len(await one_rig.entries()), 0
        for guard in guards(one_rig.app):
            if isinstance(guard.way.who, Open) or role in guard.way.who:
                continue
            tried += 1
            answer = await ask(visitor, guard.way, csrf=token(one_rig, visitor))
            assert answer.status_code == 403, guard.way.path
        noted = (await one_rig.entries())[before:]

    assert tried > 0 or role is Role.LEAD
    assert [(row.actor, row.action, row.outcome) for row in noted] == [
        (account.id, Action.REFUSED, Outcome.REFUSED)
    ] * tried


@pytest.mark.parametrize("kind", ["missing", "another's", "foreign", "no cookie"])
async def test_every_form_refuses_what_our_page_did_not_send(one_rig: Rig, kind: str) -> None:
    """A page elsewhere cannot press a button in somebody's name; open forms are no exception."""
    async with one_rig.visitor() as visitor:
        await one_rig.signed_in(visitor, "Ann", Role.LEAD)
        right = token(one_rig, visitor)
        fields = {"csrf": one_rig.desk.keys.form_token("another")} if kind == "another's" else {}
        if kind == "foreign":
            visitor.client.headers["Origin"] = "https://elsewhere.example"
            fields = {"csrf": right}
        if kind == "no cookie":
            visitor.client.cookies.clear()
            fields = {"csrf": right}
        before = len(await one_rig.desk.accounts.every())
        tried = 0
        for guard in guards(one_rig.app):
            if guard.way.method != "POST" or guard.way.who is Open.HALF_IN:
                continue
            tried += 1
            answer = await ask(visitor, guard.way, name="New", role="lead", **fields)
            assert answer.status_code == 403, guard.way.path

    assert tried > 8
    assert len(await one_rig.desk.accounts.every()) == before


async def test_the_browsers_own_word_about_a_form_wins(one_rig: Rig) -> None:
    """Sec-Fetch-Site: a page of a neighbouring host is not ours."""
    async with one_rig.visitor() as visitor:
        await one_rig.signed_in(visitor, "Ann", Role.LEAD)
        visitor.client.headers["Sec-Fetch-Site"] = "same-site"
        path, right = "/desk/account/end-others", token(one_rig, visitor)

        assert (await visitor.client.post(path, data={"csrf": right})).status_code == 403
        visitor.client.headers["Sec-Fetch-Site"] = "same-origin"
        assert (await visitor.client.post(path, data={"csrf": right})).status_code == 303


async def test_another_advocates_case_is_refused(database: Database) -> None:
    """Also to a lead, on ways that are for the owner; and every look is noted."""

    async def answer(_desk: Desk, _visit: Visit) -> Response:
        return PlainTextResponse("the case")

    more = (
        Way("GET", "/desk/case/{case}", ADVOCATES, answer, Action.CASE_VIEWED, "own"),
        Way("POST", "/desk/case/{case}/over", LEADS, answer, Action.CASE_TAKEN_OVER, "any"),
    )
    owner: dict[str, str] = {}
    rig = await make_rig(database, more=more, owner=owner)
    async with rig.visitor() as ann, rig.visitor() as bea, rig.visitor() as cat:
        owner["k1"] = (await rig.signed_in(ann, "Ann", Role.ADVOCATE)).id
        await rig.signed_in(bea, "Bea", Role.ADVOCATE)
        await rig.signed_in(cat, "Cat", Role.LEAD)
        before = len(await rig.entries())

        seen = [await v.client.get("/desk/case/k1") for v in (ann, bea, cat)]
        unknown = await ann.client.get("/desk/case/k2")
        words = await ann.client.get("/desk/case/he%20followed%20me")
        taken = await cat.client.post("/desk/case/k1/over", data={"csrf": token(rig, cat)})
        noted = [(row.action, row.object, row.outcome) for row in (await rig.entries())[before:]]

    assert [answer.status_code for answer in seen] == [200, 403, 403]
    assert [unknown.status_code, words.status_code, taken.status_code] == [403, 403, 200]
    assert noted == [
        (Action.CASE_VIEWED, "k1", Outcome.DONE),
        *[(Action.REFUSED, "case", Outcome.REFUSED)] * 4,
        (Action.CASE_TAKEN_OVER, "k1", Outcome.DONE),
    ]


def test_a_way_to_a_case_must_say_whose() -> None:
    """Forgetting it is found at the start, not by whoever reads a stranger's case."""

    async def answer(_desk: Desk, _visit: Visit) -> Response:
        return PlainTextResponse("the case")

    with pytest.raises(ValueError, match="say whose"):
        Way("GET", "/desk/case/{case}", EVERYBODY, answer)
    with pytest.raises(ValueError, match="say whose"):
        Way("GET", "/desk", EVERYBODY, answer, case="own")


async def test_the_list_of_ways_is_the_list_of_routes(one_rig: Rig) -> None:
    """Nothing is mounted beside them."""
    pages = Pages(one_rig.desk)
    listed = [(g.way.method, g.way.path) for g in guards(whole_desk(one_rig.desk))]

    assert listed == [(way.method, way.path) for way in ways(pages)]
    assert len(set(listed)) == len(listed)


def token(rig: Rig, visitor: Visitor) -> str:
    """The form token that belongs to the visitor's cookie."""
    return rig.desk.keys.form_token(visitor.client.cookies.get("desk", default="") or "")
