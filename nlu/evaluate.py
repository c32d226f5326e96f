"""Has an engine read labelled messages and scores it: as it answers, by rules, by model alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol, runtime_checkable

import numpy as np

from nlu.alarms import Alarms, score_alarms
from nlu.figures import Figures, score
from nlu.labelled import Line
from nlu.problem import ModelProblem
from nlu.reading import Context, Reading

Progress = Callable[[int], None]


class Reader(Protocol):
    """Any engine."""

    async def read(self, text: str, context: Context) -> Reading:
        """What the words mean."""


@runtime_checkable
class Divisible(Protocol):
    """An engine whose model can be asked without the danger rules."""

    def with_rules(self, rules: Callable[[str], frozenset[str]]) -> Reader:
        """The same model beside other rules."""


@runtime_checkable
class Backed(Protocol):
    """An engine behind which another stands, that reads when it cannot."""

    @property
    def fallbacks(self) -> Mapping[str, int]:
        """Messages that the other read, by the reason."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds for one message, read one after another in this process."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Halves:
    """What each half hears of danger. model None: this engine cannot be asked without its rules."""

    rules: Alarms
    model: Alarms | None


@dataclass(frozen=True, slots=True)
class Result:
    """One engine on one file."""

    engine: str
    file: str
    lines: int
    figures: Figures  # as the engine answers
    halves: Halves
    model: Figures | None  # the model without the rules
    latency: Latency


async def evaluate(
    name: str, engine: Reader, file: str, lines: Sequence[Line], threshold: float
) -> Result:
    """Read every line and score the readings.

    name, file: what the result says it is of. threshold: what the dialogue answers outright.
    Raises ModelProblem where the engine failed on a line: figures of its rules would pass for its.
    """
    readings, times = await _read(name, engine, lines)
    alone = None
    if isinstance(engine, Divisible):
        alone, _ = await _read(name, engine.with_rules(_no_rules), lines)
    halves = Halves(
        rules=score_alarms(lines, [reading.ruled for reading in readings]),
        model=score_alarms(lines, [reading.urgent for reading in alone]) if alone else None,
    )
    p50, p95 = np.percentile(times, [50, 95])
    return Result(
        engine=name,
        file=file,
        lines=len(lines),
        figures=score(lines, readings, threshold),
        halves=halves,
        model=score(lines, alone, threshold) if alone else None,
        latency=Latency(float(p50), float(p95)),
    )


async def _read(
    name: str, engine: Reader, lines: Sequence[Line]
) -> tuple[list[Reading], list[float]]:
    """The readings and the milliseconds each took, after one that warms everything up."""
    await engine.read(lines[0].text, Context())
    readings, times = [], []
    for line in lines:
        begin = perf_counter()
        readings.append(await engine.read(line.text, Context()))
        times.append((perf_counter() - begin) * 1000)
    _own(name, engine, readings)
    return readings, times


def _own(name: str, engine: Reader, readings: Sequence[Reading]) -> None:
    """Raises ModelProblem unless every reading is the engine's own."""
    others = {why: count for why, count in _fallbacks(engine).items() if count}
    if others:
        reasons = ", ".join(f"{why} {count}" for why, count in sorted(others.items()))
        raise ModelProblem(
            f"another engine read some of the lines ({reasons}), so there are no figures",
            where=name,
            do="See that it answers in time and evaluate again",
        )
    failed = sum(reading.degraded for reading in readings)
    if failed:
        raise ModelProblem(
            f"the model failed on {failed} of {len(readings)} lines, so there are no figures",
            where=name,
            do="Look at the log above and run make setup",
        )


def _fallbacks(engine: Reader) -> Mapping[str, int]:
    return engine.fallbacks if isinstance(engine, Backed) else {}


def _no_rules(_text: str) -> frozenset[str]:
    return frozenset()
