"""What a threshold does to people, reckoned by hand."""

import json
from collections import Counter

import pytest

from nlu.labelled import Share
from tests.nlu.scored import line, read
from tools.outcomes import (
    WRONG,
    Asked,
    Case,
    asking_by_tenth,
    case,
    cases,
    cheapest,
    from_rows,
    outcome,
    to_rows,
)


def made(hundredths: int, *, right: bool, asked: Asked = "offered", waits: bool = True) -> Case:
    return Case(hundredths, right, waits, asked)


def test_asking_back_is_what_the_dialogue_would_offer() -> None:
    """The right reading among the buttons, not among them, or too little to offer anything."""
    wanted = line("evidence")

    offered = case(wanted, read("threats", "evidence", "court", sure=0.4))
    missing = case(wanted, read("threats", "court", sure=0.4))
    given_up = case(wanted, read("threats", "greet", sure=0.4))

    assert (offered.asked, missing.asked, given_up.asked) == ("offered", "missing", "given_up")


def test_danger_and_refusals_wait_for_no_threshold() -> None:
    """A card comes whatever the confidence; the case says so."""
    assert not case(line("emergency"), read("emergency", sure=0.3, urgent="emergency")).waits
    assert case(line("evidence"), read("evidence", "court", sure=0.3)).waits


def test_confidence_is_cut_not_rounded() -> None:
    """A reading of 0.599 is not answered at 0.60; one of exactly 0.60 is, and 0.29 is 0.29."""
    lines = [line("court")] * 3
    found = cases(lines, [read("court", "threats", sure=sure) for sure in (0.599, 0.6, 0.29)])

    assert sorted(one.hundredths for one in found) == [29, 59, 60]


def test_shares_and_cost_of_a_threshold() -> None:
    """At 0.60: of three wrong one is answered, of three right two; the cost is of those that wait.

    Waiting: right 0.8 (0), right 0.5 asked (1), wrong 0.7 (3), wrong 0.4 asked, missing (2).
    """
    found = Counter(
        [
            made(80, right=True),
            made(50, right=True),
            made(70, right=False),
            made(40, right=False, asked="missing"),
            made(90, right=True, waits=False),
            made(10, right=False, waits=False),
        ]
    )

    done = outcome(found, 60)

    assert (done.wrong, done.right) == (Share(1, 3), Share(2, 3))
    assert (done.open_wrong, done.open_right) == (Share(1, 2), Share(1, 2))
    assert done.cost == pytest.approx((0 + 1 + WRONG + 2) / 4)
    assert outcome(found, 60, wrong=7).cost == pytest.approx((0 + 1 + 7 + 2) / 4)
    assert not done.passes


def test_the_gate_is_one_in_three_and_three_in_four() -> None:
    """Exactly on both limits passes; one more wrong answer, or one right one lost, does not."""
    wrong = Counter({made(90, right=False): 1, made(10, right=False): 2})
    right = Counter({made(90, right=True): 3, made(10, right=True): 1})

    assert outcome(wrong + right, 50).passes
    assert outcome(wrong + right, 50).passes_open
    assert not outcome(wrong + right + Counter([made(60, right=False)]), 50).passes
    assert not outcome(wrong + right + Counter([made(20, right=True)]), 50).passes


def test_danger_is_judged_by_confidence_but_not_held_against_the_open_ones() -> None:
    """A confident wrong reading under a card counts in one gate and not in the other."""
    found = Counter(
        {
            made(90, right=False, waits=False): 2,
            made(10, right=False): 2,
            made(90, right=True): 4,
        }
    )

    assert not outcome(found, 50).passes
    assert outcome(found, 50).passes_open


def test_the_cheapest_threshold_is_found() -> None:
    """Half of what is read at 0.4 is wrong, nearly all at 0.8 is right: answer above, ask below."""
    found = Counter(
        {
            made(40, right=True): 5,
            made(40, right=False): 5,
            made(80, right=True): 19,
            made(80, right=False): 1,
        }
    )

    assert cheapest([outcome(found, at) for at in (30, 60, 90)]).hundredths == 60


def test_where_giving_up_would_be_better_is_seen() -> None:
    """By tenths: what asking costs, what answering costs; empty tenths are left out."""
    found = Counter(
        {made(15, right=False, asked="missing"): 3, made(99, right=True, asked="given_up"): 2}
    )

    assert asking_by_tenth(found) == [(1, 3, 2.0, WRONG), (9, 2, 1.5, 0.0)]


def test_cases_survive_being_kept() -> None:
    """As JSON and back: the report judges thresholds without training again."""
    found = Counter({made(40, right=True): 5, made(80, right=False, asked="missing"): 1})

    assert from_rows(json.loads(json.dumps(to_rows(found)))) == found
