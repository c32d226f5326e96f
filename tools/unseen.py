"""How the model as it ships reads writers unseen in training: `python -m tools.unseen`.

With a tuned encoder: what the head's twin, which never saw the held-out hands, made of their lines,
mixed with the words as in the shipped model; the words' half is trained anew without those hands.
With a published one: the model is trained anew without each group of hands in turn. Kept in
docs/nlu/learning.json under `shipped`, for `make report` and tools.thresholds. Some minutes.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.special import softmax

from bot.settings import load_settings
from nlu.classifier import MANIFEST_NAME, Model, load
from nlu.embedded import made_from
from nlu.encoder import open_encoder
from nlu.labelled import Line
from nlu.normalise import normalise
from nlu.reading import Reading
from nlu.taxonomy import load_taxonomy
from nlu.training_data import CONFIG_FILE, DATA_DIR, read_config, read_examples
from nlu.tuned import Head, line_key, read_head
from nlu.weights import FOLDER
from tools.held_out import (
    Examples,
    Setting,
    as_lines,
    as_reading,
    groups_of,
    record,
    remembering,
    unseen_readings,
)
from tools.learning_curve import KEPT, put

NAME = "shipped"
GROUPS = 3


def by_twin(
    examples: Examples, head: Head, shipped: Model, share: float, setting: Setting
) -> tuple[list[Line], list[Reading]]:
    """The held-out hands' lines, read by the head's twin and by words learned from the others.

    share: how much the head weighs in the shipped model, whose temperature and alarms are used.
    """
    asked = [one for one in examples if line_key(one.text, one.intent) in head.unseen]
    others = tuple(one for one in examples if one.hand not in head.hands)
    words = replace(setting, encoder=None).fit(others)
    scores = words.coefficients.scores(words.inputs([normalise(one.text) for one in asked], None))
    of_head = np.stack([head.unseen[line_key(one.text, one.intent)] for one in asked])
    mixed = np.float32(share) * of_head + np.float32(1 - share) * scores
    rows = softmax(mixed / np.float32(shipped.temperature), axis=1)
    return as_lines(asked), [as_reading(shipped, row) for row in rows]


def hands_of(groups: Sequence[frozenset[str]]) -> list[list[str]]:
    """As JSON values."""
    return [sorted(group) for group in groups]


def main() -> int:
    """Measure and keep. 0."""
    model_dir: Path = load_settings().model_dir
    labels = load_taxonomy().intents
    examples = read_examples(DATA_DIR, frozenset(labels))
    encoder = remembering(open_encoder(model_dir / FOLDER))
    setting = Setting(
        read_config(CONFIG_FILE), encoder, labels, lambda line: print(line, file=sys.stderr)
    )
    figures = json.loads((model_dir / MANIFEST_NAME).read_text(encoding="utf-8"))["figures"]
    head = read_head(model_dir / FOLDER)
    if head and "head_share" in figures:
        groups = [head.hands]
        model, _ = load(model_dir)
        found = by_twin(examples, head, model, figures["head_share"], setting)
    else:
        groups = groups_of((one.hand for one in examples), GROUPS)
        found = unseen_readings(examples, examples, groups, setting)
    kept = {
        "made_from": made_from(DATA_DIR, CONFIG_FILE, model_dir),
        "examples": len(examples),
        "tuned_on_these_lines": False,
        "groups": hands_of(groups),
        "equal_lines": 0,
        "by_lines": [],
        "by_hands": [],
        "held_out": record(*found),
    }
    put(KEPT, NAME, kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
