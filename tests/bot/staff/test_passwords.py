"""Passwords: long ones, kept as Argon2id, and the same time for everybody."""

import pytest

from bot.staff.passwords import LONGEST, Passwords, fault_of


@pytest.mark.parametrize(
    "password",
    ["heron granite velvet", "tischlampe-7-regen", "vier große wörter", "q7!kz0_pp2#Lx"],
)
def test_a_long_one_will_do(password: str) -> None:
    """Words, or anything a password manager makes."""
    assert fault_of(password, "Ann") is None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "at least 12"),
        ("short one", "at least 12"),
        ("a" * (LONGEST + 1), "at most 128"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("password1234567", "easy to guess"),
        ("Passwordpassword!", "easy to guess"),
        ("123456789012345", "easy to guess"),
        ("alongside-advocate", "easy to guess"),
        ("abcdefghijklmnop", "easy to guess"),
        ("margaret margaret", "easy to guess"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, why: str) -> None:
    """With a sentence that says why, and never the password."""
    told = fault_of(password, "Margaret")

    assert told is not None
    assert why in told
    assert not password or password not in told


async def test_only_the_right_one_fits() -> None:
    """However it was typed: an accent in one piece or in two is the same letter."""
    hashing = Passwords()
    hashed = await hashing.hash("café heron granite")

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await hashing.is_right("cafe\u0301 heron granite", hashed)
    assert not await hashing.is_right("cafe heron granite", hashed)
    assert not await hashing.is_right("", hashed)
    assert not await hashing.is_right("cafe heron granite", None)


async def test_the_same_password_is_never_kept_the_same_way() -> None:
    """Two rows do not tell that two people chose alike."""
    hashing = Passwords()

    assert await hashing.hash("heron granite velvet") != await hashing.hash("heron granite velvet")
