"""The desk as production has it, over each database."""

import pytest

from bot.store.database import Database
from tests.desk_rig import Rig, make_rig


@pytest.fixture
async def rig(database: Database) -> Rig:
    """Nobody comes in without a second factor."""
    return await make_rig(database)
