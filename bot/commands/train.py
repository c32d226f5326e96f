"""`train`: fetches the encoder's weights where missing and builds the embedded model."""

from pathlib import Path
from typing import TextIO

from bot.errors import ModelProblem
from nlu.embedded import open_embedded
from nlu.problem import DataProblem, NluProblem
from nlu.train import train as build
from nlu.training_data import CONFIG_FILE, DATA_DIR
from nlu.weights import fetch


def is_current(model_dir: Path) -> bool:
    """True when the model is there whole, with its encoder, made from the data that is here."""
    try:
        return open_embedded(model_dir).encoder is not None
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
