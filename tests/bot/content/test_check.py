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


AT = "responses/topics/feelings.yml:5 feelings: "
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
    "a typed option": (
        "text: Ring them, then press 2.",
        "the number 2 is typed in. Name it from the register, as in {emergency_999.phone}.",
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
        (
            "the link or address 'www.example.org' is typed in. "
            "Name it from the register, as in {samaritans.url}."
        ),
    ),
    "a typed address": (
        "text: Write to help@example.org today.",
        (
            "the link or address 'help@example.org' is typed in. "
            "Name it from the register, as in {samaritans.url}."
        ),
    ),
    "a promise": (
        "text: This chat is completely private.",
        "'completely private' is a promise we can't keep. Say what is true.",
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
            "evidential opportunities regarding subsequent criminal proceedings, "
            "irrespective of jurisdictional considerations."
        ),
        "the reading age is 39.3, 11 is the most. Use shorter sentences and shorter words.",
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
        "text: You can write.\nbuttons: [{title: More, to: affirm}, {title: More, to: helpline}]",
        "two buttons say 'More'. Change one of them.",
    ),
    "two buttons to one place": (
        "text: You can write.\nbuttons: [{title: More, to: affirm}, {title: Less, to: affirm}]",
        "two buttons lead to 'affirm'. Remove one of them.",
    ),
    "many buttons": (
        "text: You can write.\nbuttons:\n"
        + "\n".join(
            f"  - {{title: '{to}', to: {to}}}"
            for to in [
                "affirm",
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
    responses.item("feelings", lines)

    assert complaints(responses) == [AT + complaint]


FINE = (
    "You shouldn't have to move. You should not have to hide.",
    "No chat is completely private.",
    "We can't promise that. It is your choice.",
    "You are not overreacting. It was never your fault.",
    "You are 55 and live at flat 101. It took 101 days.",
    "It costs 12345 pounds. Look at section 111.",
    "That is a law of 1997. It was 12.30.",
    "You can ring {police_101.name} on {police_101.phone}. They are {police_101.open}.",
)


@pytest.mark.parametrize("text", FINE)
def test_plain_speech_is_not_a_fault(responses: Responses, text: str) -> None:
    """Numbers that are no phone numbers, promises denied and facts of the register are fine."""
    responses.item("feelings", f"text: '{text.replace(chr(39), chr(39) * 2)}'")

    assert complaints(responses) == []


def test_an_intent_without_an_answer_is_told(responses: Responses) -> None:
    """Nobody who says something we understand is left without an answer."""
    (responses.root / "topics/affirm.yml").unlink()

    assert complaints(responses) == [
        "responses/topics:1: the intent 'affirm' has no answer. Write an entry with the id affirm."
    ]


def test_an_item_the_dialogue_needs_is_told(responses: Responses) -> None:
    """The dialogue never asks for an item that is not there."""
    (responses.root / "topics/question.role.yml").unlink()

    assert complaints(responses) == [
        "responses/topics:1: the entry 'question.role' is missing. Write an entry 'question.role'."
    ]


def test_an_entry_nothing_leads_to_is_told(responses: Responses) -> None:
    """A text nobody can reach is either forgotten or lacks its button."""
    responses.item("feelings.cloud", "text: You can keep a copy.")

    assert complaints(responses) == [
        (
            "responses/topics/feelings.cloud.yml:5 feelings.cloud: nothing leads here. "
            "Add a button to it, or remove it."
        )
    ]


def test_an_entry_with_a_button_to_it_is_fine(responses: Responses) -> None:
    """A button takes its title from where it leads."""
    responses.item("feelings.cloud", "title: A copy\ntext: You can keep a copy.")
    responses.item("feelings", "text: You can write.\nbuttons: [{to: feelings.cloud}]")

    assert complaints(responses) == []


def test_an_answer_without_a_title_is_told(responses: Responses) -> None:
    """When we are not sure, it is offered as a button, and the button needs words."""
    responses.item("feelings", "text: You can write.", titled=False)
    responses.item("greet", "text: You can say hello.", titled=False)

    assert complaints(responses) == [
        AT + "'title' is missing. Say what a button that leads here says."
    ]


def test_a_button_to_a_variant_is_told(responses: Responses) -> None:
    """Which variant fits is the library's choice, not a button's."""
    responses.variant("affirm", "affirm.own", "for: {role: own}\ntext: You can ask.")
    responses.item("feelings", "text: You can write.\nbuttons: [{title: X, to: affirm.own}]")

    assert complaints(responses) == [
        AT + "the button 'X' leads nowhere: 'affirm.own' is a variant, 'affirm' leads to the one "
        "that fits. Name an entry, or an action such as ask:helpline."
    ]


def test_two_variants_for_the_same_people_are_told(responses: Responses) -> None:
    """Which of them a person gets would be chance."""
    responses.variant("affirm", "affirm.a", "for: {nation: wales}\ntext: You can ask.")
    responses.variant("affirm", "affirm.b", "for: {nation: wales}\ntext: You can see.")

    assert complaints(responses) == [
        (
            "responses/topics/affirm.yml:12 affirm.b: it is for the same people as "
            "responses/topics/affirm.yml:8 affirm.a. Change 'for' or remove one of the two."
        )
    ]


def test_the_same_text_twice_is_told(responses: Responses) -> None:
    """One of two equal texts would be forgotten at the next correction."""
    responses.item("affirm", "text: You can write.")
    responses.item("feelings", "text: You can write.")

    assert complaints(responses) == [
        AT + "the same text is at responses/topics/affirm.yml:5 affirm. "
        "Lead there with a button, or write it for this case."
    ]


def test_without_pyphen_the_reading_age_is_left_out(
    responses: Responses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator without the developers' tools can still check everything else."""
    monkeypatch.setattr(reading_age, "find_spec", lambda _name: None)
    responses.item("feelings", "text: Contemporaneous documentation facilitates opportunities.")

    assert complaints(responses) == []


def test_a_text_without_words_has_no_reading_age() -> None:
    """A card that is only numbers is readable at any age."""
    assert reading_age.reading_age("999") == 0.0


def test_broken_files_are_told_before_anything_else(responses: Responses) -> None:
    """While a file can't be read, what is missing elsewhere would be a guess."""
    responses.write("topics/affirm.yml", "affirm: [\n")

    assert complaints(responses) == [
        (
            "responses/topics/affirm.yml:2: this is not valid YAML: expected the node content, "
            "but found '<stream end>'. Check the indentation, quotes and colons."
        )
    ]


def test_the_check_asks_the_clock_when_nobody_tells_the_time(responses: Responses) -> None:
    """`python -m bot check` has no time to give."""
    responses.item("feelings", "text: You can write.\nreview_by: '2026-11-25'")
    responses.change("topics/feelings.yml", "'2026-11-24'", "'2020-11-24'")
    responses.change("topics/feelings.yml", "'2026-11-25'", "'2021-11-25'")

    assert any(
        "the review date 2021-11-25 has passed" in str(p) for p in check_content(responses.root)
    )
