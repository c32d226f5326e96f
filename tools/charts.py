"""The pictures of docs/nlu.md, from figures alone: no message is in them."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from nlu.taxonomy import Taxonomy
from tools.outcomes import RIGHT_AT_LEAST, WRONG_AT_MOST, Outcome
from tools.svg import INK, PALE, PLOT, Drawing, Plot, Point, Series, draw

_CELL = 17.0
_LABELS = 215.0  # room for the longest intent's name
_TENTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

Matrix = Sequence[tuple[str, str, int]]


def confusion(matrix: Matrix, taxonomy: Taxonomy, title: str) -> str:
    """Every intent by every intent: a row is what was meant, a column what was read.

    The colour is the share of the row; the number is how many lines. On the diagonal, blue, what
    was read rightly; off it, red, what was taken for something else.
    """
    names = taxonomy.intents
    rows: Counter[str] = Counter()
    for meant, _, times in matrix:
        rows[meant] += times
    side = len(names) * _CELL
    corner = (_LABELS + 40, _LABELS + 70)
    drawing = Drawing(
        corner[0] + side + 20,
        corner[1] + side + 20,
        title,
        f"{len(names)} rows (meant) by {len(names)} columns (read as); darker is a larger share.",
    )
    drawing.text((20, 30), title, 18)
    drawing.text((20, 52), "rows: meant · columns: read as · number: lines", 13)
    place = {name: number for number, name in enumerate(names)}
    for meant, read, times in matrix:
        _cell(drawing, corner, (place[meant], place[read]), (meant, read, times, rows[meant]))
    _labels(drawing, names, rows, corner)
    _groups(drawing, taxonomy, corner, side)
    return drawing.svg()


def _cell(
    drawing: Drawing, corner: Point, at: tuple[int, int], own: tuple[str, str, int, int]
) -> None:
    row, column = at
    meant, read, times, total = own
    share = times / total
    x, y = corner[0] + column * _CELL, corner[1] + row * _CELL
    fill = _shade(share, (11, 79, 138) if row == column else (179, 40, 20))
    drawing.rect((x, y), (_CELL, _CELL), fill, f"{meant} read as {read}: {times} of {total}")
    colour = "#ffffff" if share > 0.45 else INK
    drawing.text((x + _CELL / 2, y + 12.5), str(times), 10, "middle", colour=colour)


def _shade(share: float, full: tuple[int, int, int]) -> str:
    """White to the full colour; the least share that came is already seen."""
    strength = 0.12 + 0.88 * share
    parts = (round(255 + (part - 255) * strength) for part in full)
    return "#" + "".join(f"{part:02x}" for part in parts)


def _labels(drawing: Drawing, names: Sequence[str], rows: Counter[str], corner: Point) -> None:
    for number, name in enumerate(names):
        middle = number * _CELL + _CELL / 2
        drawing.text((corner[0] - 6, corner[1] + middle + 4.5), f"{name}  {rows[name]}", 12, "end")
        drawing.text((corner[0] + middle + 4.5, corner[1] - 6), name, 12, "start", turn=-90)


def _groups(drawing: Drawing, taxonomy: Taxonomy, corner: Point, side: float) -> None:
    """Thin lines between the taxonomy's groups."""
    for count in [0, *accumulate(len(intents) for _, intents in taxonomy.groups)]:
        edge = count * _CELL
        x, y = corner[0] + edge, corner[1] + edge
        drawing.line([(x, corner[1]), (x, corner[1] + side)], PALE, 1)
        drawing.line([(corner[0], y), (corner[0] + side, y)], PALE, 1)


def reliability(series: Sequence[tuple[str, Sequence[tuple[float, float, int]]]]) -> str:
    """Confidence against how often it was right. series: (name, (confidence, right, lines) ...).

    Tenths with fewer than ten lines are left out: they would shout and prove nothing.
    """
    plot = Plot(
        "Does confidence mean what it says?",
        "mean confidence",
        "share read rightly",
        _TENTHS,
        _TENTHS,
        (
            Series("as it should be", ((0.0, 0.0), (1.0, 1.0))),
            *(
                Series(name, tuple((sure, right) for sure, right, lines in bins if lines >= 10))
                for name, bins in series
            ),
        ),
    )
    return _plots(plot.title, "Confidence against the share read rightly, by tenths.", [plot])


def thresholds(title: str, outcomes: Sequence[Outcome], in_use: float) -> str:
    """What each threshold lets through, with the gate; and what it costs."""
    x = (0.2, 0.4, 0.6, 0.8, 1.0)
    lets = Plot(
        "What is answered",
        "threshold of confidence",
        "share answered",
        x,
        _TENTHS,
        (
            Series("of what is read rightly", _shares(outcomes, right=True)),
            Series("of what is read wrongly", _shares(outcomes, right=False)),
        ),
        marks=((in_use, "in use"),),
        levels=((RIGHT_AT_LEAST, "right: at least"), (WRONG_AT_MOST, "wrong: at most")),
    )
    points = tuple((one.hundredths / 100, one.cost) for one in outcomes)
    costs = Plot(
        "What it costs a message",
        "threshold of confidence",
        "mean cost",
        x,
        (0.0, 0.25, 0.5, 0.75, 1.0),
        (Series("messages that wait for the threshold", points),),
        marks=((in_use, "in use"),),
    )
    return _plots(title, "Shares answered and mean cost by threshold.", [lets, costs])


def learning(by_lines: Sequence[dict[str, Any]], by_hands: Sequence[dict[str, Any]]) -> str:
    """Right readings and cards raised, by lines and by writers."""
    top = max(point["lines"] for point in by_lines)
    plots = [
        Plot(
            "More lines",
            "training lines",
            "share",
            tuple(top * quarter / 4 for quarter in range(5)),
            _TENTHS,
            _learned(by_lines, "lines"),
        )
    ]
    if len(by_hands) > 1:
        most = max(point["hands"] for point in by_hands)
        plots.append(
            Plot(
                "More writers, equally many lines",
                "writers",
                "share",
                tuple(float(count) for count in range(most + 1)),
                _TENTHS,
                _learned(by_hands, "hands"),
            )
        )
    return _plots("Learning curve", "Shares by training lines and by writers.", plots)


def _learned(points: Sequence[dict[str, Any]], across: str) -> tuple[Series, ...]:
    return tuple(
        Series(name, tuple((float(point[across]), point[on][measure]) for point in points))
        for name, on, measure in (
            ("read rightly, development set", "development", "right"),
            ("read rightly, unseen writers", "held_out", "right"),
            ("danger heard, unseen writers", "held_out", "heard"),
        )
    )


def _shares(outcomes: Sequence[Outcome], *, right: bool) -> tuple[Point, ...]:
    return tuple(
        (one.hundredths / 100, (one.right if right else one.wrong).value) for one in outcomes
    )


def _plots(title: str, description: str, plots: Sequence[Plot]) -> str:
    wide, high = PLOT
    drawing = Drawing(wide * len(plots), high, title, description)
    for number, plot in enumerate(plots):
        draw(drawing, plot, (wide * number, 0))
    return drawing.svg()
