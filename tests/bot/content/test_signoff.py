"""What is approved stays approved only as long as nothing of it changes and its date is ahead."""

from dataclasses import replace
from datetime import date

import pytest

from bot.content.approvals import FILE, Approval, read_approvals, write_approvals
from bot.content.load import Content, load_content
from bot.content.production import broken_promises, unapproved
from bot.content.signoff import (
    GOOD_FOR,
    NOTICE,
    Changed,
    Draft,
    Due,
    Signed,
    entry_lines,
    state_of,
    states,
    subjects,
)
from tests.bot.content.responses import Responses
from tests.bot.content.test_check import complaints
from tests.bot.content.test_check_flows import put

TODAY = date(2026, 11, 30)
ROLE = "clinical lead"
LINE = "{national_stalking_helpline.phone}"


def signed(content: Content, on: date = TODAY) -> Content:
    """The content with everything approved as it is."""
    every = {name: Approval(s.version, ROLE, on) for name, s in subjects(content).items()}
    return replace(content, approvals=every)


def changed(responses: Responses, before: Content) -> set[str]:
    """What lost its approval since `before` was wholly approved."""
    now = replace(load_content(responses.root), approvals=signed(before).approvals)
    return {name for name, state in states(now, TODAY).items() if isinstance(state, Changed)}


def test_nothing_that_is_shipped_claims_an_approval(real: Content) -> None:
    """No specialist has read these texts, and nothing says that one has."""
    assert dict(real.approvals) == {}
    assert set(states(real, TODAY).values()) == {Draft()}


def test_everything_that_reaches_people_is_a_subject(real: Content) -> None:
    """Texts, variants, rescue cards, the facts they show, and whoever runs this."""
    names = set(subjects(real))

    assert {item.id for item in real.library.items} <= names
    assert {"operator", "service:samaritans", "law:ew_s2a", "language.cy"} <= names
    assert "event:national_stalking_awareness_week" in names


def test_an_answer_renamed_or_led_elsewhere_takes_the_approval_of_its_questions(
    responses: Responses,
) -> None:
    """Buttons of guided questions are read by people, and where they lead decides what follows."""
    put(responses)
    before = load_content(responses.root)
    responses.change("flows/walk.yml", "title: Two", "title: Three")

    assert changed(responses, before) == {"flow:walk"}
    line = subjects(before)["flow:walk"]
    assert line.where == "responses/flows/walk.yml:1 flow:walk"
    assert "  [Two] sets pick:two" in list(entry_lines(before, line))


def test_another_name_for_what_was_told_takes_its_approval(responses: Responses) -> None:
    """It is said to people in a list."""
    responses.item("feelings", "text: You can.\nnamed: what it does")
    before = load_content(responses.root)
    responses.change("topics/feelings.yml", "what it does", "what is done")

    assert changed(responses, before) == {"feelings"}


def test_a_register_entry_that_nobody_sees_needs_no_approval(responses: Responses) -> None:
    """Only what reaches people does."""
    assert "service:galop" not in subjects(load_content(responses.root))


def test_an_approved_text_is_signed(responses: Responses) -> None:
    """By a role, on a day, until its review."""
    content = signed(load_content(responses.root))
    evidence = subjects(content)["evidence"]

    assert state_of(content, evidence, TODAY) == Signed(ROLE, TODAY, date(2027, 5, 24))


def test_an_item_can_be_asked_about_itself(responses: Responses) -> None:
    """Pages that show an item have the item, not its subject."""
    content = signed(load_content(responses.root))

    assert {type(state_of(content, item, TODAY)) for item in content.library.items} == {Signed}


CHANGES = {
    "its text": ("text: You can write", "text: You may write"),
    "its second wording": ("again: Go on.", "again: Go."),
    "its title": ("title: A title", "title: One title"),
    "a button's words": ("title: Ring", "title: Call"),
    "where a button leads": ("ask:helpline", "ask:advocate"),
    "its kind": ("kind: question", "kind: notice"),
    "its review date": ("'2027-05-24'", "'2028-05-24'"),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_change_takes_the_approval(responses: Responses, old: str, new: str) -> None:
    """Of that text, and of nothing else."""
    responses.item(
        "evidence",
        "text: You can write.\nagain: Go on.\ntitle: A title\nkind: question\n"
        "buttons: [{title: Ring, to: 'ask:helpline'}]",
    )
    before = load_content(responses.root)
    responses.change("topics/evidence.yml", old, new)

    assert changed(responses, before) - {"evidence.for_own", "evidence.for_supporter"} == {
        "evidence"
    }


def test_whom_a_variant_is_for_is_part_of_its_approval(responses: Responses) -> None:
    """Words approved for Wales are not approved for Scotland."""
    responses.variant("affirm", "affirm.near", "for: {nation: wales}\ntext: You can ask.")
    before = load_content(responses.root)
    responses.change("topics/affirm.yml", "nation: wales", "nation: scotland")

    assert changed(responses, before) == {"affirm.near"}


def test_what_is_only_for_editors_takes_no_approval(responses: Responses) -> None:
    """Sources and the day of the last reading reach nobody."""
    before = load_content(responses.root)
    responses.change("topics/evidence.yml", "sources: [advice.yml]", "sources: [advice:evidence]")
    responses.change("topics/evidence.yml", "on: '2026-11-24'", "on: '2026-11-25'")

    assert changed(responses, before) == set()


def test_a_corrected_number_takes_the_approval_of_all_that_show_it(responses: Responses) -> None:
    """The entry's own, and each text's, but not that of a text that shows the line's name only."""
    responses.item("evidence", f"text: You can ring {LINE}.")
    responses.item("feelings", "text: You can ring {national_stalking_helpline.name}.")
    before = load_content(responses.root)
    for old, new in (
        ("number: 0808 802 0300", "number: 0808 802 0301"),
        ("+448088020300", "+448088020301"),
    ):
        responses.change("register/services.yml", old, new)

    assert changed(responses, before) == {
        "evidence",
        "technical.wrong",
        "service:national_stalking_helpline",
    }


def test_changed_hours_take_the_approval_of_all_that_show_them(responses: Responses) -> None:
    """Though the words for them differ every hour, the hours behind them are what is approved."""
    responses.item("evidence", "text: 'They are {national_stalking_helpline.open}.'")
    before = load_content(responses.root)
    text = (responses.root / "register/services.yml").read_text()
    start = text.index("open: 09:30", text.index("id: national_stalking_helpline"))
    responses.write("register/services.yml", text[:start] + "open: 09:00" + text[start + 11 :])

    assert changed(responses, before) == {"evidence", "service:national_stalking_helpline"}


def test_a_changed_line_of_the_operator_takes_both_approvals(responses: Responses) -> None:
    """The page's, and that of the text that shows the line."""
    responses.item("evidence", "text: You can ask {operator.name}.")
    before = load_content(responses.root)
    responses.change("operator.yml", "Test Charity", "Best Charity")

    assert changed(responses, before) == {"evidence", "operator"}


def test_an_approval_ends_with_the_review_date(responses: Responses) -> None:
    """Thirty days before it is due, the day after it is expired."""
    content = signed(load_content(responses.root))
    evidence = subjects(content)["evidence"]
    by = date(2027, 5, 24)

    assert isinstance(state_of(content, evidence, by - NOTICE), Signed)
    assert state_of(content, evidence, by) == Due(ROLE, TODAY, by, expired=False)
    assert state_of(content, evidence, date(2027, 5, 25)) == Due(ROLE, TODAY, by, expired=True)


def test_a_number_is_rung_again_after_half_a_year(responses: Responses) -> None:
    """Entries without a date of their own get one from their approval."""
    content = signed(load_content(responses.root))
    line = subjects(content)["service:samaritans"]

    assert state_of(content, line, TODAY) == Signed(ROLE, TODAY, TODAY + GOOD_FOR)


def test_the_file_is_written_and_read_back(responses: Responses) -> None:
    """In order of names; a quote in a role is no trap."""
    kept = {
        "b": Approval("0123456789abcdef", "women's officer", TODAY),
        "a:x": Approval("fedcba9876543210", ROLE, TODAY),
    }
    write_approvals(responses.root, kept)

    assert read_approvals(responses.root) == (kept, [])
    assert complaints(responses) == []


BROKEN = {
    "a list": ("approvals: [a]\n", "the file must hold 'approvals:' and nothing else"),
    "another key": ("approvals: {}\nsigned: {}\n", "must hold 'approvals:' and nothing else"),
    "a short version": (
        "approvals:\n  a: {version: '12', role: x, on: '2026-11-30'}\n",
        "'version' does not fit",
    ),
    "a person": (
        "approvals:\n  a: {version: '0123456789abcdef', name: x, on: '2026-11-30'}\n",
        "'name' is not a key we know",
    ),
    "no YAML": ("approvals: [\n", "this is not valid YAML"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_told(responses: Responses, text: str, told: str) -> None:
    """With its line, as any other file of the content."""
    responses.write(FILE, text)
    found = complaints(responses)

    assert found
    assert all(line.startswith(f"responses/{FILE}:") for line in found)
    assert any(told in line for line in found)


def test_what_was_shown_is_named_without_the_approvals(responses: Responses) -> None:
    """The content's version says which words people saw; a signature changes none of them."""
    before = load_content(responses.root).version
    write_approvals(responses.root, {"a": Approval("0123456789abcdef", ROLE, TODAY)})

    assert load_content(responses.root).version == before


def test_production_takes_what_is_wholly_approved(responses: Responses) -> None:
    """Then nothing stands against it."""
    assert unapproved(signed(load_content(responses.root)), TODAY) == []


def test_production_names_all_that_is_not_approved(responses: Responses) -> None:
    """Each with its place and what to do: never signed, changed, expired, still a demonstration."""
    responses.item("evidence", "text: You can ask.\nreview_by: '2026-11-29'")
    responses.write("operator.yml", "name: the Test Demonstration\n")
    content = signed(load_content(responses.root))
    approvals = dict(content.approvals)
    del approvals["service:samaritans"]
    approvals["feelings"] = replace(approvals["feelings"], version="0" * 16)
    told = [str(p) for p in unapproved(replace(content, approvals=approvals), TODAY)]

    assert len(told) == 4
    assert told[0] == (
        "responses/topics/evidence.yml:5 evidence: was due to be read again on 2026-11-29. "
        "Have it read and approved: python -m bot signoff."
    )
    assert "feelings: has changed since the clinical lead approved it on 2026-11-30" in told[1]
    assert told[2].startswith("responses/register/services.yml:")
    assert "samaritans: service:samaritans is not signed off" in told[2]
    assert told[3] == (
        "responses/operator.yml:1 name: it still says that this is a demonstration. "
        "Say what is true of whoever runs the service."
    )


@pytest.mark.parametrize(
    ("line", "hours", "told"),
    [
        ("24 hours after your last message", 24, 0),
        ("1 day after your last message", 24, 0),
        ("24 hours after your last message", 48, 1),
        ("soon after your last message", 48, 0),
    ],
)
def test_the_operators_hours_are_those_of_the_service(
    responses: Responses, line: str, hours: int, told: int
) -> None:
    """A promise about forgetting that the settings break is told."""
    responses.write("operator.yml", f"name: the Test Charity\nhow_long: {line}\n")

    assert len(broken_promises(load_content(responses.root), hours)) == told


def test_a_line_of_the_operator_that_nobody_shows_is_told(responses: Responses) -> None:
    """It is misspelt, or its text is gone."""
    responses.write("operator.yml", "name: the Test Charity\nnickname: the Test Charity\n")

    assert complaints(responses) == [
        (
            "responses/operator.yml:2 nickname: no text shows the line 'nickname'. "
            "Correct its name, or remove it."
        )
    ]


def test_the_shipped_operator_is_visibly_a_demonstration(real: Content) -> None:
    """Nobody can take it for a charity: its name, what it is, and that nobody is on duty say so."""
    for name in ("name", "about", "when_staff_act", "advocate_hours"):
        assert "demonstration" in real.registers.operator[name]
