"""Teaching a network: cross-entropy on the labels, every line typed a little worse now and then."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from nlu.augment import noisy
from nlu.normalise import normalise
from nlu.tuning.network import Network

Floats = NDArray[np.float32]
Progress = Callable[[str], None]

_BATCH = 32
_WARM = 0.1  # share of the steps in which the rate rises
_DECAY = 0.01
_SMOOTHING = 0.05
_BUCKET = 40 * _BATCH  # lines sorted by length together, so that little is padding
_PADDING = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a network is taught. noise: share of lines typed worse in each round."""

    rounds: int
    rate: float
    head_rate: float = 2e-3
    noise: float = 0.3
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Lines:
    """What is taught: texts, and the number of each one's label."""

    texts: Sequence[str]
    labels: NDArray[np.int64]

    def class_weights(self, classes: int) -> Floats:
        """(classes,): rare ones count a little more."""
        counts = np.bincount(self.labels, minlength=classes).clip(1)
        weights: Floats = np.sqrt(counts.mean() / counts).astype(np.float32)
        return weights


def teach(network: Network, lines: Lines, plan: Plan, progress: Progress) -> None:
    """Change the network in place.

    The same seed on the same kind of machine gives the same network.
    """
    chance = random.Random(plan.seed)  # noqa: S311 - must repeat, not surprise
    torch.manual_seed(plan.seed)
    optimiser = torch.optim.AdamW(_groups(network, plan))
    rates = [group["lr"] for group in optimiser.param_groups]
    steps = plan.rounds * math.ceil(len(lines.texts) / _BATCH)
    by_class, done = torch.tensor(lines.class_weights(network.head.out_features)), 0
    for number in range(plan.rounds):
        network.train()
        typed = [
            normalise(noisy(t, chance) if chance.random() < plan.noise else t) for t in lines.texts
        ]
        lost = 0.0
        for places, ids, mask in _batches(network, typed, chance):
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * _ramp(done / steps)
            with torch.autocast("cpu", torch.bfloat16):
                scores = network(ids, mask)
            wanted = torch.tensor(lines.labels[places])
            loss = functional.cross_entropy(
                scores.float(), wanted, weight=by_class, label_smoothing=_SMOOTHING
            )
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            done += 1
            lost += loss.item()
        progress(
            f"  round {number + 1} of {plan.rounds}: loss {lost * _BATCH / len(lines.texts):.3f}"
        )


def scores_of(network: Network, texts: Sequence[str]) -> Floats:
    """(texts, classes), in the texts' order."""
    network.eval()
    typed = [normalise(text) for text in texts]
    found = np.zeros((len(texts), network.head.out_features), np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for places, ids, mask in _batches(network, typed, None):
            found[places] = network(ids, mask).float().numpy()
    return found


def _groups(network: Network, plan: Plan) -> list[dict[str, object]]:
    groups: list[dict[str, object]] = [
        {"params": list(network.head.parameters()), "lr": plan.head_rate}
    ]
    for parameter in network.body.parameters():
        if parameter.requires_grad:
            decay = _DECAY if parameter.dim() > 1 else 0.0
            groups.append({"params": [parameter], "lr": plan.rate, "weight_decay": decay})
    return groups


def _ramp(done: float) -> float:
    """Up to the full rate, then down to none."""
    return done / _WARM if done < _WARM else 1 - done


def _batches(
    network: Network, texts: list[str], chance: random.Random | None
) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
    """Places, ids and mask; of similar length, and in chance order where chance is given."""
    codes = [encoding.ids for encoding in network.tokenizer.encode_batch(texts)]
    order = list(range(len(codes)))
    if chance:
        chance.shuffle(order)
        order = [
            place
            for start in range(0, len(order), _BUCKET)
            for place in sorted(order[start : start + _BUCKET], key=lambda at: len(codes[at]))
        ]
    else:
        order.sort(key=lambda at: len(codes[at]))
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    if chance:
        chance.shuffle(batches)
    for places in batches:
        longest = max(len(codes[place]) for place in places)
        ids = torch.full((len(places), longest), _PADDING)
        mask = torch.zeros((len(places), longest), dtype=torch.long)
        for row, place in enumerate(places):
            ids[row, : len(codes[place])] = torch.tensor(codes[place])
            mask[row, : len(codes[place])] = 1
        yield places, ids, mask
