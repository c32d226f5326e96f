"""The engine that lets a Rasa server ask the model; the embedded one stands behind it.

Danger rules, language, hints and fishing are read here, on the words themselves, so that what Rasa
does or does not answer changes nothing about them.
"""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nlu.embedded import made_from
from nlu.engine import (
    MODEL_CHARACTERS,
    EmbeddedEngine,
    Rules,
    open_engine,
    reading_of,
    whole_characters,
)
from nlu.problem import ModelProblem
from nlu.rasa_server import GARBLED, OTHER_MODEL, SAID, NotAnswered, RasaServer
from nlu.reading import URGENT_INTENTS, Context, EngineState, Reading
from nlu.taxonomy import load_taxonomy
from nlu.training_data import CONFIG_FILE, DATA_DIR
from nlu.urgent_words import urgent_in
from nlu.weigh import Shares

ADDED = "alongside"  # what nlu/rasa/component.py adds to Rasa's answer
_log = logging.getLogger(__name__)


class RasaEngine:
    """Reads with Rasa; without an answer of it, message by message, with the embedded engine."""

    name = "rasa"

    def __init__(
        self,
        server: RasaServer,
        fallback: EmbeddedEngine,
        made: Mapping[str, Any],
        rules: Rules = urgent_in,
    ) -> None:
        """made: what Rasa's model must have been made from (nlu.embedded.made_from)."""
        self._server = server
        self._fallback = fallback
        self._made = {name: value for name, value in made.items() if value is not None}
        self._rules = rules
        self._intents = frozenset(load_taxonomy().intents)
        self._trouble: str | None = None  # "" after an answer; a reason; None: not asked yet
        self._fallbacks: Counter[str] = Counter()

    @property
    def fallbacks(self) -> Mapping[str, int]:
        """Messages read by the embedded engine, by the reason why Rasa did not read them."""
        return {reason: self._fallbacks[reason] for reason in SAID}

    def state(self) -> EngineState:
        """As of the last question. Rasa being away is told, but the fallback decides `ready`."""
        behind = self._fallback.state()
        if self._trouble:
            instead = behind.detail or "reading by the embedded engine meanwhile"
            return EngineState(behind.ready, f"{SAID[self._trouble]}; {instead}")
        if self._trouble is None or behind.ready:
            return behind
        return EngineState(
            ready=True, detail=f"Rasa reads, with nothing to fall back on: {behind.detail}"
        )

    def with_rules(self, rules: Rules) -> "RasaEngine":
        """The same server beside other rules: for measuring what each half adds."""
        return RasaEngine(self._server, self._fallback, self._made, rules)

    async def probe(self) -> None:
        """Ask Rasa about a greeting, so that `state` is about now."""
        await self._asked("hello")

    async def read(self, text: str, context: Context) -> Reading:
        """What the words mean; always with the urgent rules. Never raises for a text."""
        text = whole_characters(text)
        head = text[:MODEL_CHARACTERS]
        shares = await self._asked(head)
        if shares is None:
            self._fallbacks[self._trouble or GARBLED] += 1
            shares = await asyncio.to_thread(self._fallback.shares, head)
        return await asyncio.to_thread(reading_of, text, shares, self._rules, context)

    async def _asked(self, text: str) -> Shares | None:
        """What Rasa's model makes of a text; None without an answer that can be used."""
        try:
            answer = await self._server.parse(text)
            shares = shares_of(answer, self._intents)
            self._is_ours(answer)
        except NotAnswered as outcome:
            self._note(outcome.reason)
            return None
        except Exception as error:  # noqa: BLE001 - whatever fails, the message must be read
            _log.error("rasa: %s", type(error).__name__)
            self._note(GARBLED)
            return None
        self._note("")
        return shares

    def _is_ours(self, answer: Mapping[str, Any]) -> None:
        """Raises NotAnswered for a model that was made from other files than those here."""
        source = answer[ADDED].get("made_from")
        if not isinstance(source, dict):
            raise NotAnswered(OTHER_MODEL)
        if any(source.get(name) != value for name, value in self._made.items()):
            raise NotAnswered(OTHER_MODEL)

    def _note(self, trouble: str) -> None:
        """Log a change, not every message."""
        if trouble and trouble != self._trouble:
            _log.warning("%s; reading by the embedded engine meanwhile", SAID[trouble])
        elif self._trouble and not trouble:
            _log.warning("Rasa reads again")
        self._trouble = trouble


class StockReader:
    """Any Rasa pipeline trained on our examples, for comparison: its ranking and nothing else."""

    name = "rasa stock"

    def __init__(self, server: RasaServer) -> None:
        self._server = server
        self._intents = frozenset(load_taxonomy().intents)

    def state(self) -> EngineState:
        """Always ready: `read` raises when it is not."""
        return EngineState(ready=True)

    async def read(self, text: str, context: Context) -> Reading:  # noqa: ARG002 - the port's shape
        """The ranking, of the intents Rasa lists. Raises ModelProblem: nothing stands behind it."""
        try:
            answer = await self._server.parse(whole_characters(text)[:MODEL_CHARACTERS])
            ranking = _ranking(answer, self._intents)
        except NotAnswered as outcome:
            raise ModelProblem(
                SAID[outcome.reason], where=self._server.address, do="Start it and try again"
            ) from None
        return Reading(ranking=ranking, urgent=frozenset({ranking[0][0]} & set(URGENT_INTENTS)))


def open_rasa(server: RasaServer, model_dir: Path) -> RasaEngine:
    """The Rasa engine with the embedded model of model_dir behind it. Never raises for a model."""
    made = made_from(DATA_DIR, CONFIG_FILE, model_dir)
    return RasaEngine(server, open_engine(model_dir), made)


def shares_of(answer: Mapping[str, Any], intents: frozenset[str]) -> Shares:
    """What our component made of a message, out of Rasa's answer.

    Raises NotAnswered for one that is not our component's, or lacks an intent.
    """
    added = answer.get(ADDED)
    if not isinstance(added, dict):
        raise NotAnswered(OTHER_MODEL)
    ranking = _ranking(answer, intents)
    urgent = _names(added.get("urgent"), frozenset(URGENT_INTENTS))
    also = _names(added.get("also"), intents)
    if len(ranking) != len(intents):
        raise NotAnswered(OTHER_MODEL)
    return Shares(ranking, frozenset(urgent), also)


def _ranking(answer: Mapping[str, Any], intents: frozenset[str]) -> tuple[tuple[str, float], ...]:
    """(intent, confidence), best first; each intent at most once. Raises NotAnswered."""
    entries = answer.get("intent_ranking")
    if not isinstance(entries, list) or not entries:
        raise NotAnswered(GARBLED)
    shares: dict[str, float] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            raise NotAnswered(GARBLED)
        name, share = entry.get("name"), entry.get("confidence")
        if not isinstance(share, (int, float)) or not math.isfinite(share) or not 0 <= share <= 1:
            raise NotAnswered(GARBLED)
        if not isinstance(name, str) or name not in intents or name in shares:
            raise NotAnswered(OTHER_MODEL)
        shares[name] = float(share)
    return tuple(sorted(shares.items(), key=lambda entry: -entry[1]))


def _names(found: Any, known: frozenset[str]) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(n, str) and n in known for n in found):
        raise NotAnswered(OTHER_MODEL)
    return tuple(found)
