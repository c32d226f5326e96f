"""The desk's pages, as a browser without a script gets them."""

import re

import httpx

from bot.audit import Action
from bot.desk.app import whole_desk
from bot.desk.demo import first_link
from bot.gauges import Seen
from bot.staff.roles import Role
from bot.store.database import Away, Database
from bot.web import Inside, internal_app
from tests.desk_rig import PASSWORD, Rig, Visitor, make_rig


async def nothing_missing() -> dict[str, str]:
    """All is well."""
    return {}


async def test_from_the_link_to_the_queue(rig: Rig) -> None:
    """Password and phone are set up on one page, then the desk is open."""
    async with rig.visitor() as visitor:
        await rig.join(visitor, "Ann")

        assert "<h1>Queue</h1>" in visitor.page
        assert "Nobody is waiting." in visitor.page
        assert "Ann (advocate)" in visitor.page
        assert "Demonstration" not in visitor.page


async def test_signing_out_and_in_again(rig: Rig) -> None:
    """The desk's address leads to the sign-in, and the sign-in back to the desk."""
    async with rig.visitor() as visitor:
        secret = await rig.join(visitor, "Ann")
        out = await visitor.send("/desk/sign-out")
        assert out.url.path == "/desk/sign-in"
        assert "desk" not in visitor.client.cookies or "csrf" in visitor.page
        assert (await visitor.get("/desk")).url.path == "/desk/sign-in"
        rig.clock.move(minutes=2)

        back = await rig.sign_in(visitor, "Ann", secret)

        assert (back.status_code, back.url.path) == (200, "/desk")
        assert (await visitor.get("/desk/sign-in")).url.path == "/desk"


async def test_each_step_gives_another_cookie(rig: Rig) -> None:
    """A cookie that was planted before is worth nothing afterwards."""
    async with rig.visitor() as visitor:
        secret = await rig.join(visitor, "Ann")
        await visitor.send("/desk/sign-out")
        rig.clock.move(minutes=2)
        seen = [visitor.client.cookies["desk"]]
        await visitor.send("/desk/sign-in", name="Ann", password=PASSWORD)
        seen.append(visitor.client.cookies["desk"])
        await visitor.send("/desk/code", code=rig.code(secret))
        seen.append(visitor.client.cookies["desk"])

        assert len(set(seen)) == 3
        for old in seen[:2]:
            assert await rig.desk.sessions.find(old, rig.clock()) is None


async def test_the_cookie_belongs_to_this_host_alone(database: Database) -> None:
    """By https it has the name that browsers guard; scripts and other sites never get it."""
    secure = await make_rig(database, url="https://desk.example")
    local = await make_rig(database)
    given = []
    for rig in (secure, local):
        async with rig.visitor() as visitor:
            given.append((await visitor.get("/desk/sign-in")).headers["set-cookie"])

    assert given[0].startswith("__Host-desk=")
    assert given[1].startswith("desk=")
    for cookie, parts in ((given[0], 4), (given[1], 3)):
        flags = sorted(part.strip().lower() for part in cookie.split(";")[1:])
        assert flags == ["httponly", "path=/", "samesite=strict", "secure"][:parts]


async def test_every_answer_is_strict(rig: Rig) -> None:
    """Pages, forms, refusals and what is not there: nothing is stored, framed or fetched."""
    async with rig.visitor() as visitor:
        answers = [
            await visitor.client.get("/desk"),
            await visitor.client.get("/desk/sign-in"),
            await visitor.client.post("/desk/sign-in", data={}),
            await visitor.client.get("/desk/join/none"),
            await visitor.client.get("/desk/nothing"),
            await visitor.client.delete("/desk"),
            await visitor.client.post("/desk/sign-in", content=b"x" * 300_000),
        ]

    assert [answer.status_code for answer in answers] == [303, 200, 403, 410, 404, 405, 413]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"


async def test_pages_ask_nobody_else_for_anything(rig: Rig) -> None:
    """One style sheet of ours; no script, no address of another site."""
    async with rig.visitor() as visitor:
        await rig.signed_in(visitor, "Ann", Role.LEAD)
        for path in ("/desk", "/desk/account", "/desk/people", "/desk/audit"):
            assert (await visitor.get(path)).status_code == 200
            assert "<script" not in visitor.page
            assert "style=" not in visitor.page
            assert re.findall(r'(?:src|href)="(?:https?:)?//', visitor.page) == []
        style = re.search(r'href="(/desk/file/desk-[^"]+)"', visitor.page)
        assert style
        css = await visitor.client.get(style[1])

    assert css.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in css.headers["cache-control"]
    assert "url(" not in css.text
    assert "prefers-color-scheme: dark" in css.text


async def test_a_wrong_password_is_told_without_saying_what_was_wrong(rig: Rig) -> None:
    """The name stays in its box, the password does not."""
    async with rig.visitor() as visitor:
        await rig.token("Ann")
        await visitor.get("/desk/sign-in")
        answer = await visitor.send("/desk/sign-in", name="Ann<b>", password="wrong one here")

        assert answer.status_code == 403
        assert "The name or the password is wrong" in visitor.page
        assert 'value="Ann&lt;b&gt;"' in visitor.page
        assert "wrong one here" not in visitor.page


async def test_too_many_tries_are_told_with_the_time_to_wait(rig: Rig) -> None:
    """In words, and for programs in a header."""
    async with rig.visitor() as visitor:
        await visitor.get("/desk/sign-in")
        for _ in range(5):
            answer = await visitor.send("/desk/sign-in", name="Ann", password="wrong one here")

        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "15"
        assert "Wait 15 seconds, then try again." in visitor.page


async def test_a_used_link_says_what_to_do(rig: Rig) -> None:
    """Ask for a new one."""
    async with rig.visitor() as visitor:
        path = f"/desk/join/{await rig.token('Ann')}"
        await visitor.get(path)
        fields = {"factor": visitor.field("factor"), "password": PASSWORD, "again": PASSWORD}
        code = rig.code(visitor.key())
        wrong = await visitor.send(path, **{**fields, "again": "x", "code": code})
        assert (wrong.status_code, "The two passwords differ." in visitor.page) == (422, True)
        assert visitor.field("factor") == fields["factor"], "the app need not be set up anew"
        assert (await visitor.send(path, **fields, code=code)).url.path == "/desk"

        over = await visitor.get(path)

        assert over.status_code == 410
        assert "Ask for a new one." in visitor.page


async def test_a_lead_adds_somebody_and_closes_the_account(rig: Rig) -> None:
    """The link is shown once; what was done is in the audit."""
    async with rig.visitor() as lead, rig.visitor("192.0.2.2") as new:
        account = await rig.signed_in(lead, "Lead", Role.LEAD)
        await lead.get("/desk/people")
        await lead.send("/desk/people/add", name="Bea", role="auditor")
        link = re.search(r'class="key">(http://127.0.0.1:8001/desk/join/[\w-]+)<', lead.page)
        assert link, lead.page
        assert (await new.get(link[1])).status_code == 200
        assert "Welcome, Bea" in new.page
        taken = await lead.send("/desk/people/add", name="bea", role="lead")
        assert (taken.status_code, "There is an account named bea" in lead.page) == (422, True)

        bea = next(one for one in await rig.desk.accounts.every() if one.name == "Bea")
        await lead.send("/desk/people/role", id=bea.id, role="advocate")
        assert "Bea is now advocate." in lead.page
        await lead.send("/desk/people/disable", id=bea.id)
        assert "account is closed." in lead.page
        assert (await new.get(link[1])).status_code == 410
        own = await lead.send("/desk/people/disable", id=account.id)
        assert (own.status_code, "Somebody else has to do this" in lead.page) == (422, True)

    done = [(row.actor, row.action) for row in await rig.entries() if row.object.startswith(bea.id)]
    assert done == [
        (account.id, Action.ACCOUNT_ADDED),
        (account.id, Action.LINK_GIVEN),
        (account.id, Action.ACCOUNT_ROLE),
        (account.id, Action.ACCOUNT_DISABLED),
    ]


async def test_an_auditor_sees_the_audit_and_checks_it(rig: Rig) -> None:
    """Nothing else; looking is noted, too."""
    async with rig.visitor() as auditor:
        await rig.join(auditor, "Ann", Role.AUDITOR)
        assert auditor.page.count("<h1>Audit</h1>") == 1
        assert "account.link_used" in auditor.page
        assert ">Queue<" not in auditor.page
        assert (await auditor.get("/desk")).status_code == 403
        await auditor.get("/desk/audit")
        await auditor.send("/desk/audit/verify")
        assert "Every entry is there and unchanged." in auditor.page

    assert (await rig.entries())[-1].action == Action.AUDIT_VIEWED


async def test_changing_password_and_phone(rig: Rig) -> None:
    """With the old password; and the other browser is out."""
    async with rig.visitor() as here, rig.visitor("192.0.2.2") as there:
        secret = await rig.join(here, "Ann")
        rig.clock.move(minutes=2)
        await rig.sign_in(there, "Ann", secret)
        await here.get("/desk/account")
        assert "Elsewhere, since" in here.page
        await here.send("/desk/account/end-others")
        assert "You are signed out everywhere else." in here.page
        assert (await there.get("/desk")).url.path == "/desk/sign-in"

        new = "another long password"
        bad = await here.send("/desk/account/password", old="no", new=new, again=new)
        assert (bad.status_code, "That is not your password." in here.page) == (422, True)
        await here.send("/desk/account/password", old=PASSWORD, new=new, again=new)
        assert "Changed." in here.page
        key, sealed = here.key(), here.field("factor")
        await here.send("/desk/account/factor", old=new, code=rig.code(key), factor=sealed)
        assert "Changed." in here.page
        rig.clock.move(minutes=2)
        await there.send("/desk/sign-in", name="Ann", password=new)
        assert (await there.send("/desk/code", code=rig.code(secret))).status_code == 403
        assert (await there.send("/desk/code", code=rig.code(key))).url.path == "/desk"


async def test_the_demonstration_prints_a_way_in_until_it_is_used(database: Database) -> None:
    """For the first advocate, without a phone; and says on each page what it is."""
    rig = await make_rig(database, demo=True)
    old = await first_link(rig.desk)
    token = await first_link(rig.desk)
    assert token
    assert token != old
    async with rig.visitor() as visitor:
        assert (await visitor.get(f"/desk/join/{old}")).status_code == 410
        await visitor.get(f"/desk/join/{token}")
        await visitor.send(f"/desk/join/{token}", password=PASSWORD, again=PASSWORD)
        assert "<h1>Queue</h1>" in visitor.page
        assert "Demonstration: nobody is on duty here" in visitor.page
        await visitor.send("/desk/sign-out")
        back = await visitor.send("/desk/sign-in", name="demo", password=PASSWORD)
        assert back.url.path == "/desk"

    assert await first_link(rig.desk) is None
    assert await first_link((await make_rig(database)).desk) is None


async def test_production_makes_no_account_by_itself(rig: Rig) -> None:
    """A way in that nobody asked for would be a way in for anybody."""
    assert await first_link(rig.desk) is None
    assert await rig.desk.accounts.every() == []


class _Away:
    """A database that cannot be reached."""

    async def read(self, _work: object) -> None:
        raise Away("test")

    write = read


async def test_without_its_database_the_desk_says_so(rig: Rig) -> None:
    """In a sentence, and 503."""
    async with rig.visitor() as visitor:
        await rig.signed_in(visitor, "Ann", Role.LEAD)
        rig.desk.sessions._database = _Away()  # type: ignore[assignment]
        answer = await visitor.get("/desk")

    assert answer.status_code == 503
    assert "cannot reach its database" in answer.text


async def test_a_damaged_audit_closes_the_desk(rig: Rig) -> None:
    """What cannot be noted is not done."""
    from sqlalchemy import text  # noqa: PLC0415 - here alone

    async with rig.visitor() as visitor:
        await rig.signed_in(visitor, "Ann", Role.ADVOCATE)
        spoil = text("UPDATE audit_marks SET seq = seq - 1 WHERE name = 'head'")
        await rig.database.write(lambda c: c.execute(spoil) and None)
        answer = await visitor.get("/desk")

    assert answer.status_code == 503
    assert "The audit is damaged" in answer.text
    assert "Queue" not in answer.text


async def test_health_and_metrics_stand_beside_the_desk(rig: Rig) -> None:
    """One address for all that is internal; what is nowhere else is nowhere."""

    async def seen() -> Seen:
        return Seen()

    app = internal_app(Inside(nothing_missing, dict, seen), whole_desk(rig.desk))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        visitor = Visitor(client)
        assert (await visitor.get("/health/ready")).json() == {"ready": True, "not_ready": {}}
        assert "alongside_not_ready 0.0" in (await visitor.get("/metrics")).text
        assert (await visitor.get("/desk")).url.path == "/desk/sign-in"
        assert (await visitor.get("/elsewhere")).status_code == 404
