"""The schema that an editor's text editor uses says what our reader says."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.content.schema import schema
from tests.bot.content.responses import REAL
from tools.schema import FILE, as_text

FILES = sorted(REAL.glob("**/*.yml"))
NAMES = [path.relative_to(REAL).as_posix() for path in FILES]
KINDS: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "number": (int, float), "integer": int,
    "boolean": bool, "null": type(None),
}  # fmt: skip


def wrong(value: Any, rule: dict[str, Any], at: str = "") -> list[str]:
    """What of `value` does not fit; knows the keywords that our schema uses."""
    if "$ref" in rule:
        return wrong(value, schema()["definitions"][rule["$ref"].split("/")[-1]], at)
    found: list[str] = []
    if "if" in rule:
        side = "else" if wrong(value, rule["if"]) else "then"
        found += wrong(value, rule.get(side, {}), at)
    if "anyOf" in rule and all(wrong(value, one, at) for one in rule["anyOf"]):
        found.append(f"{at}: fits none of {len(rule['anyOf'])}")
    kinds = rule.get("type", list(KINDS))
    if not any(isinstance(value, KINDS[k]) for k in ([kinds] if isinstance(kinds, str) else kinds)):
        return [*found, f"{at}: is not {kinds}"]
    if "enum" in rule and value not in rule["enum"]:
        found.append(f"{at}: is none of {rule['enum']}")
    if "pattern" in rule and not re.search(rule["pattern"], str(value)):
        found.append(f"{at}: is not like {rule['pattern']}")
    if isinstance(value, dict):
        found += _wrong_keys(value, rule, at)
    if isinstance(value, list):
        found += [
            w for n, one in enumerate(value) for w in wrong(one, rule.get("items", {}), f"{at}/{n}")
        ]
    return found


def _wrong_keys(value: dict[str, Any], rule: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: lacks {key}" for key in rule.get("required", ()) if key not in value]
    patterns = rule.get("patternProperties", {})
    for key, one in value.items():
        inner = rule.get("properties", {}).get(key)
        inner = inner or next((r for p, r in patterns.items() if re.search(p, key)), None)
        more = rule.get("additionalProperties", {})
        if inner is None and more is False:
            found.append(f"{at}: has {key}")
        found += wrong(one, inner if inner is not None else more or {}, f"{at}/{key}")
    return found


def test_the_file_is_what_the_models_say() -> None:
    """Whoever changes a model runs `python -m tools.schema`."""
    assert FILE.read_text(encoding="utf-8") == as_text()


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_file_that_is_served_fits(path: Path) -> None:
    """A text editor shows no false warning."""
    data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))

    assert wrong(_plain(data), schema()) == []


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_file_names_the_schema(path: Path) -> None:
    """In its first line, where a text editor looks for it."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)

    assert named
    assert (path.parent / named.group(1)).resolve() == FILE


BAD = {
    "a misspelt key": {"court": {"text": "You can.", "buttns": []}},
    "no text": {"court": {"title": "At court"}},
    "an unknown role": {"court.x": {"text": "x", "variant_of": "court", "for": {"role": "friend"}}},
    "a button without a target": {"court": {"text": "x", "buttons": [{"title": "x"}]}},
    "an unknown kind": {"court": {"text": "x", "kind": "urgent"}},
    "an id that can't be": {"Court": {"text": "x"}},
    "a card without a tag": {"drafted": "machine", "name": "x", "english_name": "x", "text": "x"},
    "a person in an approval": {"approvals": {"court": {"version": "0" * 16, "name": "x"}}},
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_mistake_is_seen_while_typing(data: dict[str, Any]) -> None:
    """What our reader would refuse."""
    assert wrong(data, schema()) != []


def _plain(value: Any) -> Any:
    """Dates as text: JSON has none."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
