"""Reads `_flow` of responses/flows/*.yml: what is asked in which order.

The words of the steps are entries like all others. What can't be played is refused here: an option
that leads backwards or nowhere, a mark that nobody knows, an end that is never reached.
"""

from collections.abc import Iterator
from pathlib import Path

from bot.content.entries import FLOW
from bot.content.faults import ContentFaults
from bot.content.shapes import FlowShape, StepShape, fit
from bot.content.yaml_file import YamlFile, read_yaml
from bot.errors import ContentProblem
from bot.flow import DONE, RISKS, SIGNS, SKIP, End, Flow, Flows, Option, Step

FOLDER = "flows"
KNOWN = frozenset(
    {"told"} | {f"sign:{sign}" for sign in SIGNS} | {f"risk:{risk}" for risk in RISKS}
)
MOST_OPTIONS = 7  # and the one that passes over: WhatsApp's list has ten rows


def read_flows(root: Path) -> tuple[Flows, list[ContentProblem]]:
    """The flows by id, and what is wrong with the rest. root: the responses folder."""
    flows: dict[str, Flow] = {}
    problems: list[ContentProblem] = []
    for path in sorted((root / FOLDER).glob("*.yml")):
        try:
            file = read_yaml(path, f"responses/{FOLDER}/{path.name}")
            shape = fit(FlowShape, (file.data or {}).get(FLOW), file, (FLOW,), FLOW)
        except ContentFaults as faults:
            problems += faults.problems
            continue
        found = [_at(file, what, do) for what, do in _faults(shape, set(file.data))]
        if shape.id in flows:
            found.append(_at(file, f"there is another flow '{shape.id}'", "Rename one of the two"))
        problems += found
        if not found:
            flows[shape.id] = _flow(shape)
    return flows, problems


def _at(file: YamlFile, what: str, do: str) -> ContentProblem:
    return ContentProblem(what, where=file.where((FLOW,), label=FLOW), do=do)


def _flow(shape: FlowShape) -> Flow:
    ends = (
        End(
            f"{shape.id}.{end.show}",
            frozenset(end.any_of),
            end.at_least,
            tuple(end.counting),
            end.sections,
        )
        for end in shape.ends
    )
    return Flow(
        id=shape.id,
        title=shape.title,
        go_on=shape.go_on,
        roles=frozenset(shape.roles),
        instead=shape.instead,
        steps=tuple(_step(step) for step in shape.steps),
        ends=tuple(ends),
    )


def _step(shape: StepShape) -> Step:
    """With the option to pass over it, or to end a choice of many, which every step has."""
    options = [Option(o.id, o.title, tuple(o.sets), o.next) for o in shape.options]
    if all(option.id != SKIP for option in options):
        options.append(Option(DONE, shape.done) if shape.many else Option(SKIP, shape.skip))
    return Step(shape.id, tuple(options), shape.many, shape.hears, frozenset(shape.unless))


def _faults(flow: FlowShape, entries: set[str]) -> Iterator[tuple[str, str]]:
    names = [step.id for step in flow.steps]
    marks = KNOWN | {mark for step in flow.steps for o in step.options for mark in o.sets}
    if len(set(names)) < len(names):
        yield "two steps have the same id", "Rename one of the two"
    for at, step in enumerate(flow.steps):
        yield from _step_faults(flow, at, step, entries)
        yield from _unknown_marks(step.unless, marks, f"step '{step.id}'")
    picks = {m.removeprefix("pick:") for m in marks if m.startswith("pick:")}
    for number, end in enumerate(flow.ends, start=1):
        if f"{flow.id}.{end.show}" not in entries:
            yield f"'{flow.id}.{end.show}' is not an entry of this file", "Write it"
        yield from _unknown_marks(end.any_of, marks, f"end '{end.show}'")
        last = number == len(flow.ends)
        if last != (not end.any_of and not end.at_least):
            yield "the last end, and only it, must hold for everybody", "Move its conditions"
        for pick in sorted(picks) if end.sections else ():
            if f"{flow.id}.for_{pick}" not in entries:
                yield f"'{flow.id}.for_{pick}' is not an entry of this file", "Write it"


def _step_faults(
    flow: FlowShape, at: int, step: StepShape, entries: set[str]
) -> Iterator[tuple[str, str]]:
    later = {known.id for known in flow.steps[at + 1 :]}
    if f"step.{flow.id}.{step.id}" not in entries:
        yield f"'step.{flow.id}.{step.id}' is not an entry of this file", "Write the question"
    if not step.options and not step.hears:
        yield f"step '{step.id}' offers nothing", "Give it options, or `hears: true`"
    if len(step.options) > MOST_OPTIONS:
        yield f"step '{step.id}' has more than {MOST_OPTIONS} options", "Make two steps of it"
    for option in step.options:
        if option.next is not None and option.next not in later:
            yield f"'{option.next}' is not a later step", "A flow only goes forward"
        for mark in option.sets:
            if mark not in KNOWN and not mark.startswith("pick:"):
                yield f"'{mark}' is no mark", f"Use pick:… or one of {', '.join(sorted(KNOWN))}"


def _unknown_marks(
    used: list[str], marks: frozenset[str] | set[str], where: str
) -> Iterator[tuple[str, str]]:
    for mark in used:
        if mark not in marks and not mark.startswith("told:"):
            yield f"nothing sets '{mark}' ({where})", "Correct its spelling"
