"""What is sealed, as bytes: JSON, tolerant of what older and newer versions wrote."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.conversation import Conversation, from_record, to_record
from bot.messages import Address, Choice, Incoming, Kind, Media, Part, Words
from bot.store.seal import DataKey, Unopenable

ADDRESS, STATE, BODY, PART, LINE = "address", "state", "body", "part", "line"
SHOWN, TAKEN_OFF = "shown", "taken off"
"""The columns a blob can be bound to."""


def seal_address(key: DataKey, address: Address) -> bytes:
    """Where replies go."""
    return key.seal(ADDRESS, _dump([address.channel, address.to]))


def open_address(key: DataKey, sealed: bytes) -> Address:
    """Raises Unopenable."""
    channel, to = json.loads(key.open(ADDRESS, sealed))
    return Address(channel, to)


def seal_talk(key: DataKey, talk: Conversation) -> bytes:
    """Where the talk is."""
    return key.seal(STATE, _dump(to_record(talk)))


def open_talk(key: DataKey, sealed: bytes | None) -> Conversation:
    """Where the talk was; a fresh one where nothing is kept. Raises Unopenable for damage."""
    if sealed is None:
        return Conversation()
    clear = key.open(STATE, sealed)
    try:
        return from_record(json.loads(clear))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unopenable("the talk's record is damaged") from None


def seal_incoming(key: DataKey, incoming: Incoming, *, answered: bool, lost: bool = False) -> bytes:
    """What the person did. answered: the 999 card went out already, past the inbox.

    lost: what was said before cannot be opened any more.
    """
    record: dict[str, Any] = {"at": incoming.at.isoformat(), "event": incoming.event_id}
    if incoming.words is not None:
        record["words"] = incoming.words.text
    if incoming.tap is not None:
        record["tap"] = incoming.tap
    if incoming.media is not None:
        record["media"] = incoming.media.value
    if answered:
        record["answered"] = True
    if lost:
        record["lost"] = True
    return key.seal(BODY, _dump(record))


def open_incoming(key: DataKey, sealed: bytes, address: Address) -> tuple[Incoming, bool]:
    """What the person did, and whether the 999 card was sent already. Raises Unopenable."""
    record = json.loads(key.open(BODY, sealed))
    words, media = record.get("words"), record.get("media")
    incoming = Incoming(
        address=address,
        event_id=record["event"],
        at=datetime.fromisoformat(record["at"]),
        words=None if words is None else Words(words),
        tap=record.get("tap"),
        media=None if media is None else Media(media),
    )
    return incoming, bool(record.get("answered", False))


def is_first_after_loss(key: DataKey, sealed: bytes) -> bool:
    """True when what was said before this message was lost. Raises Unopenable."""
    return bool(json.loads(key.open(BODY, sealed)).get("lost", False))


def move_body(sealed: bytes, *, old: DataKey, new: DataKey) -> bytes:
    """A waiting message under another key of the same conversation. Raises Unopenable."""
    return new.seal(BODY, old.open(BODY, sealed))


def seal_part(key: DataKey, part: Part, *, otherwise: Part | None = None) -> bytes:
    """One bubble on its way. otherwise: what it says should messages stay on the screen."""
    record = _part_record(part)
    if otherwise is not None:
        record["otherwise"] = _part_record(otherwise)
    return key.seal(PART, _dump(record))


def open_part(key: DataKey, sealed: bytes) -> Part:
    """Raises Unopenable."""
    return _part(json.loads(key.open(PART, sealed)))


def seal_otherwise(key: DataKey, sealed: bytes) -> bytes:
    """The bubble with its other wording; as it was where it has none. Raises Unopenable."""
    record = json.loads(key.open(PART, sealed)).get("otherwise")
    return sealed if record is None else key.seal(PART, _dump(record))


def seal_shown(key: DataKey, number: str, *, mine: bool) -> bytes:
    """The number of a message in the chat. mine: the person wrote it."""
    return key.seal(SHOWN, _dump([number, mine]))


def open_shown(key: DataKey, sealed: bytes) -> tuple[str, bool]:
    """The number, and whether the person wrote it. Raises Unopenable."""
    number, mine = json.loads(key.open(SHOWN, sealed))
    return str(number), bool(mine)


def seal_taken_off(key: DataKey, numbers: Sequence[str]) -> bytes:
    """The messages that one call takes off the screen."""
    return key.seal(TAKEN_OFF, _dump(list(numbers)))


def open_taken_off(key: DataKey, sealed: bytes) -> tuple[str, ...]:
    """Their numbers. Raises Unopenable."""
    return tuple(json.loads(key.open(TAKEN_OFF, sealed)))


def seal_line(key: DataKey, line: Part | Words) -> bytes:
    """One line of the web page: our bubble, or the person's own words."""
    record = {"text": line.text} if isinstance(line, Words) else _part_record(line)
    return key.seal(LINE, _dump(record))


def open_line(key: DataKey, sealed: bytes) -> Part | Words:
    """Raises Unopenable."""
    record = json.loads(key.open(LINE, sealed))
    return _part(record) if "kind" in record else Words(record["text"])


def _part_record(part: Part) -> dict[str, Any]:
    return {
        "text": part.text,
        "kind": part.kind.value,
        "topic": part.topic,
        "choices": [[choice.id, choice.title] for choice in part.choices],
        "refs": list(part.refs),
    }


def _part(record: dict[str, Any]) -> Part:
    return Part(
        text=record["text"],
        kind=Kind(record["kind"]),
        topic=record.get("topic"),
        choices=tuple(Choice(id_, title) for id_, title in record.get("choices", ())),
        refs=tuple(record.get("refs", ())),
    )


def _dump(value: Any) -> bytes:
    # ASCII only: half an emoji (a lone surrogate) survives the way there and back.
    return json.dumps(value, separators=(",", ":")).encode("ascii")
