"""What the lists of unsafe and untrue words forbid is found, and plain advice is let through."""

import pytest

from bot.content.check_must_not import broken
from bot.content.load import read_intents
from bot.content.must_not import RULES
from tests.bot.content.responses import Responses
from tests.bot.content.test_check import complaints

BAD = {
    "score": "You are at high risk.",
    "statistics": "Two women are killed each week.",
    "over": "It is over now.",
    "not meant": "He doesn't mean it.",
    "silent call": "Pressing 55 shows the police where you are.",
    "going out": "Go out and look.",
    "weapons": "You could carry a knife.",
    "follow back": "You could follow them home.",
    "look up": "We can find out where he lives.",
    "suicide words": "It is often a cry for help.",
    "despair": "It will pass.",
    "secret": "We will keep this secret.",
    "romance": "Some people would feel flattered.",
    "private": "That is normal after a break-up.",
    "imagination": "It may be your imagination.",
    "soothing": "Try to forget it.",
    "empty sympathy": "I'm sorry to hear that.",
    "patching up": "You could try mediation.",
    "led on": "Why did you reply?",
    "just block": "You can just block him.",
    "destroy": "Then delete the messages.",
    "decoy": "You could put it on another car.",
    "device cure": "Your phone is now secure.",
    "pay": "You could pay them.",
    "pictures": "Please send us the picture.",
    "all removed": "Everything can be taken down.",
    "order safe": "An order keeps you safe.",
    "outcome": "You will get an advocate.",
    "must": "You must report it.",
    "pointless": "It's pointless.",
    "wait": "You could wait and see.",
    "warn them": "Tell him you will report it.",
    "house arrest": "You should move.",
    "enough times": "It must happen at least five times.",
    "diagnosis": "He is a narcissist.",
    "loopholes": "One message is fine.",
    "coaching": "Tell the court that you never met.",
    "human": "I'm a counsellor.",
    "encrypted": "This chat is encrypted.",
    "connecting": "I am putting you through.",
}
FINE = (
    "Don't just block them: save the messages first.",
    "Nobody can say that you are safe. You needn't decide today.",
    "I can't find out where he is. I won't help with that.",
    "No order makes anyone safe. You can ask for one.",
    "Report Remove can help. It is not your fault.",
    "Paladin helps people at high risk.",
    "Never follow them. Never carry a weapon.",
    "I'm a program, not a person.",
)


def test_each_rule_has_words_that_break_it() -> None:
    """A rule without an example could be dead."""
    assert list(BAD) == [rule.name for rule in RULES]


def test_the_rules_name_intents_that_exist() -> None:
    """A misspelt topic would never be looked at."""
    assert {family for rule in RULES for family in rule.families} <= set(read_intents())


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_unsafe_words_break_their_rule(rule: object) -> None:
    """Each by its own example, and by its own rule."""
    name = next(r.name for r in RULES if r is rule)

    assert name in {found.name for found, _ in broken(BAD[name], RULES)}


@pytest.mark.parametrize("words", FINE)
def test_plain_advice_breaks_no_rule(words: str) -> None:
    """To warn against something is not to say it."""
    assert list(broken(words, RULES)) == []


def test_unsafe_words_are_told_with_their_place(responses: Responses) -> None:
    """In the topic that they are unsafe in."""
    responses.item("feelings", "text: Some people would feel flattered.")
    responses.item("intimate_images", "text: You could pay them.")
    responses.item("thanks", "text: You could pay them a visit.")

    assert complaints(responses) == [
        (
            "responses/topics/feelings.yml:5 feelings: 'flattered' makes light of it. "
            "Say it another way, or leave out."
        ),
        (
            "responses/topics/intimate_images.yml:5 intimate_images: 'pay them' bargains. "
            "Say it another way, or leave out."
        ),
    ]
