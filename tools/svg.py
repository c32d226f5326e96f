"""Drawings as SVG, by hand: few shapes, fixed order, so that the same figures give the same file.

Dark on a white ground of its own: readable on a dark page, in print, and by a screen reader, which
is told the title and the description.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

INK = "#1a1a1a"
PALE = "#c9ced6"
COLOURS = ("#0b4f8a", "#b3431e", "#2f6b3c", "#6b3fa0")  # told apart in grey and by the colour-blind
DASHES = ("", "6 4", "2 3", "9 3 2 3")
_FONT = "font-family='DejaVu Sans, Verdana, sans-serif'"

Point = tuple[float, float]


@dataclass(slots=True)
class Drawing:
    """A picture while it is drawn. Units: pixels."""

    width: float
    height: float
    title: str
    description: str
    shapes: list[str] = field(default_factory=list)

    def rect(self, at: Point, size: Point, fill: str, tip: str = "") -> None:
        """A filled box; tip: what a pointer resting on it is told."""
        inside = f"<title>{escape(tip)}</title>" if tip else ""
        (x, y), (w, h) = at, size
        self.shapes.append(
            f"<rect x='{_n(x)}' y='{_n(y)}' width='{_n(w)}' height='{_n(h)}' fill='{fill}'>"
            f"{inside}</rect>"
        )

    def line(self, points: Sequence[Point], colour: str, width: float = 1, dash: str = "") -> None:
        """Straight pieces from point to point."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashed = f" stroke-dasharray='{dash}'" if dash else ""
        self.shapes.append(
            f"<polyline points='{path}' fill='none' stroke='{colour}'"
            f" stroke-width='{_n(width)}'{dashed}/>"
        )

    def dot(self, at: Point, colour: str, radius: float = 3.5) -> None:
        """A small disc."""
        self.shapes.append(
            f"<circle cx='{_n(at[0])}' cy='{_n(at[1])}' r='{_n(radius)}' fill='{colour}'/>"
        )

    def text(
        self,
        at: Point,
        words: str,
        size: float = 13,
        anchor: str = "start",
        *,
        turn: float = 0,
        colour: str = INK,
    ) -> None:
        """Words; anchor: start, middle or end. turn: degrees clockwise about the point."""
        x, y = _n(at[0]), _n(at[1])
        turned = f" transform='rotate({_n(turn)} {x} {y})'" if turn else ""
        self.shapes.append(
            f"<text x='{x}' y='{y}' font-size='{_n(size)}' text-anchor='{anchor}'"
            f" fill='{colour}'{turned}>{escape(words)}</text>"
        )

    def svg(self) -> str:
        """The file's text."""
        w, h = _n(self.width), _n(self.height)
        head = (
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {w} {h}' width='{w}'"
            f" height='{h}' role='img' aria-label={quoteattr(self.title)} {_FONT}>"
        )
        ground = f"<rect width='{w}' height='{h}' fill='#ffffff'/>"
        told = [f"<title>{escape(self.title)}</title>", f"<desc>{escape(self.description)}</desc>"]
        return "\n".join([head, *told, ground, *self.shapes, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a plot."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines over two axes. marks: (value on x, label) drawn upright; levels: the same across."""

    title: str
    across: str
    up: str
    x: tuple[float, ...]  # ticks; the first and the last are the ends of the axis
    y: tuple[float, ...]
    series: tuple[Series, ...]
    marks: tuple[tuple[float, str], ...] = ()
    levels: tuple[tuple[float, str], ...] = ()


PLOT = (460.0, 420.0)  # the room one plot takes, labels and legend included
_LEFT, _TOP, _WIDE, _HIGH = 64.0, 44.0, 370.0, 250.0


def draw(drawing: Drawing, plot: Plot, at: Point) -> None:
    """The plot with its upper left corner there."""

    def place(x: float, y: float) -> Point:
        first, last = plot.x[0], plot.x[-1]
        low, high = plot.y[0], plot.y[-1]
        return (
            at[0] + _LEFT + (x - first) / (last - first) * _WIDE,
            at[1] + _TOP + (high - y) / (high - low) * _HIGH,
        )

    _axes(drawing, plot, at, place(plot.x[0], plot.y[0]))
    for tick in plot.x:
        x, y = place(tick, plot.y[0])
        drawing.line([(x, y), place(tick, plot.y[-1])], PALE, 0.5)
        drawing.text((x, y + 18), _tick(tick), 12, "middle")
    for tick in plot.y:
        x, y = place(plot.x[0], tick)
        drawing.line([(x, y), place(plot.x[-1], tick)], PALE, 0.5)
        drawing.text((x - 7, y + 4), _tick(tick), 12, "end")
    for value, label in plot.marks:
        top = place(value, plot.y[-1])
        drawing.line([place(value, plot.y[0]), top], INK, 1.5, "3 3")
        drawing.text((top[0] + 4, top[1] + 13), label, 12)
    for value, label in plot.levels:
        left = place(plot.x[0], value)
        drawing.line([left, place(plot.x[-1], value)], INK, 1, "3 3")
        drawing.text((left[0] + 4, left[1] - 4), label, 12)
    for number, series in enumerate(plot.series):
        colour, dash = COLOURS[number % 4], DASHES[number % 4]
        points = [place(x, y) for x, y in series.points]
        drawing.line(points, colour, 2, dash)
        if len(points) <= 12:
            for point in points:
                drawing.dot(point, colour)
        below = (at[0] + _LEFT, at[1] + _TOP + _HIGH + 58 + 17 * number)
        drawing.line([(below[0], below[1] - 4), (below[0] + 34, below[1] - 4)], colour, 2, dash)
        drawing.text((below[0] + 42, below[1]), series.name, 12)


def _axes(drawing: Drawing, plot: Plot, at: Point, corner: Point) -> None:
    x, y = corner
    drawing.text((at[0] + _LEFT, at[1] + 24), plot.title, 15)
    drawing.line([(x, y - _HIGH), (x, y), (x + _WIDE, y)], INK, 1)
    drawing.text((x + _WIDE / 2, y + 36), plot.across, 12, "middle")
    drawing.text((at[0] + 18, y - _HIGH / 2), plot.up, 12, "middle", turn=-90)


def _n(value: float) -> str:
    """A number without needless digits."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"
