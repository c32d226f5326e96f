"""The trained model: what it keeps, what it refuses, and what raises an alarm."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from nlu.classifier import FORMAT, Model, load, save
from nlu.logistic import Coefficients, Inputs, learn
from nlu.normalise import normalise
from nlu.problem import ModelProblem
from nlu.tfidf import Runs, fit

LABELS = ("emergency", "cannot_speak", "greet")
TEXTS = ["he's at the door", "he is in the garden", "i can't talk", "silent call", "hi", "hello"]
TRUTH = np.array([0, 0, 1, 1, 2, 2])
SAMPLE = "he's at the door 😭 rn, what do i do??"


def trained() -> Model:
    vectoriser = fit(TEXTS, Runs(2, (2, 4)), min_count=1, max_features=500)
    inputs = Inputs(vectoriser.rows(TEXTS), np.zeros((len(TEXTS), 0), np.float32))
    learned = learn(
        inputs, TRUTH, np.ones(len(TRUTH), np.float32), classes=len(LABELS), penalty=10.0
    )
    return Model(
        LABELS,
        vectoriser,
        learned,
        0.0,
        1.0,
        (("", 0.6), ("emergency", 0.4), ("cannot_speak", 0.4)),
    )


def test_what_was_learned_is_known_again() -> None:
    """Every training text is read as what it was labelled."""
    shares = trained().probabilities(TEXTS, None)

    assert list(shares.argmax(axis=1)) == list(TRUTH)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-5)


def test_the_fit_is_where_the_loss_is_least() -> None:
    """The slope of the penalised loss is flat at the coefficients that were found."""
    model = trained()
    rows = model.inputs(TEXTS, None)
    shares = model.probabilities(TEXTS, None)
    shares[np.arange(len(TRUTH)), TRUTH] -= 1
    slope = rows.counts.T @ shares + model.coefficients.counts / 10.0

    assert np.abs(slope).max() < 0.02


def test_a_saved_model_reads_as_before(tmp_path: Path) -> None:
    """Saving and loading changes nothing, and two savings are the same bytes."""
    model = trained()
    for name in ("one", "two"):
        save(model, tmp_path / name, {"data": "abc"}, {})
    loaded, source = load(tmp_path / "one")

    assert source == {"data": "abc"}
    np.testing.assert_array_equal(
        loaded.probabilities([SAMPLE], None), model.probabilities([SAMPLE], None)
    )
    bodies = [(tmp_path / name / "model.npz").read_bytes() for name in ("one", "two")]
    assert bodies[0] == bodies[1]


def test_a_missing_damaged_or_older_model_is_refused(tmp_path: Path) -> None:
    """Each time the operator is told what to run."""
    with pytest.raises(ModelProblem, match="no trained model"):
        load(tmp_path)
    save(trained(), tmp_path, {}, {})
    file = tmp_path / "model.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelProblem, match="damaged"):
        load(tmp_path)
    manifest = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    (tmp_path / "model.json").write_text(
        json.dumps(manifest | {"format": FORMAT + 1}), encoding="utf-8"
    )
    with pytest.raises(ModelProblem, match="another version"):
        load(tmp_path)
    (tmp_path / "model.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelProblem, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("row", "least", "raised"),
    [
        ((0.5, 0.0, 0.5), 0.0, {"emergency"}),
        ((0.45, 0.45, 0.1), 0.0, {"emergency", "cannot_speak"}),
        ((0.35, 0.3, 0.35), 0.0, {"emergency"}),
        ((0.3, 0.2, 0.5), 0.0, set()),
        ((0.5, 0.0, 0.5), 0.85, set()),
        ((0.9, 0.0, 0.1), 0.85, {"emergency"}),
    ],
)
def test_danger_raises_its_card_alone_or_in_sum(
    row: tuple[float, ...], least: float, raised: set[str]
) -> None:
    """A model torn between two kinds of danger still raises a card."""
    assert trained().alarm(np.array(row, np.float32), least) == raised


def test_a_change_of_features_needs_a_new_format() -> None:
    """A model trained before such a change must be refused: raise FORMAT, then edit this."""
    runs = [sorted(part.items()) for part in Runs(2, (3, 4)).of(normalise(SAMPLE))]
    digest = hashlib.sha256(repr(runs).encode()).hexdigest()[:12]

    assert (FORMAT, digest) == (1, "ad8dac4cb9b8")


def test_coefficients_of_two_blocks_add_up() -> None:
    """Words and meaning each give their part of a score."""
    learned = Coefficients(
        np.ones((1, 2), np.float32), np.ones((1, 2), np.float32), np.zeros(2, np.float32)
    )
    counts = fit(["a"], Runs(1, (9, 9)), min_count=1, max_features=9).rows(["a"])

    scores = learned.scores(Inputs(counts, np.full((1, 1), 2.0, np.float32)))
    assert scores.tolist() == [[3.0, 3.0]]
