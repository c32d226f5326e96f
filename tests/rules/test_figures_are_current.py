"""The figures in the documentation belong to the model, data and rules that are here.

Marked slow, so that whoever edits rules or examples is not stopped at every `make test`: `make
test-all` and CI say when `make report` is due. While the model is older than the data, other tests
say so and these wait.
"""

import os
from pathlib import Path

import pytest

from bot.settings import load_settings
from nlu.embedded import open_embedded
from nlu.problem import ModelProblem
from tools.blocks import block
from tools.card import BLOCK, CARD, facts
from tools.report import PAGE
from tools.sources import sources, stale

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model_dir() -> Path:
    """The folder of a model that was made from the data, configuration and encoder here."""
    folder = load_settings().model_dir
    try:
        open_embedded(folder)
    except ModelProblem as problem:
        if os.environ.get("CI"):
            pytest.fail(f"CI must compare the figures with a model: {problem}")
        pytest.skip(f"first the model: {problem}")
    return folder


def test_the_page_was_made_from_what_is_here(model_dir: Path) -> None:
    """Figures of yesterday's model are claims about nothing."""
    changed = stale(PAGE.read_text(encoding="utf-8"), sources(model_dir))

    assert not changed, f"docs/nlu.md is older than {', '.join(changed)}: run `make report`"


def test_the_cards_counts_are_those_of_the_data(model_dir: Path) -> None:
    """Counted, not typed."""
    assert model_dir
    kept = block(CARD.read_text(encoding="utf-8"), BLOCK)

    assert kept == facts(), "docs/model-card.md counts other data: run `make report`"
