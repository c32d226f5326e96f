"""Labelled files are read whole or not at all, and few lines prove little."""

import json
from pathlib import Path

import pytest

from nlu.labelled import Share, read_lines
from nlu.problem import DataProblem


def test_wilsons_interval_is_the_published_one() -> None:
    """Ten of ten does not prove a hundred per cent. (Values: Newcombe 1998.)"""
    low, high = Share(81, 263).interval

    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)
    assert Share(10, 10).interval[0] == pytest.approx(0.7225, abs=1e-4)


def test_of_nothing_nothing_is_claimed() -> None:
    """No lines: no share, and the true one may lie anywhere."""
    assert str(Share(0, 0)) == "none"
    assert Share(0, 0).interval == (0.0, 1.0)


def test_a_line_has_its_labels_and_its_way_of_writing(tmp_path: Path) -> None:
    """`also` counts as right; without `slice` a line is plain; an empty line is nothing."""
    file = tmp_path / "labelled.jsonl"
    rows = [
        {"id": "1", "text": "one\u2028two", "intent": "threats", "also": ["evidence"]},
        {"id": "2", "text": "three", "intent": "greet", "slice": "noisy", "who": "victim"},
    ]
    text = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text(text + "\n", encoding="utf-8")

    first, second = read_lines(file)

    assert (first.text, first.right) == ("one\u2028two", frozenset({"threats", "evidence"}))
    assert (first.slice, second.slice) == ("plain", "noisy")


def test_words_do_not_reach_a_printout(tmp_path: Path) -> None:
    """A labelled line may be a real person's; nobody sees it by accident."""
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"text": "secret", "intent": "greet"}', encoding="utf-8")

    assert "secret" not in repr(read_lines(file))


@pytest.mark.parametrize(
    "row",
    [
        '{"text": "secret", "intent"',
        "[]",
        '{"text": "secret"}',
        '{"text": 1, "intent": "greet"}',
        '{"text": "secret", "intent": "greet", "also": "evidence"}',
        '{"text": "secret", "intent": "greet", "also": [["evidence"]]}',
        "[" * 9_000,
    ],
)
def test_a_faulty_line_is_named_and_not_quoted(tmp_path: Path, row: str) -> None:
    """Nothing is scored on half a file; the fault says where, without the words."""
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"text": "a", "intent": "greet"}\n' + row + "\n", encoding="utf-8")

    with pytest.raises(DataProblem, match=r"labelled\.jsonl:2") as caught:
        read_lines(file)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("body", [b"", b"\n \n", b"\xff\xfe\xfa"])
def test_a_file_without_readable_lines_is_no_file(tmp_path: Path, body: bytes) -> None:
    """Empty, or not UTF-8: said, not scored as nought of nought."""
    file = tmp_path / "labelled.jsonl"
    file.write_bytes(body)

    with pytest.raises(DataProblem, match="labelled"):
        read_lines(file)
