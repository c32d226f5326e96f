"""Parts for benches that look at the queue, not at the words: answers name their message."""

from dataclasses import replace
from datetime import datetime

from bot.conversation import Conversation
from bot.danger import seen_in
from bot.dialogue.decision import Decision, Say
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.messages import Kind, Part
from nlu.reading import Context, EngineState, Reading

RESENT = "You may have had this already.\n"
ANSWER, CARD, BUSY = "answer to ", "card for ", "busy"


class RulesOnly:
    """An engine that knows danger and nothing else."""

    name = "rules"

    async def read(self, text: str, context: Context) -> Reading:  # noqa: ARG002 - Engine's shape
        """At once."""
        seen = seen_in(text)
        return Reading((("emergency" if seen else "followed_or_watched", 0.9),), urgent=seen)

    def state(self) -> EngineState:
        """Always ready."""
        return EngineState(ready=True)


def decide(talk: Conversation, heard: Heard, now: datetime, known: Known) -> Decision:  # noqa: ARG001 - bot.turn.Decide
    """An answer, or a card, that begins with the message's first word."""
    after = replace(talk, turns=talk.turns + 1, last_at=now)
    first = heard.words.partition(" ")[0]
    if heard.reading and heard.reading.urgent:
        return Decision((Say(CARD + first, kind=Kind.EMERGENCY),), after)
    return Decision((Say(ANSWER + first),), after)


class Renderer:
    """Shows an item's name."""

    def render(self, say: Say, *_: object) -> tuple[Part, ...]:
        """One bubble."""
        texts = {"technical.resent": RESENT.strip(), "technical.busy": BUSY}
        return (Part(texts.get(say.item, say.item), say.kind or Kind.ADVICE, topic=say.item),)
