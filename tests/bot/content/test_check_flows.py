"""What an editor is told about guided questions and about the wordings that open other texts."""

import pytest

from tests.bot.content.responses import DEFAULTS, Responses
from tests.bot.content.test_check import complaints

BUTTONS = "buttons: [{title: Topics, to: menu}]"
FLOW = f"""\
_file:
  {DEFAULTS}
_flow:
  id: walk
  title: A walk
  roles: [victim]
  instead: helpline
  steps:
    - id: who
      many: true
      options:
        - {{id: one, title: One, sets: ['pick:one']}}
        - {{id: two, title: Two, sets: ['pick:two']}}
  ends:
    - {{show: much, at_least: 1, counting: ['pick:'], sections: true}}
    - {{show: little}}
step.walk.who:
  kind: question
  text: Who is it? You can skip or stop.
  again: [Who else?, And who more?]
walk.much:
  text: [First., Last.]
  {BUTTONS}
walk.little:
  text: A little.
  {BUTTONS}
walk.for_one: {{text: For one.}}
walk.for_two: {{text: For two.}}
"""
WHO, MUCH = "responses/flows/walk.yml:19 step.walk.who: ", "responses/flows/walk.yml:23 walk.much: "
ONE = "responses/flows/walk.yml:29 walk.for_one: "


def put(responses: Responses, text: str = FLOW) -> None:
    """A flow, and a button that starts it."""
    (responses.root / "flows").mkdir()
    responses.write("flows/walk.yml", text)
    start = "text: You can walk.\nbuttons: [{to: 'flow:walk'}]"
    responses.item("help_someone.start", start)
    responses.item("goodbye", "text: Bye.\nbuttons: [{title: On, to: help_someone.start}]")


def test_a_sound_flow_has_no_fault(responses: Responses) -> None:
    """Its questions, ends and sections need no button that leads to them."""
    put(responses)

    assert complaints(responses) == []


FAULTS = {
    "others get nothing": (
        "instead: helpline",
        "instead: nowhere",
        WHO + "flow 'walk' shows others 'nowhere', which is no entry. Name an entry.",
    ),
    "a long title": (
        "title: One,",
        "title: One of the many of them,",
        WHO + "the title 'One of the many of them' has 23 characters, 20 is the most. Shorten it.",
    ),
    "the same answer twice": (
        "title: One,",
        "title: Two,",
        WHO + "two answers to 'who' say 'Two'. Change one of them.",
    ),
    "no question": (
        "  kind: question\n",
        "",
        WHO + "a step of a flow is a question, and its options are its buttons. "
        "Write `kind: question` and no buttons.",
    ),
    "one wording": (
        "again: [Who else?, And who more?]",
        "again: [Who else?]",
        WHO + "'again' has 1 wordings, a step needs 2. "
        "Write other words for the next time it is asked.",
    ),
    "no way out": (
        "You can skip or stop.",
        "You can tap.",
        WHO + "the first question does not say that one can skip or stop. "
        "Say both words in half a sentence.",
    ),
    "an end without a way on": (
        f"Last.]\n  {BUTTONS}",
        "Last.]",
        MUCH + "the end of a flow is advice with next steps. Give it buttons, and no kind.",
    ),
    "a section with buttons": (
        "{text: For one.}",
        "{text: For one., buttons: [{title: Topics, to: menu}]}",
        ONE + "a section is one paragraph without buttons. Move the rest to the end it stands in.",
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), FAULTS.values(), ids=FAULTS)
def test_a_flow_that_would_play_badly_is_told(
    responses: Responses, old: str, new: str, told: str
) -> None:
    """With its line and what to do."""
    assert old in FLOW
    put(responses, FLOW.replace(old, new, 1))

    assert told in complaints(responses)


def test_a_plan_that_is_too_long_for_some_choice_is_told(responses: Responses) -> None:
    """Measured in every order, since people pick as they like."""
    text = FLOW.replace("For one.", f"'{'So we go. ' * 50}'".strip())
    text = text.replace("For two.", f"'{'So we do. ' * 50}'".strip())
    put(responses, text.replace("[First., Last.]", f"['{'Go on. ' * 40}', '{'Be off. ' * 30}']"))

    assert [line for line in complaints(responses) if "bubbles" in line] == [
        MUCH + "with every section it fills 4 bubbles, 3 is the most. Shorten the sections."
    ]


def test_a_button_to_a_flow_that_is_not_there_is_told(responses: Responses) -> None:
    """It would do nothing."""
    responses.item("feelings", "text: You can.\nbuttons: [{title: Go, to: 'flow:run'}]")

    assert complaints(responses) == [
        (
            "responses/topics/feelings.yml:5 feelings: the button 'Go' leads nowhere: "
            "there is no flow 'run'. Name an entry, or an action such as ask:helpline."
        )
    ]


OPENINGS = {
    "told nowhere else": (
        "feelings",
        "text: 'You told me of {told}.'",
        "{told} stands only in 'story'. Leave it out.",
    ),
    "not told": (
        "story",
        "text: ['{told}: much.', It is much.]",
        "'It is much.' does not hold {told} once. Put it in.",
    ),
    "one wording": (
        "flow.heard",
        "text: I have that.",
        (
            "'text' holds the wordings, at least two, and there is no 'again'. "
            "Write one wording a line under text."
        ),
    ),
    "too long": (
        "once_more",
        f"text: [Here., '{'It is here. ' * 8}It is.']",
        (
            f"'{'It is here. ' * 8}It is.' is no opening: 60 characters, one line, a full stop. "
            "Say it shorter."
        ),
    ),
}


@pytest.mark.parametrize(("name", "lines", "told"), OPENINGS.values(), ids=OPENINGS)
def test_an_opening_that_is_none_is_told(
    responses: Responses, name: str, lines: str, told: str
) -> None:
    """It stands before other words, so it must be short, and there must be several."""
    responses.item(name, lines)

    assert complaints(responses) == [f"responses/topics/{name}.yml:5 {name}: {told}"]


@pytest.mark.parametrize(
    "named",
    ["Being followed", "he follows you", "being stalked", "it goes on and on and on again"],
)
def test_a_name_that_fits_in_no_list_is_told(responses: Responses, named: str) -> None:
    """No capital, no he or she, no verdict, a few words."""
    responses.item("feelings", f"text: You can.\nnamed: {named}")

    assert complaints(responses) == [
        (
            "responses/topics/feelings.yml:5 feelings: 'named' can't stand in a list of what was "
            f"told: “{named}”. Write two to five plain words, without he or she."
        )
    ]


def test_what_answers_nothing_has_no_name(responses: Responses) -> None:
    """Only what people tell is listed."""
    responses.item("near.by", "text: You can.\nnamed: being near")
    responses.item("goodbye", "text: Bye.\nbuttons: [{title: On, to: near.by}]")

    assert complaints(responses) == [
        (
            "responses/topics/near.by.yml:5 near.by: 'named' stands on a text that answers "
            "no intent. Remove it."
        )
    ]
