"""The six digits of an authenticator app (TOTP, RFC 6238: SHA-1, 30 seconds, 6 digits)."""

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

SECONDS = 30
DIGITS = 6
_DRIFT = 1  # steps that a phone's clock may be off, either way
_BYTES = 20


def new_secret() -> bytes:
    """160 random bits."""
    return secrets.token_bytes(_BYTES)


def step_of(code: str, secret: bytes, now: datetime) -> int | None:
    """The time step that the code belongs to; None when it is not a code of about now.

    The caller makes sure that no step is used twice.
    """
    given = "".join(code.split())
    current = int(now.timestamp()) // SECONDS
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):  # all are compared, whichever fits
        if hmac.compare_digest(code_at(secret, step).encode(), given.encode("utf-8", "replace")):
            found = step
    return found


def code_at(secret: bytes, step: int) -> str:
    """What an app shows in this time step."""
    return _totp(secret).generate(step * SECONDS).decode("ascii")


def in_groups(secret: bytes) -> str:
    """The key to type into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def address(secret: bytes, name: str, issuer: str) -> str:
    """The `otpauth://` address that apps read from a QR code."""
    return _totp(secret).get_provisioning_uri(name, issuer)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), SECONDS)  # noqa: S303 - what every authenticator app does
