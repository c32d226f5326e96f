"""Examples and configuration, read strictly: a fault names its file and line, nothing is guessed.

The files are Rasa's: `nlu/data/*.yml` in its training-data format (3.1), `config.yml` at the root.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nlu.problem import DataProblem

DATA_DIR = Path(__file__).parent / "data"
CONFIG_FILE = Path(__file__).parent.parent / "config.yml"
COMPONENT = "nlu.rasa.component.AlongsideClassifier"
"""The name of our pipeline entry in config.yml; both engines take their parameters from it."""

_ANNOTATION = re.compile(r"\[[^\]]+\][({]")  # Rasa would read it as an entity


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message. slice, who and hand say how it was written, and by which writer.

    hard_negative_of: the urgent intent it sounds like and is not; most often empty.
    """

    text: str
    intent: str
    slice: str = "plain"
    who: str = "anyone"
    hand: str = ""
    where: str = ""  # file:line
    hard_negative_of: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """The parameters of our pipeline entry in config.yml."""

    seed: int = 20261124
    word_ngrams: int = 2  # longest run of words that is one feature
    char_ngrams: tuple[int, int] = (3, 4)  # shortest and longest run of characters
    min_count: int = 2  # a feature seen in fewer examples is dropped
    max_features: int = 20000  # of words and of characters, each
    encoder: bool = True
    encoder_scale: float = 1.0  # how much the sentence's meaning weighs against its words
    penalties: tuple[float, ...] = (10.0, 30.0)  # inverse strengths tried (C)
    folds: int = 3
    urgent_weight: float = 2.0  # how much more a missed urgent example costs in training
    urgent_recall: float = 0.93  # share of urgent examples, unseen in training, that must alarm
    augment: float = 0.25  # noisy copies per example
    held: tuple[str, ...] = ("b", "g")  # hands by whose lines a tuned encoder is judged


@dataclass(slots=True)
class _Reader:
    """The nodes of one YAML file, with the line of each fault."""

    file: Path
    seen: set[int] = field(default_factory=set)

    def fault(self, node: Node | None, what: str, do: str) -> DataProblem:
        line = "" if node is None else f":{node.start_mark.line + 1}"
        return DataProblem(what, where=f"{self.file.name}{line}", do=do)

    def root(self) -> MappingNode:
        try:
            text = self.file.read_text(encoding="utf-8")
            node = YAML(pure=True).compose(text)
        except (OSError, UnicodeDecodeError) as error:
            raise self.fault(
                None, "the file cannot be read as UTF-8 text", "Save it anew"
            ) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark
            where = f"{self.file.name}:{mark.line + 1}" if mark else self.file.name
            raise DataProblem(
                f"not readable as YAML ({error.problem})", where=where, do="Correct that line"
            ) from error
        if not isinstance(node, MappingNode):
            raise self.fault(
                node, "the file is not a list of `key: value`", "Start it with `version:`"
            )
        return node

    def pairs(self, node: Node) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            raise self.fault(
                node, "`key: value` lines are expected here", "Correct the indentation"
            )
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = self.text(key)
            if name in found:
                raise self.fault(key, f"`{name}` stands here twice", "Keep one of the two")
            found[name] = value
        return found

    def items(self, node: Node) -> list[Node]:
        if not isinstance(node, SequenceNode):
            raise self.fault(node, "a list is expected here", "Start each line with `- `")
        return list(node.value)

    def text(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self.fault(node, "plain text is expected here", "Put the text in quotes")
        return str(node.value)


def read_examples(folder: Path, intents: frozenset[str]) -> tuple[Example, ...]:
    """Every example of the folder's `*.yml`, files in name order, lines in file order.

    Raises DataProblem for the first fault: an unknown intent or key, an empty text, Rasa's entity
    marks (`[words](name)`), a duplicate key, unreadable YAML, or a folder without examples.
    """
    found = tuple(
        example
        for file in sorted(folder.glob("*.yml"))
        for example in _file(_Reader(file), intents)
    )
    if not found:
        raise DataProblem(
            "there are no training examples",
            where=str(folder),
            do="Put back the files of nlu/data",
        )
    return found


def _file(reader: _Reader, intents: frozenset[str]) -> Iterator[Example]:
    root = reader.root()
    top = reader.pairs(root)
    for key, node in top.items():
        if key not in {"version", "nlu"}:
            raise reader.fault(node, f"`{key}` is not known here", "Keep only `version` and `nlu`")
    if "nlu" not in top:
        raise reader.fault(root, "there is no `nlu` list", "Add `nlu:`")
    for entry in reader.items(top["nlu"]):
        block = reader.pairs(entry)
        if set(block) != {"intent", "examples"}:
            raise reader.fault(
                entry, "an entry has exactly `intent` and `examples`", "Correct the entry's keys"
            )
        intent = reader.text(block["intent"])
        if intent not in intents:
            raise reader.fault(
                block["intent"], f"`{intent}` is not in taxonomy.yml", "Correct the intent's name"
            )
        yield from _examples(reader, intent, block["examples"])


def _examples(reader: _Reader, intent: str, node: Node) -> Iterator[Example]:
    """Both of Rasa's forms: a block of `- text` lines, or a list with metadata."""
    if isinstance(node, ScalarNode):
        first = node.start_mark.line + (2 if node.style in {"|", ">"} else 1)
        for number, line in enumerate(reader.text(node).splitlines()):
            if not line.strip():
                continue
            if not line.startswith("- "):
                raise reader.fault(node, "an example does not start with `- `", "Add the dash")
            where = f"{reader.file.name}:{first + number}"
            yield _checked(reader, node, Example(line[2:].strip(), intent, where=where))
        return
    for item in reader.items(node):
        pairs = reader.pairs(item)
        if "text" not in pairs or set(pairs) - {"text", "metadata"}:
            raise reader.fault(item, "an example has `text` and `metadata`", "Correct its keys")
        extra = reader.pairs(pairs["metadata"]) if "metadata" in pairs else {}
        facts = {key: reader.text(value) for key, value in extra.items()}
        yield _checked(
            reader,
            item,
            Example(
                text=reader.text(pairs["text"]).strip(),
                intent=intent,
                slice=facts.get("slice", "plain"),
                who=facts.get("who", "anyone"),
                hand=facts.get("hand", ""),
                where=f"{reader.file.name}:{item.start_mark.line + 1}",
                hard_negative_of=facts.get("hard_negative_of", ""),
            ),
        )


def _checked(reader: _Reader, node: Node, example: Example) -> Example:
    if not example.text:
        raise reader.fault(node, "an example has no text", "Write the message or remove the entry")
    if _ANNOTATION.search(example.text):
        raise reader.fault(
            node, "square brackets before ( or { mark an entity in Rasa", "Write it without them"
        )
    return example


def read_config(file: Path = CONFIG_FILE) -> Config:
    """The parameters of our component in Rasa's config.yml; what is not said has its default.

    Raises DataProblem for a key our component does not know, a value of the wrong kind, or a file
    without the component.
    """
    reader = _Reader(file)
    top = reader.pairs(reader.root())
    if "pipeline" not in top:
        raise reader.fault(None, "there is no `pipeline`", "Put back the file of this version")
    for entry in reader.items(top["pipeline"]):
        pairs = reader.pairs(entry)
        if "name" in pairs and reader.text(pairs.pop("name")) == COMPONENT:
            known = {key: _value(reader, key, node) for key, node in pairs.items()}
            return Config(**known)
    raise reader.fault(
        top["pipeline"], f"the pipeline has no {COMPONENT}", "Put back the file of this version"
    )


_KINDS: dict[str, type] = {
    name: type(value) for name in Config.__dataclass_fields__ for value in [getattr(Config(), name)]
}


def _value(reader: _Reader, key: str, node: Node) -> Any:
    kind = _KINDS.get(key)
    if kind is None:
        raise reader.fault(node, f"`{key}` is not a parameter", "Remove the line")
    try:
        if kind is tuple:
            number: type = type(getattr(Config(), key)[0])
            return tuple(number(reader.text(item)) for item in reader.items(node))
        if kind is bool:
            return {"true": True, "false": False}[reader.text(node).lower()]
        return kind(reader.text(node))
    except (KeyError, ValueError) as error:
        raise reader.fault(
            node, f"`{key}` needs a value like {getattr(Config(), key)}", "Correct it"
        ) from error


def fingerprint(paths: list[Path]) -> str:
    """SHA-256 over the names and bytes of the files, in name order."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        body = path.read_bytes()
        digest.update(f"{path.name} {len(body)}\n".encode())
        digest.update(body)
    return digest.hexdigest()
