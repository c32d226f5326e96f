"""What a threshold costs: `python -m tools.thresholds FILE.jsonl`.

For each threshold of confidence: how much is answered outright, how much of that is right, how
much of what was read wrongly is answered all the same, and how much of what was read rightly.
The file: labelled lines as for `python -m bot evaluate`. Urgent lines are left out: they wait for
no threshold.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.dialogue.topics import ANSWER
from bot.settings import load_settings
from nlu.engine import EmbeddedEngine, open_engine
from nlu.reading import Context

TRIED = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)


async def read_all(engine: EmbeddedEngine, rows: list[str]) -> list[tuple[float, bool]]:
    """(confidence, right) of each line that raises no card."""
    found = []
    for row in rows:
        line = json.loads(row)
        reading = await engine.read(line["text"], Context())
        if not reading.urgent:
            right = reading.intent in {line["intent"], *line.get("also", ())}
            found.append((reading.confidence, right))
    return found


def main() -> None:
    """Print the table."""
    engine = open_engine(load_settings().model_dir)
    if not engine.state().ready:
        sys.exit(engine.state().detail)
    rows = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    lines = asyncio.run(read_all(engine, rows))
    right_ones = sum(right for _, right in lines)
    wrong_ones = len(lines) - right_ones
    print(f"{len(lines)} lines without a card, {right_ones} of them read rightly")
    print("threshold | answered | right of these | of the wrong, answered | of the right, answered")
    for threshold in TRIED:
        answered = [right for confidence, right in lines if confidence >= threshold]
        good = sum(answered)
        bad = len(answered) - good
        mark = "  <- in use" if threshold == ANSWER else ""
        share, these = len(answered) / len(lines), good / len(answered)
        wrong, kept = bad / wrong_ones, good / right_ones
        print(
            f"{threshold:9.2f} | {share:8.3f} | {these:14.3f} | {wrong:22.3f} | {kept:22.3f}{mark}"
        )


if __name__ == "__main__":
    main()
