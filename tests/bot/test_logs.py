"""What the program writes on stderr when something breaks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BREAKS = """
import asyncio, logging
from bot.logs import set_up_logs
set_up_logs()
try:
    raise ValueError("he is outside")
except ValueError:
    logging.getLogger("uvicorn.error").exception("Exception in ASGI application %s", "his words")
async def nobody_waits():
    async def breaks():
        raise KeyError("her words")
    task = asyncio.create_task(breaks())
    await asyncio.sleep(0.01)
    del task
asyncio.run(nobody_waits())
"""


def test_the_traceback_of_a_library_shows_the_place_and_no_words() -> None:
    """A server prints the exception of a request, and its text may quote the message."""
    done = subprocess.run(
        [sys.executable, "-c", BREAKS], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "ERROR uvicorn.error\nValueError at <string>:" in done.stderr
    assert "ERROR asyncio\nKeyError at <string>:" in done.stderr
    assert "outside" not in done.stderr
    assert "words" not in done.stderr


def test_what_the_engine_says_is_our_own_and_is_shown() -> None:
    """Its sentences tell an operator what to do; they are written here and quote nobody."""
    program = (
        "import logging; from bot.logs import set_up_logs; set_up_logs();"
        "logging.getLogger('nlu.rasa_engine').warning('%s: run make rasa', 'Rasa does not answer')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stderr == "WARNING nlu.rasa_engine: Rasa does not answer: run make rasa\n"
