"""Passwords: Argon2id, in a thread, and few at once, because each takes 64 MiB and 0.2 s."""

import asyncio
import secrets
import unicodedata

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SHORTEST = 12  # characters
LONGEST = 128
_LANES, _PASSES, _MEMORY = 4, 3, 64 * 1024  # RFC 9106's second choice; memory in KiB
_AT_ONCE = 2
_DISTINCT = 5  # different characters, at least
_EASY = ("password", "alongside", "stalking", "letmein", "qwerty", "advocate", "welcome", "admin")
_OWN = 5  # characters that must be left when easy words, the name and digits in a row are gone
_ROW = "01234567890 09876543210 abcdefghijklmnopqrstuvwxyz"


class Passwords:
    """Makes and compares hashes."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """The hash with its salt and parameters, as one line."""
        async with self._slots:
            return await asyncio.to_thread(_hash, password)

    async def is_right(self, password: str, hashed: str | None) -> bool:
        """Whether it is the hashed one. hashed None: False, after as long as with one.

        Otherwise the time an answer takes would tell which names have an account.
        """
        if self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_hex(16))
        async with self._slots:
            same = await asyncio.to_thread(_is_right, password, hashed or self._nobodys)
        return same and hashed is not None


def fault_of(password: str, name: str) -> str | None:
    """What is wrong with a new password, as a sentence; None when it will do.

    Length is what counts; the rest refuses what is guessed first.
    """
    plain = _tidy(password)
    if len(plain) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Three or four unrelated words work well."
    if len(plain) > LONGEST:
        return f"Use at most {LONGEST} characters."
    left = plain.casefold()
    for easy in (*_EASY, *(part for part in name.casefold().split() if len(part) > 2)):
        left = left.replace(easy, "")
    own = [c for n, c in enumerate(left) if not n or left[n - 1] + c not in _ROW]
    if len(own) < _OWN or len(set(own)) < _DISTINCT:
        return "That is easy to guess. Three or four unrelated words work well."
    return None


def _tidy(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    salt = secrets.token_bytes(16)
    how = Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY)
    return how.derive_phc_encoded(_bytes(password))


def _is_right(password: str, hashed: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_bytes(password), hashed)
    except InvalidKey:
        return False
    return True


def _bytes(password: str) -> bytes:
    return _tidy(password)[: LONGEST + 1].encode("utf-8", "surrogatepass")
