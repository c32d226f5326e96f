"""What the dialogue decided: which items to show, where the talk now is, what else happens."""

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation import Conversation, Facts
from bot.messages import Kind


@dataclass(frozen=True, slots=True)
class Say:
    """Show one content item. The library picks its variant for the person's role and nation."""

    item: str  # a content id, without variant
    kind: Kind | None = None  # None: the item's own kind
    choices: tuple[str, ...] | None = None  # action ids, each titled by what it leads to: for
    # `ask:x` and `show:x` the title of item x, for `menu` that of item menu, for `none` that of
    # none_of_these, for `flow:x` and `pick:x` what the flow says. None: the item's own buttons
    again: bool = False  # it was shown before: use its shorter wording if it has one
    since: Facts | None = None  # the facts it was last shown for: shorter if nothing differs now
    acknowledge: int | None = None  # which wording of what was told opens it; None: none does
    naming: tuple[str, ...] = ()  # several topics told at once, named before the answer to one
    lead: str | None = None  # item one of whose wordings opens this one ("Here it is once more.")
    wording: int = 0  # which of several wordings, of the lead or of a question asked again
    sections: tuple[str, ...] = ()  # content ids put into the item (a plan's parts)


class Effect(StrEnum):
    """What else must happen in the turn's transaction."""

    ERASE = "erase"  # destroy the conversation's key and rows; the replies are still sent
    REMOVE = "remove"  # take our messages off the person's screen where the channel can


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one message. Same talk, reading and time: same decision."""

    says: tuple[Say, ...]
    talk: Conversation  # the talk afterwards (offers are filled in after rendering)
    effects: frozenset[Effect] = frozenset()


def said_again(
    talk: Conversation, item: str, kind: Kind, choices: tuple[str, ...] | None = None
) -> tuple[Say, Conversation]:
    """A question or notice that may come back, and the talk that remembers it.

    The first time in its own words, then in one of its short ones, another each time.
    """
    say = Say(item, kind=kind, choices=choices, again=item in talk.given, wording=talk.turns)
    return say, talk.giving(item)
