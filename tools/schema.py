"""Writes responses/schema.json from the models: `python -m tools.schema`."""

import json
from pathlib import Path

from bot.content.schema import schema

FILE = Path(__file__).parents[1] / "responses" / "schema.json"


def as_text() -> str:
    """The file's text: stable, one key a line, a line break at the end."""
    return json.dumps(schema(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_text(), encoding="utf-8")
