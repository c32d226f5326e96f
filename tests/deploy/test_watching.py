"""Alerts and dashboard speak of figures that there are, and say where to read what to do."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.bot.test_metrics import names

ROOT = Path(__file__).parents[2]
RULES = [
    rule
    for group in YAML(typ="safe").load(ROOT / "deploy/prometheus/alerts.yml")["groups"]
    for rule in group["rules"]
]
BOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/alongside.json").read_text("utf-8"))
OTHERS = {"process_resident_memory_bytes", "up"}
FUNCTIONS = frozenset(
    "max min sum count by increase rate absent abs histogram_quantile changes le".split()  # noqa: SIM905 - a list of words
)


def figures_in(expression: str) -> set[str]:
    """The figures an expression asks for, without what a histogram adds to its name."""
    bare = re.sub(r"\{[^}]*\}|\"[^\"]*\"|\[[^\]]*\]|\bby \([^)]*\)", " ", expression)
    words = set(re.findall(r"\b[a-z]\w*\b", bare)) - FUNCTIONS
    return {re.sub(r"_(bucket|sum|count)$", "", word) for word in words if not word[0].isdigit()}


def expressions() -> list[str]:
    """Every expression of the dashboard."""
    shown = [target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", [])]
    return [*shown, *(one["expr"] for one in BOARD["annotations"]["list"])]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_asks_for_figures_that_there_are(rule: dict[str, Any]) -> None:
    """And for labels that they have."""
    asked = figures_in(rule["expr"])
    assert asked
    assert asked <= names() | OTHERS
    assert rule["labels"]["severity"] in {"page", "ticket"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_where_to_read_what_to_do(rule: dict[str, Any]) -> None:
    """In a section that is there and has words in it."""
    file, _, anchor = rule["annotations"]["what_to_do"].partition("#")
    page = (ROOT / file).read_text(encoding="utf-8")
    sections = re.split(r"^#{2,3} (.+)$", page, flags=re.MULTILINE)
    found = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-"): body.strip()
        for title, body in zip(sections[1::2], sections[2::2], strict=True)
    }
    assert len(found.get(anchor, "")) > 100


def test_the_dashboard_asks_for_figures_that_there_are() -> None:
    """Every panel, and the note of changed texts."""
    assert len(expressions()) > 20
    for expression in expressions():
        asked = figures_in(expression)
        assert asked
        assert asked <= names() | OTHERS, expression


def test_labels_that_are_asked_for_exist() -> None:
    """`sum by (channel)` over a figure without channels would be silently empty."""
    page = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    listed = re.findall(r"`alongside_\w+\{([\w,]+)\}`", page)
    known = {label for labels in listed for label in labels.split(",")}
    known |= {"instance", "job", "le"}
    for expression in [*expressions(), *(rule["expr"] for rule in RULES)]:
        by = re.findall(r"by \(([^)]*)\)", expression)
        chosen = re.findall(r"[{,]\s*(\w+)\s*=~?", expression)
        wanted = {label.strip() for labels in by for label in labels.split(",")} | set(chosen)
        assert wanted <= known, expression


def test_panels_do_not_lie_on_each_other() -> None:
    """Each has a place of its own on the board, and a number of its own."""
    places = [tuple(panel["gridPos"][key] for key in "xywh") for panel in BOARD["panels"]]
    cells = [
        (column, row)
        for x, y, wide, high in places
        for column in range(x, x + wide)
        for row in range(y, y + high)
    ]
    assert len(cells) == len(set(cells))
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(ids) == len(set(ids))


def test_a_figure_that_is_misspelt_would_be_found() -> None:
    """The search itself can fail."""
    found = figures_in('max by (part) (alongside_waiting{x="y"}) > 60 and sum(rate(a_bucket[5m]))')
    assert {"alongside_waiting", "a"} <= found
