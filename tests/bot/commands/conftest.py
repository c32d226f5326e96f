"""The trained model, opened once: `make setup` builds it."""

from pathlib import Path

import pytest

from nlu.engine import EmbeddedEngine, open_engine

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def engine() -> EmbeddedEngine:
    """The engine as `run` has it. A missing or stale model fails loudly here."""
    engine = open_engine(ROOT / ".model")
    assert engine.state().ready, engine.state().detail
    return engine
