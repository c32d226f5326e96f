"""Prints how much of a story the engine finds: its best reading and what it names beside it.

    python -m tools.story_rates [FILE.jsonl] [--model FOLDER] [--misses]

Each line: {"text", "intents": [...], "half"}. Precision: of the intents named ({best} and `also`),
those among the labels. Recall: of the labels, those named. First: stories whose best reading is a
label. `--misses` prints what was named wrongly or not at all, of the half that may be read.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from nlu.engine import EmbeddedEngine, open_engine
from nlu.reading import Context

FILE = Path("tests/nlu/languages/stories.jsonl")
HALVES = ("read", "unread")


@dataclass(frozen=True, slots=True)
class Story:
    """One story, read. found: the best reading first."""

    half: str
    labels: frozenset[str]
    found: tuple[str, ...]
    text: str


async def read_stories(engine: EmbeddedEngine, lines: list[str]) -> list[Story]:
    """The stories of labelled lines, read by the engine."""
    stories = []
    for line in lines:
        raw = json.loads(line)
        reading = await engine.read(raw["text"], Context())
        found = (reading.intent, *reading.also)
        stories.append(Story(raw["half"], frozenset(raw["intents"]), found, raw["text"]))
    return stories


def rates(stories: list[Story]) -> dict[str, float]:
    """first, precision, recall, named (intents a story), of these stories."""
    right = sum(len(story.labels & set(story.found)) for story in stories)
    named = sum(len(set(story.found)) for story in stories)
    labels = sum(len(story.labels) for story in stories)
    return {
        "stories": len(stories),
        "first": sum(story.found[0] in story.labels for story in stories) / len(stories),
        "precision": right / named,
        "recall": right / labels,
        "named": named / len(stories),
    }


def main() -> int:
    """Reads the stories, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path, nargs="?", default=FILE)
    parser.add_argument("--model", type=Path, default=Path(".model"))
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    engine = open_engine(asked.model)
    if not engine.state().ready:
        print(engine.state().detail, file=sys.stderr)
        return 1
    lines = asked.file.read_text(encoding="utf-8").splitlines()
    stories = asyncio.run(read_stories(engine, lines))
    for half in HALVES:
        found = rates([story for story in stories if story.half == half])
        print(half, "  ".join(f"{name} {value:.2f}" for name, value in found.items()))
    missed = Counter(name for story in stories for name in story.labels - set(story.found))
    wrong = Counter(name for story in stories for name in set(story.found) - story.labels)
    print("most often missed:", *(f"{name} {count}" for name, count in missed.most_common(8)))
    print("most often wrong:", *(f"{name} {count}" for name, count in wrong.most_common(8)))
    for story in stories:
        if asked.misses and story.half == HALVES[0]:
            print(f"  {story.text}\n    found {story.found}, labels {sorted(story.labels)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
