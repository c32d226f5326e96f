"""Training on a handful of lines, with a small encoder of random weights."""

from pathlib import Path

import pytest

from nlu.embedded import open_embedded
from nlu.problem import DataProblem, ModelProblem
from nlu.train import Trained, train
from nlu.weights import FOLDER

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
