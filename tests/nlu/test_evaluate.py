"""An engine is scored as it answers, and its halves beside it."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from nlu.evaluate import Result, evaluate
from nlu.labelled import Line, Share
from nlu.problem import ModelProblem
from nlu.reading import Context, Reading
from nlu.report import as_json, markdown
from tests.nlu.scored import line, read

LINES: list[Line] = [
    line("emergency", text="door"),
    line("emergency", text="window"),
    line("greet", text="hello", kind="noisy"),
    line("out_of_scope", text="secret weather"),
]


class Same:
    """Reads by a table. Its rules know `door`; its model hears `window` and alarms at `hello`."""

    def __init__(self, ruled: frozenset[str] = frozenset({"emergency"})) -> None:
        self.ruled = ruled

    async def read(self, text: str, context: Context) -> Reading:
        assert context == Context()
        return {
            "door": read(
                "emergency" if self.ruled else "menu",
                urgent=" ".join(self.ruled),
                ruled=" ".join(self.ruled),
            ),
            "window": read("emergency", urgent="emergency"),
            "hello": read("greet", urgent="harm_to_others"),
        }.get(text, read("out_of_scope"))


class Divided(Same):
    """The same, and its model can be asked alone."""

    def with_rules(self, rules: Callable[[str], frozenset[str]]) -> Same:
        return Same(rules("door"))


async def scored(engine: Same) -> Result:
    return await evaluate("embedded", engine, "some.jsonl", LINES, 0.6)


async def test_what_rules_and_model_each_hear_is_told() -> None:
    """Whoever changes one half sees what the other would have missed."""
    result = await scored(Divided())

    assert result.figures.alarms.any_card == Share(2, 2)
    assert result.halves.rules.any_card == Share(1, 2)
    assert result.halves.rules.false == Share(0, 2)
    assert result.halves.model is not None
    assert result.halves.model.any_card == Share(1, 2)
    assert result.halves.model.false == Share(1, 2)
    assert result.model is not None
    assert (result.figures.right, result.model.right) == (Share(4, 4), Share(3, 4))


async def test_an_engine_that_cannot_be_divided_is_scored_whole() -> None:
    """Of an engine over HTTP we know the rules, not what its model alone would say."""
    result = await scored(Same())

    assert result.halves.rules.any_card == Share(1, 2)
    assert (result.halves.model, result.model) == (None, None)
    assert "model alone" not in markdown([result])


async def test_a_failing_model_gets_no_figures() -> None:
    """The rules read on when the model fails; their figures must not pass for the model's."""

    class Failing(Same):
        async def read(self, text: str, context: Context) -> Reading:
            reading = await super().read(text, context)
            return replace(reading, degraded=text == "window")

    with pytest.raises(ModelProblem, match="1 of 4 lines"):
        await scored(Failing())


async def test_another_engines_readings_are_not_scored_as_its_own() -> None:
    """Rasa that was too slow for two lines had the embedded engine read them."""

    class Backed(Same):
        fallbacks = {"slow": 2, "away": 0}  # noqa: RUF012 - read only

    with pytest.raises(ModelProblem, match=r"\(slow 2\)"):
        await scored(Backed())


async def test_the_report_quotes_nobody() -> None:
    """It can be shared: figures and names of intents, on paper and for machines."""
    result = await scored(Divided())
    page, machine = markdown([result]), json.dumps(as_json([result]))

    assert "## embedded on some.jsonl (4 lines)" in page
    assert "| macro-F1 | 1.000 | 0.889 |" in page
    for words in ("secret", "weather", "window"):
        assert words not in page
        assert words not in machine


async def test_engines_stand_side_by_side() -> None:
    """One column each, the measures that decide first."""
    one = await scored(Divided())
    other = replace(one, engine="rasa")
    page = markdown([one, other])

    assert "| measure | embedded, some.jsonl | rasa, some.jsonl |" in page
    assert "| macro-F1 | 1.000 | 1.000 |" in page
    assert page.index("Side by side") < page.index("## embedded on") < page.index("## rasa on")


async def test_a_machine_gets_every_share_with_its_counts() -> None:
    """Value, counts, interval; the same names as in the code."""
    plain = as_json([await scored(Divided())])["results"][0]

    assert plain["figures"]["right"] == {
        "hits": 4,
        "total": 4,
        "value": 1.0,
        "low": 0.5101,
        "high": 1.0,
    }
    assert plain["figures"]["alarms"]["each"][0]["intent"] == "emergency"
    assert plain["figures"]["answered"]["threshold"] == 0.6
    assert plain["latency"]["p95"] >= 0


async def test_a_weak_way_of_writing_is_seen_on_the_page() -> None:
    """Twenty urgent lines and none heard: the page says so."""
    lines = [line("emergency", kind="esl", text="nothing")] * 20
    page = markdown([await evaluate("embedded", Same(), "some.jsonl", lines, 0.6)])

    assert "| esl | 0.000 (0/20, 95 % 0.000-0.161) | 0.000 (0/20" in page
    assert "**below 0.88**" in page
