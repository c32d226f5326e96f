"""Lines as a damaged program sends them: the stream goes on, whatever the bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
LAST = b'{"id": "last", "chat": "last", "text": "hes outside my door"}\n'


def played(verb: str, tmp_path: Path, *lines: bytes) -> list[dict[str, Any]]:
    """What the program writes for these lines, and for a last one that is in order."""
    away = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    done = subprocess.run(
        [sys.executable, "-m", "bot", verb],
        input=b"".join(line + b"\n" for line in lines) + LAST,
        capture_output=True,
        cwd=ROOT,
        env={**away, "BOT_DATA_DIR": str(tmp_path), "BOT_MODEL_DIR": str(tmp_path / "none")},
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("verb", "key"), [("parse", "id"), ("talk", "chat")])
def test_half_a_character_in_a_name_comes_back_as_it_was(
    verb: str, key: str, tmp_path: Path
) -> None:
    """A lone surrogate is legal in JSON: the answer carries it again, and the next line is read."""
    half, last = played(verb, tmp_path, b'{"%b": "a\\ud800", "text": "hello"}' % key.encode())

    assert half[key] == "a\ud800"
    assert last[key] == "last"


@pytest.mark.parametrize("verb", ["parse", "talk"])
def test_bytes_that_are_no_text_are_one_bad_line(verb: str, tmp_path: Path) -> None:
    """So are a nesting and a number without end."""
    bad = [b"\xff\xfe\x00", b"[" * 100_000, b'{"at": ' + b"9" * 5_000 + b"}"]

    *errors, last = played(verb, tmp_path, *bad)

    assert len(errors) == len(bad)
    assert all("error" in answer for answer in errors)
    assert "error" not in last
