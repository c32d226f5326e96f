"""When to answer, to ask back, to give up: `python -m tools.thresholds [FILE.jsonl ...]`.

For each threshold of confidence: of everything the engine gets wrong, the share that is answered
with confidence; of everything it gets right, the share that is answered outright; and what the
dialogue then costs by tools/outcomes.py. First by the labelled files (default: the development
set), then by writers unseen in training, if docs/nlu/learning.json has them. `gate`: at most one in
three of the wrong, at least three in four of the right. `open`: the same without the messages that
wait for no threshold (danger, fishing).
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.dialogue.topics import ANSWER
from bot.settings import load_settings
from nlu.engine import open_engine
from nlu.labelled import Line, read_lines
from nlu.reading import Context, Reading
from tools.learning_curve import DEVELOPMENT, KEPT
from tools.outcomes import (
    COSTS,
    WRONG,
    Cases,
    Outcome,
    asking_by_tenth,
    cases,
    cheapest,
    from_rows,
    outcome,
)

TRIED = tuple(range(20, 100, 5))  # printed, in hundredths; every hundredth is looked at
IN_USE = round(ANSWER * 100)
WRONGS = (WRONG, 5.0, 8.0, 12.0)  # ours first; what would follow if a wrong answer cost more


async def read_all(engine: Any, lines: list[Line]) -> list[Reading]:
    """The readings of all lines, in order."""
    return [await engine.read(line.text, Context()) for line in lines]


def curve(found: Cases, wrong: float = WRONG) -> list[Outcome]:
    """Every threshold from 0.20 to 0.99."""
    return [outcome(found, hundredths, wrong) for hundredths in range(20, 100)]


def told(title: str, found: Cases) -> list[str]:
    """The table of one set of messages."""
    outcomes = curve(found)
    rows = [
        f"{title}: {sum(found.values())} messages",
        "threshold | wrong answered | right answered | gate | open: wrong | right | gate | cost",
    ]
    shown = sorted({*TRIED, IN_USE})
    rows += [_row(one) for one in outcomes if one.hundredths in shown]
    rows += [
        f"cheapest where a wrong answer costs {wrong:g}: {best.hundredths / 100:.2f}"
        for wrong in WRONGS
        for best in [cheapest(curve(found, wrong))]
    ]
    gate, open_gate = within(outcomes)
    rows.append(f"within the gate: {span(gate)}; open: {span(open_gate)}")
    rows.append("confidence | messages | asking costs | answering costs")
    rows += [
        f"{tenth / 10:.1f} and up | {count:8} | {asking:12.2f} | {answering:15.2f}"
        for tenth, count, asking, answering in asking_by_tenth(found)
    ]
    return rows


def within(outcomes: Sequence[Outcome]) -> tuple[list[int], list[int]]:
    """The thresholds, in hundredths, that satisfy the gate: of every message, and of the open."""
    return (
        [one.hundredths for one in outcomes if one.passes],
        [one.hundredths for one in outcomes if one.passes_open],
    )


def _row(one: Outcome) -> str:
    mark = "  <- in use" if one.hundredths == IN_USE else ""
    return (
        f"{one.hundredths / 100:9.2f} | {one.wrong.value:14.3f} | {one.right.value:14.3f} |"
        f" {_yes(one.passes)} | {one.open_wrong.value:11.3f} | {one.open_right.value:5.3f} |"
        f" {_yes(one.passes_open)} | {one.cost:.3f}{mark}"
    )


def _yes(passes: bool) -> str:
    return "yes " if passes else "  - "


def span(gate: Sequence[int]) -> str:
    """From where to where, or none."""
    return f"{gate[0] / 100:.2f} to {gate[-1] / 100:.2f}" if gate else "none"


def held_out(kept: Path) -> dict[str, Cases]:
    """The cases of unseen writers, by the name of the curve; empty where there is none."""
    if not kept.exists():
        return {}
    curves: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return {name: from_rows(own["held_out"]["cases"]) for name, own in curves.items()}


def main() -> int:
    """Print the tables; 1 when the engine is not ready."""
    parser = argparse.ArgumentParser(description="What a threshold of confidence costs.")
    parser.add_argument("files", type=Path, nargs="*", default=[DEVELOPMENT])
    parser.add_argument("--kept", type=Path, default=KEPT, help="learning curves")
    asked = parser.parse_args()
    engine = open_engine(load_settings().model_dir)
    if not engine.state().ready:
        print(engine.state().detail, file=sys.stderr)
        return 1
    print("costs: " + "; ".join(f"{name} {cost}" for name, cost in COSTS.items()))
    for file in asked.files:
        lines = read_lines(file)
        print()
        print("\n".join(told(file.name, cases(lines, asyncio.run(read_all(engine, lines))))))
    for name, found in held_out(asked.kept).items():
        print()
        print("\n".join(told(f"writers unseen in training, {name}", found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
