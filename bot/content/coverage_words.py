"""The table of who gets which answer, as text for a terminal."""

from collections.abc import Iterator, Sequence

from bot.actions import NATIONS
from bot.content.coverage import Row

HEADS = ("intent", "role", "not known", *NATIONS)
LEGEND = (
    "=  the words for everybody    name  a variant (its last part)    +name  the same, and one tap "
    'further what is written for the nation    "  as to the left    !  a hole, listed below'
)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Lines of the table, its legend, the number of holes and each of them. No trailing spaces."""
    lines = [HEADS, *_lines(rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
    yield ""
    yield LEGEND
    holes = [row for row in rows if row.hole]
    yield f"{len(rows)} cells, {len(holes)} holes"
    for row in holes:
        who = f"{row.role}, {row.nation or 'nation not known'}"
        yield f"! {row.intent} ({who}): {row.hole}"


def _lines(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    wide = len(NATIONS) + 1
    for start in range(0, len(rows), wide):
        some = rows[start : start + wide]
        cells = [_cell(row) for row in some]
        ditto = ['"' if n > 1 and cell == cells[n - 1] else cell for n, cell in enumerate(cells)]
        yield (some[0].intent, some[0].role, *ditto)


def _cell(row: Row) -> str:
    if row.item is None:
        return "!"
    name = "=" if row.item == row.intent else row.item.removeprefix(f"{row.intent}.")
    step = (row.via or "").removeprefix(f"{row.intent}.").removesuffix(f".{row.nation}")
    further = f" +{step}" if step else ""
    return f"{'!' if row.hole else ''}{name}{further}"
