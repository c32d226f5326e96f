"""What the tools write: pictures, blocks, the page, and whether it is stale."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from nlu.evaluate import evaluate
from nlu.taxonomy import load_taxonomy
from nlu.training_data import Example
from tests.nlu.scored import line, read
from tests.nlu.test_evaluate import LINES, Divided
from tools.blocks import NoSuchBlock, block, with_block
from tools.card import told
from tools.charts import confusion, learning, reliability, thresholds
from tools.held_out import record
from tools.outcomes import cases
from tools.report import Measured, write
from tools.sources import line_of, stale
from tools.svg import Drawing
from tools.thresholds import curve
from tools.thresholds import told as thresholds_told

TAXONOMY = load_taxonomy()


def texts(svg: str) -> list[str]:
    """What is written in a picture. Raises for a file that is no XML."""
    root = ET.fromstring(svg)
    return [element.text or "" for element in root.iter() if element.tag.endswith("}text")]


def tips(svg: str) -> list[str]:
    root = ET.fromstring(svg)
    return [element.text or "" for element in root.iter() if element.tag.endswith("}title")]


def some_curve() -> dict[str, Any]:
    """A kept learning curve of two points."""
    lines = [line("emergency"), line("greet")]
    held = record(lines, [read("emergency", urgent="emergency"), read("menu", sure=0.3)])
    point = {name: held[name] for name in ("right", "near", "macro_f1", "heard", "false")}
    both = {"development": point, "held_out": point}
    return {
        "tuned_on_these_lines": False,
        "equal_lines": 1200,
        "by_lines": [{"lines": 3000, **both}, {"lines": 12000, **both}],
        "by_hands": [{"hands": 1, **both}, {"hands": 4, **both}],
        "held_out": held,
    }


def test_every_intent_stands_on_both_sides_of_the_map() -> None:
    """61 by 61, with names; a cell says in words what it counts."""
    svg = confusion((("greet", "greet", 3), ("greet", "menu", 1)), TAXONOMY, "title & more")

    written = texts(svg)
    for intent in TAXONOMY.intents:
        assert intent in written
    assert "greet  4" in written
    assert "greet read as menu: 1 of 4" in tips(svg)
    assert "title & more" in written


def test_a_picture_is_dark_on_white_and_told_to_a_screen_reader() -> None:
    """On a dark page a transparent ground would swallow the ink."""
    svg = Drawing(10, 20, 'a "title"', "a <description>").svg()
    root = ET.fromstring(svg)

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'a "title"'
    ground = next(element for element in root if element.tag.endswith("}rect"))
    assert (ground.attrib["fill"], ground.attrib["width"]) == ("#ffffff", "10")


def test_tenths_of_few_lines_are_not_drawn() -> None:
    """Nine lines at 0.15 that were all right would look like a finding."""
    few = reliability([("development", [(0.15, 1.0, 9), (0.95, 0.9, 10)])])
    more = reliability([("development", [(0.15, 1.0, 10), (0.95, 0.9, 10)])])

    assert more.count("<circle") == few.count("<circle") + 1
    assert "development" in texts(few)


def test_the_threshold_in_use_is_marked_beside_the_cost() -> None:
    """The curve without the choice would be no argument for it."""
    found = cases([line("greet")] * 2, [read("greet"), read("menu", sure=0.3)])

    written = texts(thresholds("Threshold", curve(found), 0.6))
    assert written.count("in use") == 2
    assert {"wrong: at most", "right: at least"} <= {*written}


def test_the_curves_are_drawn_by_lines_and_by_writers() -> None:
    """Two plots; without a second point of writers only one."""
    own = some_curve()

    assert "writers" in texts(learning(own["by_lines"], own["by_hands"]))
    assert "writers" not in texts(learning(own["by_lines"], own["by_hands"][:1]))
    assert "12,000" in texts(learning(own["by_lines"], []))


def test_the_threshold_table_says_what_is_in_use_and_what_passes() -> None:
    """One table for each set of messages."""
    found = cases([line("greet")] * 2, [read("greet"), read("menu", sure=0.3)])

    rows = thresholds_told("some", found)

    assert rows[0] == "some: 2 messages"
    assert sum("<- in use" in row for row in rows) == 1
    assert any(row == "within the gate: 0.31 to 0.80; open: 0.31 to 0.80" for row in rows)


def test_only_the_marked_part_of_a_page_is_written() -> None:
    """What a person wrote around it stays, byte for byte."""
    page = "one\n<!-- counts: written by us -->\nold\n<!-- /counts -->\ntwo\n"

    new = with_block(page, "counts", "| new \\1 |\n")

    assert new == "one\n<!-- counts: written by us -->\n| new \\1 |\n<!-- /counts -->\ntwo\n"
    assert block(new, "counts") == "| new \\1 |"
    with pytest.raises(NoSuchBlock, match="no block `other`"):
        with_block(page, "other", "")


def test_the_cards_counts_are_counted() -> None:
    """Lines, hands, ways of writing; who is spoken of."""
    examples = (
        Example("He's here", "emergency", "plain", "victim", "a"),
        Example("the heat, there", "greet", "noisy", "victim", "b"),
        Example("her and him", "greet", "noisy", "own", "b"),
    )

    body = told(examples, 1070, TAXONOMY)

    assert "| training lines | 3 |" in body
    assert "| development lines, never trained on | 1,070 |" in body
    assert "| of them urgent | 1 |" in body
    assert "| b | 2 | 66.7% |" in body
    assert "| noisy | 2 | 66.7% |" in body
    assert "| lines that say he, him, his | 2 |" in body
    assert "| lines that say she, her | 1 |" in body


def test_a_page_says_what_it_was_made_from() -> None:
    """And what has changed since; a page without the line is stale in everything."""
    now = {"data": "abc", "rules": "def"}
    page = f"{line_of(now)}\n# Page\n"

    assert stale(page, now) == []
    assert stale(page, {"data": "abc", "rules": "other", "curves": "none"}) == ["curves", "rules"]
    assert stale("# Page\n", now) == ["data", "rules"]


def written_in(folder: Path) -> list[str]:
    """Every file below the folder, by its path there."""
    return sorted(str(path.relative_to(folder)) for path in folder.glob("**/*.*"))


async def measured(curves: dict[str, Any]) -> Measured:
    result = await evaluate("embedded", Divided(), "some.jsonl", LINES, 0.6)
    found = cases(LINES, [read(one.intent) for one in LINES])
    return Measured(result, found, curves, {"accuracy_unseen": 0.75, "heard_unseen": {"x_y": 1.0}})


async def test_the_page_and_its_pictures_are_written_twice_alike(tmp_path: Path) -> None:
    """No times, no dates: the same figures give the same bytes, and no message is quoted."""
    own = await measured({"published": some_curve()})
    for name in ("one", "two"):
        write(own, "<!-- made -->", tmp_path / name, tmp_path / name / "nlu")
    files = written_in(tmp_path / "one")

    assert files == [
        "nlu.md",
        "nlu/confusion.svg",
        "nlu/learning-published.svg",
        "nlu/reliability.svg",
        "nlu/threshold-published.svg",
        "nlu/threshold.svg",
    ]
    for path in files:
        body = (tmp_path / "one" / path).read_bytes()
        assert body == (tmp_path / "two" / path).read_bytes()
        assert b"secret" not in body
    page = (tmp_path / "one" / "nlu.md").read_text(encoding="utf-8")
    assert page.startswith("<!-- made -->\n# How well it reads")
    assert "| heard unseen: x y | 1.0 |" in page
    assert "flatters" in page
    for path in files[1:]:
        assert f"({path})" in page


async def test_a_page_without_curves_says_how_to_have_one(tmp_path: Path) -> None:
    """Nothing is shown that was not measured."""
    write(await measured({}), "<!-- made -->", tmp_path, tmp_path / "nlu")

    page = (tmp_path / "nlu.md").read_text(encoding="utf-8")
    assert "python -m tools.learning_curve" in page
    assert "nlu/learning" not in page


async def test_figures_that_flatter_are_marked(tmp_path: Path) -> None:
    """An encoder tuned on the very lines it is asked about has seen the answers."""
    own = json.loads(json.dumps(some_curve())) | {"tuned_on_these_lines": True}
    write(await measured({"tuned": own}), "<!-- made -->", tmp_path, tmp_path / "nlu")

    page = (tmp_path / "nlu.md").read_text(encoding="utf-8")
    assert page.count("figures flatter.") == 4
