"""The six digits: the standard's own examples, and a clock that is a little off."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.staff.codes import address, code_at, in_groups, new_secret, step_of

SECRET = b"12345678901234567890"  # RFC 6238, appendix B
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_the_standard(seconds: int, code: str) -> None:
    """Every authenticator app shows these."""
    assert code_at(SECRET, seconds // 30) == code
    assert step_of(code, SECRET, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("seconds", "fits"), [(-61, False), (-30, True), (30, True), (61, False)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, fits: bool) -> None:
    """Not more."""
    at = NOW + timedelta(seconds=seconds)
    code = code_at(SECRET, int(at.timestamp()) // 30)

    assert (step_of(code, SECRET, NOW) is not None) is fits


def test_blanks_between_the_digits_do_not_matter() -> None:
    """Apps show them in two groups."""
    code = code_at(SECRET, int(NOW.timestamp()) // 30)

    assert step_of(f" {code[:3]} {code[3:]} ", SECRET, NOW) is not None


@pytest.mark.parametrize("code", ["", "000000", "12345", "１２３４５６", "abcdef", "\ud800"])
def test_anything_else_does_not_fit(code: str) -> None:
    """Nor does it break."""
    assert step_of(code, SECRET, NOW) is None


def test_the_key_is_shown_so_that_it_can_be_typed() -> None:
    """Base32, in fours, and as the address that a QR code holds."""
    assert in_groups(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    assert address(SECRET, "Ann", "Desk").startswith("otpauth://totp/Desk:Ann?")
    assert len(new_secret()) == 20
    assert new_secret() != new_secret()
