"""The sentences that name what was told: for whom, where, and what they must not say."""

from dataclasses import replace

import pytest

from bot.content.check_words import BUBBLE
from bot.content.limits import WEB
from bot.content.load import Content, load_content
from bot.content.render import Renderer
from bot.content.signoff import subjects
from bot.conversation import Facts
from bot.dialogue.acknowledging import OFTEN_ASKED, STORIES
from tests.bot.content.responses import Responses
from tests.bot.content.test_check import AT, complaints
from tests.bot.content.test_render import COURT, NOW, Shown, render

TOLD = replace(COURT, acknowledge=("It is on its way.", "That is a lot.", "You go there soon."))
LINES = "text: You can write to us.\nacknowledge: [{0}, They go on.]\nagain: Write."


def first_words(said: Shown) -> str:
    """How the first bubble begins."""
    return render(TOLD, say=said)[0].text


def test_an_answer_opens_with_one_of_its_wordings() -> None:
    """In the same bubble, and counted on past the last one."""
    assert first_words(Shown(acknowledge=0)).startswith("It is on its way. Ring 0800 1.")
    assert first_words(Shown(acknowledge=5)).startswith("You go there soon. Ring 0800 1.")


def test_an_answer_opens_with_advice_unless_something_was_told() -> None:
    """And so does the second time, whatever was decided."""
    assert first_words(Shown()).startswith("Ring 0800 1.")
    assert first_words(Shown(again=True, acknowledge=1)) == "Ring A Line."
    assert render(say=Shown(acknowledge=1)) == render()


def test_what_was_told_is_the_same_in_every_nation_but_not_for_every_role(
    responses: Responses,
) -> None:
    """A nation's variant has its item's wordings, a role's has its own or none."""
    responses.item("feelings", LINES.format("It goes on"))
    responses.variant("feelings", "feelings.wales", "for: {nation: wales}\ntext: You can ask.")
    responses.variant("feelings", "feelings.own", "for: {role: own}\ntext: You can stop.")
    library = load_content(responses.root).library
    said = {item.id: item.acknowledge for item in library.items if item.base == "feelings"}

    assert said["feelings.wales"] == said["feelings"] == ("It goes on", "They go on.")
    assert said["feelings.own"] == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("It is stalking.", "is a verdict ('stalking')"),
        ("I understand how it is.", "is said by rote ('understand')"),
        ("He won't let go.", "assumes who it is ('He')"),
        ("It goes on", "is one or two sentences on one line, and asks nothing"),
        ("It is 3 weeks now.", "has a fact or a number, which may be left out with it"),
        ("It goes on. " * 10 + "So it is.", "has 129 characters, 110 is the most here"),
    ],
)
def test_an_opening_that_says_too_much_is_told(responses: Responses, line: str, what: str) -> None:
    """It concludes nothing, assumes nothing, and is no answer."""
    responses.item("feelings", LINES.format(line))

    assert complaints(responses) == [f"{AT}'acknowledge' {what}: “{line}”. Say it another way."]


def test_an_opening_keeps_nobody_from_999(responses: Responses) -> None:
    """Where the text begins with it, the opening is shorter still."""
    line = (
        "It goes on and on, by day and by night, at home and out, at work and when you go to bed."
    )
    text = "If it is now, call {emergency_999.phone}."
    responses.item("feelings", LINES.format(f"'{line}'").replace("You can write to us.", text))

    assert complaints(responses) == [
        f"{AT}'acknowledge' has 88 characters, 85 is the most here: “{line}”. Say it another way."
    ]


MISPLACED = (
    "'acknowledge' stands on a text that is no first answer. "
    "Remove it: only the answer to an intent opens with it."
)
OPENINGS = "acknowledge: [It goes on., They go on.]"


def test_nothing_stands_before_a_card_or_a_notice(responses: Responses) -> None:
    """Danger first; and where nothing was told, nothing is said back."""
    card = "text: If you are in danger now, call {emergency_999.phone}.\nkind: emergency\n"
    responses.item("emergency", card + OPENINGS)
    responses.item("noted", f"text: You can tell us.\n{OPENINGS}".replace("They", "We"))

    told = [complaint for complaint in complaints(responses) if MISPLACED in complaint]
    assert [complaint.partition(":")[0] for complaint in told] == [
        "responses/topics/emergency.yml", "responses/topics/noted.yml",
    ]  # fmt: skip


def test_a_step_behind_a_button_has_no_opening(responses: Responses) -> None:
    """The person asked for it, and told nothing."""
    responses.item("feelings", "text: You can ask.\nbuttons: [{title: More, to: feelings.more}]")
    responses.item("feelings.more", f"text: There is more to say.\n{OPENINGS}")

    where = "responses/topics/feelings.more.yml:5 feelings.more: "
    assert complaints(responses) == [where + MISPLACED]


def test_no_opening_is_said_for_two_topics(responses: Responses) -> None:
    """A talk about both would repeat itself. Nor does it stand in the text that it opens."""
    responses.item("feelings", LINES.format("It goes on."))
    responses.item("stranger", "text: You can ask us.\nacknowledge: [It goes on!, You ask.]")
    responses.item("threats", "text: You wait. You can go.\nacknowledge: [You wait., You go.]")

    told = [c for c in complaints(responses) if "so does" in c]
    assert [c.partition("and so does ")[2].partition(".")[0] for c in told] == [
        "responses/topics/feelings", "the text",
    ]  # fmt: skip


def test_two_openings_of_one_list_do_not_begin_alike(responses: Responses) -> None:
    """Otherwise they sound like one."""
    responses.item("feelings", LINES.format("They go on and on."))

    assert complaints(responses) == [
        f"{AT}two wordings of 'acknowledge' begin alike. Begin one of them with other words."
    ]


def test_one_opening_is_no_choice(responses: Responses) -> None:
    """And five are more than anybody will see."""
    for count in (1, 5):
        lines = ", ".join(f"Line {n}." for n in range(count))
        responses.item("feelings", f"text: You can write.\nacknowledge: [{lines}]")
        assert "'acknowledge' does not fit" in complaints(responses)[0]


def test_a_changed_opening_takes_the_approval(responses: Responses) -> None:
    """It reaches people as the text does."""
    responses.item("feelings", LINES.format("It goes on."))
    before = subjects(load_content(responses.root))["feelings"]
    responses.item("feelings", LINES.format("It went on."))

    assert subjects(load_content(responses.root))["feelings"].version != before.version


@pytest.mark.parametrize("role", ["victim", "supporter", "own"])
@pytest.mark.parametrize("nation", [None, "england", "wales", "scotland", "northern_ireland"])
def test_whoever_tells_a_story_is_heard(real: Content, role: str, nation: str | None) -> None:
    """For every story in every role; where a question is as likely, for those it happens to."""
    intents = STORIES if role == "own" else STORIES | OFTEN_ASKED
    found = {intent: real.library.find(intent, role, nation, "web") for intent in intents}

    assert [name for name, item in found.items() if not item or len(item.acknowledge) < 2] == []


def test_openings_stand_only_where_the_dialogue_shows_them(real: Content) -> None:
    """What is never seen would be approved for nothing."""
    bases = {item.base for item in real.library.items if item.acknowledge}

    assert bases == STORIES | OFTEN_ASKED


def test_every_answer_fits_its_bubble_with_every_opening(real: Content) -> None:
    """As people see it, the number and the hours in it."""
    renderer = Renderer(real)
    for item in real.library.items:
        for wording, line in enumerate(item.acknowledge):
            said = Shown(item.base, acknowledge=wording)
            facts = Facts(role=item.role, nation=item.nation)
            first, *_ = renderer.render(said, facts, NOW, WEB, "web")
            assert first.text.startswith(f"{line} ")
            assert len(first.text) <= BUBBLE
