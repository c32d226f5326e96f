"""One session token in one cookie: nothing else is kept in the browser."""

import hmac
import re
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

TOKEN_BYTES = 24  # 192 random bits
DOUBLE = timedelta(seconds=60)  # a first form sent twice within this starts one talk, not two
STARTS = 2000  # first forms remembered
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Sessions:
    """Makes, reads and ends the session cookie, and the form token that belongs to it.

    secret: 32 bytes or more that stay the same across restarts. secure: people come by https.
    """

    def __init__(self, secret: bytes, *, secure: bool) -> None:
        self.cookie = "__Host-page" if secure else "page"
        self._secure = secure
        self._secret = secret
        self._signer = Signer(secret, salt="page session", digest_method=sha256)
        self._starts: OrderedDict[str, tuple[datetime, str]] = OrderedDict()

    def read(self, request: Request) -> str | None:
        """The token of a cookie that we signed, else None."""
        signed = request.cookies.get(self.cookie)
        if not signed:
            return None
        try:
            return self._signer.unsign(signed).decode("ascii")
        except (BadSignature, UnicodeDecodeError):
            return None

    def start(self, form_key: str, now: datetime) -> str:
        """A new token; the same one again when the same first form comes twice in quick succession.

        Without this a double tap on Send, before the cookie has arrived, would start two talks and
        leave one behind that the person can no longer erase.
        """
        while self._starts:
            oldest, (at, _) = next(iter(self._starts.items()))
            if now - at < DOUBLE and len(self._starts) < STARTS:
                break
            del self._starts[oldest]
        known = self._starts.get(form_key)
        if known:
            return known[1]
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._starts[form_key] = (now, token)
        return token

    def forget(self, token: str) -> None:
        """A start remembered for this token is forgotten: the person left."""
        for key in [key for key, (_, known) in self._starts.items() if known == token]:
            del self._starts[key]

    def give(self, response: Response, token: str) -> None:
        """Set the cookie. It has no age: the browser drops it when it is closed."""
        response.set_cookie(
            self.cookie,
            self._signer.sign(token).decode("ascii"),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def end(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(
            self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax"
        )

    def form_token(self, token: str | None) -> str:
        """What forms of this session carry; empty where there is no session yet."""
        if token is None:
            return ""
        return hmac.new(self._secret, b"form:" + token.encode(), sha256).hexdigest()

    def is_form_of(self, token: str, form_token: str) -> bool:
        """True when the form was made for this session."""
        return hmac.compare_digest(self.form_token(token).encode(), form_token.encode())


def new_key() -> str:
    """A random id for one form, so that the same form sent twice is one message."""
    return secrets.token_urlsafe(12)


def tidy_key(text: str) -> str:
    """The form's id if it looks like one, else a new one: a damaged form is still a message."""
    return text if _KEY.fullmatch(text) else new_key()


def event_id(token: str, key: str) -> str:
    """The event id of a form within a session. Nobody can use up another session's ids."""
    return sha256(f"{token}:{key}".encode()).hexdigest()
