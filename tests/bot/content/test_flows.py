"""Guided questions as editors write them: what is read, what is refused, where ours may end."""

import re
from itertools import combinations, permutations

import pytest

from bot.content.check_words import BUBBLE, item_texts
from bot.content.flows import read_flows
from bot.content.limits import WEB
from bot.content.load import Content
from bot.content.render import Renderer
from bot.conversation import Facts
from bot.dialogue.acknowledging import STORIES
from bot.dialogue.decision import Say
from bot.flow import DONE, RISKS, SIGNS, SKIP
from tests.bot.content.responses import Responses
from tests.bot.content.test_render import NOW

FLOW = """\
_flow:
  id: walk
  title: A walk
  roles: [victim]
  instead: helpline
  steps:
    - {id: where, options: [{id: 'yes', title: Here, sets: ['sign:repeated'], next: who}]}
    - {id: what, hears: true, unless: ['told:threats']}
    - {id: who, many: true, options: [{id: one, title: One, sets: ['pick:one']}]}
  ends:
    - {show: much, at_least: 1, counting: ['pick:'], sections: true}
    - {show: little}
step.walk.where: {text: Where?}
step.walk.what: {text: What?}
step.walk.who: {text: Who?}
walk.much: {text: [First., Last.]}
walk.little: {text: A little.}
walk.for_one: {text: For one.}
"""


def put(responses: Responses, text: str = FLOW, name: str = "walk") -> None:
    """A flow in a file of its own."""
    (responses.root / "flows").mkdir(exist_ok=True)
    responses.write(f"flows/{name}.yml", text)


def faults(responses: Responses) -> list[str]:
    """What is wrong with the flows."""
    return [str(problem) for problem in read_flows(responses.root)[1]]


def test_every_question_can_be_passed_over_without_an_editor_thinking_of_it(
    responses: Responses,
) -> None:
    """One answer can be skipped, a choice of many can be ended."""
    put(responses)
    flows, problems = read_flows(responses.root)
    where, what, who = flows["walk"].steps

    assert problems == []
    assert [option.id for option in where.options] == ["yes", SKIP]
    assert [option.id for option in what.options] == [SKIP]
    assert [option.id for option in who.options] == ["one", DONE]
    assert who.options[-1].title == "That's all"


AT = "responses/flows/walk.yml:1 _flow: "
BROKEN = {
    "back": ("next: who", "next: where", "'where' is not a later step. A flow only goes forward."),
    "a mark": ("sign:repeated", "sign:loud", "'sign:loud' is no mark. Use pick:… or one of "),
    "a condition": ("told:threats", "risk:loud", "nothing sets 'risk:loud' (step 'what')."),
    "no words": (
        "step.walk.what: {text: What?}\n",
        "",
        "'step.walk.what' is not an entry of this file. Write the question.",
    ),
    "no section": (
        "walk.for_one: {text: For one.}\n",
        "",
        "'walk.for_one' is not an entry of this file. Write it.",
    ),
    "no end": (
        "walk.little: {text: A little.}\n",
        "",
        "'walk.little' is not an entry of this file. Write it.",
    ),
    "nobody": (
        "    - {show: little}\n",
        "",
        "the last end, and only it, must hold for everybody. Move its conditions.",
    ),
    "twice": ("{id: what, ", "{id: where, ", "two steps have the same id. Rename one of the two."),
    "nothing offered": (
        "{id: what, hears: true, ",
        "{id: what, ",
        "step 'what' offers nothing. Give it options, or `hears: true`.",
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), BROKEN.values(), ids=BROKEN)
def test_what_could_not_be_played_is_refused_and_says_why(
    responses: Responses, old: str, new: str, told: str
) -> None:
    """Before anybody is asked a question that leads nowhere."""
    put(responses, FLOW.replace(old, new))

    assert any(fault.startswith(AT + told) for fault in faults(responses))
    assert read_flows(responses.root)[0] == {}


def test_a_misspelt_key_is_told_with_its_line(responses: Responses) -> None:
    """As everywhere in the texts."""
    put(responses, FLOW.replace("  title: A walk", "  titles: A walk"))

    assert any("walk.yml:3 _flow: 'titles' is not a key we know" in f for f in faults(responses))


def test_two_flows_of_one_name_are_told(responses: Responses) -> None:
    """Which one people get would be chance."""
    put(responses)
    put(responses, name="walk_two")

    assert [f.split(". ")[0] for f in faults(responses)] == [
        "responses/flows/walk_two.yml:1 _flow: there is another flow 'walk'"
    ]


# ---------------------------------------------------------------- what is served


@pytest.mark.parametrize("risk", ["threats", "weapons", "suicidal_talk", "escalation"])
def test_whoever_names_a_grave_sign_hears_whom_to_ring_now(real: Content, risk: str) -> None:
    """999, the helpline and the police, by number, whatever else is known."""
    for flow, end in (("what_worries", "strong"), ("is_it_stalking", "danger")):
        known = frozenset({f"risk:{risk}", "sign:repeated", "told"})
        item = real.flows[flow].end(known).item

        assert item == f"{flow}.{end}"
        for role in ("victim", "supporter"):
            text = " ".join(real.library.find(item, role, None, "web").text)  # type: ignore[union-attr]
            assert "{emergency_999.phone}" in text
            assert "{national_stalking_helpline.phone}" in text


def test_three_things_are_taken_as_seriously_as_one_grave_one(real: Content) -> None:
    """And no combination of risks ends in silence."""
    flow = real.flows["what_worries"]

    for risks in combinations([f"risk:{risk}" for risk in RISKS], 3):
        assert flow.end(frozenset(risks)).item == "what_worries.strong"
    assert flow.end(frozenset({"risk:pets"})).item == "what_worries.some"
    assert flow.end(frozenset()).item == "what_worries.none"


def test_nobody_is_told_that_it_is_nothing(real: Content) -> None:
    """However few signs somebody names: belief, a way on, no verdict, no sum."""
    verdict = re.compile(
        r"not stalking|isn't stalking|nothing to|\blow\b|unlikely|probably|score|level|points|"
        r"out of \w+\.|"
        r"\b(?:one|two|three|four) of (?:the )?four\b|you are safe|no danger",
        re.IGNORECASE,
    )
    items = [
        item
        for item in real.library.items
        if item.base.startswith(("is_it_stalking.", "what_worries.", "step."))
    ]

    assert len(items) > 30
    assert not [(i.id, t) for i in items for t in item_texts(i) if verdict.search(t)]


def test_every_number_of_signs_has_its_end(real: Content) -> None:
    """From none to all four."""
    flow = real.flows["is_it_stalking"]
    ends = {
        count: {
            flow.end(frozenset(f"sign:{sign}" for sign in signs)).item.rpartition(".")[2]
            for signs in combinations(SIGNS, count)
        }
        for count in range(5)
    }

    assert ends == {0: {"open"}, 1: {"some"}, 2: {"some"}, 3: {"pattern"}, 4: {"pattern"}}


def test_never_having_said_no_counts_as_much_as_having_said_it(real: Content) -> None:
    """The law does not ask for it, so neither do we."""
    step = real.flows["is_it_stalking"].at("unwanted")

    assert step is not None
    assert {option.sets for option in step.options if option.id in {"yes", "no"}} == {
        ("sign:unwanted",)
    }


@pytest.mark.parametrize("role", ["victim", "supporter"])
def test_a_plan_fits_into_three_bubbles_in_whatever_order_places_are_picked(
    real: Content, role: str
) -> None:
    """Each place once, the warning last."""
    renderer = Renderer(real)
    step = real.flows["safety_plan"].steps[0]
    picks = [option.id for option in step.options if option.id != DONE]

    assert len(picks) == 6
    orders = [*permutations(picks), *(c for n in range(1, 6) for c in combinations(picks, n))]
    for order in orders:
        say = Say("safety_plan.plan", sections=tuple(f"safety_plan.for_{pick}" for pick in order))
        parts = renderer.render(say, Facts(role=role), NOW, WEB, "web")
        assert len(parts) <= 3
        assert all(len(part.text) <= BUBBLE for part in parts)
        assert "I don't keep this plan" in parts[-1].text
        assert parts[-1].choices


def test_guided_questions_are_not_for_whoever_follows_somebody(real: Content) -> None:
    """They are shown how to stop instead."""
    for flow in real.flows.values():
        assert flow.roles == {"victim", "supporter"}
        assert flow.instead == "worried_about_own_behaviour"


def test_everything_that_people_tell_has_a_name_for_each_of_them(real: Content) -> None:
    """In a list of what was told; never the victim's words for whoever does it."""
    for intent in STORIES:
        for role in ("victim", "supporter", "own"):
            item = real.library.find(intent, role, None, "web")
            assert item is not None
            assert item.named, item.id
        victim = real.library.find(intent, "victim", None, "web")
        own = real.library.find(intent, "own", None, "web")
        assert victim is own or victim.named != own.named  # type: ignore[union-attr]
