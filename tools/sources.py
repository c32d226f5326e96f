"""What the figures of docs/nlu.md were made from, in one line, so that a stale page is seen."""

import re
from pathlib import Path

from bot.dialogue.topics import ANSWER
from nlu.embedded import made_from
from nlu.training_data import CONFIG_FILE, DATA_DIR, fingerprint
from tools.learning_curve import DEVELOPMENT, KEPT

_RULES = Path(__file__).parent.parent / "nlu"
_LINE = re.compile(r"<!-- made from: ([^>]*) -->")


def sources(model_dir: Path) -> dict[str, str]:
    """Short hashes of data, configuration, taxonomy, encoder, rules, development set, curves."""
    found = {
        name: str(value)[:12] for name, value in made_from(DATA_DIR, CONFIG_FILE, model_dir).items()
    }
    rules = [*_RULES.glob("urgent/*.yml"), *_RULES.glob("*.yml")]
    found["rules"] = fingerprint(rules)[:12]
    found["development"] = fingerprint([DEVELOPMENT])[:12]
    found["curves"] = fingerprint([KEPT])[:12] if KEPT.exists() else "none"
    found["threshold"] = f"{ANSWER:.2f}"
    return found


def line_of(found: dict[str, str]) -> str:
    """The line of the page."""
    return f"<!-- made from: {' '.join(f'{name}={found[name]}' for name in sorted(found))} -->"


def stale(page: str, found: dict[str, str]) -> list[str]:
    """What has changed since the page was made; empty where nothing has."""
    match = _LINE.search(page)
    kept = dict(part.split("=", 1) for part in match[1].split()) if match else {}
    return sorted(name for name in {*kept, *found} if kept.get(name) != found.get(name))
