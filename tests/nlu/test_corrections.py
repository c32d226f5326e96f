"""What puts a fact right, or says it and nothing else; and stories, which do neither."""

import pytest

from nlu.corrections import corrections_state, hints_and_corrections
from nlu.reading import Context

PUT_RIGHT: list[tuple[str, str, str | bool]] = [
    ("no, it's my sister", "role", "supporter"),
    ("its not me its my mate", "role", "supporter"),
    ("sorry i meant my daughter", "role", "supporter"),
    ("no im the one doing it", "role", "own"),
    ("it's happening to me", "role", "victim"),
    ("I'm in Wales now", "nation", "wales"),
    ("we moved to scotland", "nation", "scotland"),
    ("actually im in scotland, what should i do now then", "nation", "scotland"),
    ("he's not my ex he's my neighbour", "relationship", "neighbour"),
    ("im 15 btw", "age", "under_18"),
    ("i havent told the police yet", "police", False),
    ("actually they do know now", "police", True),
    ("theres no order anymore", "orders", False),
    ("we have two kids", "children", True),
]
STORIES = [
    "my sister is being followed by her ex",
    "my friend says i'm overreacting but he follows me",
    "he turned up at my sister's house in Wales again",
    "i told the police and they did nothing, he is outside my work every day",
    "my ex keeps messaging me",
    "is it my fault",
    "can my sister come with me?",
    "my neighbour rang the police for me",
    "no he follows me to work",
    "no idea who it is, he gets off when i do",
    "hello",
    "",
]


def test_the_words_are_read() -> None:
    """A typing slip in the file must not silence it unseen."""
    assert corrections_state().ready, corrections_state().detail


@pytest.mark.parametrize(("text", "fact", "value"), PUT_RIGHT)
def test_a_fact_put_right_is_heard_as_such(text: str, fact: str, value: str | bool) -> None:
    """The last advice can be given again for the right case."""
    hints, corrects = hints_and_corrections(text)

    assert getattr(hints, fact) == value
    assert fact in corrects


@pytest.mark.parametrize("text", STORIES)
def test_a_story_is_no_correction(text: str) -> None:
    """Whoever tells what has happened wants an answer to that, not the last one again."""
    assert hints_and_corrections(text)[1] == frozenset()


@pytest.mark.parametrize(
    ("text", "known", "role"),
    [
        ("I'm scared for her, he keeps texting me too", "supporter", None),
        ("he rings me every night now", "supporter", None),
        ("he rings me every night now", None, "victim"),
        ("no, it's happening to me", "supporter", "victim"),
        ("i have a stalker", "supporter", "victim"),
        ("she keeps texting me", "own", None),
        ("he follows my sister as well", "victim", None),
        ("i'm asking for my sister", "victim", "supporter"),
        ("I keep ringing her", "supporter", None),
        ("the police told me to stay away from her", "supporter", "own"),
    ],
)
def test_a_known_role_is_given_up_for_plain_words_alone(
    text: str, known: str | None, role: str | None
) -> None:
    """A mother who is afraid is not taken for the one who is followed."""
    assert hints_and_corrections(text, Context(role=known))[0].role == role


@pytest.mark.parametrize(
    ("answer", "role"),
    [
        ("me", "victim"),
        ("my sister", "supporter"),
        ("a friend", "supporter"),
        ("my dad", "supporter"),
    ],
)
def test_an_answer_to_the_question_may_be_short(answer: str, role: str) -> None:
    """Asked who it is about, people name them and no more."""
    assert hints_and_corrections(answer, Context(question="role"))[0].role == role
