"""Signs of stalking, risks, devices and how long: what a story shows, and how careful we are."""

import statistics
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.signs import DEVICES, RISKS, SIGNS, UNITS, shown_in

NEVER = [
    "he has never threatened me",
    "she hasn't threatened anybody",
    "he doesn't have a weapon",
    "he has not been to my house",
    "she has never hurt my dog",
    "he hasnt broken the order",
    "it isnt getting worse",
    "he never said he would kill himself",
]


@pytest.mark.parametrize("text", NEVER)
def test_what_has_not_happened_is_no_risk(text: str) -> None:
    """A list of dangers that somebody does not have would frighten and mislead."""
    assert shown_in(text).risks == frozenset()


@pytest.mark.parametrize(
    "text", ["what is stalking", "is it a crime", "hello", "thanks", "how do I get an order", ""]
)
def test_a_question_shows_nothing(text: str) -> None:
    """Asking what a thing is does not mean that it has happened."""
    shown = shown_in(text)
    assert (shown.signs, shown.risks, shown.devices, shown.since) == (
        frozenset(),
        frozenset(),
        (),
        None,
    )


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("it's been going on for 3 months", "months"),
        ("since March he keeps messaging me", "months"),
        ("two years now and he still follows me", "years"),
        ("it started last week", "days"),
        ("for a couple of weeks", "weeks"),
        ("since yesterday", "days"),
        ("he has stalked me for years", "years"),
        ("for 6 weeks, since we split two years ago it was quiet", "weeks"),
        ("he got 3 months in prison", None),
        ("we were together for six years", None),
        ("how long does an order last, 2 years?", None),
        ("my appointment is in two weeks", None),
        ("he rang me once", None),
    ],
)
def test_how_long_it_has_gone_on_is_heard_and_nothing_else_that_lasts(
    text: str, since: str | None
) -> None:
    """The length of a sentence or a marriage is not how long they have been followed."""
    assert shown_in(text).since == since


def test_devices_come_in_one_order() -> None:
    """Whatever order they are told in."""
    assert shown_in("there's an airtag in my car and he reads my messages").devices == (
        "phone",
        "tracker",
        "car",
    )


def test_a_story_shows_all_that_is_in_it() -> None:
    """A long message may hold everything that the person will say."""
    shown = shown_in(
        "My ex has been following me for eight months. I've told him to stop and blocked him, but "
        "he makes new accounts. He threatened to kill my dog. Last week he turned up at my house."
    )

    assert shown.signs >= {"obsessive", "unwanted", "repeated"}
    assert shown.risks >= {"threats", "home", "ex_partner"}
    assert shown.since == "months"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed, only words that the dialogue knows come back, the same each time."""
    shown = shown_in(text)

    assert shown == shown_in(text)
    assert shown.signs <= set(SIGNS)
    assert shown.risks <= set(RISKS)
    assert set(shown.devices) <= set(DEVICES)
    assert shown.since in {None, *UNITS}


def test_it_costs_a_fraction_of_a_message() -> None:
    """Well under a millisecond for a message of usual length; here with room for a busy machine."""
    text = "my ex keeps turning up at my work and he says he'll hurt me, it's been 3 months"
    shown_in(text)
    times = []
    for _ in range(50):
        begin = time.perf_counter()
        shown_in(text)
        times.append(time.perf_counter() - begin)

    assert statistics.median(times) < 0.005
