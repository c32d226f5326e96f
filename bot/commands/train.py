"""`train`: fetches the encoder's weights where missing and builds the embedded model."""

import subprocess
from pathlib import Path
from typing import TextIO

from bot.errors import ModelProblem
from nlu.embedded import open_embedded
from nlu.problem import DataProblem, NluProblem
from nlu.train import train as build
from nlu.training_data import CONFIG_FILE, DATA_DIR
from nlu.weights import fetch, is_tuned_as_here

TUNING = Path(".tuning")
"""Where `make encoder` keeps its environment and the published weights."""


def tune_encoder(place: Path = TUNING) -> None:
    """Teach the encoder anew and write nlu/tuned; about an hour. Raises ModelProblem."""
    python = place / "venv" / "bin" / "python"
    if not python.exists():
        raise ModelProblem(
            "the environment in which the encoder is taught is missing",
            where=str(place),
            do="Run make encoder, which makes it",
        )
    done = subprocess.run([str(python), "-m", "nlu.tuning", str(place / "scratch")], check=False)
    if done.returncode:
        raise ModelProblem(
            "the encoder could not be taught", where="nlu/tuning", do="See the message above"
        )


def is_current(model_dir: Path) -> bool:
    """True when the model is there whole, with its encoder, made from what is here."""
    try:
        return open_embedded(model_dir).encoder is not None and is_tuned_as_here(model_dir)
    except NluProblem:
        return False


def train(
    model_dir: Path, stderr: TextIO, *, data_dir: Path = DATA_DIR, config_file: Path = CONFIG_FILE
) -> None:
    """Leave a trained model in model_dir; progress goes to stderr.

    Where the weights cannot be had, trains on words alone and says so. Raises ModelProblem for a
    fault in the data or the configuration.
    """

    def say(line: str) -> None:
        stderr.write(f"{line}\n")
        stderr.flush()

    model_dir.mkdir(parents=True, exist_ok=True)
    try:
        say("the encoder's weights: looking, fetching if needed (83 MB, once)")
        fetch(model_dir)
    except NluProblem as problem:
        say(f"WARNING  {problem}")
    try:
        trained = build(data_dir, config_file, model_dir, say)
    except DataProblem as problem:
        raise ModelProblem(problem.what, where=problem.where, do=problem.do) from problem
    if not trained.with_encoder:
        say("WARNING  trained on words alone: it will often misunderstand. Run make setup again")
