"""`evaluate`, as people and scripts call it."""

import io
import json
from pathlib import Path

import pytest

from bot.commands.evaluate import evaluate
from bot.dialogue.topics import ANSWER
from bot.errors import ModelProblem
from nlu.reading import Context, EngineState, Reading
from tests.nlu.scored import read

ROWS = [
    {"text": "hello", "intent": "greet"},
    {"text": "bye", "intent": "goodbye"},
]


class Greeter:
    """Takes everything for a greeting."""

    def __init__(self, name: str = "embedded", state: EngineState | None = None) -> None:
        self.name = name
        self._state = state or EngineState(ready=True)

    async def read(self, text: str, context: Context) -> Reading:
        return read("greet", sure=0.95)

    def state(self) -> EngineState:
        return self._state


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two labelled lines."""
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    return path


def test_the_threshold_is_the_one_people_meet(file: Path, tmp_path: Path) -> None:
    """What is answered with confidence is judged where the dialogue answers."""
    out, page = io.StringIO(), tmp_path / "report.md"

    evaluate([file], out, [Greeter()], machine=True, page=page)

    (result,) = json.loads(out.getvalue())["results"]
    assert result["figures"]["answered"]["threshold"] == ANSWER
    assert result["figures"]["answered"]["wrong"]["value"] == 1.0
    assert "## embedded on labelled.jsonl (2 lines)" in page.read_text(encoding="utf-8")


def test_several_files_and_engines_are_scored_in_one_go(file: Path, tmp_path: Path) -> None:
    """Every engine on every file, side by side."""
    other = tmp_path / "other.jsonl"
    other.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    out = io.StringIO()

    evaluate([file, other], out, [Greeter(), Greeter("rasa")])

    titles = [row for row in out.getvalue().splitlines() if row.startswith("## ")]
    assert titles == [
        "## Side by side",
        "## embedded on labelled.jsonl (2 lines)",
        "## rasa on labelled.jsonl (2 lines)",
        "## embedded on other.jsonl (2 lines)",
        "## rasa on other.jsonl (2 lines)",
    ]


@pytest.mark.parametrize(
    "state",
    [
        EngineState(ready=False, detail="there is no trained model"),
        EngineState(ready=True, detail="read by the embedded engine meanwhile"),
    ],
)
def test_an_engine_that_is_away_gets_no_figures(file: Path, state: EngineState) -> None:
    """Neither the rules' nor another engine's figures may pass for its own."""
    with pytest.raises(ModelProblem, match=state.detail):
        evaluate([file], io.StringIO(), [Greeter("rasa", state)])


def test_a_faulty_line_stops_it_before_anything_is_read(file: Path, tmp_path: Path) -> None:
    """File and line are named, and no half report is written."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "a", "intent": "greet"}\n{"text": 1}\n', encoding="utf-8")
    out = io.StringIO()

    with pytest.raises(ModelProblem, match=r"bad\.jsonl:2"):
        evaluate([file, bad], out, [Greeter()])
    assert out.getvalue() == ""
