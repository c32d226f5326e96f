"""docs/nlu.md and its pictures, from the model as it is: `make report`.

Reads the development set with the engine, and the kept learning curves; trains nothing. The same
model, data and rules give the same files: times are left to `make bench`. Also writes the model
card's counts. Exits 1 when the engine is not ready.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.topics import ANSWER
from bot.settings import load_settings
from nlu.classifier import MANIFEST_NAME
from nlu.engine import EmbeddedEngine, open_engine
from nlu.evaluate import Result, evaluate
from nlu.labelled import read_lines
from nlu.taxonomy import load_taxonomy
from tools import card, charts
from tools.learning_curve import DEVELOPMENT, KEPT
from tools.outcomes import Cases, cases, from_rows
from tools.report_page import Curves, page
from tools.sources import line_of, sources
from tools.thresholds import curve, read_all

PAGE = Path("docs/nlu.md")
PICTURES = Path("docs/nlu")


@dataclass(frozen=True, slots=True)
class Measured:
    """All that the page tells."""

    result: Result
    development: Cases
    curves: Curves  # learning curves by name; may be empty
    trained: dict[str, Any]  # figures that the training kept in model.json

    def unseen(self) -> dict[str, Cases]:
        """Cases of writers unseen in training, by the name of the curve."""
        return {name: from_rows(own["held_out"]["cases"]) for name, own in self.curves.items()}


def measure(engine: EmbeddedEngine, model_dir: Path) -> Measured:
    """Read the development set and what was kept of trainings."""
    lines = read_lines(DEVELOPMENT)
    result = asyncio.run(evaluate(engine.name, engine, DEVELOPMENT.name, lines, ANSWER))
    manifest = json.loads((model_dir / MANIFEST_NAME).read_text(encoding="utf-8"))
    return Measured(
        result,
        cases(lines, asyncio.run(read_all(engine, lines))),
        json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {},
        manifest["figures"],
    )


def write(own: Measured, made: str, folder: Path, pictures: Path) -> None:
    """The page into the folder, the pictures into theirs."""
    figures = own.result.figures
    pictures.mkdir(parents=True, exist_ok=True)
    drawn = {
        "confusion": charts.confusion(
            figures.matrix, load_taxonomy(), "What is taken for what, development set"
        ),
        "reliability": charts.reliability(
            [
                (
                    "development set",
                    [(b.confidence, b.right.value, b.right.total) for b in figures.bins],
                ),
                *(
                    (f"unseen writers, {name}", _bins(curve_["held_out"]["bins"]))
                    for name, curve_ in own.curves.items()
                ),
            ]
        ),
        "threshold": charts.thresholds(
            "Threshold, development set", curve(own.development), ANSWER
        ),
    }
    for name, cases_ in own.unseen().items():
        drawn[f"threshold-{name}"] = charts.thresholds(
            f"Threshold, unseen writers, {name}", curve(cases_), ANSWER
        )
    for name, learned in own.curves.items():
        if len(learned["by_lines"]) < 2:
            continue
        drawn[f"learning-{name}"] = charts.learning(learned["by_lines"], learned["by_hands"])
    for name, picture in drawn.items():
        (pictures / f"{name}.svg").write_text(picture, encoding="utf-8")
    text = page(own.result, own.development, own.curves, own.trained)
    (folder / PAGE.name).write_text(f"{made}\n{text}", encoding="utf-8")


def _bins(rows: list[list[float]]) -> list[tuple[float, float, int]]:
    return [(sure, hits / total if total else 0.0, int(total)) for _, sure, hits, total in rows]


def main() -> int:
    """Measure and write. 0, or 1 when the engine is not ready."""
    model_dir = load_settings().model_dir
    engine = open_engine(model_dir)
    if not engine.state().ready:
        print(engine.state().detail, file=sys.stderr)
        return 1
    write(measure(engine, model_dir), line_of(sources(model_dir)), PAGE.parent, PICTURES)
    return card.main()


if __name__ == "__main__":
    sys.exit(main())
