"""Who gets in, for how long, and what is remembered of it."""

from datetime import timedelta

from sqlalchemy import Connection, text

from bot.audit import NOBODY, Action, Outcome
from bot.staff.entry import NO_FACTOR, WRONG, WRONG_CODE, Entered
from bot.staff.joining import GONE, Joined, NotYet
from bot.staff.pace import Wait
from bot.staff.roles import Role
from bot.staff.sessions import Session, Stage
from bot.store.database import Database
from tests.desk_rig import PASSWORD, Rig, make_rig

HOME = "192.0.2.1"


async def joined(rig: Rig, name: str = "Ann", role: Role = Role.ADVOCATE) -> tuple[bytes, str]:
    """An account that used its link: the second factor's key and the cookie."""
    token = await rig.token(name, role)
    factor = rig.desk.joining.new_factor(token)
    done = await rig.desk.joining.join(
        token, PASSWORD, rig.code(factor.secret), factor.sealed, rig.clock()
    )
    assert isinstance(done, Joined)
    return factor.secret, done.cookie


async def session_of(rig: Rig, cookie: str) -> Session:
    """The session that this cookie stands for."""
    found = await rig.desk.sessions.find(cookie, rig.clock())
    assert found is not None
    return found


async def with_password(rig: Rig, name: str = "Ann", password: str = PASSWORD) -> object:
    """The first step."""
    return await rig.desk.sign_in.with_password(name, password, HOME, rig.clock())


async def half_in(rig: Rig, name: str = "Ann") -> Session:
    """After the first step."""
    done = await with_password(rig, name)
    assert isinstance(done, Entered)
    assert done.stage is Stage.SECOND
    return await session_of(rig, done.cookie)


async def test_a_link_works_once(rig: Rig) -> None:
    """Of two people who have it, one gets in."""
    token = await rig.token("Ann")
    factor = rig.desk.joining.new_factor(token)
    code = rig.code(factor.secret)

    first = await rig.desk.joining.join(token, PASSWORD, code, factor.sealed, rig.clock())
    second = await rig.desk.joining.join(token, PASSWORD, code, factor.sealed, rig.clock())

    assert isinstance(first, Joined)
    assert second == GONE
    assert await rig.desk.joining.look(token, rig.clock()) is None


async def test_a_link_ends_after_a_day_and_when_there_is_a_newer_one(rig: Rig) -> None:
    """An old message in a mailbox opens nothing."""
    token = await rig.token("Ann")
    newer = await rig.desk.accounts.give_link("ann", rig.clock(), "operator")
    assert await rig.desk.joining.look(token, rig.clock()) is None
    assert await rig.desk.joining.look(newer.token, rig.clock()) is not None

    rig.clock.move(hours=24)

    assert await rig.desk.joining.look(newer.token, rig.clock()) is None


async def test_looking_at_a_link_tells_nothing_of_the_key_that_is_set_up(rig: Rig) -> None:
    """Whoever saw the page before has seen another key, and its form is no use elsewhere."""
    token, other = await rig.token("Ann"), await rig.token("Bea")
    one, two = rig.desk.joining.new_factor(token), rig.desk.joining.new_factor(token)

    assert one.secret != two.secret
    assert rig.desk.joining.same_factor(token, one.sealed) == one
    assert rig.desk.joining.same_factor(other, one.sealed) is None
    assert rig.desk.joining.same_factor(token, "") is None


async def test_a_bad_password_or_code_leaves_the_link_good(rig: Rig) -> None:
    """A slip costs nothing."""
    token = await rig.token("Ann")
    factor = rig.desk.joining.new_factor(token)
    for password, code in (
        ("short", rig.code(factor.secret)),
        (PASSWORD, "000000"),
        (PASSWORD, ""),
    ):
        done = await rig.desk.joining.join(token, password, code, factor.sealed, rig.clock())
        assert isinstance(done, NotYet)

    assert await rig.desk.joining.look(token, rig.clock()) is not None


async def test_password_and_code_let_somebody_in(rig: Rig) -> None:
    """However the name is written; each step gives another cookie."""
    secret, first = await joined(rig)
    rig.clock.move(minutes=2)
    half = await half_in(rig, "  ANN ")

    done = await rig.desk.sign_in.with_code(half, rig.code(secret), HOME, rig.clock())

    assert isinstance(done, Entered)
    assert done.stage is Stage.FULL
    assert done.cookie != first
    assert (await session_of(rig, done.cookie)).stage is Stage.FULL
    again = await rig.desk.sign_in.with_code(half, rig.code(secret), HOME, rig.clock())
    assert again == WRONG, "the half-open session is gone"


async def test_a_code_works_once(rig: Rig) -> None:
    """Somebody who looked over a shoulder has half a minute, and nothing to use it for."""
    secret, _ = await joined(rig)
    code = rig.code(secret)  # it was used for joining

    done = await rig.desk.sign_in.with_code(await half_in(rig), code, HOME, rig.clock())

    assert done == WRONG_CODE


async def test_a_half_open_session_ends_after_five_minutes(rig: Rig) -> None:
    """The password alone does not lie about."""
    await joined(rig)
    done = await with_password(rig)
    assert isinstance(done, Entered)
    rig.clock.move(minutes=5)

    assert await rig.desk.sessions.find(done.cookie, rig.clock()) is None


async def test_unknown_and_closed_accounts_answer_like_a_wrong_password(
    rig: Rig,
) -> None:
    """Nobody finds out who works here."""
    await joined(rig, "Ann")
    await joined(rig, "Bea")
    await rig.desk.accounts.disable("Bea", rig.clock(), "operator")
    await rig.token("Cat")

    answers = [
        await with_password(rig, "Ann", "something else"),
        await with_password(rig, "Bea"),
        await with_password(rig, "Cat"),
        await with_password(rig, "Nobody"),
    ]

    assert answers == [WRONG] * 4


async def test_unknown_names_are_slowed_down_alike(rig: Rig) -> None:
    """Or the delay would tell."""
    await joined(rig, "Ann")
    answers: dict[str, list[type]] = {}
    for name in ("Ann", "Nobody"):
        answers[name] = [type(await with_password(rig, name, "wrong one here")) for _ in range(5)]

    assert answers["Ann"] == answers["Nobody"]
    assert answers["Ann"][-1] is Wait


async def test_while_it_is_slowed_down_the_right_password_is_not_looked_at(rig: Rig) -> None:
    """A guess that hits is not told apart until the wait is over."""
    await joined(rig)
    for _ in range(4):
        await with_password(rig, password="wrong one here")

    assert isinstance(await with_password(rig), Wait)
    rig.clock.move(seconds=16)
    assert isinstance(await with_password(rig), Entered)


async def test_codes_are_slowed_down_too(rig: Rig) -> None:
    """A million codes are soon tried."""
    await joined(rig)
    half = await half_in(rig)
    answers = [
        await rig.desk.sign_in.with_code(half, "000000", HOME, rig.clock()) for _ in range(6)
    ]

    assert [isinstance(answer, Wait) for answer in answers] == [False] * 4 + [True] * 2


async def test_a_session_ends_after_half_an_hour_unused_and_after_twelve_hours(rig: Rig) -> None:
    """A page that asks by itself does not count as use."""
    _, cookie = await joined(rig)
    find = rig.desk.sessions.find
    for _ in range(3):
        rig.clock.move(minutes=25)
        assert await find(cookie, rig.clock()) is not None
    rig.clock.move(minutes=25)
    assert await find(cookie, rig.clock(), used=False) is not None
    rig.clock.move(minutes=6)
    assert await find(cookie, rig.clock()) is None

    _, other = await joined(rig, "Bea")
    for _ in range(28):
        rig.clock.move(minutes=25)
        assert await find(other, rig.clock()) is not None
    rig.clock.move(minutes=21)
    assert await find(other, rig.clock()) is None


async def test_closing_an_account_ends_its_sessions_at_once(rig: Rig) -> None:
    """Somebody who left is out with the next click."""
    _, cookie = await joined(rig)

    await rig.desk.accounts.disable("Ann", rig.clock(), "operator")

    assert await rig.desk.sessions.find(cookie, rig.clock()) is None


async def test_another_role_ends_the_sessions_of_the_old_one(rig: Rig) -> None:
    """No page opened as a lead works on as an advocate's."""
    _, cookie = await joined(rig, role=Role.LEAD)

    changed = await rig.desk.accounts.set_role("Ann", Role.AUDITOR, rig.clock(), "operator")

    assert changed.role is Role.AUDITOR
    assert await rig.desk.sessions.find(cookie, rig.clock()) is None


async def test_a_new_link_replaces_password_and_phone(rig: Rig) -> None:
    """A lost phone is of no use to whoever finds it."""
    old, cookie = await joined(rig)
    made = await rig.desk.accounts.give_link("Ann", rig.clock(), "operator")
    assert await rig.desk.sessions.find(cookie, rig.clock()) is None
    factor = rig.desk.joining.new_factor(made.token)
    other = "another long password"
    done = await rig.desk.joining.join(
        made.token, other, rig.code(factor.secret), factor.sealed, rig.clock()
    )
    assert isinstance(done, Joined)
    rig.clock.move(minutes=2)

    assert await with_password(rig) == WRONG
    entered = await with_password(rig, password=other)
    assert isinstance(entered, Entered)
    half = await session_of(rig, entered.cookie)
    assert await rig.desk.sign_in.with_code(half, rig.code(old), HOME, rig.clock()) == WRONG_CODE


async def test_changing_the_password_ends_every_other_session(rig: Rig) -> None:
    """And takes the old password."""
    _, cookie = await joined(rig)
    session = await session_of(rig, cookie)
    change = rig.desk.sign_in.change_password
    new = "another long password"

    refused = await change(session, "not the old one", new, HOME, rig.clock())
    assert isinstance(refused, NotYet)
    done = await change(session, PASSWORD, new, HOME, rig.clock())

    assert isinstance(done, Entered)
    assert await rig.desk.sessions.find(cookie, rig.clock()) is None
    assert await rig.desk.sessions.find(done.cookie, rig.clock()) is not None


async def test_in_production_a_password_alone_never_lets_in(database: Database) -> None:
    """An account made in a demonstration has no second factor, and sets none up by itself."""
    demo = await make_rig(database, demo=True)
    token = await demo.token("Ann")
    assert isinstance(await demo.desk.joining.join(token, PASSWORD, "", "", demo.clock()), Joined)
    entered = await with_password(demo)
    assert isinstance(entered, Entered)
    assert entered.stage is Stage.FULL

    assert await with_password(await make_rig(database)) == NO_FACTOR


async def test_what_is_noted_of_signing_in(rig: Rig) -> None:
    """Who, when and what; a try that failed is nobody's, and names nobody who is not there."""
    secret, cookie = await joined(rig)
    await rig.desk.sessions.end(await session_of(rig, cookie), rig.clock())
    await with_password(rig, password="wrong one here")
    await with_password(rig, "somebody else")
    rig.clock.move(minutes=2)
    half = await half_in(rig)
    await rig.desk.sign_in.with_code(half, rig.code(secret), HOME, rig.clock())
    ann = (await rig.desk.accounts.every())[0].id

    found = [(row.actor, row.action, row.object, row.outcome) for row in await rig.entries()]

    assert found == [
        ("operator", Action.ACCOUNT_ADDED, ann, Outcome.DONE),
        ("operator", Action.LINK_GIVEN, ann, Outcome.DONE),
        (ann, Action.LINK_USED, ann, Outcome.DONE),
        (ann, Action.PASSWORD_SET, ann, Outcome.DONE),
        (ann, Action.FACTOR_SET, ann, Outcome.DONE),
        (ann, Action.SIGNED_IN, ann, Outcome.DONE),
        (ann, Action.SIGNED_OUT, ann, Outcome.DONE),
        (NOBODY, Action.PASSWORD_TRIED, ann, Outcome.REFUSED),
        (NOBODY, Action.PASSWORD_TRIED, "", Outcome.REFUSED),
        (ann, Action.PASSWORD_TRIED, ann, Outcome.DONE),
        (ann, Action.SIGNED_IN, ann, Outcome.DONE),
    ]
    assert await rig.database.read(rig.desk.audit.find_faults) == []


async def test_no_secret_is_kept_as_it_is(rig: Rig) -> None:
    """Neither password, key, cookie nor link: only hashes and what is sealed."""
    token = await rig.token("Bea")
    secret, cookie = await joined(rig)
    tables = ("staff_accounts", "staff_links", "staff_sessions", "staff_attempts", "audit")

    def everything(connection: Connection) -> str:
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables]
        return repr(rows)

    kept = await rig.database.read(everything)

    assert "Ann" in kept, "the tables are being looked at"
    for one in (PASSWORD, token, cookie, repr(secret)[2:-1]):
        assert one not in kept


async def test_tidying_up_takes_what_is_over_and_nothing_else(rig: Rig) -> None:
    """Sessions that ended, links that nobody used, tries of yesterday."""
    from bot.staff.upkeep import tidy_up  # noqa: PLC0415 - here alone

    await rig.token("Bea")
    _, cookie = await joined(rig)
    await with_password(rig, "Nobody")
    rig.clock.move(minutes=20)
    assert await rig.desk.sessions.find(cookie, rig.clock()) is not None
    counts = await tidy_up(rig.database, rig.desk.audit, rig.clock())
    assert counts == {"staff_sessions": 0, "staff_links": 0, "audit": 0}

    rig.clock.at += timedelta(hours=25)

    counts = await tidy_up(rig.database, rig.desk.audit, rig.clock())
    assert counts == {"staff_sessions": 1, "staff_links": 4, "audit": 0}
