"""No library reports to its maker, and none leaves a trace in the home folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUIETING = {"CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "GITHUB_ACTIONS", "TF_BUILD"}
READ = """
import asyncio
from pathlib import Path
from nlu.engine import open_engine
from nlu.reading import Context
engine = open_engine(Path(".model"))
assert engine.state().ready, engine.state().detail
asyncio.run(engine.read("he follows me", Context()))
"""


def read_a_message(home: Path, program: str) -> list[str]:
    """Run the program as on an operator's machine; what it left in the home folder."""
    as_here = {name: value for name, value in os.environ.items() if name not in QUIETING}
    own = {"HOME": str(home), "XDG_CACHE_HOME": "", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    subprocess.run(command, cwd=ROOT, env={**as_here, **own}, check=True, timeout=120)
    return [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()]


@pytest.mark.model
def test_reading_a_message_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    """The encoder's runtime writes a device id there when it reports what it does."""
    assert read_a_message(tmp_path, READ) == []
