"""`python -m nlu.tuning [SCRATCH]`: teaches the encoder anew and writes nlu/tuned."""

import sys
from pathlib import Path

from nlu.problem import NluProblem
from nlu.training_data import CONFIG_FILE, DATA_DIR
from nlu.tuning.build import tune


def main() -> None:
    """Exit 1 with one sentence where something is missing."""
    scratch = Path(sys.argv[1] if len(sys.argv) > 1 else ".tuning/scratch")
    try:
        tune(DATA_DIR, CONFIG_FILE, scratch, lambda line: print(line, flush=True))  # noqa: T201
    except NluProblem as problem:
        sys.exit(f"tuning: {problem}")


if __name__ == "__main__":
    main()
