"""All of the content or none of it, with every reason at once."""

from pathlib import Path

import pytest

from bot.content.entries import Language
from bot.content.faults import ContentFaults
from bot.content.load import load_content, read_content
from bot.content.shelf import Shelf
from bot.messages import Kind
from tests.bot.content.responses import REAL, Responses


def complaints(responses: Responses) -> list[str]:
    with pytest.raises(ContentFaults) as caught:
        load_content(responses.root)
    return [str(problem) for problem in caught.value.problems]


def test_sound_content_is_loaded(responses: Responses) -> None:
    """From the folder itself or from the checkout that holds it; with a mark of its version."""
    content = load_content(responses.root)

    assert {"hello", "affirm", "emergency.now_yes"} <= content.library.ids
    assert content.version == load_content(responses.root.parent).version
    assert len(content.version) == 12


def test_another_text_is_another_version(responses: Responses) -> None:
    """So that "what did we tell people in March" has an answer."""
    before = load_content(responses.root).version
    responses.item("affirm", "text: You can ask.")

    assert load_content(responses.root).version != before


def test_an_entry_takes_what_it_lacks_from_its_file(responses: Responses) -> None:
    """Sources and dates are written once for a file; an entry may differ."""
    responses.item(
        "affirm",
        "text:\n  - |\n    You can ask.  \n    Twice.\n\n  - You can go.\nagain: Ask.\n"
        "sources: ['law:sc_s39']",
    )
    item = load_content(responses.root).library.find("affirm", None, None, "web")

    assert item is not None
    assert item.text == ("You can ask.\nTwice.", "You can go.")
    assert item.again == ("Ask.",)
    assert item.sources == ("law:sc_s39",)
    assert str(item.review_by) == "2027-05-24"
    assert item.kind is Kind.ADVICE
    assert item.where == "responses/topics/affirm.yml:5 affirm"


def test_a_variant_inherits_title_buttons_sources_and_kind(responses: Responses) -> None:
    """What it leaves out is what the base says."""
    responses.item(
        "affirm",
        "title: At affirm\nkind: question\ntext: You can ask.\nsources: [x]\n"
        "buttons: [{title: Go on, to: helpline}]",
    )
    responses.variant("affirm", "affirm.own", "for: {role: own}\ntext: You can see.\nbuttons: []")
    responses.variant("affirm", "affirm.wales", "for: {nation: wales}\ntext: You can go.")
    library = load_content(responses.root).library
    own, wales = (
        library.find("affirm", "own", None, ""),
        library.find("affirm", None, "wales", ""),
    )

    assert own is not None
    assert wales is not None
    assert (own.title, own.kind, own.sources, own.buttons) == (
        "At affirm",
        "question",
        ("x",),
        (),
    )
    assert [button.to for button in wales.buttons] == ["helpline"]


def test_a_rescue_card_is_an_item_of_its_language(responses: Responses) -> None:
    """Shown as `language.cy`."""
    responses.write(
        "languages/cy.yml",
        "tag: cy\nname: Cymraeg\nenglish_name: Welsh\ndrafted: machine\n"
        "text: Ffoniwch {emergency_999.phone}.\n",
    )
    content = load_content(responses.root)
    item = content.library.find("language.cy", None, None, "web")

    assert item is not None
    assert item.text == ("Ffoniwch {emergency_999.phone}.",)
    assert content.library.title("language.cy") == "Cymraeg"
    assert content.languages == {"cy": Language("cy", "Cymraeg", "Welsh", "machine")}


AT = "responses/topics/affirm.yml"
FAULTS = {
    "an unknown key": (
        "text: You can.\ntitel: Court",
        (
            f"{AT}:7 affirm: 'titel' is not a key we know. Correct its spelling or remove it. "
            "Known here: title, text, again, acknowledge, named, choose, buttons, kind, "
            "variant_of, for, sources, reviewed_on, review_by."
        ),
    ),
    "no text": ("title: Court", f"{AT}:5 affirm: 'text' is missing. Add 'text:'."),
    "an empty text": (
        "text:",
        f"{AT}:6 affirm: 'text' does not fit: input should be a valid list. Correct 'text'.",
    ),
    "a date that is none": (
        "text: You can.\nreview_by: next May",
        (
            f"{AT}:7 affirm: 'review_by' does not fit: a date is written 2026-11-24. "
            "Correct 'review_by'."
        ),
    ),
    "an unknown role": (
        "text: You can.\nvariant_of: helpline\nfor: {role: police}",
        (
            f"{AT}:8 affirm: 'for.role' does not fit: "
            "input should be 'victim', 'supporter' or 'own'. "
            "Correct 'for.role'."
        ),
    ),
    "an unknown fact": (
        "text: You can ring {samaritans.number}.",
        f"{AT}:5 affirm: a service has no field 'number'",
    ),
    "a fact that must not be shown": (
        "text: You can ring {the_mix.phone}.",
        (
            f"{AT}:5 affirm: the service 'the_mix' is unverified and must not be shown. "
            "Use a fact of the registers, or leave it out."
        ),
    ),
    "a law that may have changed": (
        "text: You can.\nagain: '{law.sc_dapn}'",
        (
            f"{AT}:5 affirm: the law fact 'sc_dapn' is not certain enough to show. "
            "Use a fact of the registers, or leave it out."
        ),
    ),
    "a single brace": (
        "text: You can ring {samaritans.phone.",
        (
            f"{AT}:5 affirm: there is a single {{ or }}. "
            "Write placeholders as {samaritans.phone}, on one line."
        ),
    ),
    "a variant of nothing": (
        "text: You can.\nvariant_of: curt\nfor: {role: own}",
        (
            f"{AT}:5 affirm: it is a variant of 'curt', which is not an entry of its own. "
            "Correct the name."
        ),
    ),
    "a variant for nobody": (
        "text: You can.\nvariant_of: helpline\nfor: {}",
        f"{AT}:5 affirm: a variant needs 'for'. Say for which role, nation or channel it is.",
    ),
    "an audience without a base": (
        "text: You can.\nfor: {role: own}",
        f"{AT}:5 affirm: 'for' needs 'variant_of'. Say which entry this is a variant of.",
    ),
    "a button without a title": (
        "text: You can.\nbuttons: [{to: greet}]",
        (
            f"{AT}:5 affirm: the button to 'greet' has no title, and neither has what it leads to. "
            "Give it a title."
        ),
    ),
    "a button that goes nowhere, without a title": (
        "text: You can.\nbuttons: [{to: 'jump:high'}]",
        f"{AT}:5 affirm: the button to 'jump:high' has no title, and neither has what it leads to.",
    ),
}


@pytest.mark.parametrize(("lines", "start"), FAULTS.values(), ids=FAULTS)
def test_an_entry_that_could_not_be_shown_is_refused(
    responses: Responses, lines: str, start: str
) -> None:
    """With its line and what to do."""
    responses.item("affirm", lines)
    found = complaints(responses)

    assert len(found) == 1
    assert found[0].startswith(start)


def test_one_id_in_two_files_is_refused(responses: Responses) -> None:
    """Which of them would be shown would depend on the file's name."""
    responses.write("topics/zz.yml", "affirm:\n  text: You can.\n")

    assert complaints(responses) == [
        (
            "responses/topics/zz.yml:1 affirm: "
            "'affirm' is also at responses/topics/affirm.yml:5 affirm. "
            "Rename one of the two."
        )
    ]


def test_an_id_with_capitals_or_spaces_is_refused(responses: Responses) -> None:
    """Ids travel through channels and code."""
    responses.write("topics/zz.yml", "At Court:\n  text: You can.\n")

    assert complaints(responses) == [
        (
            "responses/topics/zz.yml:1 At Court: 'At Court' can't be an id. "
            "Use small letters, digits, `_` and dots, as in evidence.diary."
        )
    ]


def test_a_file_that_is_a_list_is_refused(responses: Responses) -> None:
    """Each file is entries by id."""
    responses.write("topics/zz.yml", "- text: You can.\n")

    assert complaints(responses) == [
        (
            "responses/topics/zz.yml:1: the file must hold entries, each a name and its lines. "
            "Begin each entry with its id at the start of a line."
        )
    ]


def test_an_empty_file_is_no_fault(responses: Responses) -> None:
    """Somebody has just begun."""
    responses.write("topics/zz.yml", "# soon\n")

    assert load_content(responses.root)


def test_two_cards_for_a_language_and_a_broken_one_are_refused(responses: Responses) -> None:
    """Each file of languages/ is one card."""
    card = "tag: cy\nname: C\nenglish_name: Welsh\ndrafted: machine\ntext: Ie.\n"
    responses.write("languages/a.yml", card)
    responses.write("languages/b.yml", card)
    responses.write("languages/c.yml", card.replace("tag: cy", "tag: Welsh!"))

    found = complaints(responses)
    assert found[0] == ("responses/languages/b.yml:1: there is another card for 'cy'. Keep one.")
    assert found[1].startswith("responses/languages/c.yml:1 c: 'tag' does not fit: ")


REGISTER_FAULTS = {
    "an unknown key in a service": (
        "register/services.yml",
        "    name: Samaritans",
        "    nmae: Samaritans",
        ["'nmae' is not a key we know", "'name' is missing"],
    ),
    "no yes or no": (
        "register/services.yml",
        "always_open: true",
        "always_open: yes",
        ["'hours.always_open' does not fit: "],
    ),
    "an unknown part": (
        "register/services.yml",
        "\nunverified:",
        "\nmore: []\nunverified:",
        ["'more' is not a key we know"],
    ),
    "a part that is no list": ("register/law.yml", "facts:", "facts: none\nfacts2:", ["'facts2'"]),
    "no entries": ("register/services.yml", "\nevents:", "\nevents: none\nevents2:", ["'events2'"]),
    "a law of no nation": (
        "register/law.yml",
        "nation: scotland\n",
        "nation: england\n",
        ["'nation' does not fit: input should be 'uk', 'england_wales', "],
    ),
    "a service twice": (
        "register/services.yml",
        "id: paladin",
        "id: galop",
        ["the id 'galop' is given twice"],
    ),
    "no operator": ("operator.yml", "name: the Test Charity", "- x", ["every line must be"]),
    "an operator's line without text": (
        "operator.yml",
        "name: the Test Charity",
        "name:",
        ["every line must be"],
    ),
    "no YAML": ("register/law.yml", "facts:", "facts: [", ["this is not valid YAML"]),
}


@pytest.mark.parametrize(
    ("name", "old", "new", "parts"), REGISTER_FAULTS.values(), ids=REGISTER_FAULTS
)
def test_a_damaged_register_is_refused(
    responses: Responses, name: str, old: str, new: str, parts: list[str]
) -> None:
    """And nothing is said about the texts that draw on it."""
    responses.change(name, old, new)
    found = complaints(responses)

    assert len(found) == len(parts)
    assert all(c.startswith(f"responses/{name}:") for c in found)
    assert all(part in c for part, c in zip(sorted(parts), sorted(found, key=_what), strict=True))


def _what(complaint: str) -> str:
    return complaint.partition("'")[2] or complaint


@pytest.mark.parametrize("text", ["- x\n", "meta: 1\n", ""])
def test_a_register_of_another_shape_is_refused(responses: Responses, text: str) -> None:
    """An emptied file is not a register without services."""
    responses.write("register/services.yml", text)

    assert complaints(responses)[0].startswith("responses/register/services.yml:1")


def test_a_part_that_is_no_list_is_refused(responses: Responses) -> None:
    """`events: none` is not "no events"."""
    text = (responses.root / "register/services.yml").read_text()
    responses.write("register/services.yml", text[: text.index("\nevents:")] + "\nevents: none\n")

    assert complaints(responses)[0].endswith("'events' must be a list. Restore 'events:'.")


def test_missing_registers_are_told(tmp_path: Path) -> None:
    """A wrong path is not a service without numbers."""
    _, problems = read_content(tmp_path)

    assert [p.where for p in problems] == [
        "responses/register/services.yml:1",
        "responses/register/law.yml:1",
        "responses/operator.yml:1",
    ]


def test_the_shelf_keeps_the_old_content_when_the_new_is_broken(responses: Responses) -> None:
    """Never half of it, never none of it."""
    shelf = Shelf(responses.root)
    before = shelf.content
    responses.write("topics/affirm.yml", "affirm: [\n")

    assert len(shelf.reload()) == 1
    assert shelf.content is before
    assert shelf.renderer.content is before


def test_the_shelf_takes_the_new_content_when_it_is_sound(responses: Responses) -> None:
    """An editor's correction reaches people without a restart."""
    shelf = Shelf(responses.root)
    responses.item("affirm", "text: You can ask.")

    assert shelf.reload() == ()
    item = shelf.content.library.find("affirm", None, None, "web")
    assert item is not None
    assert item.text == ("You can ask.",)


def test_without_content_there_is_no_start(tmp_path: Path) -> None:
    """A service that could say nothing is not started."""
    with pytest.raises(ContentFaults):
        Shelf(tmp_path)


def test_the_registers_served_are_sound() -> None:
    """Every entry of the files in the checkout, without an exception list."""
    problems = [
        p for p in read_content(REAL)[1] if "/register/" in p.where or "operator" in p.where
    ]

    assert problems == []


def test_one_mistake_is_told_once(responses: Responses) -> None:
    """The variants of an entry that can't be read are not told off for it."""
    responses.item("affirm", "text: You can.\ntitel: Yes")
    responses.variant("affirm", "affirm.near", "for: {nation: wales}\ntext: You can ask.")

    assert len(complaints(responses)) == 1
