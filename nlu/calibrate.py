"""How far a model may be trusted: temperature, alarm thresholds, and figures on unseen lines."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from nlu.classifier import Model
from nlu.reading import URGENT_INTENTS

Floats = NDArray[np.float32]

_FLOORS = {"emergency": 0.25}
_FLOOR = 0.45
"""The least probability that raises a card; ours. A one-in-four chance of danger now is enough. The
other cards go only by what is likelier than not or nearly so: they change the talk's subject."""


def weights(numbers: NDArray[np.int64], labels: tuple[str, ...], urgent: float) -> Floats:
    """One weight an example: rare intents count a little more, urgent ones `urgent` times that."""
    counts = np.bincount(numbers, minlength=len(labels)).clip(1)
    by_class = np.sqrt(counts.mean() / counts)
    for intent in URGENT_INTENTS:
        by_class[labels.index(intent)] *= urgent
    result: Floats = by_class[numbers].astype(np.float32)
    return result


def loss(scores: Floats, truth: NDArray[np.int64]) -> float:
    """Mean log-loss at the temperature that suits the scores best."""
    logs = log_softmax(scores / temperature(scores, truth), axis=1)
    return -float(logs[np.arange(len(truth)), truth].mean())


def temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """What scores must be divided by to be honest. Source: Guo et al. 2017, temperature scaling."""
    tried = np.geomspace(0.2, 5.0, 65)
    places = np.arange(len(truth))
    losses = [-log_softmax(scores / value, axis=1)[places, truth].mean() for value in tried]
    return round(float(tried[int(np.argmin(losses))]), 4)


def alarms(
    shares: Floats, truth: NDArray[np.int64], labels: tuple[str, ...], recall: float
) -> tuple[tuple[str, float], ...]:
    """The highest thresholds that still raise the wanted share of unseen urgent examples.

    "" is the threshold of the sum, set on emergencies alone: they come first.
    """
    columns = [labels.index(intent) for intent in URGENT_INTENTS]
    total = shares[:, columns].sum(axis=1)
    emergencies = total[truth == labels.index("emergency")]
    found = [("", _threshold(emergencies, recall))]
    for intent, column in zip(URGENT_INTENTS, columns, strict=True):
        least = _FLOORS.get(intent, _FLOOR)
        found.append((intent, max(_threshold(shares[truth == column, column], recall), least)))
    return tuple(found)


def figures(model: Model, shares: Floats, truth: NDArray[np.int64]) -> dict[str, Any]:
    """The model without the rules on unseen writers.

    accuracy_unseen: share of lines read rightly. heard_unseen: share of each urgent intent's
    messages that raise a card, whichever. false_alarms_unseen: share of calm messages that do.
    """
    raised = np.array([bool(model.alarm(row)) for row in shares])
    columns = {intent: model.labels.index(intent) for intent in URGENT_INTENTS}
    calm = ~np.isin(truth, list(columns.values()))
    heard = {
        intent: round(float(raised[truth == column].mean()), 4)
        for intent, column in columns.items()
        if (truth == column).any()
    }
    return {
        "accuracy_unseen": round(float((shares.argmax(axis=1) == truth).mean()), 4),
        "heard_unseen": heard,
        "false_alarms_unseen": round(float(raised[calm].mean()), 4),
    }


def _threshold(shares: Floats, recall: float) -> float:
    """At or above it lies at least that share of the values; 0.5 where there are none."""
    if not shares.size:
        return 0.5
    return round(float(np.quantile(shares, 1 - recall, method="lower")), 4)
