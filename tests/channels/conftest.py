"""The web page for the tests of this folder."""

import logging
from collections.abc import AsyncIterator, Iterator
from io import StringIO

import httpx
import pytest
import structlog

from bot.logs import QUIET, set_up_logs
from tests.channels.web_fakes import HeldPipe
from tests.channels.web_pages import browser_on, page_of


@pytest.fixture
def pipe() -> HeldPipe:
    return HeldPipe()


@pytest.fixture
async def browser(pipe: HeldPipe) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_on(page_of(pipe)) as client:
        yield client


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[StringIO]:
    """What the service's own logging writes at its most talkative."""
    written = StringIO()
    levels = {name: logging.getLogger(name).level for name in QUIET}
    set_up_logs(logging.DEBUG)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=written))
    caplog.set_level(logging.DEBUG)
    yield written
    structlog.reset_defaults()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
