"""The trained model: from a normalised message and its meaning to calibrated probabilities.

Run time needs numpy and scipy only. Saved as one .npz of plain arrays and one .json; no pickles.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.logistic import Coefficients, Inputs
from nlu.problem import ModelProblem
from nlu.tfidf import Runs, Vectoriser

ARRAYS_NAME = "model.npz"
MANIFEST_NAME = "model.json"
FORMAT = 1
"""Raised whenever normalise, tfidf, encoder or this file would read the same words otherwise.

tests/nlu/test_classifier.py holds a sample of features against this number."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Model:
    """A trained classifier."""

    labels: tuple[str, ...]
    vectoriser: Vectoriser
    coefficients: Coefficients
    encoder_scale: float  # 0.0: trained on words alone, without the encoder
    temperature: float  # scores are divided by it, so that confidence means frequency
    alarms: tuple[tuple[str, float], ...]  # (urgent intent, its threshold); "" is the sum of all

    def inputs(self, texts: list[str], meaning: Floats | None) -> Inputs:
        """Features of normalised texts; meaning: the encoder's rows, or None without an encoder."""
        width = self.coefficients.meaning.shape[0]
        rows = np.zeros((len(texts), width), np.float32)
        if meaning is not None and width:
            rows = meaning * np.float32(self.encoder_scale)
        return Inputs(self.vectoriser.rows(texts), rows)

    def probabilities(self, texts: list[str], meaning: Floats | None) -> Floats:
        """(texts, labels), each row adds up to 1."""
        scores = self.coefficients.scores(self.inputs(texts, meaning))
        return _shares(scores / np.float32(self.temperature))

    def alarm(self, row: Floats, least: float = 0.0) -> frozenset[str]:
        """The urgent intents that one row of probabilities raises; most often none.

        The sum over all urgent intents may raise the likeliest of them, where none does alone.
        least: a probability below which nothing is raised, whatever the thresholds say.
        """
        limits = {intent: max(limit, least) for intent, limit in self.alarms}
        shares = {intent: float(row[self.labels.index(intent)]) for intent in limits if intent}
        raised = {intent for intent, share in shares.items() if share >= limits[intent]}
        if sum(shares.values()) >= limits[""]:
            raised.add(max(shares, key=lambda intent: shares[intent]))
        return frozenset(raised)


def save(model: Model, folder: Path, made_from: dict[str, Any], figures: dict[str, Any]) -> None:
    """Write the model; the manifest last, so that half a model is never taken for a whole one.

    made_from: what the model must match to be used. figures: what was measured while training.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    arrays: dict[str, Any] = {
        "counts": model.coefficients.counts,
        "meaning": model.coefficients.meaning,
        "bias": model.coefficients.bias,
        "rarity": model.vectoriser.rarity,
        "words": _packed(model.vectoriser.words),
        "characters": _packed(model.vectoriser.characters),
    }
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    body = stream.getvalue()
    (folder / ARRAYS_NAME).write_bytes(body)
    manifest = {
        "format": FORMAT,
        "arrays": hashlib.sha256(body).hexdigest(),
        "made_from": made_from,
        "labels": model.labels,
        "word_ngrams": model.vectoriser.runs.words,
        "char_ngrams": model.vectoriser.runs.characters,
        "encoder_scale": model.encoder_scale,
        "temperature": model.temperature,
        "alarms": dict(model.alarms),
        "figures": figures,
    }
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[Model, dict[str, Any]]:
    """The model of the folder and what it was made from.

    Raises ModelProblem when it is missing, damaged, or of another format.
    """
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        body = (folder / ARRAYS_NAME).read_bytes()
    except FileNotFoundError as error:
        raise ModelProblem(
            "there is no trained model", where=str(folder), do="Run make setup"
        ) from error
    except (OSError, ValueError) as error:
        raise ModelProblem(
            "the trained model cannot be read", where=str(folder), do="Run python -m bot train"
        ) from error
    if manifest.get("format") != FORMAT:
        raise ModelProblem(
            "the trained model is of another version",
            where=str(folder),
            do="Run python -m bot train",
        )
    if hashlib.sha256(body).hexdigest() != manifest.get("arrays"):
        raise ModelProblem(
            "the trained model is damaged",
            where=str(folder / ARRAYS_NAME),
            do="Run python -m bot train",
        )
    return _model(manifest, body), dict(manifest["made_from"])


def _model(manifest: dict[str, Any], body: bytes) -> Model:
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        words = _unpacked(arrays["words"], 0)
        shortest, longest = manifest["char_ngrams"]
        return Model(
            labels=tuple(manifest["labels"]),
            vectoriser=Vectoriser(
                runs=Runs(manifest["word_ngrams"], (shortest, longest)),
                words=words,
                characters=_unpacked(arrays["characters"], len(words)),
                rarity=arrays["rarity"],
            ),
            coefficients=Coefficients(arrays["counts"], arrays["meaning"], arrays["bias"]),
            encoder_scale=float(manifest["encoder_scale"]),
            temperature=float(manifest["temperature"]),
            alarms=tuple(manifest["alarms"].items()),
        )


def _packed(columns: dict[str, int]) -> NDArray[np.uint8]:
    """Feature names in column order. They never hold a line break: normalise leaves none."""
    return np.frombuffer("\n".join(columns).encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8], first: int) -> dict[str, int]:
    text = packed.tobytes().decode()
    return {run: first + number for number, run in enumerate(text.split("\n") if text else [])}


def _shares(scores: Floats) -> Floats:
    """Softmax of each row. scipy.special has it too, but costs 0.3 s at each start."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Floats = powers / powers.sum(axis=1, keepdims=True)
    return result
