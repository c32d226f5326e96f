"""Everybody gets an answer written for them and where they live; the table shows who does not."""

from pathlib import Path

import pytest

from bot.actions import NATIONS, ROLES
from bot.content.coverage import BY_NATION, TOLD_APART, Row, coverage
from bot.content.coverage_words import table
from bot.content.load import Content, load_content, read_intents
from tests.bot.content.responses import Responses
from tests.bot.content.test_check import complaints


def row(folder: Path, intent: str, role: str, nation: str | None) -> Row:
    found = coverage(load_content(folder))
    return next(r for r in found if (r.intent, r.role, r.nation) == (intent, role, nation))


def test_every_intent_role_and_nation_has_a_row(real: Content) -> None:
    """Nobody is left out of the table: four nations, and not known."""
    assert len(coverage(real)) == len(read_intents()) * len(ROLES) * (len(NATIONS) + 1)


def test_the_content_that_is_served_has_no_hole(real: Content) -> None:
    """Every intent, for the three roles, in the four nations."""
    assert [f"{r.intent} {r.role} {r.nation}: {r.hole}" for r in coverage(real) if r.hole] == []


def test_what_must_be_told_apart_is(real: Content) -> None:
    """A friend, and whoever is worried about their own behaviour, never gets the victim's words."""
    apart = [r for r in coverage(real) if r.group in TOLD_APART and r.role != "victim"]

    assert len(apart) == 2 * 5 * sum(g in TOLD_APART for g in read_intents().values())
    assert all(r.own for r in apart)


def test_the_intents_that_differ_by_nation_are_intents() -> None:
    """A misspelt name would ask for nothing."""
    assert set(read_intents()) >= BY_NATION


def test_an_own_variant_is_told_from_an_inherited_one(responses: Responses) -> None:
    """The editor sees which words a friend gets, and where a nation's words are."""
    supporter = row(responses.root, "court", "supporter", "wales")
    nobody_special = row(responses.root, "thanks", "supporter", None)

    assert (supporter.item, supporter.own, supporter.via) == (
        "court.for_supporter",
        True,
        "near.wales",
    )
    assert (nobody_special.item, nobody_special.own) == ("thanks", False)


@pytest.mark.parametrize(
    ("role", "hole"),
    [
        ("supporter", "a supporter gets the words written for the victim"),
        (
            "own",
            "somebody worried about their own behaviour gets the words written for the victim",
        ),
    ],
)
def test_a_missing_variant_is_a_hole_and_a_fault(
    responses: Responses, role: str, hole: str
) -> None:
    """It is told once for the role, with the entry's line."""
    text = (responses.root / "topics/roles.yml").read_text()
    start = text.index(f"evidence.for_{role}:")
    end = text.find("\n", text.index("sources:", start)) + 1
    responses.write("topics/roles.yml", text[:start] + text[end:])

    assert row(responses.root, "evidence", role, "wales").hole == hole
    assert complaints(responses) == [
        (
            f"responses/topics/evidence.yml:5 evidence: 'evidence' for {role}: {hole}. "
            "Write a variant, or add a button that leads to one."
        )
    ]


def test_nothing_for_a_nation_is_a_fault(responses: Responses) -> None:
    """The helpline's answer leads nowhere that knows Scotland or asks where the person lives."""
    responses.item("helpline", "text: You can ring somebody.")
    told = complaints(responses)

    assert len(told) == 3  # for each role: none of them has words of its own
    assert told[0] == (
        "responses/topics/helpline.yml:5 helpline: 'helpline' for own: "
        "no button asks where the person lives, here or one tap further, "
        "and there is nothing for england, here or one tap further, "
        "and there is nothing for wales, here or one tap further, "
        "and there is nothing for scotland, here or one tap further, "
        "and there is nothing for northern_ireland, here or one tap further. "
        "Write a variant, or add a button that leads to one."
    )


def test_a_button_that_everything_has_covers_no_nation(responses: Responses) -> None:
    """That Wales has a helpline does not make the answer about complaints one for Wales."""
    responses.variant("helpline", "helpline.wales", "for: {nation: wales}\ntext: You can ring.")
    responses.item(
        "other_services",
        "text: You can look.\nbuttons: [{title: Lines, to: 'ask:helpline'}]",
    )

    assert row(responses.root, "other_services", "victim", "wales").via is None
    assert row(responses.root, "other_services", "victim", "wales").hole is not None


def test_an_unanswered_intent_is_a_hole(responses: Responses) -> None:
    """No item at all: the table says so instead of failing."""
    (responses.root / "topics/thanks.yml").unlink()
    found = row(responses.root, "thanks", "victim", None)

    assert (found.item, found.hole) == (None, "nobody wrote an answer to 'thanks'")


def test_the_table_has_a_line_for_each_kind_of_person(responses: Responses) -> None:
    """And ends with the holes, one a line."""
    (responses.root / "topics/thanks.yml").unlink()
    lines = list(table(coverage(load_content(responses.root))))

    assert lines[0].split() == ["intent", "role", "not", "known", *NATIONS]
    assert any(line.split() == ["court", "victim", "=", "=", "+near", *['"'] * 3] for line in lines)
    assert any(line.startswith("thanks ") and "!" in line for line in lines)
    assert "! thanks (victim, nation not known): nobody wrote an answer to 'thanks'" in lines
    assert lines[-16] == f"{len(read_intents()) * 15} cells, 15 holes"


OWN = "responses/topics/accused.yml:5 accused: "


@pytest.mark.parametrize(
    "words",
    [
        "You could write them a last letter.",
        "A friend can find out where they live.",
        "Tell us how to win her back.",
        "You might explain to them what you felt.",
        "Get somebody to talk to him.",
    ],
)
def test_nobody_who_follows_a_person_is_helped_to_reach_them(
    responses: Responses, words: str
) -> None:
    """In the answers to people worried about their own behaviour."""
    responses.item("accused", f"text: {words}")
    told = complaints(responses)

    assert all(line.startswith(OWN) for line in told)
    assert any("helps to reach the other person. Say how to stop" in line for line in told)


def test_telling_somebody_not_to_write_is_fine(responses: Responses) -> None:
    """To advise against it is what these texts are for."""
    responses.item("accused", "text: Don't write to them. Stop, and go home.")

    assert complaints(responses) == []


def test_a_button_to_the_victims_plan_is_told(responses: Responses) -> None:
    """Whoever follows a person must not read what that person is told about trackers."""
    responses.item(
        "tracking_device",
        "text: You can look.\nbuttons: [{title: More, to: tracking_device.where}]",
    )
    responses.item("tracking_device.where", "text: You can look under the seat.")
    responses.item(
        "accused", "text: You can stop.\nbuttons: [{title: Trackers, to: tracking_device.where}]"
    )

    assert complaints(responses) == [
        OWN + "the button 'Trackers' shows the victim's words, tracking_device.where. "
        "Lead elsewhere, or write a variant for own."
    ]
