"""What one turn of the pure dialogue costs, reading given: python -m bench.dialogue

Random talks over the real content: words with made-up readings, taps on what was offered, flows.
Then the same service as a whole (database, engine, content), so that the share can be seen.
"""

import asyncio
import json
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.app import known_of
from bot.clock import utc_now
from bot.commands.talk import TalkSession
from bot.content.limits import BY_CHANNEL
from bot.content.shelf import Shelf
from bot.conversation import Conversation
from bot.dialogue.heard import Heard
from bot.dialogue.policy import decide
from bot.messages import Offer
from bot.settings import load_settings
from nlu.engine import open_engine
from nlu.reading import URGENT_INTENTS, Hints, Reading
from nlu.taxonomy import load_taxonomy

TALKS, MESSAGES = 200, 30
WHOLE = 150  # messages through the whole service
LINES = (
    "he keeps turning up at my gym and messages me from new accounts every day",
    "my sister is being stalked by her ex and wont report it",
    "yes", "not sure", "what can the police do about it", "im in cardiff", "the second one",
    "he has put something on my car i think and he knows when im out", "stop", "thanks",
)  # fmt: skip
WARM = 20
AIM = 1.0  # milliseconds


def reading(chance: random.Random, intents: tuple[str, ...]) -> Reading:
    """A made-up reading of anything."""
    intent = chance.choice(intents)
    seen = frozenset({intent} & set(URGENT_INTENTS))
    sure = chance.choice((0.3, 0.7, 0.95, 0.95))
    also = tuple(chance.sample(intents, chance.choice((0, 0, 1, 2))))
    hints = Hints(role=chance.choice((None, None, "victim", "supporter")))
    ranking = ((intent, sure), *((other, (1 - sure) / 3) for other in chance.sample(intents, 3)))
    return Reading(ranking, seen, "en", hints, also, ruled=seen)


def pure(shelf: Shelf) -> Iterator[tuple[float, float]]:
    """Seconds to decide, and to render, for each message of the talks."""
    chance = random.Random(20261125)
    intents = tuple(load_taxonomy().intents)
    known = known_of(shelf.content, shelf.content.library.ids)
    limits = BY_CHANNEL["telegram"]
    starts = [f"flow:{name}" for name in known.flows]
    for _ in range(TALKS):
        talk, now = Conversation(), utc_now()
        for _ in range(MESSAGES):
            heard = Heard("telegram", chance.choice(LINES), reading(chance, intents))
            if chance.random() < 0.5:
                offered = [offer.id for offer in talk.offers] or starts
                heard = Heard("telegram", tap=chance.choice(offered))
            began = time.perf_counter()
            decision = decide(talk, heard, now, known)
            decided = time.perf_counter()
            parts = [
                part
                for say in decision.says
                for part in shelf.renderer.render(say, decision.talk.facts, now, limits, "telegram")
            ]
            yield decided - began, time.perf_counter() - decided
            choices = next((part.choices for part in reversed(parts) if part.choices), ())
            offers = tuple(Offer(choice.id, choice.title) for choice in choices)
            talk, now = replace(decision.talk, offers=offers), now + timedelta(minutes=1)


async def whole(folder: Path, shelf: Shelf) -> list[float]:
    """Seconds for each message from its event to its answer, with the embedded engine."""
    settings = load_settings({}, Path("none"))
    start: datetime = utc_now()
    session = TalkSession(
        settings,
        folder,
        channel="telegram",
        at=start,
        open_engine=lambda: open_engine(settings.model_dir),
        shelf=shelf,
    )
    spent = []
    try:
        for number in range(WHOLE):
            event = {"chat": f"c{number % 10}", "text": LINES[number % len(LINES)]}
            began = time.perf_counter()
            await session.handle(json.dumps(event))
            spent.append(time.perf_counter() - began)
    finally:
        await session.close()
    return spent[WARM:]


def main() -> None:
    """Print everything."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    shelf = Shelf(Path("responses"))
    timings = list(pure(shelf))
    decided = sorted(1000 * d for d, _ in timings)
    rendered = sorted(1000 * r for _, r in timings)
    print(f"{len(timings)} turns of {TALKS} random talks, in milliseconds")
    for name, values in (("decide", decided), ("render", rendered)):
        p95 = values[int(0.95 * len(values))]
        print(f"  {name}: median {statistics.median(values):.3f}, p95 {p95:.3f}")
    print(f"  aim for the median of decide: below {AIM}")
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=".") as folder:
        spent = [1000 * s for s in asyncio.run(whole(Path(folder), shelf))]
    turn = statistics.median(spent)
    print(f"  a whole turn (database, engine, content): median {turn:.1f}")
    share = statistics.median(decided) / turn
    print(f"  share of the dialogue in it: {share:.1%}; with rendering "
          f"{share + statistics.median(rendered) / turn:.1%}")  # fmt: skip


if __name__ == "__main__":
    main()
