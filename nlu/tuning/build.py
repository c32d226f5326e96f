"""Makes nlu/tuned from nlu/data: the encoder that ships, and a twin by which it is judged.

The twin never sees the lines of the held-out hands (config.yml: held). What it makes of those lines
is kept with the head; the encoder that ships is then taught on all.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file

from nlu.taxonomy import load_taxonomy
from nlu.training_data import Example, fingerprint, read_config, read_examples
from nlu.tuned import (
    HEAD_NAME,
    LAYERS_NAME,
    NOTE_NAME,
    TUNED_DIR,
    Head,
    line_key,
    save_head,
    tuned_name,
)
from nlu.tuning.lessons import Floats, Lines, Plan, Progress, scores_of, teach
from nlu.tuning.network import SHARPNESS, Network
from nlu.weights import fetch_published, sha256

THREADS = 2
PLAN = Plan(rounds=6, rate=1.2e-4)


@dataclass(frozen=True, slots=True)
class _Known:
    """The lines, and which of them are held out."""

    examples: tuple[Example, ...]
    labels: tuple[str, ...]
    held_hands: frozenset[str]

    @property
    def held(self) -> list[int]:
        return [at for at, line in enumerate(self.examples) if line.hand in self.held_hands]

    @property
    def others(self) -> list[int]:
        return [at for at, line in enumerate(self.examples) if line.hand not in self.held_hands]

    def lines(self, places: list[int]) -> Lines:
        chosen = [self.examples[place] for place in places]
        numbers = np.array([self.labels.index(line.intent) for line in chosen], np.int64)
        return Lines([line.text for line in chosen], numbers)

    def right(self, scores: Floats) -> float:
        """Share of the held-out lines that these scores (one row each) read rightly."""
        truth = [self.labels.index(self.examples[place].intent) for place in self.held]
        return round(float((scores.argmax(axis=1) == np.array(truth)).mean()), 4)


def tune(
    data_dir: Path, config_file: Path, scratch: Path, progress: Progress, out: Path = TUNED_DIR
) -> None:
    """Write layers, head and note; half an hour on two cores.

    scratch: where the published weights are kept between runs. Raises DataProblem or ModelProblem.
    """
    torch.set_num_threads(THREADS)
    labels = load_taxonomy().intents
    known = _Known(
        read_examples(data_dir, frozenset(labels)), labels, frozenset(read_config(config_file).held)
    )
    published = scratch / "published"
    if not (published / "model.safetensors").is_file():
        fetch_published(published)
    source = {
        "data": fingerprint(sorted(data_dir.glob("*.yml"))),
        "examples": len(known.examples),
        "code": code_fingerprint(),
        "encoder": sha256(published / "model.safetensors"),
        "torch": torch.__version__.split("+")[0],
    }
    progress("a twin, without the held-out hands")
    twin = _taught(known, known.others, published, progress)
    unseen = scores_of(twin, [known.examples[place].text for place in known.held])
    progress(f"  right on unseen hands: {known.right(unseen)}")
    progress("the encoder that ships, on everything")
    ships = _taught(known, list(range(len(known.examples))), published, progress)
    out.mkdir(parents=True, exist_ok=True)
    (out / NOTE_NAME).unlink(missing_ok=True)
    save_file(_layers(ships), out / LAYERS_NAME)
    save_head(_head(ships, known, unseen), out / HEAD_NAME)
    note = {
        "name": tuned_name(out),
        "made_from": source,
        "held": sorted(known.held_hands),
        "right_unseen": known.right(unseen),
    }
    (out / NOTE_NAME).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    progress(f"written to {out}; now: python -m bot train")


def _head(ships: Network, known: _Known, unseen: Floats) -> Head:
    keys = [
        line_key(known.examples[place].text, known.examples[place].intent) for place in known.held
    ]
    return Head(
        labels=known.labels,
        weight=ships.head.weight.detach().numpy().T * np.float32(SHARPNESS),
        bias=ships.head.bias.detach().numpy(),
        hands=known.held_hands,
        unseen=dict(zip(keys, unseen, strict=True)),
    )


def code_fingerprint() -> str:
    """Of the code by which nlu/tuned is made."""
    here = Path(__file__).parent
    others = [here.parent / name for name in ("augment.py", "normalise.py")]
    return fingerprint([*here.glob("*.py"), *others])


def _taught(known: _Known, places: list[int], folder: Path, progress: Progress) -> Network:
    """The network, taught on the lines of these places."""
    network = Network(folder, len(known.labels), PLAN.seed)
    teach(network, known.lines(places), PLAN, progress)
    return network


def _layers(network: Network) -> dict[str, NDArray[np.float16]]:
    """What was taught, by its published names, in 16 bits: raised where the graph is built."""
    return {
        name: parameter.detach().numpy().astype(np.float16)
        for name, parameter in network.body.named_parameters()
        if parameter.requires_grad
    }
