"""A small encoder of random weights and a model trained on a few lines: real code, small sizes."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from nlu import weights
from nlu.tuned import HEAD_NAME, LAYERS_NAME, Head, save_head

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "he", "is", "at", "the", "door", "hello", "##s", "i"]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with model.safetensors and tokenizer.json, shaped as the published ones."""
    folder = tmp_path_factory.mktemp("published")
    save_file(random_weights(), folder / "model.safetensors")
    write_tokenizer(folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="session")
def model_dir(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with the run-time encoder of those weights."""
    folder = tmp_path_factory.mktemp("model")
    weights.build(published, folder / weights.FOLDER)
    return folder


@pytest.fixture(scope="session")
def tuned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as nlu/tuned: other layers, and a head that knows two intents."""
    folder = tmp_path_factory.mktemp("tuned")
    layers = {
        name: (value * 1.5).astype(np.float16)
        for name, value in random_weights().items()
        if name.startswith("encoder.")
    }
    save_file(layers, folder / LAYERS_NAME)
    chance = np.random.default_rng(8)
    head = Head(
        labels=("emergency", "greet"),
        weight=chance.standard_normal((384, 2)).astype(np.float32),
        bias=np.zeros(2, np.float32),
        hands=frozenset({"z"}),
        unseen={"0" * 16: np.array([1.0, -1.0], np.float32)},
    )
    save_head(head, folder / HEAD_NAME)
    return folder


def random_weights() -> dict[str, NDArray[np.float32]]:
    chance = np.random.default_rng(7)

    def some(*shape: int) -> NDArray[np.float32]:
        return (chance.standard_normal(shape) * 0.2).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": some(len(WORDS), 384),
        "embeddings.position_embeddings.weight": some(512, 384),
        "embeddings.token_type_embeddings.weight": some(2, 384),
        "embeddings.LayerNorm.weight": 1 + some(384),
        "embeddings.LayerNorm.bias": some(384),
    }
    for layer in range(6):
        place = f"encoder.layer.{layer}"
        for name, out, into in (
            ("attention.self.query", 384, 384),
            ("attention.self.key", 384, 384),
            ("attention.self.value", 384, 384),
            ("attention.output.dense", 384, 384),
            ("intermediate.dense", 1536, 384),
            ("output.dense", 384, 1536),
        ):
            made[f"{place}.{name}.weight"] = some(out, into)
            made[f"{place}.{name}.bias"] = some(out)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            made[f"{place}.{name}.weight"] = 1 + some(384)
            made[f"{place}.{name}.bias"] = some(384)
    return made


def write_tokenizer(file: Path) -> None:
    tokenizer = Tokenizer(
        models.WordPiece({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_padding(length=128)  # as published; the engine must turn it off
    tokenizer.save(str(file))
