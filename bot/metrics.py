"""What this process has done, in numbers: never a word, a name or a chat id.

Counters are this process's own, from its start; each process shows its own on its own port. Every
label is one of the fixed words below, and whatever is none of them counts as `other`: there is no
way in for what a person wrote. docs/metrics.md lists them all, and a test compares the two.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

CHANNELS = frozenset({"telegram", "whatsapp", "web", "console"})
INTENTS = frozenset({"emergency", "suicide_self_harm", "harm_to_others", "cannot_speak"})
OUTCOMES = {"Sent": "sent", "Refused": "refused", "TryLater": "try_later", "Unknown": "unknown"}
ENGINES = frozenset({"embedded", "rasa"})
HOW = ("answered", "erased", "parked")
WAYS = ("turn", "door")
OTHER = "other"

disable_created_metrics()  # type: ignore[no-untyped-call]  # the time of a first event tells on it
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(f"alongside_{name}", f"{meaning}, by this process", labels, registry=REGISTRY)


_accepted = _counter("accepted", "Messages stored", "channel")
_repeats = _counter("repeats", "Events delivered again, stored before", "channel")
_not_stored = _counter("not_stored", "Events refused: the database was away", "channel")
_handled = _counter("handled", "Messages done with", "channel", "how")
_cards = _counter("cards", "Cards for danger given", "intent", "way")
_sends = _counter("sends", "Sends begun that came to an end", "channel", "outcome")
_turn_failures = _counter("turn_failures", "Turns that failed and are tried again")
_last_resorts = _counter("last_resorts", "Answers given without dialogue or content")
_lease_losses = _counter("lease_losses", "Conversations taken over or erased under a turn")
_database_away = _counter("database_away", "Times the worker found no database")
_idle_erased = _counter("idle_erased", "Quiet conversations erased in time")
_refused_content = _counter("content_refused", "Reloads refused: the texts were not sound")
_engine_failures = _counter("engine_failures", "Readings by the rules alone", "engine")
_engine_seconds = Histogram(
    "alongside_engine_seconds",
    "Seconds a reading took, by this process",
    ("engine",),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)


def _from_the_start() -> None:
    """Every counter at 0, so that its first event is a rise that an alert sees."""
    for channel in sorted(CHANNELS - {"console"}):
        for counter in (_accepted, _repeats, _not_stored):
            counter.labels(channel)
        for how in HOW:
            _handled.labels(channel, how)
        for outcome in OUTCOMES.values() if channel != "web" else ():
            _sends.labels(channel, outcome)
    for intent in sorted(INTENTS):
        for way in WAYS:
            _cards.labels(intent, way)
    for engine in sorted(ENGINES):
        _engine_failures.labels(engine)


_from_the_start()


def accepted(channel: str, *, new: bool) -> None:
    """A message was stored; or, with new=False, it had been stored before."""
    (_accepted if new else _repeats).labels(_one_of(channel, CHANNELS)).inc()


def not_stored(channel: str) -> None:
    """An event was refused because it could not be stored."""
    _not_stored.labels(_one_of(channel, CHANNELS)).inc()


def handled(channel: str, how: str) -> None:
    """A turn was kept. how: answered, parked (failed three times) or erased."""
    known = _one_of(how, HOW)
    _handled.labels(_one_of(channel, CHANNELS), known).inc()


def cards(topics: Iterable[str | None], way: str) -> None:
    """Cards for danger were given, by the topics shown. way: turn, or door (nothing was stored)."""
    for topic in topics:
        intent = _one_of((topic or "").partition(".")[0], INTENTS)
        _cards.labels(intent, _one_of(way, WAYS)).inc()


def sent(channel: str, outcome: object) -> None:
    """A send came to this bot.messages.Outcome."""
    word = OUTCOMES.get(type(outcome).__name__, OTHER)
    _sends.labels(_one_of(channel, CHANNELS), word).inc()


def turn_failed() -> None:
    """A turn failed; it is tried again, or the message is parked."""
    _turn_failures.inc()


def last_resort() -> None:
    """Danger was answered without dialogue or content, which failed."""
    _last_resorts.inc()


def lease_lost() -> None:
    """What a turn did was not kept: somebody else has the conversation, or it was erased."""
    _lease_losses.inc()


def database_away() -> None:
    """The worker found the database away, full or damaged."""
    _database_away.inc()


def idle_erased(count: int) -> None:
    """Quiet conversations were erased."""
    _idle_erased.inc(count)


def content_refused() -> None:
    """New texts were not taken; the old ones stay."""
    _refused_content.inc()


@contextmanager
def reading(engine: str) -> Iterator[None]:
    """Times what runs inside; if it raises, counts that the rules had to do alone."""
    name = _one_of(engine, ENGINES)
    begun = time.perf_counter()
    try:
        yield
    except BaseException:
        _engine_failures.labels(name).inc()
        raise
    finally:
        _engine_seconds.labels(name).observe(time.perf_counter() - begun)


def _one_of(word: str, known: Iterable[str]) -> str:
    return word if word in known else OTHER
