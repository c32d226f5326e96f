"""What an editor sees of a text."""

import re
import shutil
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.content.load import Content, load_content
from bot.content.signoff import subjects
from tests.bot.content.conftest import real
from tests.bot.content.responses import REAL, Responses
from tests.bot.preview.conftest import desk

__all__ = ["real"]

ADVICE = """\
text: |
  Three gyms, and he finds each one.
  Ring {national_stalking_helpline.phone}. It is {national_stalking_helpline.open}.
again: |
  Keep the record where he can't see it.
buttons:
  - {title: Keeping a record, to: menu}
  - {title: Where I live, to: 'question:nation'}
  - {title: I'm in Wales, to: 'set:nation:wales'}
  - {title: Helplines, to: 'ask:helpline'}
"""


FRIEND = "for: {role: supporter}\ntext: Believe your friend."
SCOT = "for: {nation: scotland}\ntext: In Scotland."


def screen(html: str, channel: str, *, nth: int = 0) -> str:
    """The part of an item's page that shows one channel's screen; 0: the first time."""
    parts = re.findall(rf"<h3>{channel}</h3>(.*?)</section>", html, re.DOTALL)
    return str(parts[nth])


def titles(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r'<button name="to"[^>]*>([^<]*)<', html)]


async def page(client: httpx.AsyncClient, path: str) -> str:
    answer = await client.get(path)
    assert answer.status_code == 200, path
    return answer.text


async def test_every_text_that_is_served_has_its_page(real: Content, tmp_path: Path) -> None:
    """No text of ours, in any language or for any role, breaks its page or any list."""
    shutil.copytree(REAL, tmp_path / "responses")
    async with desk(tmp_path / "responses") as client:
        for path in ("/", "/changed", "/due", "/coverage", "/search?q=police"):
            await page(client, path)
        for name in {item.where.partition(":")[0] for item in real.library.items}:
            await page(client, f"/file/{name}")
        for item in real.library.items:
            html = await page(client, f"/item/{item.id}")
            assert html.count('class="phone') >= 3, item.id


async def test_a_text_stands_on_three_channels(responses: Responses) -> None:
    """The same words with the number and the hours in them, and how many characters they have."""
    responses.item("followed_or_watched", ADVICE)
    async with desk(responses.root) as client:
        html = await page(client, "/item/followed_or_watched")
    for channel in ("Web", "Telegram", "WhatsApp"):
        assert "0808 802 0300" in screen(html, channel)
        assert "open now until" in screen(html, channel)
        assert "Keep the record where he can" in screen(html, channel, nth=1)
    assert re.search(r"\d+ of 600 characters", html)
    assert "National Stalking Helpline" in html


async def test_buttons_look_as_on_each_channel(responses: Responses) -> None:
    """Four: one below the other on Telegram, a list on WhatsApp. Three: WhatsApp's own buttons."""
    responses.item("followed_or_watched", ADVICE)
    responses.item("feelings", ADVICE[: ADVICE.rindex("  - {title: Helplines")])
    four = ["Keeping a record", "Where I live", "I'm in Wales", "Helplines"]
    async with desk(responses.root) as client:
        html = await page(client, "/item/followed_or_watched")
        three = await page(client, "/item/feelings")
    for channel in ("Web", "Telegram", "WhatsApp"):
        assert titles(screen(html, channel)) == four
        assert titles(screen(three, channel)) == four[:3]
    assert 'class="list"' in screen(html, "WhatsApp")
    assert 'class="replies"' in screen(three, "WhatsApp")


@pytest.mark.parametrize(
    ("button", "to"),
    [
        ("menu", "/item/menu?role=own"),
        ("ask:helpline", "/item/helpline?role=own"),
        ("question:nation", "/item/question.nation?role=own"),
        ("set:nation:wales", "/item/feelings?role=own&nation=wales"),
        ("now:yes", "/item/emergency.now_yes?role=own"),
        ("erase:no", "/item/erase.kept?role=own"),
        ("none", "/item/none_of_these?role=own"),
    ],
)
async def test_a_button_leads_where_it_leads_people(
    responses: Responses, button: str, to: str
) -> None:
    """A tap shows the next text for the same person; one that sets a fact, this text for it."""
    async with desk(responses.root) as client:
        answer = await client.get("/tap", params={"to": button, "here": "feelings", "role": "own"})
    assert (answer.status_code, answer.headers["location"]) == (303, to)


async def test_a_tap_never_leads_to_another_site(responses: Responses) -> None:
    """An address that somebody sends an editor stays on this machine."""
    async with desk(responses.root) as client:
        for here in ("//example.org", "https://example.org", "", "a b"):
            answer = await client.get("/tap", params={"to": "nothing", "here": here})
            assert answer.status_code == 404


async def test_each_person_gets_their_own_wording(responses: Responses) -> None:
    """A friend's and a Scottish person's page show what they would get, and so do the variants'."""
    responses.item("feelings", "text: You can be afraid.")
    responses.variant("feelings", "feelings.supporter", FRIEND)
    responses.variant(
        "feelings", "feelings.scotland", "for: {nation: scotland}\ntext: In Scotland."
    )
    async with desk(responses.root) as client:
        assert "You can be afraid." in screen(await page(client, "/item/feelings"), "Web")
        friend = await page(client, "/item/feelings?role=supporter")
        assert "Believe your friend." in screen(friend, "Telegram")
        assert "In Scotland." in screen(await page(client, "/item/feelings?nation=scotland"), "Web")
        variant = await page(client, "/item/feelings.scotland")
        assert "In Scotland." in screen(variant, "WhatsApp")
        assert "/item/feelings?role=own&amp;nation=scotland" in variant
        nonsense = await page(client, "/item/feelings?role=king&nation=france&at=soon")
        assert "You can be afraid." in screen(nonsense, "Web")


async def test_hours_are_those_of_the_time_chosen(responses: Responses) -> None:
    """At night the helpline is shut, and the page of that time says when it opens."""
    responses.item("followed_or_watched", ADVICE)
    async with desk(responses.root) as client:
        night = await page(client, "/item/followed_or_watched?at=2026-11-25T03:00")
        summer = await page(client, "/item/followed_or_watched?at=2027-07-07T09:31")
    assert "opens today at 9.30am" in screen(night, "Web")
    assert "open now until" in screen(summer, "Web")  # the time is London's, in summer too
    assert 'value="2026-11-25T03:00"' in night


async def test_complaints_stand_with_the_text_they_are_about(responses: Responses) -> None:
    """What `bot check` says of a text is on its page, counted in the lists, and not elsewhere."""
    responses.item("feelings", "text: You can be afraid!")
    async with desk(responses.root) as client:
        assert "there is an exclamation mark" in await page(client, "/item/feelings")
        assert "there is an exclamation mark" not in await page(client, "/item/menu")
        assert "1 complaint<" in await page(client, "/file/responses/topics/feelings.yml")


async def test_a_fault_of_a_fact_stands_with_the_texts_that_show_it(responses: Responses) -> None:
    """A register entry that does not add up is seen where it is used."""
    responses.change("register/services.yml", "dial: '116123'", "dial: '116124'")
    async with desk(responses.root) as client:
        assert "differs from the number" in await page(client, "/item/suicide_self_harm")
        assert "differs from the number" not in await page(client, "/item/feelings")


async def test_an_approval_is_seen_and_so_is_its_end(responses: Responses) -> None:
    """Draft, approved, changed since: in words, on the text's page."""
    async with desk(responses.root) as client:
        assert "draft: nobody has approved it" in await page(client, "/item/feelings")
        version = subjects(load_content(responses.root))["feelings"].version
        line = f"{{version: '{version}', role: 'the stalking lead', on: '2026-11-20'}}"
        responses.write("signoff.yml", f"approvals:\n  feelings: {line}\n")
        assert "approved by the stalking lead on 2026-11-20" in await page(client, "/item/feelings")
        responses.item("feelings", "text: Other words than those that were approved.")
        assert "changed since the stalking lead approved it" in await page(client, "/item/feelings")
        assert "Changed since it was approved" in await page(client, "/due")


async def test_search_finds_words_numbers_and_phrases(responses: Responses) -> None:
    """Every word must be there, in any order and case; quotes keep words together."""
    responses.item("followed_or_watched", ADVICE)
    found = "/item/followed_or_watched"
    async with desk(responses.root) as client:
        for query in (
            "GYMS three",
            "0808 802 0300",
            '"finds each one"',
            "he can’t",
            "ask:helpline",
        ):
            html = (await client.get("/search", params={"q": query})).text
            assert found in html, query
            assert "<mark>" in html
        for query in ("gyms four", '"each finds"', "", "   ", '"'):
            assert found not in (await client.get("/search", params={"q": query})).text, query


async def test_what_is_searched_for_is_never_run(responses: Responses) -> None:
    """Markup in a query or a text is shown as it was typed."""
    responses.item("feelings", "text: 'You can <b>be</b> afraid.'")
    async with desk(responses.root) as client:
        html = (await client.get("/search", params={"q": "<b>be</b>"})).text
        shown = await page(client, "/item/feelings")
    assert "<b>be" not in html
    assert "<b>be" not in shown
    assert "&lt;b&gt;be" in shown


async def test_nothing_for_what_is_not_there(responses: Responses) -> None:
    """A renamed text says so, with a way on."""
    async with desk(responses.root) as client:
        for path in ("/item/nix", "/file/responses/topics/nix.yml"):
            answer = await client.get(path)
            assert answer.status_code == 404
            assert "There is no such text" in answer.text


async def test_only_this_machine_is_answered(responses: Responses) -> None:
    """A site that has its own name point here reads nothing, and nothing foreign is loaded."""
    async with desk(responses.root) as client:
        assert (await client.get("/", headers={"Host": "evil.example"})).status_code == 400
        answer = await client.get("/")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert (await client.post("/")).status_code == 405


async def test_coverage_names_the_holes(responses: Responses) -> None:
    """A text of one's own role is told from one that is for all, and what is missing is listed."""
    responses.variant("feelings", "feelings.supporter", FRIEND)
    responses.write("topics/roles.yml", "# nobody else has a wording of their own\n")
    async with desk(responses.root) as client:
        html = await page(client, "/coverage")
    assert '<a href="/item/feelings?role=supporter">own wording</a>' in html
    assert '<a href="/item/feelings?role=victim">for all</a>' in html
    assert "a supporter gets the words written for the victim" in html
    assert '<a href="/item/threats">threats</a>' in html
