"""What is kept is unreadable without its key, and cannot be moved elsewhere."""

import pytest

from bot.errors import SettingProblem
from bot.messages import Address, ConversationId
from bot.store.seal import DataKey, Keyring, Unopenable
from tests.fakes import MASTER

HERON, WREN = ConversationId("heron"), ConversationId("wren")


def test_the_same_chat_is_the_same_conversation() -> None:
    """A person who writes again is known by their pseudonym, and by nothing else."""
    keyring = Keyring(MASTER)

    of = keyring.conversation_id(Address("telegram", "4711"))

    assert of == keyring.conversation_id(Address("telegram", "4711"))
    assert of != keyring.conversation_id(Address("whatsapp", "4711"))
    assert of != Keyring(MASTER[::-1]).conversation_id(Address("telegram", "4711"))
    assert "4711" not in of


def test_names_cannot_be_shifted_between_channel_and_id() -> None:
    """("ab", "c") and ("a", "bc") are two events."""
    keyring = Keyring(MASTER)

    assert keyring.event_key("ab", "c") != keyring.event_key("a", "bc")


def test_a_sealed_word_opens_only_in_its_own_place() -> None:
    """A blob copied to another conversation or column does not open."""
    keyring = Keyring(MASTER)
    key, wrapped = keyring.new_key(HERON)
    sealed = key.seal("state", b"he is outside")

    assert b"outside" not in sealed
    assert key.open("state", sealed) == b"he is outside"
    assert keyring.unwrap(HERON, wrapped).open("state", sealed) == b"he is outside"
    with pytest.raises(Unopenable):
        key.open("body", sealed)
    with pytest.raises(Unopenable):
        keyring.unwrap(WREN, wrapped)
    with pytest.raises(Unopenable):
        keyring.new_key(HERON)[0].open("state", sealed)


@pytest.mark.parametrize("damage", [b"", b"\x01", b"\x02" + bytes(60), b"\x01" + bytes(60)])
def test_damage_is_noticed(damage: bytes) -> None:
    """A blob that is cut short, changed or of an unknown version does not open."""
    key, _ = Keyring(MASTER).new_key(HERON)

    with pytest.raises(Unopenable):
        key.open("state", damage)


def test_the_same_words_look_different_each_time() -> None:
    """Nobody can see from the file that two people wrote the same."""
    key, _ = Keyring(MASTER).new_key(HERON)

    assert key.seal("body", b"help") != key.seal("body", b"help")


def test_a_short_master_key_is_refused() -> None:
    """The operator is told what to do instead."""
    with pytest.raises(SettingProblem, match="BOT_SECRET_KEY"):
        Keyring(b"short")


def test_keys_do_not_print_themselves() -> None:
    """A key in a log would open everything."""
    assert repr(Keyring(MASTER)) == "Keyring()"
    assert repr(DataKey(MASTER, HERON)) == "DataKey()"
