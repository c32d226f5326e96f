"""Each kind of fault, made in a sound folder, is told with its place and what to do."""

from datetime import UTC, datetime

import pytest

from bot.content import reading_age
from bot.content.check import check_content
from tests.bot.content.responses import Responses

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def complaints(responses: Responses, now: datetime = NOW) -> list[str]:
    return [str(problem) for problem in check_content(responses.root, now)]


def test_sound_content_has_no_fault(responses: Responses) -> None:
    """An editor who did everything right is not told off."""
    assert complaints(responses) == []


AT = "responses/topics/evidence.yml:5 evidence: "
ITEMS = {
    "a typed emergency number": (
        "text: Call 999 now.",
        "the number 999 is typed in. Name it from the register, as in {emergency_999.phone}.",
    ),
    "a typed short number that can also be something else": (
        "text: You can ring 101 at any time.",
        "the number 101 is typed in. Name it from the register, as in {emergency_999.phone}.",
    ),
    "a typed key": (
        "text: Listen and press 55 when asked.",
        "the number 55 is typed in. Name it from the register, as in {emergency_999.phone}.",
    ),
    "a typed text number": (
        "text: You can text 85258 too.",
        "the number 85258 is typed in. Name it from the register, as in {emergency_999.phone}.",
    ),
    "a typed long number": (
        "text: Ring 0808 802 0300 today.",
        (
            "the number 0808 802 0300 is typed in. "
            "Name it from the register, as in {emergency_999.phone}."
        ),
    ),
    "a typed link": (
        "text: See www.example.org for more.",
        "the link or address 'www.' is typed in. Name it from the register, as in {samaritans.url}.",
    ),
    "a typed address": (
        "text: Write to help@example.org today.",
        (
            "the link or address 'help@example.org' is typed in. "
            "Name it from the register, as in {samaritans.url}."
        ),
    ),
    "a promise": (
        "text: This chat is completely anonymous.",
        "'completely anonymous' is a promise we can't keep. Say what is true.",
    ),
    "a promise that says no itself": (
        "text: Nobody will find out.",
        "'Nobody will find out' is a promise we can't keep. Say what is true.",
    ),
    "a promise with another apostrophe": (
        "text: You’ll be fine.",
        "'You'll be fine' is a promise we can't keep. Say what is true.",
    ),
    "blame": (
        "text: You should have gone to the police.",
        "'You should have' can be read as blame or as a verdict. Say what could help from now on.",
    ),
    "a verdict": (
        "text: You are overreacting.",
        "'overreacting' can be read as blame or as a verdict. Say what could help from now on.",
    ),
    "cheer": (
        "text: You can do it!",
        "there is an exclamation mark. Use a full stop.",
    ),
    "an emoji": ("text: You can do it 🙂", "there is an emoji. Say it in words."),
    "markup": ("text: You can **do** it.", "there is markup ('**'). Write plain text."),
    "a hidden character": (
        "text: You can\u200b do it.",
        "there is a character that nobody sees. Type the line again.",
    ),
    "a long bubble": (
        "text: " + "You can do it. " * 45,
        (
            "a bubble of 'text' has 674 characters, 600 is the most. "
            "Shorten it, or make it two bubbles."
        ),
    ),
    "too many bubbles": (
        "text: [You can., You do., You go., You see.]",
        "'text' has 4 bubbles, 3 is the most. Move some of it to another entry.",
    ),
    "a long title": (
        "title: What you can write down\ntext: You can write.",
        "the title 'What you can write down' has 23 characters, 20 is the most. Shorten it.",
    ),
    "a placeholder in a title": (
        "title: '{samaritans.name}'\ntext: You can write.",
        "the title '{samaritans.name}' has a placeholder. Use plain words.",
    ),
    "hard words": (
        (
            "text: Contemporaneous documentation facilitates considerably improved "
            "evidential opportunities regarding subsequent criminal proceedings, irrespective of jurisdictional considerations."
        ),
        "the reading age is 39.0, 11 is the most. Use shorter sentences and shorter words.",
    ),
    "a lost button": (
        "text: You can write.\nbuttons: [{title: More, to: nowhere.at_all}]",
        (
            "the button 'More' leads nowhere: there is no entry 'nowhere.at_all'. "
            "Name an entry, or an action such as ask:helpline."
        ),
    ),
    "a button to an unknown intent": (
        "text: You can write.\nbuttons: [{title: More, to: 'ask:weather'}]",
        (
            "the button 'More' leads nowhere: there is no intent 'weather'. "
            "Name an entry, or an action such as ask:helpline."
        ),
    ),
    "a button with an unknown action": (
        "text: You can write.\nbuttons: [{title: More, to: 'jump:high'}]",
        (
            "the button 'More' leads nowhere: 'jump:high' is neither an id nor an action. "
            "Name an entry, or an action such as ask:helpline."
        ),
    ),
    "two buttons alike": (
        "text: You can write.\nbuttons: [{title: More, to: court}, {title: More, to: helpline}]",
        "two buttons say 'More'. Change one of them.",
    ),
    "two buttons to one place": (
        "text: You can write.\nbuttons: [{title: More, to: court}, {title: Less, to: court}]",
        "two buttons lead to 'court'. Remove one of them.",
    ),
    "many buttons": (
        "text: You can write.\nbuttons:\n"
        + "\n".join(
            f"  - {{title: '{to}', to: {to}}}"
            for to in [
                "court",
                "helpline",
                "advocate",
                "feelings",
                "privacy",
                "greet",
                "thanks",
                "menu",
                "deny",
            ]
        ),
        "there are 9 buttons, 8 is the most. Keep the most useful ones.",
    ),
    "an unknown source": (
        "text: You can write.\nsources: ['law:no_such_law']",
        "the source 'law:no_such_law' is not in the register. Correct its name.",
    ),
    "a review that is over": (
        "text: You can write.\nreview_by: '2026-11-29'",
        "the review date 2026-11-29 has passed. Have it read again, then set a later review_by.",
    ),
    "dates in the wrong order": (
        "text: You can write.\nreview_by: '2026-11-01'",
        "'review_by' 2026-11-01 is not after 'reviewed_on' 2026-11-24. Correct the dates.",
    ),
    "hours that nobody confirmed": (
        "text: You can ring them. {galop.hours}.",
        "the hours behind '{galop.hours}' are not certain enough to show. Leave them out.",
    ),
    "the same words again": (
        "text: You can write.\nagain: You can write.",
        "'again' says the same as 'text'. Make it shorter.",
    ),
}


@pytest.mark.parametrize(("lines", "complaint"), ITEMS.values(), ids=ITEMS)
def test_a_faulty_entry_is_told(responses: Responses, lines: str, complaint: str) -> None:
    """One fault in one entry: exactly that complaint, with file and line."""
    responses.item("evidence", lines)

    assert complaints(responses) == [AT + complaint]


FINE = (
    "No chat is completely anonymous.",
    "We can't promise that. It is your choice.",
    "You are not overreacting. It was never your fault.",
    "You are 55 and live at flat 101. It took 999 days.",
    "It costs 12345 pounds. Look at section 111.",
    "That is a law of 1997. It was 12.30.",
    "You can ring {police_101.name} on {police_101.phone}. They are {police_101.open}.",
)


@pytest.mark.parametrize("text", [text for text in FINE if "999 days" not in text])
def test_plain_speech_is_not_a_fault(responses: Responses, text: str) -> None:
    """Numbers that are no phone numbers, promises denied and facts of the register are fine."""
    responses.item("evidence", f"text: '{text.replace(chr(39), chr(39) * 2)}'")

    assert complaints(responses) == []


def test_an_intent_without_an_answer_is_told(responses: Responses) -> None:
    """Nobody who says something we understand is left without an answer."""
    (responses.root / "topics/court.yml").unlink()

    assert complaints(responses) == [
        "responses/topics:1: the intent 'court' has no answer. Write an entry with the id court."
    ]


def test_an_item_the_dialogue_needs_is_told(responses: Responses) -> None:
    """The dialogue never asks for an item that is not there."""
    (responses.root / "topics/question.role.yml").unlink()

    assert complaints(responses) == [
        "responses/topics:1: the entry 'question.role' is missing. Write an entry 'question.role'."
    ]


def test_an_entry_nothing_leads_to_is_told(responses: Responses) -> None:
    """A text nobody can reach is either forgotten or lacks its button."""
    responses.item("evidence.cloud", "text: You can keep a copy.")

    assert complaints(responses) == [
        (
            "responses/topics/evidence.cloud.yml:5 evidence.cloud: nothing leads here. "
            "Add a button to it, or remove it."
        )
    ]


def test_an_entry_with_a_button_to_it_is_fine(responses: Responses) -> None:
    """A button takes its title from where it leads."""
    responses.item("evidence.cloud", "title: A copy\ntext: You can keep a copy.")
    responses.item("evidence", "text: You can write.\nbuttons: [{to: evidence.cloud}]")

    assert complaints(responses) == []


def test_a_button_to_a_variant_is_told(responses: Responses) -> None:
    """Which variant fits is the library's choice, not a button's."""
    responses.variant("court", "court.own", "for: {role: own}\ntext: You can ask.")
    responses.item("evidence", "text: You can write.\nbuttons: [{title: X, to: court.own}]")

    assert complaints(responses) == [
        AT + "the button 'X' leads nowhere: 'court.own' is a variant, 'court' leads to the one "
        "that fits. Name an entry, or an action such as ask:helpline."
    ]


def test_two_variants_for_the_same_people_are_told(responses: Responses) -> None:
    """Which of them a person gets would be chance."""
    responses.variant("court", "court.a", "for: {nation: wales}\ntext: You can ask.")
    responses.variant("court", "court.b", "for: {nation: wales}\ntext: You can see.")

    assert complaints(responses) == [
        (
            "responses/topics/court.yml:11 court.b: it is for the same people as "
            "responses/topics/court.yml:7 court.a. Change 'for' or remove one of the two."
        )
    ]


def test_the_same_text_twice_is_told(responses: Responses) -> None:
    """One of two equal texts would be forgotten at the next correction."""
    responses.item("court", "text: You can write.")
    responses.item("evidence", "text: You can write.")

    assert complaints(responses) == [
        AT + "the same text is at responses/topics/court.yml:5 court. "
        "Lead there with a button, or write it for this case."
    ]


def test_another_nations_facts_are_told(responses: Responses) -> None:
    """A person in Scotland is not given Welsh numbers and English law."""
    responses.variant(
        "court",
        "court.scotland",
        "for: {nation: scotland}\ntext: '{law.ew_s2a} Or ring {citizens_advice_wales.phone}. "
        "{law.sc_s39} {operator.name}'",
    )
    at = "responses/topics/court.yml:7 court.scotland: "

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
    responses.item("evidence", "text: You can write.", defaults="kind: advice")

    assert complaints(responses) == [
        (
            "responses/topics/evidence.yml:3 evidence: 'reviewed_on' or 'review_by' is missing. "
            "Add both, here or under _file."
        ),
        (
            "responses/topics/evidence.yml:3 evidence: there is no source. "
            "Add 'sources:', here or under _file."
        ),
    ]


def test_law_past_its_review_is_told(responses: Responses) -> None:
    """A statement of law is not shown for ever because the text around it was read again."""
    responses.item("evidence", "text: '{law.sc_s39}'\nreview_by: '2030-01-01'")
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


NUMBERS = {
    "a digit wrong": (
        "number: 0808 802 0300",
        "number: 0808 802 0301",
        (
            "the number 0808 802 0301 is +448088020301, and 'e164' says +448088020300. "
            "Ring it and correct the entry."
        ),
    ),
    "no number": (
        "number: 0808 802 0300",
        "number: ring us",
        "the number ring us is not a number. Ring it and correct the entry.",
    ),
    "no e164": (
        "e164: '+448088020300'",
        "e164: null",
        "the number 0808 802 0300 has no e164. Ring it and correct the entry.",
    ),
}


@pytest.mark.parametrize(("old", "new", "complaint"), NUMBERS.values(), ids=NUMBERS)
def test_a_wrong_number_in_the_register_is_told(
    responses: Responses, old: str, new: str, complaint: str
) -> None:
    """The three spellings of a number watch each other."""
    responses.change("register/services.yml", old, new)
    found = [c for c in complaints(responses) if "Ring it" in c]

    assert len(found) == 1
    assert found[0].startswith("responses/register/services.yml:")
    assert found[0].endswith(f" national_stalking_helpline: {complaint}")


def test_a_number_that_cannot_exist_is_told(responses: Responses) -> None:
    """Consistent, but no such line can be rung."""
    services = "register/services.yml"
    responses.change(services, "number: 0808 802 0300", "number: 0808 802 03000")
    responses.change(services, "e164: '+448088020300'", "e164: '+4480880203000'")
    found = complaints(responses)

    assert any("the number 0808 802 03000 can't exist" in c for c in found)
    assert any("'dial' 08088020300 differs from the number 0808 802 03000" in c for c in found)
    assert any(
        "the built-in emergency texts show 0808 802 0300 for national_stalking_helpline, "
        "the register does not" in c
        for c in found
    )


def test_a_long_statement_in_a_register_is_told(responses: Responses) -> None:
    """What is shown as one sentence must fit."""
    long = "x" * 241
    responses.change("register/law.yml", "statement: 'A simple way", f"statement: '{long}")
    responses.change("register/services.yml", "what_for: 'Danger now", f"what_for: '{long}")
    found = complaints(responses)

    assert any(" def_four: the statement has " in c for c in found)
    assert any(" emergency_999: 'what_for' has " in c for c in found)


def test_without_pyphen_the_reading_age_is_left_out(
    responses: Responses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator without the developers' tools can still check everything else."""
    monkeypatch.setattr(reading_age, "find_spec", lambda _name: None)
    responses.item("evidence", "text: Contemporaneous documentation facilitates opportunities.")

    assert complaints(responses) == []


def test_a_text_without_words_has_no_reading_age() -> None:
    """A card that is only numbers is readable at any age."""
    assert reading_age.reading_age("999") == 0.0


def test_broken_files_are_told_before_anything_else(responses: Responses) -> None:
    """While a file can't be read, what is missing elsewhere would be a guess."""
    responses.write("topics/court.yml", "court: [\n")

    assert complaints(responses) == [
        (
            "responses/topics/court.yml:2: this is not valid YAML: expected the node content, "
            "but found '<stream end>'. Check the indentation, quotes and colons."
        )
    ]


def test_the_check_asks_the_clock_when_nobody_tells_the_time(responses: Responses) -> None:
    """`python -m bot check` has no time to give."""
    responses.item("evidence", "text: You can write.\nreview_by: '2026-11-25'")
    responses.change("topics/evidence.yml", "'2026-11-24'", "'2020-11-24'")
    responses.change("topics/evidence.yml", "'2026-11-25'", "'2021-11-25'")

    assert any(
        "the review date 2021-11-25 has passed" in str(p) for p in check_content(responses.root)
    )
