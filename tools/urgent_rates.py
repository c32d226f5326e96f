"""Prints how often the danger rules alone are right on a labelled file.

    python tools/urgent_rates.py FILE.jsonl [--misses INTENT] [--half 0|1]

Each line of the file: {"id", "text", "intent", "also": [...], "slice"}. Per urgent intent: recall
(lines whose `intent` it is that raised it), precision (lines that raised it and name it in `intent`
or `also`), and the same by slice where ten lines or more have it. `--half` keeps the lines whose id
has an even or odd hash, so that one half can be looked at and the other kept for figures. Texts
are printed only with `--misses`.
"""

import argparse
import json
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from nlu.reading import URGENT_INTENTS
from nlu.urgent_words import fired

_ENOUGH = 10  # lines in a slice before its rate means anything


def _half(line: dict[str, Any]) -> int:
    return zlib.crc32(str(line.get("id", line["text"])).encode()) & 1


def rates(lines: list[dict[str, Any]], intent: str) -> dict[str, float]:
    """recall, precision, n (lines that have it), raised (lines that raised it)."""
    has = [intent == line["intent"] for line in lines]
    named = [intent in (line["intent"], *line.get("also", ())) for line in lines]
    raised = [intent in line["raised"] for line in lines]
    hit = sum(1 for a, b in zip(has, raised, strict=True) if a and b)
    right = sum(1 for a, b in zip(named, raised, strict=True) if a and b)
    return {
        "n": sum(has),
        "recall": hit / sum(has) if any(has) else float("nan"),
        "raised": sum(raised),
        "precision": right / sum(raised) if any(raised) else float("nan"),
    }


def _print(name: str, found: dict[str, float]) -> None:
    print(
        f"{name:34} n {found['n']:4.0f}  recall {found['recall']:.3f}  "
        f"raised {found['raised']:4.0f}  precision {found['precision']:.3f}"
    )


def _misses(lines: list[dict[str, Any]], intent: str) -> None:
    for line in lines:
        has, raised = intent in (line["intent"], *line.get("also", ())), intent in line["raised"]
        if has != raised:
            kind = "missed" if has else f"false ({line['intent']}, {line['raised'][intent]})"
            print(f"  {line.get('slice', ''):13} {kind}: {line['text']}")


def main() -> int:
    """Reads the file, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", choices=URGENT_INTENTS)
    parser.add_argument("--half", type=int, choices=(0, 1))
    asked = parser.parse_args()
    lines = [
        json.loads(line) for line in asked.file.read_text(encoding="utf-8").splitlines() if line
    ]
    if asked.half is not None:
        lines = [line for line in lines if _half(line) == asked.half]
    for line in lines:
        line["raised"] = {rule.intent: rule.id for rule in fired(line["text"])}
    for intent in URGENT_INTENTS:
        _print(intent, rates(lines, intent))
        slices = Counter(str(line.get("slice")) for line in lines if line["intent"] == intent)
        for name, count in slices.most_common():
            if count >= _ENOUGH:
                part = [line for line in lines if str(line.get("slice")) == name]
                _print(f"  {intent} · {name}", rates(part, intent))
    urgent = [line for line in lines if line["intent"] in URGENT_INTENTS]
    alarms = sum(1 for line in urgent if line["raised"])
    calm = [
        line for line in lines if not {line["intent"], *line.get("also", ())} & {*URGENT_INTENTS}
    ]
    false = sum(1 for line in calm if line["raised"])
    print(f"any alarm: {alarms}/{len(urgent)} urgent lines, {false}/{len(calm)} calm lines")
    if asked.misses:
        _misses(lines, asked.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
