"""A small curve, really trained, on words alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.nlu.scored import line
from tests.tools.test_held_out import setting, written
from tools.learning_curve import Plan, by_hands, by_lines, put, where_next

EXAMPLES = tuple(
    one for hand, count in (("a", 8), ("b", 8), ("c", 8), ("d", 2)) for one in written(hand, count)
)
DEVELOPMENT = [
    line("greet", text="good morning hello"),
    line("evidence", text="screenshots"),
    line("emergency", text="at the door he is"),
]


def plan(*groups: str) -> Plan:
    return Plan((0.5, 1.0), (1, 2, 3), tuple(frozenset(group) for group in groups), 24, seed=1)


def test_each_share_of_the_lines_is_a_point() -> None:
    """Half, then all; scored on the development set and on the hand that was held out."""
    points, held = by_lines(EXAMPLES, DEVELOPMENT, plan("a"), setting())

    assert [(point["share"], point["lines"]) for point in points] == [(0.5, 39), (1.0, 78)]
    assert points[1]["development"]["right"] == 1.0
    assert points[1]["held_out"]["right"] == held["right"] == 1.0
    assert held["lines"] == 24


def test_more_hands_do_not_mean_more_lines() -> None:
    """Variety is measured by itself: one hand's 24 lines, then twelve by each of two."""
    told: list[str] = []

    points = by_hands(EXAMPLES, DEVELOPMENT, plan("a"), setting(told))

    assert [point["hands"] for point in points] == [1, 2]  # d has too few lines for a third
    assert told[0] == "24 lines by 1 hands"
    assert 0 <= points[0]["held_out"]["heard"] <= 1


def test_a_curve_is_kept_beside_the_others(tmp_path: Path) -> None:
    """One encoder's curve is made anew without losing the other's."""
    kept = tmp_path / "nlu" / "learning.json"
    first: dict[str, Any] = {"held_out": {"right": 0.5}, "by_lines": [{"lines": 3}]}

    put(kept, "published", first)
    put(kept, "tuned", {"by_lines": []})
    put(kept, "published", {"by_lines": [{"lines": 4}]})

    assert json.loads(kept.read_text(encoding="utf-8")) == {
        "published": {"by_lines": [{"lines": 4}]},
        "tuned": {"by_lines": []},
    }


def test_where_the_next_lines_go_is_said_worst_first() -> None:
    """In words an editor can act on."""
    held = {"intents": [["threats", 1, 9, "court 5, evidence 3"], ["greet", 9, 9, ""]]}

    assert where_next(held) == [
        "threats: 1 of 9 read rightly; taken for court 5, evidence 3",
        "greet: 9 of 9 read rightly; taken for nothing else",
    ]


def test_the_command_trains_keeps_and_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From data files to the kept curve, without an encoder."""
    from tools import learning_curve  # noqa: PLC0415 - its main alone is wanted here

    data = tmp_path / "data"
    data.mkdir()
    examples = written("a", 4) + written("b", 4)
    blocks = [
        f"- intent: {intent}\n  examples:\n"
        + "".join(
            f'  - {{text: "{one.text}", metadata: {{hand: {one.hand}}}}}\n'
            for one in examples
            if one.intent == intent
        )
        for intent in ("emergency", "greet", "evidence")
    ]
    (data / "some.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")
    config = tmp_path / "config.yml"
    config.write_text(
        "pipeline:\n  - name: nlu.rasa.component.AlongsideClassifier\n    min_count: 1\n",
        encoding="utf-8",
    )
    dev = tmp_path / "dev.jsonl"
    dev.write_text('{"text": "hello", "intent": "greet"}\n', encoding="utf-8")
    kept = tmp_path / "learning.json"
    words = ["curve", "--words", "--groups", "2", "--shares", "1", "--hands", "1", "--lines", "12"]
    words += ["--data", str(data), "--config", str(config), "--dev", str(dev), "--out", str(kept)]
    monkeypatch.setattr("sys.argv", words)

    assert learning_curve.main() == 0

    curve = json.loads(kept.read_text(encoding="utf-8"))["published"]
    assert curve["groups"] == [["a"], ["b"]]
    assert curve["made_from"]["encoder"] is None
    assert curve["by_lines"][0]["lines"] == curve["held_out"]["lines"] == 24
    assert curve["by_hands"][0]["hands"] == 1
    assert "where the next lines should go" in capsys.readouterr().out
