"""A strict reader for YAML that editors write: all scalars are text, nothing is guessed.

Ordinary YAML loading turns `no` into False and `0101` into 65, silently keeps the last of two equal
keys, and lets one part of a file stand for another. Here those are faults with a line number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from bot.content.faults import ContentFaults
from bot.errors import ContentProblem

MAX_BYTES = 1_000_000  # a file of content; the largest register has 140,000
MAX_DEPTH = 12  # levels of nesting; the registers have 6
EMPTY = frozenset({"", "~", "null"})  # unquoted, these mean "nothing"

Place = tuple[str | int, ...]
"""Keys and list positions from the top of a file down to one value."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """One file as read: dict, list, str and None only."""

    name: str  # as it is told to the editor: responses/topics/action.yml
    data: Any
    lines: dict[Place, int] = field(repr=False)  # counted from 1

    def where(self, place: Place = (), *, label: str = "") -> str:
        """`file:line label` for a value, or for the closest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.name}:{self.lines.get(place, 1)} {label}".rstrip()


def read_yaml(path: Path, name: str) -> YamlFile:
    """The file's content with a line for each value.

    name: how the file is called in complaints. Raises ContentFaults with exactly one problem for
    anything that is not plain, unambiguous YAML in UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _fault(
            name, 1, "the file can't be read", "Put it back, or correct its name"
        ) from error
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, name: str) -> YamlFile:
    """As `read_yaml`, for bytes already read."""
    if len(raw) > MAX_BYTES:
        raise _fault(name, 1, f"the file is larger than {MAX_BYTES:,} bytes", "Split it")
    text = _decode(raw, name)
    reader = _Reader(name)
    # only the parser's events are used: nothing is constructed, resolved or guessed by the library
    try:
        return YamlFile(
            name, reader.document(YAML(typ="safe", pure=True).parse(text)), reader.lines
        )
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = " ".join(str(error.problem or error.context).split())
        raise _fault(
            name,
            line,
            f"this is not valid YAML: {said}",
            "Check the indentation, quotes and colons",
        ) from error
    except YAMLError as error:
        raise _fault(
            name, 1, "the file holds a character that text never has", "Type the line again"
        ) from error


def _decode(raw: bytes, name: str) -> str:
    """The bytes as text; tabs and other encodings are refused with their line."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _fault(name, line, "the file is not UTF-8 text", "Save it as UTF-8") from error
    if "\t" in text:
        line = text[: text.index("\t")].count("\n") + 1
        raise _fault(name, line, "there is a tab", "Use spaces instead")
    return text


class _Reader:
    """Builds plain values from parser events and remembers where each one began."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {}

    def document(self, events: Iterator[Event]) -> Any:
        """The one document of the file, None for an empty file."""
        data: Any = None
        seen = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                seen += 1
                if seen > 1:
                    raise self._fault(event, "a second document begins here", "Remove the `---`")
                data = self._value(next(events), events, ())
            elif isinstance(event, (DocumentEndEvent, StreamEndEvent)):
                continue
        return data

    def _value(self, event: Event, events: Iterator[Event], place: Place) -> Any:
        self._refuse_tricks(event, place)
        self.lines.setdefault(place, event.start_mark.line + 1)
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, place)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, place)
        assert isinstance(event, ScalarEvent)
        quoted = bool(event.style)
        return event.value if quoted or event.value not in EMPTY else None

    def _mapping(self, events: Iterator[Event], place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(events), MappingEndEvent):
            self._refuse_tricks(event, place)
            if not isinstance(event, ScalarEvent):
                raise self._fault(event, "a key must be plain text", "Remove the `?`, `[` or `{`")
            key = event.value
            if key == "<<":
                raise self._fault(event, "`<<` merges are not allowed", "Write the lines out")
            line = event.start_mark.line + 1
            if key in result:
                first = self.lines[(*place, key)]
                raise self._fault(
                    event, f"'{key}' is already given in line {first}", "Keep one of the two"
                )
            self.lines[(*place, key)] = line
            result[key] = self._value(next(events), events, (*place, key))
        return result

    def _sequence(self, events: Iterator[Event], place: Place) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            result.append(self._value(event, events, (*place, len(result))))
        return result

    def _refuse_tricks(self, event: Event, place: Place) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, AliasEvent):
            raise self._fault(event, f"`*{anchor}` is not allowed", "Write the text out")
        if anchor:
            raise self._fault(event, f"`&{anchor}` is not allowed", "Remove it")
        if tag:
            raise self._fault(event, f"the tag `{tag}` is not allowed", "Remove it")
        if len(place) > MAX_DEPTH:
            raise self._fault(event, f"more than {MAX_DEPTH} levels", "Use fewer levels")

    def _fault(self, event: Event, what: str, do: str) -> ContentFaults:
        return _fault(self.name, event.start_mark.line + 1, what, do)


def _fault(name: str, line: int, what: str, do: str) -> ContentFaults:
    return ContentFaults([ContentProblem(what, where=f"{name}:{line}", do=do)])
