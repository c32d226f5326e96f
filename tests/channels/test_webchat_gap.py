"""The page after a long silence: perhaps somebody else holds the phone."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.channels.web_fakes import HeldPipe
from tests.channels.web_pages import browser_on, page_of, say

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SAID = "he waits at my bus stop"


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


async def talked(watch: Watch) -> httpx.AsyncClient:
    """A browser in which something was said at noon."""
    client = browser_on(page_of(HeldPipe(), clock=watch))
    await say(client, SAID)
    assert SAID in (await client.get("/")).text
    return client


@pytest.mark.parametrize(("minutes", "shown"), [(59, True), (61, False), (1300, False)])
async def test_after_an_hour_the_page_shows_nothing_of_it(minutes: int, *, shown: bool) -> None:
    """Neither the words nor the answer nor its choices; only a link that says nothing."""
    watch = Watch()
    client = await talked(watch)
    watch.now += timedelta(minutes=minutes)
    html = (await client.get("/")).text

    assert (SAID in html) is shown
    assert ('value="menu"' in html) is shown
    assert ("Show what was here before" in html) is not shown


async def test_it_is_there_again_for_whoever_asks() -> None:
    """And stays so while they write on."""
    watch = Watch()
    client = await talked(watch)
    watch.now += timedelta(hours=2)

    assert SAID in (await client.get("/?earlier=1")).text
    look = await client.get("/lines?after=0&wait=0&earlier=1")
    assert SAID in look.json()["lines"]


async def test_what_is_said_next_is_shown_and_the_rest_stays_hidden() -> None:
    """A new message does not open the old ones."""
    watch = Watch()
    client = await talked(watch)
    watch.now += timedelta(hours=2)
    await say(client, "hello again")
    html = (await client.get("/")).text

    assert "hello again" in html
    assert SAID not in html


async def test_a_page_left_open_is_told_to_drop_the_old_lines() -> None:
    """The script removes what stands before `oldest`, and gets nothing old again."""
    watch = Watch()
    client = await talked(watch)
    watch.now += timedelta(hours=2)
    data = (await client.get("/lines?after=0&wait=0")).json()

    assert data["lines"].strip() == ""
    assert data["oldest"] > 2
