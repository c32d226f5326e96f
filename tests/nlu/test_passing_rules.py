"""The rules about what is said in passing: each shows what it means, and its file is read."""

from pathlib import Path

import pytest

from nlu.hints import hints_state, relations
from nlu.roles import roles, roles_state
from nlu.rulebook import Book, read_book, told
from nlu.signs import DEVICES, RISKS, SIGNS, sign_rules, signs_state
from nlu.urgent_rules import Rule
from nlu.urgent_words import Message

BOOKS = {"roles": roles(), "relations": relations(), "signs": sign_rules()}
RULES = [(book, rule) for book in BOOKS.values() for rule in book.known.english]
SHOWN = {
    "roles": {
        "own",
        "supporter",
        "supporter_perhaps",
        "supporter_alone",
        "victim",
        "victim_plainly",
    },
    "relations": {
        "ex",
        "partner",
        "colleague",
        "neighbour",
        "family",
        "stranger",
        "online",
        "acquaintance",
    },
    "signs": {*SIGNS, *RISKS, *DEVICES},
}


def raises(book: Book, rule: Rule, text: str) -> bool:
    return Message(told(text), book.known).raises(rule)


def test_the_files_are_read() -> None:
    """A typing slip in a file must not silence it unseen."""
    for state in (roles_state(), hints_state(), signs_state()):
        assert state.ready, state.detail


@pytest.mark.parametrize("name", BOOKS)
def test_each_file_shows_all_that_it_is_there_to_show(name: str) -> None:
    """Nothing that the dialogue can be told goes without a rule, and no rule shows a new word."""
    assert {rule.intent for rule in BOOKS[name].known.english} == SHOWN[name]


@pytest.mark.parametrize(("book", "rule"), RULES, ids=lambda of: getattr(of, "id", ""))
def test_a_rule_says_why_and_shows_what_it_means(book: Book, rule: Rule) -> None:
    """An expert can judge a rule by its examples alone."""
    assert rule.why
    assert len(rule.examples) >= 7
    assert len(rule.counter_examples) >= 7
    assert [text for text in rule.examples if not raises(book, rule, text)] == []
    assert [text for text in rule.counter_examples if raises(book, rule, text)] == []


def test_a_broken_file_is_named_and_nothing_is_heard(tmp_path: Path) -> None:
    """The service goes on without these rules, and says so."""
    broken = tmp_path / "roles.yml"
    broken.write_text("rules: [", encoding="utf-8")

    book = read_book(broken, "side")

    assert "roles.yml" in book.detail
    assert book.known.english == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("he keeps folowin me", " he keeps following me "),
        ("shes stalkin us", " she is stalking us "),
        ("my nabour", " my neighbour "),
        ("he hackd my acounts", " he hacked my accounts "),
        ("were in derry now", " we are in derry now "),
        ("i was scared and shaking", " i was scared and shaking "),
        ("the police policy is polite", " the police policy is polite "),
    ],
)
def test_slips_are_mended_and_real_words_are_left_alone(typed: str, meant: str) -> None:
    """A frightened thumb is understood; another word is not put in anybody's mouth."""
    assert told(typed).sentences == (meant,)
