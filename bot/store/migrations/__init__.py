"""How the tables came to be what they are, step by step, up and down."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HERE = Path(__file__).parent


def move(connection: Connection, to: str) -> None:
    """Bring the tables to `head`, `base` or a revision, inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    if to == "base":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)
