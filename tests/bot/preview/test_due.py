"""What must be read again, and when."""

from datetime import date

from bot.content.load import load_content
from bot.content.signoff import subjects
from bot.preview.due import When, due
from tests.bot.content.responses import Responses
from tests.bot.preview.conftest import desk

TODAY = date(2026, 11, 25)


def with_review(responses: Responses, name: str, by: str) -> None:
    defaults = f"sources: [advice.yml]\n  reviewed_on: '2026-01-01'\n  review_by: '{by}'"
    responses.item(name, "text: You can be afraid.", defaults=defaults)


def test_the_earliest_comes_first_and_the_far_ones_are_left_out(responses: Responses) -> None:
    """Over, within a month, within three; what is further away disturbs nobody."""
    for name, by in (
        ("feelings", "2026-11-24"),
        ("how_dangerous", "2026-12-24"),
        ("why_people_stalk", "2027-02-22"),
        ("is_this_stalking", "2027-03-01"),
    ):
        with_review(responses, name, by)
    found = [(e.name, e.when) for e in due(load_content(responses.root), TODAY)]
    texts = [one for one in found if ":" not in one[0]]
    assert texts == [
        ("feelings", When.PAST),
        ("how_dangerous", When.SOON),
        ("why_people_stalk", When.LATER),
    ]


def test_a_law_is_due_only_where_a_text_shows_it(responses: Responses) -> None:
    """A statement that nobody reads can wait; one that people read names the texts."""
    responses.item("feelings", "text: 'It is a crime. {law.ew_s2a}'")
    far = date(2030, 1, 1)
    laws = {e.name: e.shown_by for e in due(load_content(responses.root), far) if ":" in e.name}
    assert laws == {"law:ew_s2a": ("feelings",)}


def test_an_approval_that_runs_out_is_due(responses: Responses) -> None:
    """A number rung half a year ago is rung again."""
    version = subjects(load_content(responses.root))["service:samaritans"].version
    line = f"{{version: '{version}', role: 'the duty manager', on: '2026-05-20'}}"
    responses.write("signoff.yml", f"approvals:\n  'service:samaritans': {line}\n")
    found = {e.name: e for e in due(load_content(responses.root), TODAY)}
    assert found["service:samaritans"].when is When.PAST
    assert "the duty manager" in found["service:samaritans"].why


async def test_the_list_can_be_seen_from_another_day(responses: Responses) -> None:
    """Before a holiday an editor looks ahead."""
    with_review(responses, "feelings", "2027-05-24")
    async with desk(responses.root) as client:
        assert "/item/feelings" not in (await client.get("/due")).text
        later = (await client.get("/due?at=2027-06-01T09:00")).text
    assert "/item/feelings" in later
    assert "Past its date" in later
