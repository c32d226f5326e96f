"""The master key: given by the operator, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from bot.errors import SettingProblem
from bot.settings import Settings

FILE = "secret.key"


def master_key(settings: Settings) -> bytes:
    """The key's bytes, from `BOT_SECRET_KEY` or from `secret.key` in the data folder.

    A missing file is made with mode 600. Raises SettingProblem when the folder cannot be used or
    the file is damaged: a new key would make everything stored unreadable.
    """
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = usable_folder(settings.data_dir) / FILE
    if not path.exists():
        write_once(path, secrets.token_hex(32))
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if len(text) < 32:
        raise SettingProblem(
            "the generated key is damaged",
            where=str(path),
            do="Restore it from where you keep keys, or delete the whole data folder to start anew",
        )
    return text.encode()


def usable_folder(folder: Path) -> Path:
    """The data folder, made if need be. Raises SettingProblem when we cannot write there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingProblem(
            f"the data folder {folder} cannot be written to ({error.strerror})",
            where="BOT_DATA_DIR",
            do="Give this user the right to write there, or name another folder",
        ) from error
    return folder


def write_once(path: Path, text: str) -> None:
    """Write a file that only this user may read; another process may have been faster."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
