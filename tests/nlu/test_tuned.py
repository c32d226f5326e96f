"""The tuned half of the encoder belongs to the examples that are here."""

from pathlib import Path

import numpy as np
import pytest

from nlu.taxonomy import load_taxonomy
from nlu.training_data import DATA_DIR, fingerprint, read_config, read_examples
from nlu.tuned import (
    HEAD_NAME,
    LAYERS_NAME,
    TUNED_DIR,
    Head,
    line_key,
    read_head,
    save_head,
    tuned_name,
    tuned_note,
)
from nlu.weights import WEIGHTS_SHA256

MOST_BYTES = 60_000_000


def test_a_head_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    """Labels, scores and the hands that were held out."""
    head = Head(
        labels=("a", "b"),
        weight=np.arange(6, dtype=np.float32).reshape(3, 2),
        bias=np.array([0.5, -1], np.float32),
        hands=frozenset({"x", "y"}),
        unseen={"k1": np.array([1, 2], np.float32), "k0": np.array([3, 4], np.float32)},
    )
    save_head(head, tmp_path / HEAD_NAME)
    back = read_head(tmp_path)

    assert back is not None
    assert (back.labels, back.hands) == (head.labels, head.hands)
    assert np.array_equal(back.weight, head.weight)
    assert {key: row.tolist() for key, row in back.unseen.items()} == {"k0": [3, 4], "k1": [1, 2]}


def test_a_line_is_known_by_its_words_and_intent() -> None:
    """However it is typed; another intent makes another line."""
    assert line_key("He is HERE", "emergency") == line_key("he is here", "emergency")
    assert line_key("he is here", "emergency") != line_key("he is here", "threats")


def test_half_a_tuning_has_no_name(tuned: Path, tmp_path: Path) -> None:
    """Layers without their head would read with another's scores."""
    (tmp_path / LAYERS_NAME).write_bytes((tuned / LAYERS_NAME).read_bytes())

    assert tuned_name(tmp_path) is None
    assert tuned_name(tuned) is not None


@pytest.fixture
def made_from() -> dict[str, object]:
    """What the kept tuning says it was made from."""
    source: dict[str, object] = tuned_note()["made_from"]
    return source


def test_the_kept_tuning_is_whole_and_small() -> None:
    """Its note names the files that lie there."""
    assert tuned_note()["name"] == tuned_name()
    assert sum(file.stat().st_size for file in TUNED_DIR.iterdir()) < MOST_BYTES


def test_the_kept_tuning_was_made_from_the_examples_that_are_here(
    made_from: dict[str, object],
) -> None:
    """After larger edits: make encoder. Until then the head knows nothing of what was added."""
    assert made_from["data"] == fingerprint(sorted(DATA_DIR.glob("*.yml")))
    assert made_from["encoder"] == WEIGHTS_SHA256


def test_the_kept_tuning_was_made_by_the_code_that_is_here(made_from: dict[str, object]) -> None:
    """Whoever changes how the encoder is taught teaches it anew."""
    nlu = Path(__file__).parents[2] / "nlu"
    files = [*(nlu / "tuning").glob("*.py"), nlu / "augment.py", nlu / "normalise.py"]

    assert made_from["code"] == fingerprint(files)


def test_the_held_out_hands_are_those_of_the_configuration() -> None:
    """Figures on unseen writers are about the writers that were named."""
    head = read_head(TUNED_DIR)
    examples = read_examples(DATA_DIR, frozenset(load_taxonomy().intents))
    held = {line_key(e.text, e.intent) for e in examples if e.hand in read_config().held}

    assert head is not None
    assert head.hands == frozenset(read_config().held)
    assert set(head.unseen) == held
    assert head.labels == load_taxonomy().intents
