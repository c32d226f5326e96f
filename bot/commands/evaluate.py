"""`evaluate`: scores the engine on a labelled JSONL file, as Markdown."""

import asyncio
from pathlib import Path
from typing import TextIO

from bot.errors import ModelProblem
from bot.ports import Engine
from nlu.engine import EmbeddedEngine
from nlu.evaluate import evaluate as measure
from nlu.problem import NluProblem


def evaluate(file: Path, stdout: TextIO, engine: Engine) -> None:
    """Write the report of the file: the engine as it answers, then the model alone.

    Raises ModelProblem when the engine has no model or the file has a faulty line.
    """
    state = engine.state()
    if not state.ready:
        raise ModelProblem(
            "there is nothing to score", where="BOT_MODEL_DIR", do=state.detail or "Run make setup"
        )
    try:
        whole = asyncio.run(measure(engine, file))
        stdout.write(whole.markdown(f"{engine.name}: rules and model") + "\n")
        if isinstance(engine, EmbeddedEngine):
            alone = asyncio.run(measure(engine.with_rules(_none), file))
            stdout.write(alone.markdown(f"{engine.name}: model alone"))
    except NluProblem as problem:
        raise ModelProblem(problem.what, where=problem.where, do=problem.do) from problem


def _none(_text: str) -> frozenset[str]:
    return frozenset()
