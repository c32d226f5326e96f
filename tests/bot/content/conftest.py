"""Content fixtures."""

import shutil
from pathlib import Path

import pytest

from bot.content.load import Content, read_content
from tests.bot.content.responses import REAL, Responses


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Responses(tmp_path_factory.mktemp("sound") / "responses").root


@pytest.fixture
def responses(template: Path, tmp_path: Path) -> Responses:
    copy = Responses.__new__(Responses)
    copy.root = tmp_path / "responses"
    shutil.copytree(template, copy.root)
    return copy


@pytest.fixture(scope="session")
def real() -> Content:
    """The content that is served, as far as it can be read."""
    return read_content(REAL)[0]
