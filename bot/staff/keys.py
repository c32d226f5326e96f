"""The keys of the desk, all made from the master key."""

import base64
import hashlib
import hmac

from bot.store.seal import DataKey, Unopenable, derive


class StaffKeys:
    """Hashes what is only compared, seals what must be read again. Printing it shows nothing."""

    __slots__ = ("_form", "_hash", "_seal")

    def __init__(self, master: bytes) -> None:
        """master: the master key."""
        self._hash = derive(master, "staff hash")
        self._seal = derive(master, "staff seal")
        self._form = derive(master, "staff form")

    def hash(self, kind: str, value: str) -> str:
        """The same for the same value, always. 64 hexadecimal digits."""
        said = f"{kind}|{value}".encode("utf-8", errors="surrogatepass")
        return hmac.digest(self._hash, said, hashlib.sha256).hex()

    def seal(self, owner: str, column: str, clear: bytes) -> bytes:
        """clear, readable again only under this owner and column."""
        return DataKey(self._seal, owner).seal(column, clear)

    def open(self, owner: str, column: str, sealed: bytes) -> bytes:
        """What `seal` was given. Raises Unopenable."""
        return DataKey(self._seal, owner).open(column, sealed)

    def seal_text(self, owner: str, column: str, clear: bytes) -> str:
        """The same, for a hidden field of a form."""
        return base64.urlsafe_b64encode(self.seal(owner, column, clear)).decode("ascii")

    def open_text(self, owner: str, column: str, sealed: str) -> bytes | None:
        """What `seal_text` was given; None for anything else."""
        try:
            return self.open(owner, column, base64.urlsafe_b64decode(sealed.encode("ascii")))
        except (Unopenable, ValueError):
            return None

    def form_token(self, cookie: str) -> str:
        """What every form shown to the holder of this cookie carries. 64 hexadecimal digits."""
        return hmac.digest(self._form, cookie.encode("utf-8", "replace"), hashlib.sha256).hex()

    def is_form_of(self, cookie: str, token: str) -> bool:
        """True when the form was made for the holder of this cookie."""
        return hmac.compare_digest(self.form_token(cookie).encode(), token.encode())

    def __repr__(self) -> str:
        return "StaffKeys()"
