"""The words and tables of docs/nlu.md: what was measured, on what, and how far to trust it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.dialogue.topics import ANSWER
from nlu import report
from nlu.evaluate import Result
from nlu.labelled import Share
from nlu.report import table
from tools.learning_curve import NEXT
from tools.outcomes import COSTS, WRONG, Cases, Outcome, asking_by_tenth, cheapest, from_rows
from tools.thresholds import IN_USE, TRIED, curve, span, within

Curves = dict[str, Any]

_CARE = """\
# How well it reads

Made by `make report`; do not edit. What the model is for, and who is likely to be misread, stands
in the [model card](model-card.md).

## How far to trust these figures

* **Development set** (`nlu/dev/nlu_dev.jsonl`): invented messages, written apart from the training
  data and by other hands. It flatters: part of it was read while the danger rules were written, and
  the answer threshold and the alarm's limits were chosen with its figures in view.
* **Unseen writers**: training lines, read by a model that was trained without their writer's hand.
  Nobody chose anything by looking at single lines, but their writers had the same instructions, and
  no danger rule is asked: it is the model alone.
* **Nobody's real words** are in either. Real people will differ, and nobody knows by how much.
* A share stands with its counts and its 95 % interval (Wilson). Twenty lines prove little.
* A card is one of the four urgent cards. Recall is told two ways: a card of any kind, which is what
  saves somebody, and the intent's own. Another urgent intent's card is never counted as false. A
  calm line has no urgent label at all.
"""


def page(result: Result, development: Cases, curves: Curves, trained: dict[str, Any]) -> str:
    """The whole page but its first line. Deterministic; no times."""
    text = "\n".join(_parts(result, development, curves, trained))
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _parts(
    result: Result, development: Cases, curves: Curves, trained: dict[str, Any]
) -> Iterator[str]:
    figures = result.figures
    yield _CARE
    yield f"## Understanding ({result.lines:,} development lines)\n"
    yield report.measures(figures, result.model)
    yield "\nWhat the training itself measured, on lines it had not seen:\n"
    yield table(["measure", "value"], list(_flat(trained)))
    yield "\n### Ways of writing\n"
    yield report.slices(figures.slices)
    yield "\n## Danger\n"
    yield report.danger(figures.alarms)
    yield "\n### What rules and model each hear\n"
    yield report.halves(result)
    yield "\n### By way of writing, the four together\n"
    yield report.danger_slices(figures.alarms)
    for name, own in curves.items():
        yield f"\n### Unseen writers, model alone, {name}\n"
        yield _warned(own) + _unseen_danger(own["held_out"])
    yield from _confidence(result, development, curves)
    yield from _learned(curves)
    yield "\n## Intents, worst first (development set)\n"
    yield report.intents(figures.intents)
    yield "\n## Worst confusions (development set)\n"
    yield report.confusions(figures.confused)
    yield "\n![What is taken for what](nlu/confusion.svg)\n"
    yield "## Time\n"
    yield "Times differ from machine to machine: `make bench` measures them where you are.\n"


def _confidence(result: Result, development: Cases, curves: Curves) -> Iterator[str]:
    yield "\n## Confidence\n"
    yield report.reliability(result.figures.bins)
    yield f"\nExpected calibration error: {result.figures.calibration_error:.3f}.\n"
    yield "![Does confidence mean what it says?](nlu/reliability.svg)\n"
    yield "### Answer, ask back, or give up\n"
    yield (
        f"The dialogue answers outright at **{ANSWER:.2f}** ([why](decisions/0006-thresholds.md))."
        " What we say it costs:\n"
    )
    yield table(["what happens", "cost"], list(COSTS.items()))
    yield (
        "\nThe gate: of everything read wrongly at most one in three is answered with confidence,"
        "\nwhile of everything read rightly at least three in four are answered outright. *Open*:"
        "\nthe same without the messages that wait for no threshold (a card, a refusal). Mean cost:"
        "\nof those that wait. Where asking costs more than giving up, the helpline and the menu"
        "\nwould serve better than buttons.\n"
    )
    yield _thresholds("Development set", development)
    yield "\n![Threshold, development set](nlu/threshold.svg)\n"
    for name, own in curves.items():
        yield _warned(own) + _thresholds(
            f"Unseen writers, model alone, {name}", from_rows(own["held_out"]["cases"])
        )
        yield f"\n![Threshold, unseen writers](nlu/threshold-{name}.svg)\n"


def _thresholds(title: str, found: Cases) -> str:
    outcomes = curve(found)
    shown = sorted({*TRIED, IN_USE})
    heads = ["threshold", "wrong answered", "right answered", "gate"]
    heads += ["open: wrong", "open: right", "gate", "mean cost"]
    rows = [_row(one) for one in outcomes if one.hundredths in shown]
    tenths = [
        (f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}", count, f"{asking:.2f}", f"{answering:.2f}")
        for tenth, count, asking, answering in asking_by_tenth(found)
    ]
    gate, open_gate = within(outcomes)
    first = (
        f"**{title}**, {sum(found.values()):,} messages. Within the gate: {span(gate)}; open:"
        f" {span(open_gate)}. Cheapest where a wrong answer costs {WRONG:g}:"
        f" {cheapest(outcomes).hundredths / 100:.2f}.\n"
    )
    return "\n".join(
        [
            first,
            table(heads, rows),
            "",
            table(["confidence", "messages that wait", "asking costs", "answering costs"], tenths),
        ]
    )


def _row(one: Outcome) -> list[str]:
    use = " (in use)" if one.hundredths == IN_USE else ""
    return [
        f"{one.hundredths / 100:.2f}{use}",
        f"{one.wrong.value:.3f}",
        f"{one.right.value:.3f}",
        "yes" if one.passes else "",
        f"{one.open_wrong.value:.3f}",
        f"{one.open_right.value:.3f}",
        "yes" if one.passes_open else "",
        f"{one.cost:.3f}",
    ]


def _learned(curves: Curves) -> Iterator[str]:
    yield "\n## Would more lines help, or more writers?\n"
    kept = {name: own for name, own in curves.items() if len(own["by_lines"]) > 1}
    if not kept:
        yield "No learning curve has been kept yet: `python -m tools.learning_curve`.\n"
    for name, own in kept.items():
        yield f"### Encoder {name}\n"
        yield _warned(own) + _points("lines", own["by_lines"]) + _still_pays(own["by_lines"])
        if own["by_hands"]:
            yield f"\nAbout {own['equal_lines']:,} lines each time, by more and more writers:\n"
            yield _points("hands", own["by_hands"])
        yield f"\n![Learning curve](nlu/learning-{name}.svg)\n"
    for name, own in curves.items():
        yield f"\n### Where the next lines should go: least recall on unseen writers, {name}\n"
        yield _warned(own) + table(
            ["intent", "read rightly", "of", "most often taken for"],
            own["held_out"]["intents"][:NEXT],
        )


MUCH = 1.0
"""Points gained by a quarter of the lines; below it, writing more is no longer worth the while."""


def _still_pays(points: Sequence[dict[str, Any]]) -> str:
    """What the last step of the curve gained, in words."""
    before, last = points[-2:]
    more = last["lines"] - before["lines"]
    gained = 100 * (last["held_out"]["right"] - before["held_out"]["right"])
    calm = 100 * (before["held_out"]["false"] - last["held_out"]["false"])
    verdict = "More lines still pay." if gained >= MUCH else "More lines pay little now."
    return (
        f"\n{verdict} The last {more:,} lines brought {gained:+.1f} points of right readings on"
        f" unseen writers, and {calm:+.1f} points of calm messages left in peace.\n"
    )


def _points(across: str, points: Sequence[dict[str, Any]]) -> str:
    names = ("right", "near", "macro_f1", "heard", "false")
    heads = [across, *(f"development: {name}" for name in names)]
    heads += [f"unseen: {name}" for name in names]
    rows = [
        [
            f"{point[across]:,}",
            *(f"{point['development'][name]:.3f}" for name in names),
            *(f"{point['held_out'][name]:.3f}" for name in names),
        ]
        for point in points
    ]
    return table(heads, rows)


def _unseen_danger(held: dict[str, Any]) -> str:
    rows = [
        [intent, *(_of(numbers[place : place + 2]) for place in (0, 2, 4, 6))]
        for intent, numbers in held["alarms"].items()
    ]
    heads = ["intent", "recall: any card", "recall: its own card", "precision", "of calm lines"]
    return table(heads, rows)


def _of(pair: Sequence[int]) -> str:
    hits, total = pair
    return str(Share(hits, total))


def _warned(own: dict[str, Any]) -> str:
    """A word of care before figures that flatter."""
    if not own["tuned_on_these_lines"]:
        return ""
    return (
        "This encoder was tuned on these very lines, also those of the hands held out here: the"
        " figures flatter.\n\n"
    )


def _flat(trained: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for name, value in trained.items():
        told = f"{before}{name.replace('_', ' ')}"
        if isinstance(value, dict):
            yield from _flat(value, f"{told}: ")
        else:
            yield told, value
