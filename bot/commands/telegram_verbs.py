"""`telegram …` of the command line."""

# ruff: noqa: PLC0415 - a verb's own imports are made when it runs, as in bot/__main__.py
import asyncio
import sys

import typer

from bot.clock import utc_now
from bot.settings import load_settings

telegram_program = typer.Typer(help="The bot on Telegram.", no_args_is_help=True)


@telegram_program.callback()
def telegram() -> None:
    """The bot on Telegram."""


@telegram_program.command("status")
def telegram_status() -> None:
    """Ask Telegram what it knows of the bot: name, where it calls, what waits, the last error.

    Reads the BOT_TELEGRAM_ settings, changes nothing, prints no token. One line a fact on stdout.
    Exits 0 when all is well, 1 when something has to be put right, 2 when Telegram can't be asked.
    """
    from bot.commands.telegram import status

    sys.exit(asyncio.run(status(load_settings(), sys.stdout, utc_now())))
