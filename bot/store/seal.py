"""What is kept is kept sealed: one random key per conversation, wrapped by the master key.

Chat ids and event ids are never written, only keyed hashes of them. Destroying a conversation's
wrapped key makes everything sealed with it unreadable, in backups too.

A sealed blob is: one byte for the master key's version, 12 bytes nonce, AES-256-GCM ciphertext. The
associated data names the conversation and the column, so that a blob moved elsewhere does not open.
"""

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import SettingProblem
from bot.messages import Address, ConversationId

_VERSION: Final = b"\x01"
_NONCE: Final = 12  # bytes, as AES-GCM wants
_SHORTEST: Final = 32  # bytes of master key


class Unopenable(Exception):  # noqa: N818 - a fact about a blob
    """A sealed blob that this key does not open: damaged, moved, or another master key."""


class DataKey:
    """Seals and opens what belongs to one conversation, or to one account of the desk.

    Printing it shows nothing.
    """

    __slots__ = ("_cipher", "_of")

    def __init__(self, key: bytes, of: str) -> None:
        self._cipher = AESGCM(key)
        self._of = of

    def seal(self, column: str, clear: bytes) -> bytes:
        """clear, readable again only by this key, for this owner and this column."""
        return _seal(self._cipher, clear, f"{self._of}|{column}")

    def open(self, column: str, sealed: bytes) -> bytes:
        """What `seal` was given. Raises Unopenable."""
        return _open(self._cipher, sealed, f"{self._of}|{column}")

    def __repr__(self) -> str:
        return "DataKey()"


class Keyring:
    """The master key at work. Keep it apart from the database and its backups."""

    __slots__ = ("_aside", "_aside_name", "_chat", "_event", "_wrap")

    def __init__(self, master: bytes) -> None:
        """master: 32 bytes or more, from `BOT_SECRET_KEY`. Raises SettingProblem for fewer."""
        if len(master) < _SHORTEST:
            raise SettingProblem(
                f"the master key has {len(master)} bytes, fewer than {_SHORTEST}",
                where="BOT_SECRET_KEY",
                do="Generate one: openssl rand -base64 32",
            )
        self._chat = derive(master, "chat")
        self._event = derive(master, "event")
        self._wrap = AESGCM(derive(master, "wrap"))
        self._aside = AESGCM(derive(master, "aside"))
        self._aside_name = derive(master, "aside name")

    def conversation_id(self, address: Address) -> ConversationId:
        """The same for the same chat, always; nobody without the key can get the chat from it."""
        return ConversationId(_hash(self._chat, address.channel, address.to))

    def event_key(self, channel: str, event_id: str) -> str:
        """The same for the same event, always. 64 hexadecimal digits."""
        return _hash(self._event, channel, event_id)

    def new_key(self, of: ConversationId) -> tuple[DataKey, bytes]:
        """A fresh random key for a conversation, and the wrapped form that is stored."""
        key = secrets.token_bytes(32)
        return DataKey(key, of), _seal(self._wrap, key, f"{of}|key")

    def unwrap(self, of: ConversationId, wrapped: bytes) -> DataKey:
        """The conversation's key from its stored form. Raises Unopenable."""
        return DataKey(_open(self._wrap, wrapped, f"{of}|key"), of)

    def tag(self, wrapped: bytes, row: int) -> str:
        """A mark for a message that leaves us: its outbox row, and a proof that it is ours.

        wrapped: its conversation's stored key, so that no mark outlives an erasure.
        """
        proof = _hash(self._event, "tag", f"{row}|{wrapped.hex()}")
        return f"{row}.{proof[:32]}"

    def aside_id(self, channel: str, raw: bytes) -> str:
        """The same for the same bytes, always. 64 hexadecimal digits."""
        return _hash(self._aside_name, channel, hashlib.sha256(raw).hexdigest())

    def seal_aside(self, id_: str, raw: bytes) -> bytes:
        """What belongs to no conversation, readable again only by this key and under this id."""
        return _seal(self._aside, raw, f"{id_}|aside")

    def open_aside(self, id_: str, sealed: bytes) -> bytes:
        """What `seal_aside` was given. Raises Unopenable."""
        return _open(self._aside, sealed, f"{id_}|aside")

    def __repr__(self) -> str:
        return "Keyring()"


def derive(master: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; nobody gets another purpose's key from it."""
    return hmac.digest(master, f"alongside/{purpose}/1".encode(), hashlib.sha256)


def _hash(key: bytes, first: str, second: str) -> str:
    # The length keeps ("ab", "c") and ("a", "bc") apart.
    said = f"{len(first)}|{first}|{second}".encode("utf-8", errors="surrogatepass")
    return hmac.digest(key, said, hashlib.sha256).hex()


def _seal(cipher: AESGCM, clear: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + cipher.encrypt(nonce, clear, bound_to.encode())


def _open(cipher: AESGCM, sealed: bytes, bound_to: str) -> bytes:
    if sealed[:1] != _VERSION:
        raise Unopenable("sealed under an unknown key version")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise Unopenable("the key does not open it") from error
