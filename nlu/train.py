"""Builds the embedded engine's model from nlu/data and config.yml. Same inputs, same model."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from nlu.augment import noisy
from nlu.classifier import Model, save
from nlu.embedded import made_from
from nlu.encoder import Encoder, open_encoder
from nlu.logistic import Inputs, learn
from nlu.normalise import normalise
from nlu.reading import URGENT_INTENTS
from nlu.taxonomy import load_taxonomy
from nlu.tfidf import Runs, fit
from nlu.training_data import Config, Example, read_config, read_examples
from nlu.weights import FOLDER, encoder_fingerprint

Floats = NDArray[np.float32]
Progress = Callable[[str], None]

_FLOORS = {"emergency": 0.25}
_FLOOR = 0.45
"""The least probability that raises a card; ours. A one-in-four chance of danger now is enough. The
other cards go only by what is likelier than not or nearly so: they change the talk's subject."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training. with_encoder False: words alone, markedly worse."""

    examples: int
    with_encoder: bool
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Table:
    """Originals first, then their noisy copies; origin: the place of the original."""

    inputs: Inputs
    labels: NDArray[np.int64]
    weights: Floats
    origin: NDArray[np.int64]


def train(data_dir: Path, config_file: Path, model_dir: Path, progress: Progress) -> Trained:
    """Fit, calibrate and save the model into model_dir; about a minute and a half on two cores.

    Uses the encoder of `model_dir/encoder` when it is there and whole; otherwise words alone.
    Raises DataProblem for a fault in data or configuration.
    """
    config = read_config(config_file)
    labels = load_taxonomy().intents
    examples = read_examples(data_dir, frozenset(labels))
    progress(f"{len(examples)} examples of {len({e.intent for e in examples})} intents")
    encoder = None
    if config.encoder and encoder_fingerprint(model_dir) is not None:
        encoder = open_encoder(model_dir / FOLDER)
    model, figures = fit_model(examples, config, encoder, labels, progress)
    source = made_from(data_dir, config_file, model_dir if encoder else None)
    save(model, model_dir, source, figures)
    progress(f"model written to {model_dir}")
    return Trained(len(examples), encoder is not None, figures)


def fit_model(
    examples: tuple[Example, ...],
    config: Config,
    encoder: Encoder | None,
    labels: tuple[str, ...],
    progress: Progress,
) -> tuple[Model, dict[str, Any]]:
    """A model of the examples, and what was measured on examples it had not seen.

    encoder None: words alone. Every random choice comes from config.seed.
    """
    chance = random.Random(config.seed)  # noqa: S311 - must repeat, not surprise
    copies = [place for place in range(len(examples)) if chance.random() < config.augment]
    texts = [normalise(example.text) for example in examples]
    texts += [normalise(noisy(examples[place].text, chance)) for place in copies]
    vectoriser = fit(
        texts,
        Runs(config.word_ngrams, config.char_ngrams),
        min_count=config.min_count,
        max_features=config.max_features,
    )
    scale = config.encoder_scale if encoder else 0.0
    progress(f"reading {len(texts)} texts, {vectoriser.columns} features")
    meaning = np.zeros((len(texts), 0), np.float32)
    if encoder:
        meaning = encoder.encode(texts) * np.float32(scale)
    origin = np.concatenate([np.arange(len(examples)), np.array(copies, np.int64)])
    numbers = np.array([labels.index(example.intent) for example in examples], np.int64)[origin]
    table = _Table(
        Inputs(vectoriser.rows(texts), meaning), numbers, _weights(numbers, labels, config), origin
    )
    penalty, unseen = _tried(table, _folds(examples, config), config, len(labels), progress)
    truth = numbers[: len(examples)]
    temperature = _temperature(unseen, truth)
    progress(f"penalty {penalty}, temperature {temperature:.2f}; fitting on everything")
    shares = softmax(unseen / temperature, axis=1)
    alarms = _alarms(shares, truth, labels, config.urgent_recall)
    learned = learn(table.inputs, numbers, table.weights, classes=len(labels), penalty=penalty)
    model = Model(labels, vectoriser, learned, scale, temperature, alarms)
    return model, _figures(unseen, truth, penalty) | _alarm_figures(model, shares, truth)


def _weights(numbers: NDArray[np.int64], labels: tuple[str, ...], config: Config) -> Floats:
    """Rare intents count a little more, urgent ones more again."""
    counts = np.bincount(numbers, minlength=len(labels)).clip(1)
    by_class = np.sqrt(counts.mean() / counts)
    for intent in URGENT_INTENTS:
        by_class[labels.index(intent)] *= config.urgent_weight
    result: Floats = by_class[numbers].astype(np.float32)
    return result


def _folds(examples: tuple[Example, ...], config: Config) -> NDArray[np.int64]:
    """The fold in which each example is unseen.

    Where several hands wrote an intent, a fold is a hand: how well the model reads a stranger's
    wording is what confidence must be about. Elsewhere examples are dealt out in turn.
    """
    hands = sorted({example.hand for example in examples})
    writers: dict[str, set[str]] = {}
    for example in examples:
        writers.setdefault(example.intent, set()).add(example.hand)
    dealt: Counter[str] = Counter()
    folds = []
    for example in examples:
        dealt[example.intent] += 1
        by_hand = len(writers[example.intent]) > 1
        turn = hands.index(example.hand) if by_hand else dealt[example.intent]
        folds.append(turn % config.folds)
    return np.array(folds, np.int64)


def _tried(
    table: _Table, folds: NDArray[np.int64], config: Config, classes: int, progress: Progress
) -> tuple[float, Floats]:
    """The penalty with the least loss on unseen examples, and the scores it gave them."""
    count = len(folds)
    scores = {penalty: np.zeros((count, classes), np.float32) for penalty in config.penalties}
    for fold in range(config.folds):
        held = np.flatnonzero(folds == fold)
        if not held.size:
            continue
        used = np.flatnonzero(folds[table.origin] != fold)
        inputs, start = table.inputs.pick(used), None
        for penalty in sorted(config.penalties):
            start = learn(
                inputs,
                table.labels[used],
                table.weights[used],
                classes=classes,
                penalty=penalty,
                start=start,
                rounds=40,
            )
            scores[penalty][held] = start.scores(table.inputs.pick(held))
        progress(f"fold {fold + 1} of {config.folds}: {held.size} unseen examples")
    truth = table.labels[:count]
    best = min(config.penalties, key=lambda penalty: _loss(scores[penalty], truth))
    return best, scores[best]


def _loss(scores: Floats, truth: NDArray[np.int64]) -> float:
    """Mean log-loss at the temperature that suits the scores best."""
    logs = log_softmax(scores / _temperature(scores, truth), axis=1)
    return -float(logs[np.arange(len(truth)), truth].mean())


def _temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """What scores must be divided by to be honest. Source: Guo et al. 2017, temperature scaling."""
    tried = np.geomspace(0.2, 5.0, 65)
    places = np.arange(len(truth))
    losses = [-log_softmax(scores / value, axis=1)[places, truth].mean() for value in tried]
    return round(float(tried[int(np.argmin(losses))]), 4)


def _alarms(
    shares: Floats, truth: NDArray[np.int64], labels: tuple[str, ...], recall: float
) -> tuple[tuple[str, float], ...]:
    """The highest thresholds that still raise the wanted share of unseen urgent examples.

    "" is the threshold of the sum, set on emergencies alone: they come first.
    """
    columns = [labels.index(intent) for intent in URGENT_INTENTS]
    total = shares[:, columns].sum(axis=1)
    emergencies = total[truth == labels.index("emergency")]
    alarms = [("", _threshold(emergencies, recall))]
    for intent, column in zip(URGENT_INTENTS, columns, strict=True):
        least = _FLOORS.get(intent, _FLOOR)
        alarms.append((intent, max(_threshold(shares[truth == column, column], recall), least)))
    return tuple(alarms)


def _alarm_figures(model: Model, shares: Floats, truth: NDArray[np.int64]) -> dict[str, Any]:
    """The model without the rules on unseen writers.

    heard_unseen: share of each urgent intent's messages that raise a card, whichever.
    false_alarms_unseen: share of calm messages that do.
    """
    raised = np.array([bool(model.alarm(row)) for row in shares])
    columns = {intent: model.labels.index(intent) for intent in URGENT_INTENTS}
    calm = ~np.isin(truth, list(columns.values()))
    heard = {
        intent: round(float(raised[truth == column].mean()), 4)
        for intent, column in columns.items()
        if (truth == column).any()
    }
    return {"heard_unseen": heard, "false_alarms_unseen": round(float(raised[calm].mean()), 4)}


def _threshold(shares: Floats, recall: float) -> float:
    """At or above it lies at least that share of the values; 0.5 where there are none."""
    if not shares.size:
        return 0.5
    return round(float(np.quantile(shares, 1 - recall, method="lower")), 4)


def _figures(scores: Floats, truth: NDArray[np.int64], penalty: float) -> dict[str, Any]:
    right = float((scores.argmax(axis=1) == truth).mean())
    return {"penalty": penalty, "accuracy_unseen": round(right, 4), "examples": len(truth)}
