"""How the tables came to be what they are, step by step, up and down."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HERE = Path(__file__).parent


def revisions() -> list[str]:
    """Every revision this version knows, oldest first: the files' numbers."""
    return sorted(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def is_newest(connection: Connection) -> bool:
    """True when the tables are at the newest revision."""
    newest = revisions()[-1]
    if not inspect(connection).has_table("alembic_version"):
        return False
    kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(kept) == [newest]


def move(connection: Connection, to: str) -> None:
    """Bring the tables up to `head` or a revision, or down to `base` or by `-1`, inside the
    caller's transaction.
    """
    if to == "head" and is_newest(connection):
        return  # the usual start: Alembic, half a second of imports, is not needed
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    if to == "base" or to.startswith("-"):
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)
