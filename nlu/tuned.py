"""The encoder's tuned half: layers taught on our own examples, and the head taught with them.

Written by nlu/tuning, kept in nlu/tuned, read when the run-time encoder and the model are built.
The head comes with what it made of lines that neither it nor its teacher had seen: by these the
model learns how far it may trust itself.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.normalise import normalise

TUNED_DIR = Path(__file__).parent / "tuned"
LAYERS_NAME = "layers.safetensors"
HEAD_NAME = "head.npz"
NOTE_NAME = "tuned.json"

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """What turns a meaning into scores: meaning @ weight + bias.

    weight: (width, classes). unseen: for a line's key (`line_key`) the scores a twin of the head
    gave that had not seen the line; hands: the writers whose lines the twin never saw.
    """

    labels: tuple[str, ...]
    weight: Floats
    bias: Floats
    hands: frozenset[str]
    unseen: dict[str, Floats]


def line_key(text: str, intent: str) -> str:
    """What a training line is known by: 16 hexadecimal digits of its words and its intent."""
    return hashlib.sha256(f"{intent}\n{normalise(text)}".encode()).hexdigest()[:16]


def tuned_name(folder: Path = TUNED_DIR) -> str | None:
    """What names the tuned half: a hash of its two files. None: there is none, or not whole."""
    try:
        parts = [(folder / name).read_bytes() for name in (LAYERS_NAME, HEAD_NAME)]
    except OSError:
        return None
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def tuned_note(folder: Path = TUNED_DIR) -> dict[str, Any]:
    """What it was made from and what was measured then; empty where there is no note."""
    try:
        note = json.loads((folder / NOTE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def save_head(head: Head, file: Path) -> None:
    """Plain arrays, no pickles; the unseen scores in 16 bits."""
    keys = sorted(head.unseen)
    scores = np.zeros((len(keys), len(head.labels)), np.float16)
    for place, key in enumerate(keys):
        scores[place] = head.unseen[key]
    np.savez_compressed(
        file,
        labels=np.array(head.labels),
        weight=head.weight.astype(np.float32),
        bias=head.bias.astype(np.float32),
        hands=np.array(sorted(head.hands)),
        keys=np.array(keys),
        scores=scores,
    )


def read_head(folder: Path) -> Head | None:
    """The head beside an encoder or in nlu/tuned; None where there is none."""
    file = folder / HEAD_NAME
    if not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as arrays:
        scores = arrays["scores"].astype(np.float32)
        return Head(
            labels=tuple(str(label) for label in arrays["labels"]),
            weight=arrays["weight"],
            bias=arrays["bias"],
            hands=frozenset(str(hand) for hand in arrays["hands"]),
            unseen={str(key): row for key, row in zip(arrays["keys"], scores, strict=True)},
        )
