"""A wrong number in the register is found before anybody is told to ring it."""

import pytest

from tests.bot.content.responses import Responses
from tests.bot.content.test_check import complaints

NUMBERS = {
    "a digit wrong": (
        "number: 0808 802 0300",
        "number: 0808 802 0301",
        (
            "the number 0808 802 0301 is +448088020301, and 'e164' says +448088020300. "
            "Ring it and correct the entry."
        ),
    ),
    "no number": (
        "number: 0808 802 0300",
        "number: ring us",
        "the number ring us is not a number. Ring it and correct the entry.",
    ),
    "no e164": (
        "e164: '+448088020300'",
        "e164: null",
        "the number 0808 802 0300 has no e164. Ring it and correct the entry.",
    ),
}


@pytest.mark.parametrize(("old", "new", "complaint"), NUMBERS.values(), ids=NUMBERS)
def test_a_wrong_number_in_the_register_is_told(
    responses: Responses, old: str, new: str, complaint: str
) -> None:
    """The three spellings of a number watch each other."""
    responses.change("register/services.yml", old, new)
    found = [c for c in complaints(responses) if "Ring it" in c]

    assert len(found) == 1
    assert found[0].startswith("responses/register/services.yml:")
    assert found[0].endswith(f" national_stalking_helpline: {complaint}")


def test_a_number_that_cannot_exist_is_told(responses: Responses) -> None:
    """Consistent, but no such line can be rung."""
    services = "register/services.yml"
    responses.change(services, "number: 0808 802 0300", "number: 0808 802 03000")
    responses.change(services, "e164: '+448088020300'", "e164: '+4480880203000'")
    found = complaints(responses)

    assert any("the number 0808 802 03000 can't exist" in c for c in found)
    assert any("'dial' 08088020300 differs from the number 0808 802 03000" in c for c in found)
    assert any(
        "the built-in emergency texts show 0808 802 0300 for national_stalking_helpline, "
        "the register does not" in c
        for c in found
    )


def test_a_long_statement_in_a_register_is_told(responses: Responses) -> None:
    """What is shown as one sentence must fit."""
    long = "x" * 241
    responses.change("register/law.yml", "statement: 'A simple way", f"statement: '{long}")
    responses.change("register/services.yml", "what_for: 'Danger now", f"what_for: '{long}")
    found = complaints(responses)

    assert any(" def_four: the statement has " in c for c in found)
    assert any(" emergency_999: 'what_for' has " in c for c in found)
