"""Reads responses/register/services.yml and law.yml and responses/operator.yml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from bot.content.facts import Registers
from bot.content.faults import ContentFaults
from bot.content.register_shapes import (
    Conflict,
    Event,
    LawFact,
    LawMeta,
    Renamed,
    Service,
    ServicesMeta,
    UnverifiedService,
)
from bot.content.shapes import Strict, fit
from bot.content.yaml_file import Place, YamlFile, read_yaml
from bot.errors import ContentProblem

SERVICE_PARTS: dict[str, type[Strict]] = {
    "services": Service,
    "unverified": UnverifiedService,
    "renamed_or_closed": Renamed,
    "conflicts": Conflict,
    "events": Event,
}
AnyEntry = TypeVar("AnyEntry", bound=Strict)


def read_registers(root: Path) -> tuple[Registers, list[ContentProblem]]:
    """The registers below `root` (the responses folder), and everything that is wrong with them.

    With a problem, the registers may lack entries and must not be used.
    """
    problems: list[ContentProblem] = []
    services: list[Any] = []
    laws: list[Any] = []
    where: dict[str, str] = {}
    operator: dict[str, str] = {}
    for name, reader, into in (
        ("register/services.yml", _services, services),
        ("register/law.yml", _laws, laws),
    ):
        try:
            file = read_yaml(root / name, f"responses/{name}")
            into.extend(reader(file, problems, where))
        except ContentFaults as faults:
            problems += faults.problems
    try:
        operator = _operator(read_yaml(root / "operator.yml", "responses/operator.yml"), where)
    except ContentFaults as faults:
        problems += faults.problems
    usable = {e.id: e for e in services if isinstance(e, Service)}
    events = {e.id: e for e in services if isinstance(e, Event)}
    hidden = frozenset(e.id for e in services if isinstance(e, UnverifiedService)) - set(usable)
    return Registers(usable, {e.id: e for e in laws}, operator, hidden, where, events), problems


def _services(
    file: YamlFile, problems: list[ContentProblem], where: dict[str, str]
) -> list[Strict]:
    top = _top(file, {"meta", *SERVICE_PARTS})
    fit(ServicesMeta, top.get("meta"), file, ("meta",), "meta")
    found: list[Strict] = []
    for part, model in SERVICE_PARTS.items():
        good = _entries(model, top.get(part), file, part, problems)
        for place, entry in good:
            found.append(entry)
            if isinstance(entry, (Service, Event)):
                kind = "event" if isinstance(entry, Event) else "service"
                where[f"{kind}:{entry.id}"] = file.where(place, label=entry.id)
    return found


def _laws(file: YamlFile, problems: list[ContentProblem], where: dict[str, str]) -> list[Strict]:
    top = _top(file, {"meta", "facts"})
    fit(LawMeta, top.get("meta"), file, ("meta",), "meta")
    found: list[Strict] = []
    for place, fact in _entries(LawFact, top.get("facts"), file, "facts", problems):
        found.append(fact)
        where[f"law:{fact.id}"] = file.where(place, label=fact.id)
    return found


def _operator(file: YamlFile, where: dict[str, str]) -> dict[str, str]:
    data = file.data
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        raise _fault(file, (), "every line must be `name: text`", "Write one fact a line")
    where |= {f"operator:{name}": file.where((name,), label=name) for name in data}
    return {name: " ".join(text.split()) for name, text in data.items()}


def _top(file: YamlFile, known: set[str]) -> dict[str, Any]:
    data = file.data
    if not isinstance(data, dict):
        raise _fault(file, (), f"the register needs {', '.join(sorted(known))}", "Restore it")
    for key in data:
        if key not in known:
            do = f"Correct its spelling. Known here: {', '.join(sorted(known))}"
            raise _fault(file, (key,), f"'{key}' is not a key we know", do)
    return data


def _entries(
    model: type[AnyEntry], data: Any, file: YamlFile, part: str, problems: list[ContentProblem]
) -> Iterator[tuple[Place, AnyEntry]]:
    """The good entries of one part; what is wrong with the others goes to `problems`."""
    if not isinstance(data, list):
        raise _fault(file, (part,), f"'{part}' must be a list", f"Restore '{part}:'")
    seen: set[str] = set()
    for number, raw in enumerate(data):
        place: Place = (part, number)
        label = str(raw.get("id", "")) if isinstance(raw, dict) else ""
        try:
            entry = fit(model, raw, file, place, label)
        except ContentFaults as faults:
            problems += faults.problems
            continue
        if label and label in seen:
            what = f"the id '{label}' is given twice"
            problems += _fault(file, place, what, "Remove one of the two entries").problems
        seen.add(label)
        yield place, entry


def _fault(file: YamlFile, place: Place, what: str, do: str) -> ContentFaults:
    return ContentFaults([ContentProblem(what, where=file.where(place), do=do)])
