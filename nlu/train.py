"""Builds the embedded engine's model from nlu/data and config.yml. Same inputs, same model."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from nlu import calibrate
from nlu.augment import noisy
from nlu.classifier import Model, save
from nlu.embedded import made_from
from nlu.encoder import Encoder, open_encoder
from nlu.logistic import Coefficients, Inputs, learn
from nlu.normalise import normalise
from nlu.taxonomy import load_taxonomy
from nlu.tfidf import Runs, Vectoriser, fit
from nlu.training_data import Config, Example, read_config, read_examples
from nlu.tuned import Head, line_key, read_head
from nlu.weights import FOLDER, encoder_fingerprint

Floats = NDArray[np.float32]
Progress = Callable[[str], None]

_LEAST_UNSEEN = 300  # unseen lines below which a head cannot be judged
_SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)  # how much the head weighs against the words, tried


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


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What was learned, and the scores of lines that it had not seen, with their labels."""

    learned: Coefficients
    unseen: Floats
    truth: NDArray[np.int64]
    choices: dict[str, Any]


def train(data_dir: Path, config_file: Path, model_dir: Path, progress: Progress) -> Trained:
    """Fit, calibrate and save the model into model_dir; one to two minutes on two cores.

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

    encoder None: words alone. A tuned encoder brings a head of its own, which is used as it is
    beside a regression on the words; with another, words and meaning are learned together. Every
    random choice comes from config.seed.
    """
    head = _usable(read_head(encoder.folder) if encoder else None, examples, labels)
    chance = random.Random(config.seed)  # noqa: S311 - must repeat, not surprise
    copies = [place for place in range(len(examples)) if chance.random() < config.augment]
    texts = [normalise(example.text) for example in examples]
    texts += [normalise(noisy(examples[place].text, chance)) for place in copies]
    vectoriser = _vectoriser(texts, config)
    progress(f"reading {len(texts)} texts, {vectoriser.columns} features")
    meaning, scale = np.zeros((len(texts), 0), np.float32), 0.0
    if head:
        scale = 1.0  # the head was taught on the encoder's rows as they are
    elif encoder:
        scale = config.encoder_scale
        meaning = encoder.encode(texts) * np.float32(scale)
    origin = np.concatenate([np.arange(len(examples)), np.array(copies, np.int64)])
    numbers = np.array([labels.index(example.intent) for example in examples], np.int64)[origin]
    weights = calibrate.weights(numbers, labels, config.urgent_weight)
    table = _Table(Inputs(vectoriser.rows(texts), meaning), numbers, weights, origin)
    if head:
        fitted = _beside(head, examples, table, config, progress)
    else:
        fitted = _together(examples, table, config, len(labels), progress)
    temperature = calibrate.temperature(fitted.unseen, fitted.truth)
    shares = softmax(fitted.unseen / temperature, axis=1)
    alarms = calibrate.alarms(shares, fitted.truth, labels, config.urgent_recall)
    model = Model(labels, vectoriser, fitted.learned, scale, temperature, alarms)
    figures = fitted.choices | {"examples": len(examples), "unseen": len(fitted.truth)}
    return model, figures | calibrate.figures(model, shares, fitted.truth)


def _vectoriser(texts: list[str], config: Config) -> Vectoriser:
    return fit(
        texts,
        Runs(config.word_ngrams, config.char_ngrams),
        min_count=config.min_count,
        max_features=config.max_features,
    )


def _usable(
    head: Head | None, examples: tuple[Example, ...], labels: tuple[str, ...]
) -> Head | None:
    """The head, if it knows these intents and enough lines are here by which to judge it."""
    if head is None or head.labels != labels:
        return None
    known = sum(line_key(example.text, example.intent) in head.unseen for example in examples)
    return head if known >= _LEAST_UNSEEN else None


def _beside(
    head: Head, examples: tuple[Example, ...], table: _Table, config: Config, progress: Progress
) -> _Fitted:
    """A regression on the words, added to the head's scores in the proportion that serves best.

    The proportion and the penalty are chosen on the lines that neither half has seen.
    """
    keys = [line_key(example.text, example.intent) for example in examples]
    held = np.array([place for place, key in enumerate(keys) if key in head.unseen], np.int64)
    of_head = np.stack([head.unseen[keys[place]] for place in held])
    seen = np.array([example.hand not in head.hands for example in examples])
    used, truth = np.flatnonzero(seen[table.origin]), table.labels[held]
    tried: list[tuple[float, float, float, Floats]] = []
    start = None
    for penalty in sorted(config.penalties):
        start = _learned(table, used, len(head.labels), penalty, start)
        of_words = start.scores(table.inputs.pick(held))
        for share in _SHARES:
            mixed = np.float32(share) * of_head + np.float32(1 - share) * of_words
            tried.append((calibrate.loss(mixed, truth), penalty, share, mixed))
    _, penalty, share, unseen = min(tried, key=lambda one: one[0])
    progress(f"head's share {share}, penalty {penalty}; fitting the words on everything")
    everything = np.arange(len(table.labels))
    words = _learned(table, everything, len(head.labels), penalty, None)
    rest = np.float32(1 - share)
    learned = Coefficients(
        counts=words.counts * rest,
        meaning=head.weight * np.float32(share),
        bias=words.bias * rest + head.bias * np.float32(share),
    )
    return _Fitted(learned, unseen, truth, {"penalty": penalty, "head_share": share})


def _learned(
    table: _Table,
    used: NDArray[np.int64],
    classes: int,
    penalty: float,
    start: Coefficients | None,
) -> Coefficients:
    return learn(
        table.inputs.pick(used),
        table.labels[used],
        table.weights[used],
        classes=classes,
        penalty=penalty,
        start=start,
    )


def _together(
    examples: tuple[Example, ...],
    table: _Table,
    config: Config,
    classes: int,
    progress: Progress,
) -> _Fitted:
    """One regression on words and meaning, judged fold by fold."""
    penalty, unseen = _tried(table, _folds(examples, config), config, classes, progress)
    progress(f"penalty {penalty}; fitting on everything")
    everything = np.arange(len(table.labels))
    learned = _learned(table, everything, classes, penalty, None)
    return _Fitted(learned, unseen, table.labels[: len(examples)], {"penalty": penalty})


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
    best = min(config.penalties, key=lambda penalty: calibrate.loss(scores[penalty], truth))
    return best, scores[best]
