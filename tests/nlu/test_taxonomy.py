"""The contract of intents."""

from nlu.reading import URGENT_INTENTS
from nlu.taxonomy import load_taxonomy


def test_the_urgent_intents_are_the_ones_the_dialogue_knows() -> None:
    """Nothing that interrupts a conversation is known to the model alone."""
    assert load_taxonomy().urgent == frozenset(URGENT_INTENTS)


def test_every_intent_says_who_speaks_and_stands_in_one_group() -> None:
    """No intent is listed twice, and each has its usual speaker."""
    taxonomy = load_taxonomy()

    assert len(set(taxonomy.intents)) == len(taxonomy.intents)
    assert {who for _, who in taxonomy.who} <= {"victim", "supporter", "own", "anyone"}
    assert [intent for intent, _ in taxonomy.who] == list(taxonomy.intents)
    assert taxonomy.group_of("order_breached") == "happening"
