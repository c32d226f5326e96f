"""The model card's figures of the training data: `python -m tools.card` writes them anew."""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nlu.labelled import read_lines
from nlu.report import table
from nlu.taxonomy import Taxonomy, load_taxonomy
from nlu.training_data import DATA_DIR, Example, read_examples
from tools.blocks import with_block
from tools.learning_curve import DEVELOPMENT

CARD = Path("docs/model-card.md")
BLOCK = "training data"
_SAID = tuple(
    (word, re.compile(rf"\b(?:{forms})\b", re.IGNORECASE))
    for word, forms in (
        ("he, him, his", "he|hes|he['’]s|him|his"),
        ("she, her", "she|shes|she['’]s|her"),
        ("they, them, their", "they|theyre|them|their"),
    )
)


def facts(data: Path = DATA_DIR, development: Path = DEVELOPMENT) -> str:
    """The block: counts of what is in the files now."""
    taxonomy = load_taxonomy()
    examples = read_examples(data, frozenset(taxonomy.intents))
    return told(examples, len(read_lines(development)), taxonomy)


def told(examples: tuple[Example, ...], development: int, taxonomy: Taxonomy) -> str:
    """The block for these examples."""
    intents = Counter(one.intent for one in examples)
    per = sorted(intents[name] for name in taxonomy.intents)
    rows: list[tuple[str, object]] = [
        ("training lines", f"{len(examples):,}"),
        ("intents", len(taxonomy.intents)),
        ("lines an intent: fewest, middle, most", f"{per[0]}, {per[len(per) // 2]}, {per[-1]}"),
        ("of them urgent", f"{sum(intents[name] for name in taxonomy.urgent):,}"),
        ("development lines, never trained on", f"{development:,}"),
    ]
    for word, forms in _SAID:
        said = sum(bool(forms.search(one.text)) for one in examples)
        rows.append((f"lines that say {word}", f"{said:,}"))
    return "\n\n".join(
        [
            table(["what", "how many"], rows),
            _counted(
                "hand (one writer's way of writing)", (one.hand or "none" for one in examples)
            ),
            _counted("way of writing (slice)", (one.slice for one in examples)),
            _counted("who speaks", (one.who for one in examples)),
            _counted("group of intents", (taxonomy.group_of(one.intent) for one in examples)),
        ]
    )


def _counted(what: str, values: Iterable[str]) -> str:
    counts = Counter(values)
    total = sum(counts.values())
    rows = [(name, f"{count:,}", f"{count / total:.1%}") for name, count in sorted(counts.items())]
    return table([what, "lines", "share"], rows)


def main() -> int:
    """Write the block. 0."""
    CARD.write_text(with_block(CARD.read_text(encoding="utf-8"), BLOCK, facts()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
