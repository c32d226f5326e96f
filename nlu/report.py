"""Figures as Markdown for people and as JSON for machines. No message is quoted in either."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from nlu.alarms import ENOUGH, LEAST, Alarms
from nlu.evaluate import Result
from nlu.figures import Bin, Confused, Figures, Intent, Slice
from nlu.labelled import Share

Row = Sequence[object]


def markdown(results: Sequence[Result]) -> str:
    """The report: side by side where there are several, then each by itself."""
    parts = []
    if len(results) > 1:
        parts += ["## Side by side", "", side_by_side(results), ""]
    for result in results:
        parts += [f"## {result.engine} on {result.file} ({result.lines} lines)", "", whole(result)]
    return "\n".join(parts)


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    """Everything measured; a share is {"hits", "total", "value", "low", "high"}."""
    return {"results": [_plain(result) for result in results]}


def table(heads: Sequence[str], rows: Sequence[Row]) -> str:
    """A Markdown table, without a line break at its end."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def side_by_side(results: Sequence[Result]) -> str:
    """One column for each engine and file, the measures that decide."""
    figures = [result.figures for result in results]
    rows = [[name, *(say(own) for own in figures)] for name, say in MEASURES]
    rows.append(
        ["milliseconds a message, p50 / p95", *(_latency(result) for result in results)],
    )
    heads = [f"{result.engine}, {result.file}" for result in results]
    return table(["measure", *heads], rows)


def whole(result: Result) -> str:
    """All tables of one engine on one file, each under its own heading."""
    figures = result.figures
    parts = [
        ("Understanding", measures(figures, result.model)),
        ("Danger", danger(figures.alarms)),
        ("Danger: what rules and model each hear", halves(result)),
        ("Danger by way of writing, the four together", danger_slices(figures.alarms)),
        ("Ways of writing", slices(figures.slices)),
        ("Does confidence mean what it says?", reliability(figures.bins)),
        ("Intents, worst first", intents(figures.intents)),
        ("Worst confusions", confusions(figures.confused)),
        ("Time", f"One message: {_latency(result)} ms (p50 / p95, one after another)."),
    ]
    return "\n".join(f"### {title}\n\n{body}\n" for title, body in parts)


def measures(figures: Figures, alone: Figures | None = None) -> str:
    """The measures of understanding; beside them those of the model without the rules."""
    heads = ["measure", "as it answers"] + (["model alone"] if alone else [])
    rows = [
        [name, say(figures)] + ([say(alone)] if alone else [])
        for name, say in MEASURES
        if "card" not in name
    ]
    return table(heads, rows)


def danger(alarms: Alarms) -> str:
    """Each urgent intent, then all together."""
    heads = [
        "intent",
        "recall: any card",
        "recall: its own card",
        "precision: this card called for",
        "false alarms: of calm lines",
    ]
    rows: list[Row] = [
        (alarm.intent, alarm.any_card, alarm.own_card, alarm.called_for, alarm.false)
        for alarm in alarms.each
    ]
    rows.append(("together", alarms.any_card, alarms.own_card, alarms.called_for, alarms.false))
    return table(heads, rows)


def halves(result: Result) -> str:
    """Rules alone, model alone, both."""
    own = result.halves
    kinds: list[tuple[str, Alarms | None]] = [
        ("rules alone", own.rules),
        ("model alone", own.model),
        ("both, as it answers", result.figures.alarms),
    ]
    kept = [(name, alarms) for name, alarms in kinds if alarms is not None]
    heads = ["recall: any card", *(alarm.intent for alarm in own.rules.each)]
    heads += ["precision", "false alarms: of calm lines"]
    rows = [
        [name, *(a.any_card for a in alarms.each), alarms.called_for, alarms.false]
        for name, alarms in kept
    ]
    return table(heads, rows)


def danger_slices(alarms: Alarms) -> str:
    """The four urgent intents pooled, by slice; weak ones are marked."""
    rows = [
        (row.slice, row.any_card, row.own_card, f"**below {LEAST}**" if row.weak else "")
        for row in alarms.slices
    ]
    heads = ["slice", "recall: any card", "recall: its own card", f"flag (from {ENOUGH} lines)"]
    return table(heads, rows)


def slices(rows: Sequence[Slice]) -> str:
    """Right readings by way of writing."""
    return table(
        ["slice", "right", "in the first three"], [(row.name, row.right, row.near) for row in rows]
    )


def reliability(bins: Sequence[Bin]) -> str:
    """Ten bins: what was claimed and what came of it."""
    return table(
        ["confidence", "lines", "mean confidence", "share right"],
        [
            (
                f"{b.place / 10:.1f} to {(b.place + 1) / 10:.1f}",
                b.right.total,
                f"{b.confidence:.3f}" if b.right.total else "",
                f"{b.right.value:.3f}" if b.right.total else "",
            )
            for b in bins
        ],
    )


def intents(rows: Sequence[Intent]) -> str:
    """Each intent's F1, recall, precision."""
    return table(
        ["intent", "F1", "recall", "precision", "lines"],
        [
            (
                row.name,
                f"{row.f1:.2f}",
                f"{row.recall.value:.2f}",
                f"{row.precision.value:.2f}",
                row.recall.total,
            )
            for row in rows
        ],
    )


def confusions(rows: Sequence[Confused]) -> str:
    """What is most often taken for what."""
    return table(
        ["meant", "read as", "times", "of"],
        [(row.meant, row.read, row.times, row.total) for row in rows],
    )


MEASURES: tuple[tuple[str, Callable[[Figures], str]], ...] = (
    ("macro-F1", lambda own: f"{own.macro_f1:.3f}"),
    ("right", lambda own: str(own.right)),
    ("in the first three", lambda own: str(own.near)),
    ("emergencies that raise a card", lambda own: str(own.alarms.each[0].any_card)),
    ("urgent lines that raise a card", lambda own: str(own.alarms.any_card)),
    ("cards that were called for", lambda own: str(own.alarms.called_for)),
    ("calm lines that raise a card", lambda own: str(own.alarms.false)),
    ("out of scope recognised", lambda own: str(own.out_of_scope)),
    ("calibration error", lambda own: f"{own.calibration_error:.3f}"),
    ("threshold of the dialogue", lambda own: f"{own.answered.threshold:.2f}"),
    ("of what is wrong, answered with confidence", lambda own: str(own.answered.wrong)),
    ("of what is right, answered outright", lambda own: str(own.answered.right)),
    ("asked back", lambda own: str(own.answered.asked_back)),
)


def _latency(result: Result) -> str:
    return f"{result.latency.p50:.1f} / {result.latency.p95:.1f}"


def _plain(value: object) -> Any:
    if isinstance(value, Share):
        low, high = value.interval
        return {
            "hits": value.hits,
            "total": value.total,
            "value": round(value.value, 6),
            "low": round(low, 6),
            "high": round(high, 6),
        }
    if is_dataclass(value):
        return {own.name: _plain(getattr(value, own.name)) for own in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return round(value, 6) if isinstance(value, float) else value
