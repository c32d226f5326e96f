"""Reads the editors' files (topics, flows, languages) into entries, one file at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content.faults import ContentFaults
from bot.content.shapes import ID, FileShape, ItemShape, LanguageShape, fit
from bot.content.yaml_file import YamlFile, read_yaml
from bot.errors import ContentProblem

FOLDERS = ("topics", "flows")  # below responses/; flows may be missing
DEFAULTS = "_file"
FLOW = "_flow"


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as written, with the defaults of its file."""

    id: str
    shape: ItemShape
    defaults: FileShape
    where: str


@dataclass(frozen=True, slots=True)
class Language:
    """A rescue card's language. drafted: `machine`, or who drafted it and when."""

    tag: str  # BCP 47
    name: str  # in the language itself
    english_name: str
    drafted: str


def read_entries(root: Path) -> tuple[list[Entry], list[ContentProblem]]:
    """All entries of topics and flows below `root`, and what is wrong with the rest."""
    entries: list[Entry] = []
    problems: list[ContentProblem] = []
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("**/*.yml")):
            try:
                file = read_yaml(path, f"responses/{path.relative_to(root).as_posix()}")
                entries += _items(file, problems)
            except ContentFaults as faults:
                problems += faults.problems
    return entries, problems


def read_languages(root: Path) -> tuple[list[Entry], dict[str, Language], list[ContentProblem]]:
    """The rescue cards as entries `language.<tag>`, their languages, and what is wrong."""
    entries: list[Entry] = []
    languages: dict[str, Language] = {}
    problems: list[ContentProblem] = []
    for path in sorted((root / "languages").glob("*.yml")):
        try:
            file = read_yaml(path, f"responses/languages/{path.name}")
            shape = fit(LanguageShape, file.data, file, (), path.stem)
        except ContentFaults as faults:
            problems += faults.problems
            continue
        name = f"language.{shape.tag}"
        if shape.tag in languages:
            what = f"there is another card for '{shape.tag}'"
            problems.append(ContentProblem(what, where=file.where(("tag",)), do="Keep one"))
            continue
        languages[shape.tag] = Language(shape.tag, shape.name, shape.english_name, shape.drafted)
        fields = shape.model_dump(exclude={"tag", "name", "english_name", "drafted"})
        item = ItemShape(title=shape.name, **fields)
        entries.append(Entry(name, item, FileShape(), file.where((), label=name)))
    return entries, languages, problems


def _items(file: YamlFile, problems: list[ContentProblem]) -> Iterator[Entry]:
    if file.data is None:
        return
    if not isinstance(file.data, dict):
        what = "the file must hold entries, each a name and its lines"
        do = "Begin each entry with its id at the start of a line"
        raise ContentFaults([ContentProblem(what, where=file.where(), do=do)])
    written: dict[str, Any] = dict(file.data)
    written.pop(FLOW, None)  # read by flows.py
    defaults = fit(FileShape, written.pop(DEFAULTS, {}) or {}, file, (DEFAULTS,), DEFAULTS)
    for name, data in written.items():
        where = file.where((name,), label=name)
        if not re.fullmatch(ID, name):
            do = "Use small letters, digits, `_` and dots, as in evidence.diary"
            problems.append(ContentProblem(f"'{name}' can't be an id", where=where, do=do))
            continue
        try:
            shape = fit(ItemShape, data, file, (name,), name)
        except ContentFaults as faults:
            problems += faults.problems
            continue
        yield Entry(name, shape, defaults, where)
