"""Training on a handful of lines, with a small encoder of random weights."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from nlu.classifier import Model
from nlu.embedded import open_embedded
from nlu.problem import DataProblem, ModelProblem
from nlu.taxonomy import load_taxonomy
from nlu.train import Trained, train
from nlu.tuned import HEAD_NAME, LAYERS_NAME, Head, line_key, save_head
from nlu.weights import FOLDER, build

DATA = """\
version: "3.1"
nlu:
- intent: emergency
  examples: |
    - he is at the door now
    - she is breaking the window
    - he's in my garden with a knife
    - someone is in the house
- intent: greet
  examples: |
    - hello there
    - hi
    - good morning to you
    - hey
- intent: evidence
  examples: |
    - should i keep the messages
    - what do i write in the diary
    - do screenshots count
    - can i delete his texts
"""
CONFIG = """\
recipe: default.v1
language: en
pipeline:
  - name: nlu.rasa.component.AlongsideClassifier
    min_count: 1
"""


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    """A data folder and a configuration."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "some.yml").write_text(DATA, encoding="utf-8")
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    return tmp_path / "data", tmp_path / "config.yml"


def trained(sources: tuple[Path, Path], folder: Path, encoder_from: Path | None = None) -> Trained:
    folder.mkdir()
    if encoder_from:
        (folder / FOLDER).symlink_to(encoder_from / FOLDER)
    return train(*sources, folder, lambda _line: None)


def test_the_same_inputs_give_the_same_model(
    sources: tuple[Path, Path], model_dir: Path, tmp_path: Path
) -> None:
    """Seeded and without chance: two trainings, the same bytes."""
    for name in ("one", "two"):
        assert trained(sources, tmp_path / name, model_dir).with_encoder

    for file in ("model.npz", "model.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_trained_model_understands_its_examples(
    sources: tuple[Path, Path], model_dir: Path, tmp_path: Path
) -> None:
    """Opened again, it reads what it was taught, however it is typed."""
    trained(sources, tmp_path / "model", model_dir)
    model = open_embedded(tmp_path / "model", *sources)

    row = model.probabilities(["HE IS AT THE DOOR NOW!!"])[0]
    assert model.model.labels[int(row.argmax())] == "emergency"
    assert model.encoder is not None


def tuned_model(
    sources: tuple[Path, Path], published: Path, folder: Path, labels: tuple[str, ...]
) -> tuple[Model, Head]:
    """A model beside a tuned encoder whose head knows these intents; hand z is held out."""
    held = {"he is at the door now": "emergency", "hello there": "greet", "hi": "greet"}
    head = Head(
        labels=labels,
        weight=np.full((384, len(labels)), 0.5, np.float32),
        bias=np.zeros(len(labels), np.float32),
        hands=frozenset({"z"}),
        unseen={line_key(text, i): np.eye(len(labels), dtype=np.float32)[labels.index(i)] * 4
                for text, i in held.items()},
    )  # fmt: skip
    tuning = folder / "tuned"
    tuning.mkdir(parents=True)
    save_file({"encoder.layer.0.output.LayerNorm.bias": np.ones(384, np.float16)},
              tuning / LAYERS_NAME)  # fmt: skip
    save_head(head, tuning / HEAD_NAME)
    build(published, folder / FOLDER, tuning)
    data = sources[0] / "some.yml"
    listed = [line for line in DATA.splitlines() if line.startswith("    - ")]
    text = DATA
    for line in listed:
        words = line.removeprefix("    - ")
        hand = "z" if words in held else "a"
        text = text.replace(line, f"  - text: {words}\n    metadata: {{hand: {hand}}}")
    data.write_text(text.replace("examples: |", "examples:"), encoding="utf-8")
    assert train(*sources, folder, lambda _line: None).with_encoder
    return open_embedded(folder, *sources).model, head


def test_a_tuned_head_is_used_as_it_is_beside_the_words(
    sources: tuple[Path, Path],
    published: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the encoder was taught with stays; only its share against the words is chosen."""
    monkeypatch.setattr("nlu.train._LEAST_UNSEEN", 3)
    model, head = tuned_model(sources, published, tmp_path / "m", load_taxonomy().intents)

    share = model.coefficients.meaning[0, 0] / head.weight[0, 0]
    assert 0.3 - 1e-6 <= share <= 0.8 + 1e-6
    assert np.allclose(model.coefficients.meaning, head.weight * share)
    assert model.encoder_scale == 1.0


def test_a_head_of_other_intents_is_not_used(
    sources: tuple[Path, Path],
    published: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a change of the taxonomy its columns would mean something else."""
    monkeypatch.setattr("nlu.train._LEAST_UNSEEN", 3)
    model, head = tuned_model(sources, published, tmp_path / "m", load_taxonomy().intents[::-1])

    assert not np.allclose(
        model.coefficients.meaning, head.weight * model.coefficients.meaning[0, 0] / 0.5
    )


def test_without_the_encoder_a_model_of_words_is_built(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    """No weights: it trains all the same, and says that it did without."""
    result = trained(sources, tmp_path / "model")

    assert not result.with_encoder
    assert open_embedded(tmp_path / "model", *sources).encoder is None


@pytest.mark.parametrize(
    ("changed", "what"),
    [("data/some.yml", "another nlu/data"), ("config.yml", "another config.yml")],
)
def test_a_model_of_other_sources_is_refused(
    sources: tuple[Path, Path], tmp_path: Path, changed: str, what: str
) -> None:
    """After an edit of the examples nobody is answered from the old ones unnoticed."""
    trained(sources, tmp_path / "model")
    file = tmp_path / changed
    file.write_text(file.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")

    with pytest.raises(ModelProblem, match=what):
        open_embedded(tmp_path / "model", *sources)


def test_an_image_without_the_examples_uses_its_model(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    """Where the data is not installed there is nothing to compare with."""
    trained(sources, tmp_path / "model")

    assert open_embedded(tmp_path / "model", tmp_path / "none", tmp_path / "none.yml").model


def test_a_model_whose_encoder_is_gone_is_refused(
    sources: tuple[Path, Path], model_dir: Path, tmp_path: Path
) -> None:
    """Half of what it was trained on would be missing."""
    trained(sources, tmp_path / "model", model_dir)
    (tmp_path / "model" / FOLDER).unlink()

    with pytest.raises(ModelProblem, match="encoder is missing"):
        open_embedded(tmp_path / "model", *sources)


def test_a_fault_in_the_examples_stops_the_training(
    sources: tuple[Path, Path], tmp_path: Path
) -> None:
    """No model is written from half the examples."""
    file = tmp_path / "data" / "some.yml"
    file.write_text(DATA.replace("intent: greet", "intent: hullo"), encoding="utf-8")

    with pytest.raises(DataProblem, match="hullo"):
        trained(sources, tmp_path / "model")
    assert not (tmp_path / "model" / "model.json").exists()
