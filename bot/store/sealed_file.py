"""A file that only its own key opens, written and read piece by piece.

The first line names the format. Then come 16 random bytes (salt), 32 bytes that tell whether a key
is the right one, and the pieces: four bytes length, AES-256-GCM ciphertext. The key is stretched by
scrypt with the salt, so no two files share one; a piece's nonce is its number and whether it is the
last, so that a piece left out, moved or cut off is noticed.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

FORMAT: Final = b"alongside backup 1\n"
SHORTEST: Final = 32  # characters of a key
_SALT: Final = 16  # bytes
_CHECK: Final = 32  # bytes
_PIECE: Final = 1 << 18  # bytes of clear text in one piece
_TAG: Final = 16  # bytes that AES-GCM adds
_LENGTH: Final = struct.Struct(">I")


class NotOurs(Exception):  # noqa: N818 - a fact about a file
    """Not a file of this format, or of a newer one."""


class WrongKey(Exception):  # noqa: N818 - a fact about a key
    """The file was sealed with another key."""


class Damaged(Exception):  # noqa: N818 - a fact about a file
    """The file was changed, or its end is missing."""


class Sealing:
    """Writes such a file. `finish` must be called, or the file does not open."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        """key: `SHORTEST` characters or more."""
        salt = secrets.token_bytes(_SALT)
        self._cipher, check = _keys(key, salt)
        self._head = FORMAT + salt + check
        self._file = file
        self._held = bytearray()
        self._number = 0
        file.write(self._head)

    def add(self, clear: bytes) -> None:
        """Put this next."""
        self._held += clear
        while len(self._held) > _PIECE:
            self._write(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]

    def finish(self) -> None:
        """That was all."""
        self._write(bytes(self._held), last=True)

    def _write(self, clear: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), clear, self._head)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def opened(file: BinaryIO, key: str) -> Iterator[bytes]:
    """What was put in, in pieces. Raises NotOurs, WrongKey, Damaged; the last one at any piece."""
    head = file.read(len(FORMAT) + _SALT + _CHECK)
    if not head.startswith(FORMAT):
        raise NotOurs
    if len(head) < len(FORMAT) + _SALT + _CHECK:
        raise Damaged
    salt, check = head[len(FORMAT) :][:_SALT], head[-_CHECK:]
    cipher, wanted = _keys(key, salt)
    if not hmac.compare_digest(check, wanted):
        raise WrongKey
    yield from _pieces(file, cipher, head)


def _pieces(file: BinaryIO, cipher: AESGCM, head: bytes) -> Iterator[bytes]:
    number, length, last = 0, file.read(_LENGTH.size), False
    while not last:
        if len(length) < _LENGTH.size:
            raise Damaged
        size = _LENGTH.unpack(length)[0]
        if size > _PIECE + _TAG:
            raise Damaged
        sealed = file.read(size)
        length = file.read(_LENGTH.size)
        last = not length
        try:
            yield cipher.decrypt(_nonce(number, last=last), sealed, head)
        except (InvalidTag, ValueError) as error:
            raise Damaged from error
        number += 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _keys(key: str, salt: bytes) -> tuple[AESGCM, bytes]:
    """The cipher, and what tells whether a key is the right one."""
    stretched = Scrypt(salt=salt, length=64, n=1 << 15, r=8, p=1).derive(key.encode())
    check = hmac.digest(stretched[32:], b"alongside/backup check/1", hashlib.sha256)
    return AESGCM(stretched[:32]), check
