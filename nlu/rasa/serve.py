"""Starts Rasa's HTTP API for the bot: this machine only, a token, no telemetry, no CORS.

    python -m nlu.rasa.serve MODEL.tar.gz PORT TOKEN_FILE

Run by tools/rasa.sh in Rasa's environment. The token is BOT_RASA_TOKEN or the file's line; it is
put into Rasa's arguments in this process, because every account can read a command line.
"""

import os
import sys
from pathlib import Path

HOST = "127.0.0.1"


def arguments(model: str, port: str, token: str) -> list[str]:
    """Rasa's command line. Without --cors no other origin is let in."""
    return [
        *("rasa", "run", "--enable-api", "--model", model),
        *("--interface", HOST, "--port", port, "--auth-token", token),
    ]


def main() -> None:
    """Serve until stopped; exit 2 with a sentence when there is no model or no token."""
    model, port, token_file = sys.argv[1:]
    if not Path(model).is_file():
        sys.exit(f"rasa: there is no trained model at {model}. Run make rasa.")
    given = os.environ.get("BOT_RASA_TOKEN", "")
    token = given or Path(token_file).read_text(encoding="utf-8").strip()
    if not token:
        sys.exit(f"rasa: the token in {token_file} is empty. Remove the file and run make rasa.")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    sys.argv = arguments(model, port, token)
    from rasa.__main__ import main as rasa  # noqa: PLC0415 - after the environment is set

    rasa()


if __name__ == "__main__":
    main()
