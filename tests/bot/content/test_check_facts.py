"""Facts and cards: what is shown must be sure, of the right nation, in date, and enough."""

from datetime import UTC, datetime

import pytest

from tests.bot.content.responses import Responses
from tests.bot.content.test_check import AT, complaints


def test_another_nations_facts_are_told(responses: Responses) -> None:
    """A person in Scotland is not given Welsh numbers and English law."""
    responses.variant(
        "affirm",
        "affirm.scotland",
        "for: {nation: scotland}\ntext: '{law.ew_s2a} Or ring {citizens_advice_wales.phone}. "
        "{law.sc_s39} {operator.name}'",
    )
    at = "responses/topics/affirm.yml:8 affirm.scotland: "

    assert complaints(responses)[:2] == [
        (
            f"{at}'{{citizens_advice_wales.phone}}' is not for scotland, and this text is. "
            "Use the fact of that nation."
        ),
        f"{at}'{{law.ew_s2a}}' is not for scotland, and this text is. Use the fact of that nation.",
    ]


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("emergency", "You can go to a safe place.", "emergency_999"),
        ("emergency.now_yes", "You can go to a safe place.", "emergency_999"),
        ("cannot_speak", "Call {emergency_999.phone}.", "silent_solution_55"),
        ("suicide_self_harm", "Call {emergency_999.phone}.", "samaritans"),
        ("harm_to_others", "Ring {samaritans.phone}.", "emergency_999"),
    ],
)
def test_an_urgent_card_without_its_number_is_told(
    responses: Responses, name: str, text: str, missing: str
) -> None:
    """The card for danger always names the line it exists for."""
    responses.item(name, f"text: {text}\nkind: emergency")

    assert complaints(responses) == [
        (
            f"responses/topics/{name}.yml:5 {name}: 'text' does not show {missing}. "
            f"Add a placeholder such as {{{missing}.phone}}."
        )
    ]


def test_a_second_urgent_card_needs_its_number_too(responses: Responses) -> None:
    """The shorter wording of a card is a card."""
    responses.item("emergency", "text: Call {emergency_999.phone}.\nagain: You can call.")

    assert complaints(responses) == [
        (
            "responses/topics/emergency.yml:5 emergency: 'again' does not show emergency_999. "
            "Add a placeholder such as {emergency_999.phone}."
        )
    ]


def test_a_step_after_the_suicide_card_needs_999_only(responses: Responses) -> None:
    """Deeper steps need not repeat every line."""
    responses.item(
        "suicide_self_harm",
        "text: Call {emergency_999.phone} or {samaritans.phone}.\n"
        "buttons: [{title: Now, to: suicide_self_harm.now}]",
    )
    responses.item("suicide_self_harm.now", "text: You can call {emergency_999.phone} at once.")

    assert complaints(responses) == []


def test_an_urgent_card_is_reviewed_before_it_expires(responses: Responses) -> None:
    """Thirty days before, not the day after."""
    lines = "text: Call {emergency_999.phone}.\nkind: emergency\nreview_by: '2026-12-20'"
    responses.item("emergency", lines)

    assert complaints(responses) == [
        (
            "responses/topics/emergency.yml:5 emergency: this urgent card's review date 2026-12-20 "
            "is less than 30 days away. Have it read again, then set a later review_by."
        )
    ]


def test_no_source_and_no_review_are_told(responses: Responses) -> None:
    """A text nobody can check again."""
    responses.item("feelings", "text: You can write.", defaults="kind: advice")

    assert complaints(responses) == [
        (
            "responses/topics/feelings.yml:3 feelings: 'reviewed_on' or 'review_by' is missing. "
            "Add both, here or under _file."
        ),
        (
            "responses/topics/feelings.yml:3 feelings: there is no source. "
            "Add 'sources:', here or under _file."
        ),
    ]


def test_law_past_its_review_is_told(responses: Responses) -> None:
    """A statement of law is not shown for ever because the text around it was read again."""
    responses.item("feelings", "text: '{law.sc_s39}'\nreview_by: '2030-01-01'")
    found = complaints(responses, datetime(2029, 1, 1, tzinfo=UTC))

    assert (
        AT + "the law fact 'sc_s39' was due for review on 2027-05-24. "
        "Have it checked, then set its review_by." in found
    )


def test_a_rescue_card_needs_999_and_the_helpline_but_no_english(responses: Responses) -> None:
    """Reading age and English promises say nothing about a card in another language."""
    card = "tag: cy\nname: Cymraeg\nenglish_name: Welsh\ndrafted: machine\ntext: |\n  Ffoniwch {}."
    responses.write("languages/cy.yml", card.replace("{}", "{emergency_999.phone}"))

    assert complaints(responses) == [
        (
            "responses/languages/cy.yml:1 language.cy: 'text' does not show "
            "national_stalking_helpline. "
            "Add a placeholder such as {national_stalking_helpline.phone}."
        )
    ]


def test_a_number_in_other_digits_is_a_number(responses: Responses) -> None:
    """Arabic-Indic 999 is 999."""
    responses.write(
        "languages/ar.yml",
        "tag: ar\nname: العربية\nenglish_name: Arabic\ndrafted: machine\n"
        "text: ٩٩٩ {emergency_999.phone} {national_stalking_helpline.phone}\n",
    )

    assert complaints(responses) == [
        (
            "responses/languages/ar.yml:1 language.ar: the number 999 is typed in. "
            "Name it from the register, as in {emergency_999.phone}."
        )
    ]
