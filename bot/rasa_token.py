"""The token of Rasa's HTTP API: the operator's, or one made once and kept in the data folder."""

import secrets
from urllib.parse import urlsplit

from bot.settings import Settings
from bot.store.master_key import usable_folder, write_once

FILE = "rasa-token"


def rasa_token(settings: Settings) -> str | None:
    """The token to send: `BOT_RASA_TOKEN`, else the one `make rasa` left in the data folder.

    None when there is neither. The kept one is this machine's and goes to no other.
    """
    if settings.rasa_token is not None:
        return settings.rasa_token.get_secret_value()
    path = settings.data_dir / FILE
    if urlsplit(settings.rasa_url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        return None
    try:
        return path.read_text(encoding="ascii", errors="replace").strip() or None
    except OSError:
        return None


def kept_rasa_token(settings: Settings) -> str:
    """The token to serve with; made with mode 600 at the first need.

    Raises SettingProblem when the data folder cannot be used.
    """
    if settings.rasa_token is not None:
        return settings.rasa_token.get_secret_value()
    path = usable_folder(settings.data_dir) / FILE
    write_once(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()
