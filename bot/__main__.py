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
from bot.commands.desk_verbs import audit_program, staff_program
from bot.commands.telegram_verbs import telegram_program
from bot.errors import Problem
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings

Channel = Literal["telegram", "whatsapp", "web"]
Nlu = Literal["embedded", "rasa"]
Half = Literal["web", "worker"]

program = typer.Typer(
    name="bot",
    help="Alongside: advice and signposting about stalking in the UK.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
signoff_program = typer.Typer(help="Approvals of texts and facts.")
program.add_typer(staff_program, name="staff")
program.add_typer(audit_program, name="audit")
program.add_typer(signoff_program, name="signoff")
program.add_typer(telegram_program, name="telegram")


@program.command()
def run(
    only: Annotated[
        Half | None,
        typer.Option(help="One half, for several processes over one PostgreSQL; default both."),
    ] = None,
) -> None:
    """Serve web chat, messengers, worker and health until Ctrl-C.

    Reads the settings (docs/settings.md); writes below BOT_DATA_DIR. Prints the addresses on
    stdout. Exits 0 when stopped, 1 when a part failed, 2 when a setting or text is wrong.
    """
    from bot.commands.run import run as serve

    set_up_logs(logging.INFO)
    sys.exit(serve(_settings(), sys.stdout, only))


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
def check(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Print who gets which answer, and the holes.")
    ] = False,
) -> None:
    """Check settings, content, registers, training data and model.

    Prints each fault with file, line and what to do on stdout. Exits 0 when there is none, else 1.
    With --coverage: a table of intent, role and nation instead; a hole is a fault.
    """
    from bot.commands.check import check as look
    from bot.commands.check import cover

    sys.exit(cover(_settings(), sys.stdout) if coverage else look(sys.stdout))


@signoff_program.callback(invoke_without_command=True)
def signoff(context: typer.Context) -> None:
    """List what is draft, changed since its approval, expired or due to be read again.

    Reads BOT_CONTENT_DIR. Exits 0.
    """
    from bot.commands.signoff import listed
    from bot.content.load import load_content

    if context.invoked_subcommand is None:
        listed(load_content(_settings().content_dir), utc_now(), sys.stdout)


@signoff_program.command("approve")
def signoff_approve(
    role: Annotated[str, typer.Option(help="In which role; never a person's name.")],
    items: Annotated[list[str] | None, typer.Argument(help="Names from the list.")] = None,
    all_in: Annotated[str | None, typer.Option(help="Everything in this responses file.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't show and ask.")] = False,
) -> None:
    """Record in responses/signoff.yml that these texts or facts are approved as they are.

    Shows each and asks. Refuses what has a fault. Exits 0 when something was recorded, else 1.
    """
    from bot.commands.signoff import approve

    def confirms(question: str) -> bool:
        return typer.confirm(question)  # without an answer: stops, and nothing more is recorded

    ask = None if yes else confirms
    root = _settings().content_dir
    done = approve(root, items or [], role, utc_now(), sys.stdout, whole_file=all_in, confirms=ask)
    sys.exit(0 if done else 1)


@program.command()
def preview(
    port: Annotated[
        int, typer.Option(help="Port on this machine; 0: any.", min=0, max=65535)
    ] = 8002,
) -> None:
    """Serve pages for editors: each text as people see it, what changed, what is due.

    Reads BOT_CONTENT_DIR and the last git commit, writes nothing, listens on 127.0.0.1 only.
    Prints the address on stdout; exits 0 on Ctrl-C, 2 when the port is taken.
    """
    from bot.commands.preview import preview as serve

    serve(_settings().content_dir, port, sys.stdout)


@program.command()
def train(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing when the model is there and current.")
    ] = False,
    encoder: Annotated[
        bool,
        typer.Option("--encoder", help="First teach the encoder anew (make encoder)."),
    ] = False,
) -> None:
    """Build the embedded engine into BOT_MODEL_DIR from nlu/data, nlu/tuned and config.yml.

    Fetches the encoder's weights when they are missing. Progress on stderr; exits 0, or 2 with
    what is wrong.
    """
    from bot.commands.train import is_current, tune_encoder
    from bot.commands.train import train as build

    settings = _settings()
    if encoder:
        tune_encoder()
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
            "--engine",
            "--nlu",
            help="embedded, rasa, stock (Rasa's own pipeline); repeat it for several side by side;"
            " default BOT_NLU.",
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
    kinds = ["rasa-stock" if name == "stock" else name for name in engine or [settings.nlu]]
    engines = [chosen_engine(settings, kind) for kind in kinds]
    score(files, sys.stdout, engines, machine=as_json, page=markdown)


@program.command()
def purge() -> None:
    """Erase what is past its time, as the running service does by itself every hour.

    Prints what was erased, as counts, on stdout. Exits 0.
    """
    from bot.commands.purge import purge as erase

    asyncio.run(erase(_settings(), sys.stdout))


@program.command()
def backup(
    to: Annotated[Path, typer.Argument(help="A new file, or a folder to put one in.")],
    keep_days: Annotated[
        int | None, typer.Option(help="Then delete older backups in that folder.", min=1)
    ] = None,
) -> None:
    """Write the database, without anybody's words, into a file sealed with BOT_BACKUP_KEY.

    The service may run. Prints the file and the rows by table on stdout. Exits 0, or 2 with what
    is wrong; then nothing was written.
    """
    from bot.commands.backup import backup as save

    asyncio.run(save(_settings(), to, sys.stdout, utc_now(), keep_days=keep_days))


@program.command()
def restore(file: Annotated[Path, typer.Argument(help="What `backup` wrote.")]) -> None:
    """Put a backup into a new, empty database (BOT_DATABASE_URL, or a new BOT_DATA_DIR).

    Stop the service first. Prints the rows by table on stdout. Exits 0, or 2 with what is wrong;
    then nothing was changed.
    """
    from bot.commands.backup import restore as put_back

    asyncio.run(put_back(_settings(), file, sys.stdout, utc_now()))


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
