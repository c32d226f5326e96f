"""Starts Rasa's HTTP API for the bot: this machine only, a token, no telemetry, no CORS.

    BOT_RASA_TOKEN=… python -m nlu.rasa.serve MODEL.tar.gz PORT

Started by tools/rasa.py in Rasa's environment. The token is put into Rasa's arguments here, in the
process, because every account on a machine can read a command line.
"""

import os
import sys
import warnings
from pathlib import Path

HOST = "127.0.0.1"
CHANNELS = Path(__file__).parent / "credentials.yml"


def arguments(model: str, port: str, token: str) -> list[str]:
    """Rasa's command line. Without --cors no other origin is let in."""
    return [
        *("rasa", "run", "--enable-api", "--model", model),
        *("--interface", HOST, "--port", port, "--auth-token", token),
        *("--credentials", str(CHANNELS)),
    ]


def main() -> None:
    """Serve until stopped; exit with a sentence when there is no model or no token."""
    model, port = sys.argv[1:]
    token = os.environ.pop("BOT_RASA_TOKEN", "")
    if not Path(model).is_file():
        sys.exit(f"rasa: there is no trained model at {model}. Run make rasa.")
    if not token:
        sys.exit("rasa: BOT_RASA_TOKEN is empty. Start it with make rasa.")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # its pins are of 2023 and say so at length; Rasa turns filters off again
    warnings.showwarning = lambda *_, **__: None
    sys.argv = arguments(model, port, token)
    from rasa.__main__ import main as rasa  # noqa: PLC0415 - after the environment is set

    rasa()


if __name__ == "__main__":
    main()
