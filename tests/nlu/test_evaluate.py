"""Scores are what they claim to be."""

import json
from pathlib import Path

import pytest

from nlu.evaluate import Line, Share, evaluate, score
from nlu.problem import DataProblem
from nlu.reading import Context, Reading


def line(intent: str, *also: str, kind: str = "plain") -> Line:
    return Line("words", intent, frozenset({intent, *also}), kind)


def read(*ranking: str, sure: float = 0.8, urgent: str = "") -> Reading:
    shares = [(intent, sure if place == 0 else 0.05) for place, intent in enumerate(ranking)]
    return Reading(tuple(shares), frozenset(urgent.split()))


def test_wilsons_interval_is_the_published_one() -> None:
    """Ten of ten does not prove a hundred per cent. (Values: Newcombe 1998.)"""
    low, high = Share(81, 263).interval

    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)
    assert Share(10, 10).interval[0] == pytest.approx(0.7225, abs=1e-4)


def test_a_label_that_counts_as_right_too_is_right() -> None:
    """A message about two things may be read as either."""
    report = score([line("threats", "ex_partner")], [read("ex_partner")])

    assert report.macro_f1 == 1.0
    assert report.accuracy == Share(1, 1)


def test_danger_is_scored_by_cards() -> None:
    """Any urgent card saves an emergency; another urgent intent's card is no false alarm."""
    lines = [line("emergency"), line("emergency"), line("harm_to_others"), line("evidence")]
    readings = [
        read("emergency", urgent="emergency"),
        read("followed_or_watched"),
        read("harm_to_others", urgent="emergency"),
        read("evidence", urgent="emergency"),
    ]

    report = score(lines, readings)

    assert report.emergency_recall == Share(1, 2)
    assert report.urgent_precision == Share(2, 3)
    assert dict(report.urgent_recall)["harm_to_others"] == Share(0, 1)
    assert report.mistaken == (("emergency", "followed_or_watched", 1),)


def test_rare_intents_weigh_as_much_as_common_ones() -> None:
    """Nine greetings right and one threat missed is not nine tenths of understanding."""
    report = score([*[line("greet")] * 9, line("threats")], [read("greet")] * 10)

    assert report.accuracy == Share(9, 10)
    assert report.macro_f1 == pytest.approx((18 / 19 + 0) / 2)


def test_confidence_that_lies_is_measured() -> None:
    """Ninety per cent sure and always wrong: an error of 0.9."""
    report = score([line("greet")] * 4, [read("menu", "deny", "greet", sure=0.9)] * 4)

    assert report.calibration_error == pytest.approx(0.9)
    assert report.top3 == Share(4, 4)


class Same:
    async def read(self, text: str, context: Context) -> Reading:
        assert context == Context()
        return read("out_of_scope" if text == "weather" else "greet")


async def test_a_file_is_scored_and_no_message_is_quoted(tmp_path: Path) -> None:
    """The report can be shared: it holds figures and intents."""
    file = tmp_path / "labelled.jsonl"
    rows = [
        {"id": "1", "text": "weather", "intent": "out_of_scope", "slice": "noisy"},
        {"id": "2", "text": "secret words", "intent": "greet", "also": ["thanks"]},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    report = await evaluate(Same(), file)

    assert report.out_of_scope_recall == Share(1, 1)
    assert [name for name, _, _ in report.slices] == ["noisy", "plain"]
    text = report.markdown("title")
    assert "| macro-F1 | 1.000 |" in text
    assert "secret" not in text


@pytest.mark.parametrize("row", ["{", "[]", '{"text": "a"}', '{"text": 1, "intent": "greet"}', ""])
async def test_a_faulty_line_is_named(tmp_path: Path, row: str) -> None:
    """Nothing is scored on half a file."""
    file = tmp_path / "labelled.jsonl"
    file.write_text(f"{row}\n", encoding="utf-8")

    with pytest.raises(DataProblem, match="labelled"):
        await evaluate(Same(), file)
