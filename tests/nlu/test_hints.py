"""Facts that people say in passing, and how careful we are to believe them."""

import pytest

from nlu.hints import hints_in
from nlu.reading import Hints

SAID: list[tuple[str, str, str | bool | None]] = [
    ("I can't stop checking her insta", "role", "own"),
    ("I got arrested for stalking", "role", "own"),
    ("I've been accused of harassment by my ex", "role", "own"),
    ("i keep driving past her house", "role", "own"),
    ("she says im stalking her", "role", "own"),
    ("my friend is being stalked", "role", "supporter"),
    ("my sister's ex keeps turning up", "role", "supporter"),
    ("someone is following my daughter", "role", "supporter"),
    ("a colleague of mine is being harassed", "role", "supporter"),
    ("how can I support my friend", "role", "supporter"),
    ("my colleague is being followed", "role", "supporter"),
    ("i am being followed", "role", "victim"),
    ("my ex keeps messaging me", "role", "victim"),
    ("he won't stop texting me", "role", "victim"),
    ("what is stalking", "role", None),
    ("my neighbour is following me", "role", "victim"),
    ("my friend says I'm being silly", "role", None),
    ("my brother is following me", "role", "victim"),
    ("my mum is worried", "role", None),
    ("I'm in Glasgow", "nation", "scotland"),
    ("i live in cardiff", "nation", "wales"),
    ("I'm in Belfast", "nation", "northern_ireland"),
    ("the PSNI won't help", "nation", "northern_ireland"),
    ("Police Scotland said no", "nation", "scotland"),
    ("we're in Wales", "nation", "wales"),
    ("scotland", "nation", "scotland"),
    ("England", "nation", "england"),
    ("my scottish terrier was hurt", "nation", None),
    ("i live in london", "nation", "england"),
    ("he lives in glasgow now", "nation", None),
    ("I'm from Leeds but he lives in Cardiff", "nation", "england"),
    ("we met in edinburgh", "nation", None),
    ("we went on holiday in wales", "nation", None),
    ("he works in perth", "nation", None),
    ("i live in perth", "nation", "scotland"),
    ("new south wales", "nation", None),
    ("is it different in scotland", "nation", "scotland"),
    ("the prince of wales", "nation", None),
    ("i live in northern ireland", "nation", "northern_ireland"),
    ("i used to live in leeds", "nation", None),
    ("my ex husband follows me", "relationship", "ex"),
    ("my neighbour keeps watching me", "relationship", "neighbour"),
    ("a guy from work", "relationship", "colleague"),
    ("i dont know who it is", "relationship", "stranger"),
    ("met him on tinder", "relationship", "online"),
    ("my husband checks my phone", "relationship", "partner"),
    ("my brother is stalking me", "relationship", "family"),
    ("hello", "relationship", None),
    ("for example", "relationship", None),
    ("I'm 15", "age", "under_18"),
    ("im 16 yrs old and scared", "age", "under_18"),
    ("i am in year 9", "age", "under_18"),
    ("i was 15 when it started", "age", None),
    ("my daughter is 15", "age", None),
    ("i'm 34", "age", "adult"),
    ("im 17 minutes away", "age", None),
    ("i'm in sixth form", "age", None),
    ("i am 12 weeks pregnant", "age", None),
    ("he is 15", "age", None),
    ("i'm 14 he's 19", "age", "under_18"),
    ("I've got 12 messages", "age", None),
    ("i reported it to the police", "police", True),
    ("I havent told the police", "police", False),
    ("im too scared to go to the police", "police", False),
    ("police did nothing", "police", True),
    ("should i tell the police", "police", False),
    ("i've got a crime reference number", "police", True),
    ("what do the police do", "police", None),
    ("he was arrested", "police", True),
    ("i never reported it", "police", False),
    ("have the police got my number", "police", None),
    ("if i told the police would he know", "police", None),
    ("hes got a non mol and still texts me", "orders", True),
    ("he broke his bail conditions again", "orders", True),
    ("he's not allowed near me", "orders", True),
    ("there's an injunction against him", "orders", True),
    ("we've got no order", "orders", False),
    ("i haven't got a restraining order", "orders", False),
    ("how do i get a non-molestation order", "orders", None),
    ("does a restraining order work", "orders", None),
    ("i want an injunction", "orders", None),
    ("i never spoke to the guy", "orders", None),
    ("he orders pizzas to my house", "orders", None),
    ("in order to feel safe i moved", "orders", None),
    ("he uses the kids", "children", True),
    ("it gets bad at handover", "children", True),
    ("i'm a mum of two", "children", True),
    ("he follows my little boy to school", "children", True),
    ("no kids", "children", False),
    ("we don't have children", "children", False),
    ("the kids next door are noisy", "children", None),
    ("he acts like a child", "children", None),
    ("our kid is being followed", "children", None),
    ("she rang me crying", "role", None),
    ("he rang me 20 times last night", "role", "victim"),
    ("find my wife for me", "role", None),
    ("my mate's texting me from a cupboard", "role", None),
    ("an ex friend is harassing me", "relationship", "acquaintance"),
    ("my boss has been kind", "relationship", None),
    ("the man upstairs bangs on my door", "relationship", "neighbour"),
]


@pytest.mark.parametrize(("text", "field", "expected"), SAID)
def test_what_is_plainly_said_is_noticed_and_nothing_more(
    text: str, field: str, expected: str | bool | None
) -> None:
    """Plain facts are heard; a holiday or somebody else's age is no fact about them."""
    assert getattr(hints_in(text), field) == expected


@pytest.mark.parametrize("text", ["", "hello", "\ud800", "🙂", "thanks", "a" * 5000])
def test_nothing_said_is_nothing_assumed(text: str) -> None:
    """Nobody's role, nation or age is guessed from a greeting."""
    assert hints_in(text) == Hints()


def test_two_nations_named_as_home_are_no_nation() -> None:
    """Better to ask than to give the wrong law."""
    assert hints_in("i live in cardiff but my flat is in glasgow").nation is None
