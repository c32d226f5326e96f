"""The web page for the tests of this folder."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.channels.web_fakes import HeldPipe
from tests.channels.web_pages import browser_on, page_of


@pytest.fixture
def pipe() -> HeldPipe:
    return HeldPipe()


@pytest.fixture
async def browser(pipe: HeldPipe) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_on(page_of(pipe)) as client:
        yield client
