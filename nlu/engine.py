"""The engine the bot talks to: urgent rules always, a model where there is one, never an error."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from nlu.corrections import hints_and_corrections
from nlu.embedded import WORDS_ALONE, Embedded, open_embedded
from nlu.fishing import fishing_in
from nlu.languages import LANGUAGES, language_of
from nlu.problem import NluProblem
from nlu.reading import NOTHING_KNOWN, URGENT_INTENTS, Context, EngineState, Hints, Reading
from nlu.signs import Shown, shown_in
from nlu.urgent_words import tongue_of, urgent_in
from nlu.weigh import Shares, weighed

MODEL_CHARACTERS = 5_000  # the model reads this far
RULE_CHARACTERS = 50_000  # the rules read so much from either end: danger may stand at the last
RULE_CONFIDENCE = 0.9  # least confidence of an intent that the rules found; ours

Rules = Callable[[str], frozenset[str]]
Value = TypeVar("Value")
_log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Reads in this process. Without a model it still knows danger words, and its state says so."""

    name = "embedded"

    def __init__(
        self, model: Embedded | None, state: EngineState, rules: Rules = urgent_in
    ) -> None:
        self._model = model
        self._opened = state
        self._state = state
        self._rules = rules

    def state(self) -> EngineState:
        """As opened; or that the model failed on the last message. Rules: `rules_state`."""
        return self._state

    def with_rules(self, rules: Rules) -> "EmbeddedEngine":
        """The same model beside other rules: for measuring what each half adds."""
        return EmbeddedEngine(self._model, self._opened, rules)

    async def read(self, text: str, context: Context) -> Reading:
        """What the words mean; always with the urgent rules. Never raises for a text."""
        return await asyncio.to_thread(self._read, text, context)

    def _read(self, text: str, context: Context) -> Reading:
        text = whole_characters(text)
        return reading_of(text, self.shares(text[:MODEL_CHARACTERS]), self._rules, context)

    def shares(self, text: str) -> Shares | None:
        """What the model makes of a text, without the rules; None when it is missing or fails.

        text: at most MODEL_CHARACTERS of `whole_characters`.
        """
        if self._model is None:
            return None
        try:
            shares = weighed(self._model, text)
        except Exception as error:  # noqa: BLE001 - whatever fails, the rules must still answer
            fault = type(error).__name__
            _log.error("the model failed: %s", fault)
            self._state = EngineState(
                ready=False, detail=f"the model failed on a message ({fault}): restart the service"
            )
            return None
        self._state = self._opened
        return shares


def open_engine(model_dir: Path, kind: str = "embedded") -> EmbeddedEngine:
    """The engine of this kind; never raises for a model.

    A missing, damaged or outdated one gives an engine that reads by rules alone and whose state
    says what to do. Raises ValueError for a kind that does not exist.
    """
    if kind != "embedded":
        raise ValueError(f"there is no engine of the kind {kind!r}; use embedded")
    try:
        model = open_embedded(model_dir)
    except NluProblem as problem:
        return EmbeddedEngine(None, EngineState(ready=False, detail=str(problem)))
    if model.encoder is None:
        return EmbeddedEngine(model, EngineState(ready=False, detail=WORDS_ALONE))
    return EmbeddedEngine(model, EngineState(ready=True))


def whole_characters(text: str) -> str:
    """The text with `?` for half a character: one stops the model."""
    return text.encode("utf-8", "replace").decode("utf-8")


def reading_of(
    text: str,
    shares: Shares | None,
    rules: Rules = urgent_in,
    context: Context = NOTHING_KNOWN,
) -> Reading:
    """The reading of a message: what the model made of it, and all that is read without a model.

    text: as written, of whole characters. shares: None when no model could be asked.
    context: what the talk knows; it weighs on who is taken to be writing, on nothing else.
    """
    head = text[:MODEL_CHARACTERS]
    ruled: frozenset[str] = _or(frozenset(), rules, _ends(text))
    ranking = shares.ranking if shares else (("out_of_scope", 0.0),)
    shown = _or(Shown(), shown_in, head)
    heard = partial(hints_and_corrections, context=context)
    hints, corrects = _or((Hints(), frozenset[str]()), heard, head)
    return Reading(
        ruled=ruled,
        ranking=_urgent_first(ranking, ruled),
        urgent=ruled | (shares.urgent if shares else frozenset()),
        language=_language(text, head, ruled),
        hints=replace(hints, devices=shown.devices),
        also=shares.also if shares else (),
        degraded=shares is None,
        fishing=_or(False, fishing_in, _ends(text)),
        corrects=corrects,
        signs=shown.signs,
        risks=shown.risks,
        since=shown.since,
    )


def _language(text: str, head: str, ruled: frozenset[str]) -> str:
    """The language of a message; of a cry that tells none, the one whose danger rule heard it.

    So that the rescue card follows the 999 card. A language in Latin letters that has no card of
    its own gives way too: its speakers read another.
    """
    language = _or("und", language_of, head)
    untold = language in {"en", "und"} or (language not in LANGUAGES and "-Latn" in language)
    return (ruled and untold and _or(None, tongue_of, _ends(text))) or language


def _ends(text: str) -> str:
    """All of a text, or of one without end the beginning and the end."""
    if len(text) <= 2 * RULE_CHARACTERS:
        return text
    return f"{text[:RULE_CHARACTERS]}\n{text[-RULE_CHARACTERS:]}"


def _or(otherwise: Value, reader: Callable[[str], Value], text: str) -> Value:
    """What the reader says, or the fallback if it fails: one part must not silence the others."""
    try:
        return reader(text)
    except Exception as error:  # noqa: BLE001 - see above
        name = getattr(reader, "func", reader).__name__  # a partial's own function
        _log.error("%s failed: %s", name, type(error).__name__)
        return otherwise


def _urgent_first(
    ranking: tuple[tuple[str, float], ...], ruled: frozenset[str]
) -> tuple[tuple[str, float], ...]:
    """The ranking with an urgent intent in front where the rules saw one.

    Of several the model's likeliest leads; it is at least as sure as the rules are, and the others
    share what is left in their old proportions.
    """
    if not ruled or ranking[0][0] in ruled:
        return ranking
    shares = dict(ranking)
    pressing = {intent: -place for place, intent in enumerate(URGENT_INTENTS)}
    first = max(ruled, key=lambda intent: (shares.get(intent, 0.0), pressing.get(intent, -9)))
    sure = max(shares.pop(first, 0.0), RULE_CONFIDENCE)
    left = sum(shares.values()) or 1.0
    others = ((intent, share * (1 - sure) / left) for intent, share in shares.items())
    return ((first, sure), *others)
