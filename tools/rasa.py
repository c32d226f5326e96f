"""Rasa beside the bot: its environment, its model, its server.

    python -m tools.rasa run        what `make rasa` does: everything, then serve until Ctrl-C
    python -m tools.rasa prepare    everything but serving: for `make test-rasa`, `bench.rasa`
    python -m tools.rasa stock      serve Rasa's stock pipeline on the port after, for comparison

All of it lies in `.rasa/`. A second run takes seconds: what is there and current is kept. Exits 2
with one sentence when something is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from bot.errors import Problem
from bot.rasa_token import FILE, kept_rasa_token
from bot.settings import Settings, load_settings

HOME = Path(".rasa")
VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
LOCK = Path("nlu/rasa/requirements.lock")
MODELS = HOME / "models"
OURS = "alongside"
STOCK = "stock"
PORT = 5005
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

NO_PYTHON = (
    "Rasa 3.6 needs Python 3.10, and there is none here: install it (uv python install 3.10; "
    "pyenv install 3.10; brew install python@3.10; apt install python3.10-venv where the "
    "distribution has it), or name one: make rasa RASA_PYTHON=/path/to/python3.10"
)


def main(verb: str) -> None:
    """Do what the verb says, telling each step on stderr."""
    try:
        settings = load_settings()
    except Problem as problem:
        stop(str(problem))
    install()
    if verb == "stock":
        train(STOCK, Path("nlu/rasa/stock.yml"), settings)
        serve(settings, STOCK, port_of(settings) + 1)
    train(OURS, Path("config.yml"), settings)
    if verb == "run":
        serve(settings, OURS, port_of(settings))


def find_python() -> str | None:
    """A Python 3.10 that works. A pyenv shim can be on the path and lead nowhere."""
    return next((candidate for candidate in _candidates() if _works(candidate)), None)


def _candidates() -> Iterator[str]:
    named = os.environ.get("RASA_PYTHON")
    if named:
        yield named
        return
    yield from ("python3.10", "python3")
    root = _said("pyenv", "root")
    if root:
        found = sorted(Path(root).glob("versions/3.10*/bin/python3.10"), reverse=True)
        yield from map(str, found)
    uv = _uv()
    if uv and (path := _said(uv, "python", "find", "--no-python-downloads", "3.10")):
        yield path


def _works(python: str) -> bool:
    return _said(python, "-c", "import sys; print(sys.version_info[:2] == (3, 10))") == "True"


def _said(*command: str) -> str | None:
    """The command's output; None when it is not there or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _uv() -> str | None:
    ours = Path(sys.executable).parent / "uv"
    return str(ours) if ours.is_file() else shutil.which("uv")


def install() -> None:
    """The environment of the lock file, hashes checked."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = VENV / ".installed"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted and _works(str(PYTHON)):
        return
    uv = _uv()
    if not _works(str(PYTHON)):
        python = find_python()
        if python is None:
            stop(NO_PYTHON)
        say(f"1/3  environment in {VENV} (Python 3.10)")
        shutil.rmtree(VENV, ignore_errors=True)
        make = [uv, "venv", "-q", "--python", python] if uv else [python, "-m", "venv"]
        run([*make, str(VENV)], "the environment could not be made")
    say("2/3  Rasa's packages: 2.6 GB, a minute with uv, several with pip")
    stamp.unlink(missing_ok=True)
    if uv:
        command = [uv, "pip", "sync", "--require-hashes", "--compile-bytecode", "--python"]
        command += [str(PYTHON), str(LOCK)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
        command += ["--require-hashes", "-r", str(LOCK)]
    run(command, "Rasa's packages could not be installed. Is the network there? Try again")
    stamp.write_text(wanted, encoding="ascii")


def train(name: str, config: Path, settings: Settings) -> None:
    """Leave `.rasa/models/NAME.tar.gz`, trained from what is here; kept while nothing changed."""
    model, stamp = MODELS / f"{name}.tar.gz", MODELS / f"{name}.made-from"
    wanted = f"{_sources(settings)} {hashlib.sha256(config.read_bytes()).hexdigest()}"
    if model.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say(f"3/3  Rasa's model, {config}: about three minutes, the stock pipeline more")
    stamp.unlink(missing_ok=True)
    model.unlink(missing_ok=True)
    command = [str(PYTHON), "-m", "nlu.rasa.start", "train", str(config), str(MODELS), name]
    run(command, "Rasa could not train; its message stands above", environment(settings))
    if not model.is_file():
        stop("Rasa left no model; its message stands above")
    stamp.write_text(wanted, encoding="utf-8")


def _sources(settings: Settings) -> str:
    command = [str(PYTHON), "-m", "nlu.rasa.sources", str(settings.model_dir)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment(settings)
    )
    if done.returncode != 0:
        stop(f"our code does not run in Rasa's environment:\n{done.stderr.strip()}")
    return done.stdout.strip()


def port_of(settings: Settings) -> int:
    """The port of BOT_RASA_URL where that is this machine."""
    address = urlsplit(settings.rasa_url)
    return (address.port if address.hostname in LOOPBACK else None) or PORT


def serve(settings: Settings, name: str, port: int) -> NoReturn:
    """Become Rasa's server of that model."""
    environ = environment(settings) | {"BOT_RASA_TOKEN": kept_rasa_token(settings)}
    where = "BOT_RASA_TOKEN" if settings.rasa_token else str(settings.data_dir / FILE)
    say(f"Rasa ({name}) on http://127.0.0.1:{port}; its token: {where}. Ctrl-C stops it")
    if name == OURS:
        say("The bot uses it when started with BOT_NLU=rasa")
    command = serve_command(name, port)
    os.execve(command[0], command, environ)  # noqa: S606 - our own program, no shell


def serve_command(name: str, port: int) -> list[str]:
    """The command line of a server of that model; BOT_RASA_TOKEN must be in its environment."""
    model = str(MODELS / f"{name}.tar.gz")
    return [str(PYTHON), "-m", "nlu.rasa.start", "serve", model, str(port)]


def environment(settings: Settings) -> dict[str, str]:
    """What Rasa's processes get: nothing is reported to its makers, no cache outlives a change."""
    return os.environ | {
        "BOT_MODEL_DIR": str(settings.model_dir),
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


def run(command: list[str], otherwise: str, environ: dict[str, str] | None = None) -> None:
    """Run it with its output shown; stop with a sentence when it fails."""
    if subprocess.run(command, check=False, env=environ, stdout=sys.stderr).returncode != 0:
        stop(otherwise)


def say(line: str) -> None:
    """A line for the person at the terminal."""
    print(line, file=sys.stderr, flush=True)


def stop(sentence: str) -> NoReturn:
    """End with a sentence."""
    say(f"rasa: {sentence}")
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
