"""Starts Rasa the one way we run it. Called by tools/rasa.py, in Rasa's environment.

    python -m nlu.rasa.start train CONFIG FOLDER NAME                    FOLDER/NAME.tar.gz
    BOT_RASA_TOKEN=… python -m nlu.rasa.start serve MODEL.tar.gz PORT    on this machine only

Rasa's own arguments are given here, in the process: every account on a machine can read a command
line, and one of them is the token.
"""

import os
import sys
import warnings
from pathlib import Path

HOST = "127.0.0.1"
CHANNELS = Path(__file__).parent / "credentials.yml"


def training(config: str, folder: str, name: str) -> list[str]:
    """Rasa's command line to train on nlu/data."""
    return [
        *("rasa", "train", "nlu", "--config", config, "--nlu", "nlu/data"),
        *("--out", folder, "--fixed-model-name", name),
    ]


def serving(token: str, model: str, port: str) -> list[str]:
    """Rasa's command line to serve. Without --cors no page of another origin is let in."""
    return [
        *("rasa", "run", "--enable-api", "--model", model),
        *("--interface", HOST, "--port", port, "--auth-token", token),
        *("--credentials", str(CHANNELS)),
    ]


def main() -> None:
    """Train, or serve until stopped; exit with a sentence when there is no model or no token."""
    verb, *given = sys.argv[1:]
    token = os.environ.pop("BOT_RASA_TOKEN", "")
    if verb == "serve" and not Path(given[0]).is_file():
        sys.exit(f"rasa: there is no trained model at {given[0]}. Run make rasa.")
    if verb == "serve" and not token:
        sys.exit("rasa: BOT_RASA_TOKEN is empty. Start it with make rasa.")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # its pins are of 2023 and say so at length; Rasa turns warning filters off again
    warnings.showwarning = lambda *_, **__: None
    sys.argv = training(*given) if verb == "train" else serving(token, *given)
    from rasa.__main__ import main as rasa  # noqa: PLC0415 - after the environment is set

    rasa()


if __name__ == "__main__":
    main()
