"""The command line: `python -m bot VERB`. Results go to stdout, everything else to stderr.

Each verb's own imports are made when it runs, so that `--help` and small verbs start at once.
"""

# ruff: noqa: PLC0415 - see above
import asyncio
import logging
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.clock import utc_now
from bot.errors import Problem
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings

Channel = Literal["telegram", "whatsapp", "web"]
Nlu = Literal["embedded", "rasa"]

program = typer.Typer(
    name="bot",
    help="Alongside: advice and signposting about stalking in the UK.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
staff_program = typer.Typer(help="Advocates' accounts.", no_args_is_help=True)
program.add_typer(staff_program, name="staff")


@program.command()
def run() -> None:
    """Serve web chat, messengers, worker and health until Ctrl-C.

    Reads the settings (docs/settings.md); writes below BOT_DATA_DIR. Prints the addresses on
    stdout. Exits 0 when stopped, 1 when a part failed, 2 when a setting or text is wrong.
    """
    from bot.commands.run import run as serve

    set_up_logs(logging.INFO)
    sys.exit(serve(_settings(), sys.stdout))


@program.command()
def parse(nlu: Annotated[Nlu | None, typer.Option(help="Engine; default BOT_NLU.")] = None) -> None:
    """Read JSON lines {"id", "text"} on stdin; write what each means on stdout, flushed at once.

    A bad line gets {"id", "error"} and the stream goes on. Never trains. Exits 0 at end of input.
    """
    from bot.app import chosen_engine
    from bot.commands.parse import parse as read

    engine = chosen_engine(_settings(), nlu)
    _warn_if_weak(engine.state().detail)
    read(sys.stdin, sys.stdout, engine)


@program.command()
def talk(
    channel: Annotated[Channel, typer.Option(help="Renders within this channel's limits.")] = "web",
    at: Annotated[str | None, typer.Option(help="Start clock, ISO 8601; default now.")] = None,
    nlu: Annotated[Nlu | None, typer.Option(help="Engine; default BOT_NLU.")] = None,
) -> None:
    """Play events from stdin through the whole service; one JSON line out for each line in.

    Uses a throw-away database and no network. Exits 0 at end of input.
    """
    from bot.app import chosen_engine
    from bot.commands.talk import Unusable, read_instant
    from bot.commands.talk import talk as play

    settings = _settings()
    engine = chosen_engine(settings, nlu)
    _warn_if_weak(engine.state().detail)
    try:
        start = read_instant(at) if at else utc_now()
    except Unusable as fault:
        raise typer.BadParameter(str(fault), param_hint="--at") from None
    asyncio.run(
        play(sys.stdin, sys.stdout, settings, channel=channel, at=start, open_engine=lambda: engine)
    )


@program.command()
def chat() -> None:
    """Talk to it in this terminal. No network; nothing is kept afterwards."""
    from bot.app import chosen_engine
    from bot.commands.chat import chat as converse

    settings = _settings()
    engine = chosen_engine(settings)
    _warn_if_weak(engine.state().detail)
    asyncio.run(converse(sys.stdin, sys.stdout, settings, at=utc_now(), open_engine=lambda: engine))


@program.command()
def check() -> None:
    """Check settings, content, registers, training data and model.

    Prints each fault with file, line and what to do on stdout. Exits 0 when there is none, else 1.
    """
    from bot.commands.check import check as look

    sys.exit(look(sys.stdout))


@program.command()
def train(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing when the model is there and current.")
    ] = False,
) -> None:
    """Build the embedded engine into BOT_MODEL_DIR from nlu/data and config.yml.

    Fetches the encoder's weights when they are missing. Progress on stderr; exits 0, or 2 with
    what is wrong.
    """
    from bot.commands.train import is_current
    from bot.commands.train import train as build

    settings = _settings()
    if not (if_needed and is_current(settings.model_dir)):
        build(settings.model_dir, sys.stderr)


@program.command()
def evaluate(
    files: Annotated[
        list[Path], typer.Argument(help="Labelled JSONL, one or more.", exists=True, dir_okay=False)
    ],
    engine: Annotated[
        list[str] | None,
        typer.Option(
            "--engine", "--nlu", help="Engine, repeated for several side by side; default BOT_NLU."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON on stdout instead of Markdown.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(help="Write the Markdown to this file as well.", dir_okay=False)
    ] = None,
) -> None:
    """Score engines on labelled JSONL files ({"text", "intent", "also", "slice"} a line).

    Writes a report on stdout: understanding, danger, confidence, confusions, time; no message is
    quoted. Exits 0, or 2 when an engine is not ready or a line is faulty (with file and line).
    """
    from bot.app import chosen_engine
    from bot.commands.evaluate import evaluate as score

    settings = _settings()
    engines = [chosen_engine(settings, name) for name in engine or [settings.nlu]]
    score(files, sys.stdout, engines, machine=as_json, page=markdown)


@program.command()
def purge() -> None:
    """Erase what is past its time, as the running service does by itself every hour.

    Prints what was erased, as counts, on stdout. Exits 0.
    """
    from bot.commands.purge import purge as erase

    asyncio.run(erase(_settings(), sys.stdout))


@staff_program.command("add")
def staff_add(name: str) -> None:
    """Make an advocate's account."""
    _no_desk(name)


@staff_program.command("list")
def staff_list() -> None:
    """List the accounts."""
    _no_desk("")


@staff_program.command("disable")
def staff_disable(name: str) -> None:
    """Close an account."""
    _no_desk(name)


def _no_desk(_: str) -> None:
    raise Problem(
        "this version has no advocates' desk yet, so there are no accounts",
        where="staff",
        do="Read docs/CHANGELOG.md for what is there",
    )


def _settings() -> Settings:
    return load_settings()


def _warn_if_weak(detail: str) -> None:
    if detail:
        print(f"NOT READY  model: {detail}", file=sys.stderr)


def _speak_utf8() -> None:
    """One damaged character in a stream of lines must not end the stream.

    Out goes half a character as its escape, which in a JSON line is that half again.
    """
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run a verb; whatever a person can put right is one sentence on stderr and exit code 2."""
    from bot.content.faults import ContentFaults

    set_up_logs(logging.WARNING)
    _speak_utf8()
    try:
        program()
    except ContentFaults as faults:
        for fault in faults.problems:
            print(fault, file=sys.stderr)
        sys.exit(2)
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
