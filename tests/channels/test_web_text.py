"""Numbers and links in our bubbles."""

import pytest

from bot.channels.web_text import lead_and_rest, number_to_ring, pieces
from bot.messages import Kind


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("Ring 0808 802 0300 at any time.", "tel:08088020300"),
        ("Ring 0808 802 0300 24 hours a day.", "tel:08088020300"),
        ("It is on 0800 1111.", "tel:08001111"),
        ("It is on 020 7946 0000, free.", "tel:02079460000"),
        ("It is on 01632 960123.", "tel:01632960123"),
        ("From abroad: +44 20 7946 0000.", "tel:+442079460000"),
        ("Samaritans are on 116 123.", "tel:116123"),
        ("See https://www.example.org/chat.", "https://www.example.org/chat"),
    ],
)
def test_a_number_or_link_in_advice_can_be_pressed(text: str, href: str) -> None:
    """A helpline's number is one tap away, and only the number is in the link."""
    found = pieces(text, Kind.ADVICE)

    assert [p.href for p in found if p.href] == [href]
    assert "".join(p.text for p in found) == text


@pytest.mark.parametrize(
    "text",
    [
        "If he is there, call 999.",
        "It costs £0.30 to 0.99.",
        "Case 20240101-123456 of 2024.",
        "javascript:alert(1) ftp://example.org",
        "Press 55 when asked. Code 012.",
    ],
)
def test_advice_links_nothing_else(text: str) -> None:
    """No slip of a thumb rings 999 out of ordinary advice, and no other text becomes a link."""
    assert [p.href for p in pieces(text, Kind.ADVICE) if p.href] == []


def test_an_emergency_card_links_999_but_not_55() -> None:
    """55 is pressed during a call, never rung."""
    text = "Call 999. Can't speak? Press 55 when you are asked."

    assert [p.href for p in pieces(text, Kind.EMERGENCY) if p.href] == ["tel:999"]


def test_an_advocates_words_are_never_links() -> None:
    """What a person typed at the desk stays plain text: no link that nobody has checked."""
    text = "Look at https://example.org or ring 0808 802 0300"

    assert [p.href for p in pieces(text, Kind.ADVOCATE)] == [None]


def test_the_first_number_of_an_emergency_card_gets_the_large_button() -> None:
    """On the card of 999 the large button rings 999, elsewhere there is none."""
    ring = number_to_ring("If a life is in danger, call 999.\nOr 116 123.", Kind.EMERGENCY)

    assert ring is not None
    assert ring.href == "tel:999"
    assert number_to_ring("On 0808 802 0300", Kind.ADVICE) is None


def test_only_an_emergency_card_has_a_large_first_line() -> None:
    """The first line of the card is what a frightened person reads; advice is not shouted."""
    assert lead_and_rest("Call 999.\nGo inside.", Kind.EMERGENCY) == ("Call 999.", "Go inside.")
    assert lead_and_rest("Call 999.\nGo inside.", Kind.ADVICE) == ("", "Call 999.\nGo inside.")
    assert lead_and_rest("x" * 200, Kind.EMERGENCY) == ("", "x" * 200)
