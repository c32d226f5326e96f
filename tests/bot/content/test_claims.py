"""Secrecy is never promised without its limits, a device step never without its warning."""

import pytest

from bot.content.check_words import BUBBLE, BUTTONS, TITLE
from bot.content.limits import BY_CHANNEL
from bot.content.load import load_content
from bot.content.placeholders import fill
from tests.bot.content.responses import Responses
from tests.bot.content.test_check import AT, NOW, complaints

DEVICE = "responses/topics/phone_monitored.yml:5 phone_monitored: "


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("This chat is anonymous.", "anonymous"),
        ("You can talk in confidence. They are kind.", "in confidence"),
        ("The line is confidential. It is free.", "confidential"),
    ],
)
def test_secrecy_without_limits_is_told(responses: Responses, text: str, claim: str) -> None:
    """The reader would take it for a promise."""
    responses.item("feelings", f"text: {text}")

    assert complaints(responses) == [
        AT + f"'{claim}' stands without its limits. "
        "Say in the same breath who may still see it, or when it is told on."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The line is confidential, unless a life is at risk.",
        "You can be anonymous to us. But Telegram knows your number.",
        "Ask about anonymous registration on the voting list.",
    ],
)
def test_secrecy_with_its_limits_is_fine(responses: Responses, text: str) -> None:
    """What is true may be said."""
    responses.item("feelings", f"text: {text}")

    assert complaints(responses) == []


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Change your passwords today.", "Change your passwords"),
        ("Then delete it.", "delete it"),
        ("Switch location off.", "Switch location off"),
        ("Sign everyone out.", "Sign everyone out"),
    ],
)
def test_a_device_step_without_warning_is_told(responses: Responses, text: str, step: str) -> None:
    """Whoever watches may notice, and it may get worse."""
    responses.item("phone_monitored", f"text: {text}")

    assert complaints(responses) == [
        DEVICE + f"'text' says '{step}' without a warning. "
        "Say first that they may notice, to use another device, or what it may start."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "They may notice. When you are ready, change your passwords.",
        "Don't delete it.",
        "Use another phone to sign them out.",
    ],
)
def test_a_device_step_with_its_warning_is_fine(responses: Responses, text: str) -> None:
    """The warning comes with the step."""
    responses.item("phone_monitored", f'text: "{text}"')

    assert complaints(responses) == []


def test_a_text_is_measured_at_its_longest(responses: Responses) -> None:
    """The words for a line that is shut are longer than those for one that is open."""
    words = "You can ring them. They are {national_stalking_helpline.open}."
    now = fill(words, load_content(responses.root).registers, NOW).text
    fits = words + " You can." * ((BUBBLE - len(now)) // 9)
    responses.item("feelings", f"text: '{fits}'")
    told = complaints(responses)

    assert "open now" in now
    assert len(told) == 1
    assert f"characters, {BUBBLE} is the most" in told[0]


@pytest.mark.parametrize("channel", BY_CHANNEL)
def test_our_limits_are_within_every_channels(channel: str) -> None:
    """What passes the check fits wherever it is shown."""
    limits = BY_CHANNEL[channel]

    assert min(limits.text, limits.text_with_choices) >= BUBBLE
    assert max(limits.buttons, limits.rows) >= BUTTONS
    assert min(limits.button_title, limits.row_title or limits.button_title) >= TITLE


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (
            "a book",
            (
                "the source 'a book' is of no kind we know. "
                "Begin it with https:// or one of advice, advice.yml, block, law, service."
            ),
        ),
        ("advice:weather", "the source 'advice:weather' names no intent. Correct its name."),
    ],
)
def test_a_source_nobody_can_find_is_told(
    responses: Responses, source: str, complaint: str
) -> None:
    """Whoever reads the text again must find what it rests on."""
    responses.item("feelings", f"text: You can write.\nsources: ['{source}']")

    assert complaints(responses) == [AT + complaint]
