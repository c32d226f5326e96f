"""`parse`, line by line as outsiders rely on it."""

import io
import json
from typing import Any

import pytest

from bot.commands.parse import parse
from nlu.engine import EmbeddedEngine
from nlu.taxonomy import load_taxonomy

INTENTS = set(load_taxonomy().intents)


def parsed(engine: EmbeddedEngine, *lines: str) -> list[Any]:
    """What is written for these lines."""
    out = io.StringIO()
    parse(io.StringIO("".join(line + "\n" for line in lines)), out, engine)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_says_what_it_means(engine: EmbeddedEngine) -> None:
    """Every key of the interface, with its type, and no other."""
    (answer,) = parsed(engine, '{"id": "1", "text": "hes outside my door", "extra": true}')

    assert set(answer) == {"id", "intent", "confidence", "urgent", "language", "ranking"}
    assert answer["id"] == "1"
    assert answer["intent"] == "emergency"
    assert answer["urgent"] is True
    assert answer["language"] == "en"
    assert 0 <= answer["confidence"] <= 1
    assert answer["ranking"][0] == [answer["intent"], answer["confidence"]]
    assert {name for name, _ in answer["ranking"]} <= INTENTS
    shares = [share for _, share in answer["ranking"]]
    assert shares == sorted(shares, reverse=True)


def test_answers_come_in_order_one_a_line(engine: EmbeddedEngine) -> None:
    """As many out as in."""
    lines = [json.dumps({"id": n, "text": f"message {n}"}) for n in range(20)]

    assert [answer["id"] for answer in parsed(engine, *lines)] == list(range(20))


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("junk", None), ("", None), ("[]", None), ("7", None), ('{"id": "a"}', "a"),
        ('{"id": "b", "text": 7}', "b"), ('{"id": "c", "text": null}', "c"), ("[" * 9000, None),
    ],
)  # fmt: skip
def test_a_bad_line_gets_an_error_and_the_stream_goes_on(
    engine: EmbeddedEngine, line: str, number: str | None
) -> None:
    """The next line is read as if nothing had been."""
    bad, good = parsed(engine, line, '{"id": "z", "text": "hello"}')

    assert set(bad) == {"id", "error"}
    assert bad["id"] == number
    assert good["id"] == "z"


@pytest.mark.parametrize("text", ["", " ", "🙂", "x" * 60_000, "\ud800", "a\x00b", "ا" * 500])
def test_any_text_is_read(engine: EmbeddedEngine, text: str) -> None:
    """Nothing a person can type is an error."""
    (answer,) = parsed(engine, json.dumps({"id": "1", "text": text}))

    assert answer["intent"] in INTENTS


def test_a_calm_question_is_not_urgent(engine: EmbeddedEngine) -> None:
    """The other side of the alarm."""
    (answer,) = parsed(engine, '{"id": "1", "text": "what does an advocate do?"}')

    assert answer["urgent"] is False
