"""`evaluate`: scores engines on labelled JSONL files, as Markdown or JSON."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from bot.dialogue.topics import ANSWER
from bot.errors import ModelProblem
from bot.ports import Engine
from nlu.evaluate import Result
from nlu.evaluate import evaluate as measure
from nlu.labelled import read_lines
from nlu.problem import NluProblem
from nlu.report import as_json, markdown


def evaluate(
    files: Sequence[Path],
    stdout: TextIO,
    engines: Sequence[Engine],
    *,
    machine: bool = False,
    page: Path | None = None,
) -> None:
    """Score every engine on every file, at the threshold that the dialogue uses.

    Writes Markdown on stdout; JSON where machine is True; Markdown to `page` as well where given.
    Raises ModelProblem when an engine cannot do its work or a file has a faulty line.
    """
    try:
        results = asyncio.run(_all(files, engines))
    except NluProblem as problem:
        raise ModelProblem(problem.what, where=problem.where, do=problem.do) from problem
    text = markdown(results)
    if page:
        page.write_text(text, encoding="utf-8")
    if machine:
        stdout.write(json.dumps(as_json(results), indent=1) + "\n")
    else:
        stdout.write(text)


async def _all(files: Sequence[Path], engines: Sequence[Engine]) -> list[Result]:
    """In the order of the files, engines side by side. Files are read first: faults cost nothing.

    One event loop for all: an engine that asks over HTTP keeps its connections.
    """
    labelled = [(file.name, read_lines(file)) for file in files]
    results = []
    for name, lines in labelled:
        for engine in engines:
            _able(engine)
            results.append(await measure(engine.name, engine, name, lines, ANSWER))
            _able(engine)
    return results


def _able(engine: Engine) -> None:
    """An engine that is away, or has another read in its stead, must not get that one's figures."""
    state = engine.state()
    if not state.ready or state.detail:
        raise ModelProblem(
            f"the {engine.name} engine cannot be scored: {state.detail or 'it is not ready'}",
            where=engine.name,
            do="Make it ready and evaluate again",
        )
