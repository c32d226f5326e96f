"""What more lines, and more writers, would bring: `python -m tools.learning_curve`.

Trains again and again: on 25, 50, 75 and 100 % of the lines, and on equally many lines by one, two
or more hands. Each model is scored on the development set (model alone, no rules) and on hands it
never saw. Writes docs/nlu/learning.json, from which `make report` draws; prints where the next
lines should go. About a quarter of an hour on two cores.

    --published   with the published encoder, fetched anew: nothing in it has seen our lines
    --model DIR   the folder with the encoder (default .model). A tuned one has seen every line: its
                  head is left out, and the held-out figures, which flatter, are marked
    --name NAME   what the curve is called (default: published or tuned)
    --held b,g    these hands alone are held out (for a twin encoder that has not seen them)
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from bot.dialogue.topics import ANSWER
from nlu.embedded import made_from
from nlu.encoder import open_encoder
from nlu.figures import score
from nlu.labelled import Line, read_lines
from nlu.taxonomy import load_taxonomy
from nlu.training_data import CONFIG_FILE, DATA_DIR, read_config, read_examples
from nlu.tuned import HEAD_NAME
from nlu.weights import FOLDER, build, fetch_published
from tools.held_out import (
    Examples,
    Setting,
    brief,
    drawn,
    groups_of,
    record,
    remembering,
    unseen_readings,
)

DEVELOPMENT = Path("nlu/dev/nlu_dev.jsonl")
KEPT = Path("docs/nlu/learning.json")
SHARES = (0.25, 0.5, 0.75, 1.0)
NEXT = 15  # intents told


@dataclass(frozen=True, slots=True)
class Plan:
    """What is trained. groups: the hands held out, one set after the other; count: equal lines."""

    shares: tuple[float, ...]
    hands: tuple[int, ...]
    groups: tuple[frozenset[str], ...]
    count: int
    seed: int


def by_lines(
    examples: Examples, development: Sequence[Line], plan: Plan, setting: Setting
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One point for each share of the lines; and the whole record of unseen writers at the last."""
    points = []
    held: dict[str, Any] = {}
    for part in plan.shares:
        training = drawn(examples, round(len(examples) * part), plan.seed)
        setting.progress(f"{len(training)} lines")
        held = record(*unseen_readings(training, examples, plan.groups, setting))
        points.append(
            {
                "share": part,
                "lines": len(training),
                "development": _on(development, training, setting),
                "held_out": {name: held[name] for name in _MEASURES},
            }
        )
    return points, held


def by_hands(
    examples: Examples, development: Sequence[Line], plan: Plan, setting: Setting
) -> list[dict[str, Any]]:
    """One point for each number of hands, always about as many lines; means over the groups."""
    points = []
    for number in plan.hands:
        setting.progress(f"{plan.count} lines by {number} hands")
        seen: list[dict[str, Any]] = []
        unseen: list[dict[str, Any]] = []
        for group in plan.groups:
            training = _of_hands(examples, group, number, plan)
            if training:
                own = record(*unseen_readings(training, examples, [group], setting))
                unseen.append({name: own[name] for name in _MEASURES})
                seen.append(_on(development, training, setting))
        if seen:
            points.append({"hands": number, "development": _mean(seen), "held_out": _mean(unseen)})
    return points


_MEASURES = ("right", "near", "macro_f1", "heard", "false")


def _of_hands(examples: Examples, group: frozenset[str], number: int, plan: Plan) -> Examples:
    """plan.count lines by so many of the most prolific hands outside the group; () if there are
    not so many hands, or one of them has too few lines.
    """
    each = plan.count // number
    written = {
        hand: tuple(one for one in examples if one.hand == hand)
        for hand in sorted({one.hand for one in examples} - group)
    }
    able = sorted(written, key=lambda hand: (-len(written[hand]), hand))[:number]
    if len(able) < number or any(len(written[hand]) < each for hand in able):
        return ()
    return tuple(one for hand in sorted(able) for one in drawn(written[hand], each, plan.seed))


def _on(development: Sequence[Line], training: Examples, setting: Setting) -> dict[str, Any]:
    readings = setting.read(setting.fit(training), [line.text for line in development])
    return brief(score(development, readings, ANSWER))


def _mean(points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: round(fmean(point[name] for point in points), 4) for name in _MEASURES}


def put(kept: Path, name: str, curve: dict[str, Any]) -> None:
    """Keep the curve under its name, in place of an older one; the others stay."""
    curves: dict[str, Any] = {}
    if kept.exists():
        curves = json.loads(kept.read_text(encoding="utf-8"))
    curves[name] = curve
    kept.parent.mkdir(parents=True, exist_ok=True)
    rows = [f" {json.dumps(key)}: {_compact(value)}" for key, value in sorted(curves.items())]
    kept.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def _compact(curve: dict[str, Any]) -> str:
    """One line for each part of a curve: short in a difference, and small."""
    rows = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(curve.items())]
    return "{\n" + ",\n".join(rows) + "\n }"


def where_next(held: dict[str, Any]) -> list[str]:
    """The intents least understood of unseen writers, worst first, as sentences."""
    return [
        f"{intent}: {right} of {total} read rightly; taken for {taken or 'nothing else'}"
        for intent, right, total, taken in held["intents"][:NEXT]
    ]


def main() -> int:
    """Train, keep, print. 0."""
    asked = _arguments(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="published-") as scratch:
        model_dir = _published(Path(scratch)) if asked.published else asked.model
        curve = _curve(asked, None if asked.words else model_dir)
    tuned = curve["tuned_on_these_lines"]
    put(asked.out, asked.name or ("tuned" if tuned else "published"), curve)
    told = where_next(curve["held_out"])
    print("\n".join(["where the next lines should go, worst first:", *told]))
    return 0


def _published(folder: Path) -> Path:
    """A model folder with the encoder as it was published."""
    fetch_published(folder / "source")
    build(folder / "source", folder / FOLDER)
    return folder


def _curve(asked: argparse.Namespace, model_dir: Path | None) -> dict[str, Any]:
    """The whole curve. model_dir: where the encoder is; None for words alone."""
    labels = load_taxonomy().intents
    examples = read_examples(asked.data, frozenset(labels))
    if asked.sample:
        examples = drawn(examples, asked.sample, 1)
    hands = {one.hand for one in examples}
    groups = [frozenset(asked.held.split(","))] if asked.held else groups_of(hands, asked.groups)
    config = read_config(asked.config)
    plan = Plan(tuple(asked.shares), tuple(asked.hands), tuple(groups), asked.lines, config.seed)
    encoder = remembering(open_encoder(model_dir / FOLDER)) if model_dir else None
    setting = Setting(config, encoder, labels, lambda line: print(line, file=sys.stderr))
    development = read_lines(asked.dev)
    points, held = by_lines(examples, development, plan, setting)
    tuned = model_dir is not None and (model_dir / FOLDER / HEAD_NAME).is_file()
    return {
        "made_from": made_from(asked.data, asked.config, model_dir),
        "examples": len(examples),
        "tuned_on_these_lines": tuned and not asked.held,
        "groups": [sorted(group) for group in groups],
        "equal_lines": plan.count,
        "by_lines": points,
        "by_hands": by_hands(examples, development, plan, setting),
        "held_out": held,
    }


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What more lines and more writers would bring.")
    parser.add_argument("--model", type=Path, default=Path(".model"))
    parser.add_argument("--published", action="store_true")
    parser.add_argument("--name", default="")
    parser.add_argument("--words", action="store_true", help="without an encoder")
    parser.add_argument("--held", default="")
    parser.add_argument("--groups", type=int, default=3)
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    parser.add_argument("--hands", type=int, nargs="*", default=(1, 2, 4, 6))
    parser.add_argument("--lines", type=int, default=1200, help="equal lines for the hands' curve")
    parser.add_argument("--sample", type=int, default=0, help="so many lines in all, for a trial")
    parser.add_argument("--data", type=Path, default=DATA_DIR)
    parser.add_argument("--config", type=Path, default=CONFIG_FILE)
    parser.add_argument("--dev", type=Path, default=DEVELOPMENT)
    parser.add_argument("--out", type=Path, default=KEPT)
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
