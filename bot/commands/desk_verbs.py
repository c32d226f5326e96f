"""`staff …` and `audit …` of the command line."""

# ruff: noqa: PLC0415 - a verb's own imports are made when it runs, as in bot/__main__.py
import asyncio
import sys
from typing import Annotated, Literal

import typer

from bot.settings import load_settings

Role = Literal["advocate", "lead", "auditor"]

staff_program = typer.Typer(help="Accounts of the desk.", no_args_is_help=True)
audit_program = typer.Typer(help="What was done at the desk.", no_args_is_help=True)


@staff_program.command("add")
def staff_add(
    name: str,
    role: Annotated[Role, typer.Option(help="What they may do; see docs/desk.md.")] = "advocate",
) -> None:
    """Make an account and print its one-time link, good for 24 hours, on stdout.

    Exits 0, or 2 when the name is taken or cannot be used.
    """
    from bot.commands.staff import add
    from bot.staff.roles import Role as StaffRole

    asyncio.run(add(load_settings(), name, StaffRole(role), sys.stdout))


@staff_program.command("list")
def staff_list() -> None:
    """Print one account a line: name, role and state, with tabs between. Exits 0."""
    from bot.commands.staff import listed

    asyncio.run(listed(load_settings(), sys.stdout))


@staff_program.command("disable")
def staff_disable(name: str) -> None:
    """Close an account at once: its sessions, link, password and second factor are gone.

    Exits 0, or 2 when there is no such account.
    """
    from bot.commands.staff import disable

    asyncio.run(disable(load_settings(), name, sys.stdout))


@staff_program.command("link")
def staff_link(name: str) -> None:
    """Print a new one-time link on stdout: for a lost phone, a lost password, a closed account.

    The account's sessions end now; using the link replaces its password and second factor. Exits
    0, or 2 when there is no such account.
    """
    from bot.commands.staff import link

    asyncio.run(link(load_settings(), name, sys.stdout))


@staff_program.command("role")
def staff_role(name: str, role: Annotated[Role, typer.Argument()]) -> None:
    """Change a role; they sign in anew. Exits 0, or 2 when there is no such account."""
    from bot.commands.staff import role as change
    from bot.staff.roles import Role as StaffRole

    asyncio.run(change(load_settings(), name, StaffRole(role), sys.stdout))


@audit_program.command("verify")
def audit_verify(
    noted: Annotated[
        str | None, typer.Option(help="What `audit head` printed before: NUMBER:HASH.")
    ] = None,
) -> None:
    """Check that no entry was changed, removed, added or moved.

    Reads the database and the master key. Prints each fault on stdout; exits 0 when there is none,
    1 when there is, 2 when --noted is not NUMBER:HASH.
    """
    from bot.commands.audit import verify

    sys.exit(0 if asyncio.run(verify(load_settings(), sys.stdout, noted)) else 1)


@audit_program.command("head")
def audit_head() -> None:
    """Print NUMBER:HASH of the newest entry, to be noted where nobody can change it. Exits 0."""
    from bot.commands.audit import head

    asyncio.run(head(load_settings(), sys.stdout))
