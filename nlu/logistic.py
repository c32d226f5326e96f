"""Multinomial logistic regression over a sparse and a dense block, by L-BFGS.

Our own, because the two blocks are multiplied apart: much faster on two cores than one joined
sparse matrix. Needs numpy and scipy only. Training only.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float32]

_MEMORY = 6  # steps remembered
_HALVINGS = 12
_GAIN = 1e-5


@dataclass(frozen=True, slots=True)
class Inputs:
    """n examples: counts (n, columns) sparse, meaning (n, width) dense; width may be 0."""

    counts: "csr_array"
    meaning: Floats

    def pick(self, places: NDArray[np.int64]) -> "Inputs":
        """The examples at these places, in this order."""
        return Inputs(self.counts[places], self.meaning[places])


@dataclass(frozen=True, slots=True)
class Coefficients:
    """What was learned: (columns, classes), (width, classes), (classes,)."""

    counts: Floats
    meaning: Floats
    bias: Floats

    def scores(self, inputs: Inputs) -> Floats:
        """Unscaled log-odds, (n, classes)."""
        scores: Floats = inputs.counts @ self.counts + inputs.meaning @ self.meaning + self.bias
        return scores


def learn(
    inputs: Inputs,
    labels: NDArray[np.int64],
    weights: Floats,
    *,
    classes: int,
    penalty: float,
    start: Coefficients | None = None,
    rounds: int = 60,
) -> Coefficients:
    """Coefficients with the least weighted log-loss + |w|²/(2·penalty). The bias is not penalised.

    labels: class numbers (n,); weights: (n,). penalty: C in scikit-learn's sense. start:
    coefficients to go on from (another penalty's). Deterministic on one machine.
    """
    columns, width = inputs.counts.shape[1], inputs.meaning.shape[1]
    from scipy.sparse import csr_array  # noqa: PLC0415 - training only, and slow to import
    from scipy.special import log_softmax  # noqa: PLC0415 - as above

    turned = csr_array(inputs.counts.T)
    across = np.ascontiguousarray(inputs.meaning.T)
    wanted = np.arange(len(labels)), labels
    shrink = np.float32(1 / penalty)

    def loss(table: Floats) -> tuple[float, Floats]:
        scores = _split(table, columns).scores(inputs)
        logs = log_softmax(scores, axis=1)
        slope = np.exp(logs)
        slope[wanted] -= 1
        slope *= weights[:, None]
        gradient = np.empty_like(table)
        gradient[:columns] = turned @ slope
        gradient[columns:-1] = across @ slope
        gradient[-1] = slope.sum(axis=0)
        body = table[:-1]
        gradient[:-1] += shrink * body
        value = -float(np.dot(weights, logs[wanted]))
        return value + 0.5 * float(shrink) * float(np.vdot(body, body)), gradient

    first = np.zeros((columns + width + 1, classes), np.float32)
    if start is not None:
        first = np.concatenate([start.counts, start.meaning, start.bias[None]])
    return _split(_descend(loss, first, rounds), columns)


def _split(table: Floats, columns: int) -> Coefficients:
    return Coefficients(table[:columns], table[columns:-1], table[-1])


def _descend(loss: Callable[[Floats], tuple[float, Floats]], table: Floats, rounds: int) -> Floats:
    """L-BFGS in 32 bits with a halving line search, until a round gains under 1e-5 of the loss.

    scipy's keeps its vectors in 64 bits and took four times as long on a million coefficients.
    Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4.
    """
    value, gradient = loss(table)
    past: deque[tuple[Floats, Floats, float]] = deque(maxlen=_MEMORY)
    for _ in range(rounds):
        step = _direction(gradient, past)
        slope = -float(np.vdot(step, gradient))
        size = 1.0 if past else min(1.0, 1.0 / float(np.linalg.norm(gradient) + 1e-9))
        for _halving in range(_HALVINGS):
            moved = table - np.float32(size) * step
            new_value, new_gradient = loss(moved)
            if new_value <= value + 1e-4 * size * slope:
                break
            size *= 0.5
        else:
            return table
        change, turn = moved - table, new_gradient - gradient
        curve = float(np.vdot(change, turn))
        if curve > 0:
            past.append((change, turn, 1.0 / curve))
        gained = value - new_value
        table, value, gradient = moved, new_value, new_gradient
        if gained < _GAIN * abs(value):
            break
    return table


def _direction(gradient: Floats, past: deque[tuple[Floats, Floats, float]]) -> Floats:
    """The gradient bent by what the last steps taught about the curvature."""
    bent = gradient.copy()
    shares = []
    for change, turn, inverse in reversed(past):
        share = np.float32(inverse * float(np.vdot(change, bent)))
        bent -= share * turn
        shares.append(share)
    if past:
        change, turn, inverse = past[-1]
        bent *= np.float32(1.0 / (inverse * float(np.vdot(turn, turn))))
    for (change, turn, inverse), share in zip(past, reversed(shares), strict=True):
        bent += (share - np.float32(inverse * float(np.vdot(turn, bent)))) * change
    return bent
