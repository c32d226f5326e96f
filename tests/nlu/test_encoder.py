"""The encoder's graph against the same arithmetic written out in numpy."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import erf, softmax
from tokenizers import Tokenizer

from nlu.encoder import open_encoder
from nlu.problem import ModelProblem
from nlu.weights import FOLDER
from tests.nlu.conftest import random_weights

Floats = NDArray[np.float64]
TEXTS = [
    "hello",
    "he is at the door",
    "he is at the door he is at the door hello i",
    "",
    "zzz " * 400,
]


class Written:
    """BERT with mean pooling, one text at a time, in 64 bits: nothing shared with the graph."""

    def __init__(self) -> None:
        self.w = {name: value.astype(np.float64) for name, value in random_weights().items()}

    def dense(self, x: Floats, name: str) -> Floats:
        return x @ self.w[f"{name}.weight"].T + self.w[f"{name}.bias"]

    def norm(self, x: Floats, name: str) -> Floats:
        spread = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-12)
        even = (x - x.mean(axis=-1, keepdims=True)) / spread
        return np.asarray(even * self.w[f"{name}.weight"] + self.w[f"{name}.bias"])

    def attention(self, x: Floats, place: str) -> Floats:
        query, key, value = (
            self.dense(x, f"{place}.attention.self.{name}").reshape(len(x), 12, 32)
            for name in ("query", "key", "value")
        )
        heads = [
            softmax(query[:, h] @ key[:, h].T / np.sqrt(32), axis=-1) @ value[:, h]
            for h in range(12)
        ]
        return np.concatenate(heads, axis=-1)

    def meaning(self, ids: list[int]) -> Floats:
        x = self.w["embeddings.word_embeddings.weight"][ids]
        x = x + self.w["embeddings.position_embeddings.weight"][: len(ids)]
        x = self.norm(
            x + self.w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
        )
        for layer in range(6):
            place = f"encoder.layer.{layer}"
            mixed = self.dense(self.attention(x, place), f"{place}.attention.output.dense")
            x = self.norm(x + mixed, f"{place}.attention.output.LayerNorm")
            wide = self.dense(x, f"{place}.intermediate.dense")
            wide = 0.5 * wide * (1 + erf(wide / np.sqrt(2)))
            x = self.norm(
                x + self.dense(wide, f"{place}.output.dense"), f"{place}.output.LayerNorm"
            )
        mean = x.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean))


def test_the_graph_computes_what_the_published_arithmetic_does(
    model_dir: Path, published: Path
) -> None:
    """Short, long, empty and cut texts, alone or beside others: the same 384 numbers."""
    tokenizer = Tokenizer.from_file(str(published / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=256)
    reference = Written()

    rows = open_encoder(model_dir / FOLDER).encode(TEXTS)

    for text, row in zip(TEXTS, rows, strict=True):
        np.testing.assert_allclose(row, reference.meaning(tokenizer.encode(text).ids), atol=2e-5)


def test_a_text_means_the_same_alone_and_in_company(model_dir: Path) -> None:
    """Padding beside a longer text changes nothing."""
    encoder = open_encoder(model_dir / FOLDER)

    np.testing.assert_allclose(encoder.encode(TEXTS)[1], encoder.encode([TEXTS[1]])[0], atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(TEXTS), axis=1), 1.0, atol=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_missing_or_damaged_files_are_named(tmp_path: Path) -> None:
    """Whoever starts the service is told to run the set-up."""
    with pytest.raises(ModelProblem, match="weights are missing"):
        open_encoder(tmp_path)
    (tmp_path / "encoder.onnx").write_bytes(b"not a graph")
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelProblem, match="cannot be loaded"):
        open_encoder(tmp_path)
