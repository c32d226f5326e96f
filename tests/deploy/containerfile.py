"""Reads a Containerfile: enough of the format for ours, and refuses what it does not know."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KNOWN = frozenset(
    "ARG FROM WORKDIR RUN COPY ENV VOLUME USER EXPOSE HEALTHCHECK STOPSIGNAL CMD".split()  # noqa: SIM905 - a list of words
)


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction. stage: which FROM it comes after, from 0; -1 before the first."""

    stage: int
    word: str
    rest: str


def steps(path: Path = ROOT / "deploy/Containerfile") -> list[Step]:
    """Every instruction, its continued lines joined."""
    lines = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    stage, found = -1, []
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        word, _, rest = line.partition(" ")
        assert word in KNOWN, f"an instruction that these tests do not know: {word}"
        stage += word == "FROM"
        found.append(Step(stage, word, rest.strip()))
    return found


def of(word: str, stage: int | None = None) -> list[str]:
    """What follows this word, in the stage or in all."""
    return [s.rest for s in steps() if s.word == word and stage in {None, s.stage}]


def commands() -> list[str]:
    """Every command that is run while the image is built, one by one."""
    return [one.strip() for rest in of("RUN") for one in rest.split("&&")]


def copied() -> list[tuple[str, str]]:
    """(from the checkout, into the working folder)"""
    pairs = [rest.split() for rest in of("COPY") if not rest.startswith("--from=")]
    return [(source, target) for source, target in pairs]


def started() -> list[str]:
    """The program that the image starts."""
    words: list[str] = json.loads(of("CMD")[-1])
    return words


def health_check() -> list[str]:
    """The program that tells whether it lives."""
    words: list[str] = json.loads(of("HEALTHCHECK")[-1].split("CMD ", 1)[1])
    return words


def environment() -> dict[str, str]:
    """What ENV sets in the last stage."""
    last = max(step.stage for step in steps())
    return dict(pair.split("=", 1) for rest in of("ENV", last) for pair in rest.split())
