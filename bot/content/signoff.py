"""What is approved: for every text and every fact that reaches a person, its state today.

A subject is an item (by its id), an entry of a register that some text shows (`service:ID`,
`law:ID`, `event:ID`), or the operator's page (`operator`). Its version is a hash over everything of
it that a person may be shown, facts included, so that a corrected number takes the approval of each
text that shows it. See docs/decisions/0009-sign-off.md.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.content.facts import ANY_INSTANT, FIELDS, HOURS_FIELDS, Registers
from bot.content.library import Item
from bot.content.load import Content
from bot.content.placeholders import keys_in
from bot.content.register_shapes import Service
from bot.flow import Flow

SCHEME = "3"  # part of every hash; change it when what is hashed changes
GOOD_FOR = timedelta(days=180)  # an approved fact without a review date is rung again after this
NOTICE = timedelta(days=30)  # before its date, it is listed as due
OPERATOR = "operator"
FLOW = "flow:"
PER_ENTRY = ("service", "law", "event")


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to approve. review_by: its own date, None where the approval sets one."""

    name: str
    version: str  # 16 hex digits
    review_by: date | None
    where: str  # file:line id


@dataclass(frozen=True, slots=True)
class Draft:
    """Nobody has approved it."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Approved as it is, until `by`."""

    role: str
    on: date
    by: date


@dataclass(frozen=True, slots=True)
class Changed:
    """Another version of it was approved."""

    role: str
    on: date


@dataclass(frozen=True, slots=True)
class Due:
    """Approved as it is, but its review is at hand, or over (`expired`)."""

    role: str
    on: date
    by: date
    expired: bool


State = Draft | Signed | Changed | Due


def subjects(content: Content) -> dict[str, Subject]:
    """Everything that needs an approval, by name: texts, flows, facts shown, the operator's page.

    Register entries that no text shows reach nobody and need none.
    """
    found = {item.id: _of_item(item, content.registers) for item in content.library.items}
    shown = sorted({key for item in content.library.items for key in _keys(item)})
    for name in dict.fromkeys(_entry_of(key) for key in shown):
        if name != OPERATOR:
            found[name] = _of_entry(name, content.registers)
    for flow in content.flows.values():
        name = FLOW + flow.id
        file = found[f"step.{flow.id}.{flow.steps[0].id}"].where.partition(":")[0]
        told = {"lines": list(_of_flow(flow)), "roles": sorted(flow.roles)}
        found[name] = Subject(name, _hash("flow", told), None, f"{file}:1 {name}")
    lines = content.registers.operator
    at = f"responses/operator.yml:1 {OPERATOR}"
    found[OPERATOR] = Subject(OPERATOR, _hash(OPERATOR, dict(lines)), None, at)
    return found


def state_of(content: Content, subject: Subject | Item, today: date) -> State:
    """Where the approval of one subject stands. An item stands for itself."""
    if isinstance(subject, Item):
        subject = _of_item(subject, content.registers)
    approval = content.approvals.get(subject.name)
    if approval is None:
        return Draft()
    if approval.version != subject.version:
        return Changed(approval.role, approval.on)
    by = subject.review_by or approval.on + GOOD_FOR
    if by < today + NOTICE:
        return Due(approval.role, approval.on, by, expired=by < today)
    return Signed(approval.role, approval.on, by)


def states(content: Content, today: date) -> dict[str, State]:
    """The state of every subject, by name, texts first in the order of their files."""
    return {name: state_of(content, subject, today) for name, subject in subjects(content).items()}


def shown_entries(item: Item) -> tuple[str, ...]:
    """The subjects whose facts an item shows, each once: `service:ID`, `law:ID`, `operator`."""
    return tuple(dict.fromkeys(_entry_of(key) for key in _keys(item)))


def entry_lines(content: Content, subject: Subject) -> Iterator[str]:
    """What a subject that is no item tells people: `field: value`, one a line."""
    registers = content.registers
    if subject.name == OPERATOR:
        yield from (f"{name}: {text}" for name, text in registers.operator.items())
        return
    if subject.name.startswith(FLOW):
        yield from _of_flow(content.flows[subject.name.removeprefix(FLOW)])
        return
    told = _told(subject.name, registers)
    kind, _, id_ = subject.name.partition(":")
    if kind == "service":
        told["hours"] = FIELDS["hours"](registers.services[id_], ANY_INSTANT)
    for field, value in told.items():
        words = ", ".join(map(str, value)) if isinstance(value, list) else value
        if words:
            yield f"{field}: {words}"


def _of_flow(flow: Flow) -> Iterator[str]:
    """What is asked in which order and what follows: all that its texts do not say themselves."""
    yield f"starts with: {flow.title}; goes on with: {flow.go_on}; others get: {flow.instead}"
    for step in flow.steps:
        kind = ", several" * step.many + ", own words" * step.hears
        unless = f", unless {', '.join(sorted(step.unless))}" if step.unless else ""
        yield f"step {step.id}{kind}{unless}"
        for option in step.options:
            sets = f" sets {', '.join(option.sets)}" if option.sets else ""
            yield f"  [{option.title}]{sets}" + (f" then {option.next}" if option.next else "")
    for end in flow.ends:
        known = [*sorted(end.any_of)]
        known += [f"{end.at_least} of {', '.join(end.counting)}"] if end.at_least else []
        sections = ", with a section for each pick" * end.sections
        yield f"end {end.item}: {' or '.join(known) or 'everybody else'}{sections}"


def _keys(item: Item) -> Iterator[str]:
    for bubble in (*item.text, *item.again, *item.acknowledge):
        yield from keys_in(bubble)


def _entry_of(key: str) -> str:
    """`{law.x}` shows `law:x`, `{samaritans.phone}` shows `service:samaritans`."""
    register, _, name = key.partition(".")
    if register == OPERATOR:
        return OPERATOR
    return f"{register}:{name}" if register in PER_ENTRY else f"service:{register}"


def _of_item(item: Item, registers: Registers) -> Subject:
    told = {
        "id": item.id,
        "for": [item.base, item.role, item.nation, item.channel],
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        "again": item.again,
        "acknowledge": item.acknowledge,
        "named": item.named,
        "choose": item.choose,
        "buttons": [[button.title, button.to] for button in item.buttons],
        "facts": {key: _fact(key, registers) for key in sorted(set(_keys(item)))},
        # a date moved by hand would otherwise bring back a text that nobody has read again
        "review_by": str(item.review_by),
    }
    return Subject(item.id, _hash("item", told), item.review_by, item.where)


def _of_entry(name: str, registers: Registers) -> Subject:
    kind, _, id_ = name.partition(":")
    review_by = registers.laws[id_].review_by if kind == "law" else None
    told = _hash(name, _told(name, registers))
    return Subject(name, told, review_by, registers.where.get(name, ""))


def _told(name: str, registers: Registers) -> dict[str, Any]:
    """All that can be shown of a register entry, and what decides to whom."""
    kind, _, id_ = name.partition(":")
    if kind == "law":
        law = registers.laws[id_]
        told: dict[str, Any] = {"statement": law.statement, "nation": law.nation}
        return told | {"sure": law.confidence, "review_by": str(law.review_by)}
    if kind == "event":
        return registers.events[id_].model_dump(mode="json", include={"name", "dates"})
    return _service(registers.services[id_])


def _service(service: Service) -> dict[str, Any]:
    told = {field: show(service, ANY_INSTANT) for field, show in FIELDS.items()}
    told = {field: value for field, value in told.items() if field not in HOURS_FIELDS}
    decides = {"group": service.group, "who": service.who, "nations": service.nations}
    decides["also"] = list(service.also)
    return {**told, **decides, "sure": service.confidence, "hours": _hours(service)}


def _fact(key: str, registers: Registers) -> Any:
    """What a placeholder can show, whatever the time: its value, or the hours behind it."""
    register, _, name = key.partition(".")
    if register == OPERATOR:
        return registers.operator[name]
    if register == "law":
        return [registers.laws[name].statement, registers.laws[name].nation]
    if register == "event":
        return registers.events[name].name
    service = registers.services[register]
    return _hours(service) if name in HOURS_FIELDS else FIELDS[name](service, ANY_INSTANT)


def _hours(service: Service) -> dict[str, Any]:
    told = service.hours.model_dump(mode="json", exclude={"note"})
    return {**told, "calendar": service.calendar, "nations": service.nations}


def _hash(kind: str, told: Mapping[str, Any]) -> str:
    plain = json.dumps([SCHEME, kind, told], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
