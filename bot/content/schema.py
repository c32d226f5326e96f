"""The JSON Schema of the files below responses/, made from the same models that read them.

One schema for all files, told apart by what they hold, so that an editor's text editor completes
keys and warns while typing. `python -m tools.schema` writes it; a test compares.
"""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.content.approvals import ApprovalShape
from bot.content.entries import FLOW
from bot.content.register_shapes import (
    OPERATOR_LINES,
    Conflict,
    Event,
    LawFact,
    LawMeta,
    Renamed,
    Service,
    ServicesMeta,
    UnverifiedService,
)
from bot.content.shapes import ID, FileShape, FlowShape, ItemShape, LanguageShape

PARTS: dict[str, type[BaseModel]] = {
    "services": Service, "unverified": UnverifiedService, "renamed_or_closed": Renamed,
    "conflicts": Conflict, "events": Event,
}  # fmt: skip
SINGLE = (
    ItemShape, FileShape, FlowShape, LanguageShape, ServicesMeta, LawMeta, LawFact, ApprovalShape,
)  # fmt: skip
SCALAR = ["string", "number", "boolean"]  # our reader takes all of them as text: `year: 2026`


def schema() -> dict[str, Any]:
    """The whole schema, draft 7, as plain JSON values."""
    models = [(model, "validation") for model in (*SINGLE, *PARTS.values())]
    _, made = models_json_schema(models, ref_template="#/definitions/{model}")  # type: ignore[arg-type]
    kinds = [
        ("drafted", _ref(LanguageShape)),
        ("services", _register(ServicesMeta, PARTS)),
        ("facts", _register(LawMeta, {"facts": LawFact})),
        ("approvals", _approvals()),
        ("what_is_stored", _operator()),
    ]
    chosen: dict[str, Any] = _topics()
    for key, shape in reversed(kinds):
        chosen = {"if": {"required": [key]}, "then": shape, "else": chosen}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Texts and registers below responses/",
        "type": "object",
        **chosen,
        "definitions": {name: _loose(part) for name, part in made["$defs"].items()},
    }


def _ref(model: type[BaseModel]) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{model.__name__}"}


def _topics() -> dict[str, Any]:
    return {
        "properties": {"_file": _ref(FileShape), FLOW: _ref(FlowShape)},
        "patternProperties": {f"^{ID.pattern}$": _ref(ItemShape)},
        "additionalProperties": False,
    }


def _register(meta: type[BaseModel], parts: dict[str, type[BaseModel]]) -> dict[str, Any]:
    lists = {name: {"type": "array", "items": _ref(model)} for name, model in parts.items()}
    return {"properties": {"meta": _ref(meta), **lists}, "additionalProperties": False}


def _approvals() -> dict[str, Any]:
    each = {"type": ["object", "null"], "additionalProperties": _ref(ApprovalShape)}
    return {"properties": {"approvals": each}, "additionalProperties": False}


def _operator() -> dict[str, Any]:
    lines = {name: {"type": SCALAR, "description": told} for name, told in OPERATOR_LINES.items()}
    return {"properties": lines, "additionalProperties": {"type": SCALAR}}


def _loose(part: Any) -> Any:
    """The same, but numbers and `true` may stand where text is read: YAML has them unquoted."""
    if isinstance(part, list):
        return [_loose(one) for one in part]
    if not isinstance(part, dict):
        return part
    loose = {key: _loose(value) for key, value in part.items()}
    if loose.get("type") == "string" and not {"enum", "const", "format"} & set(loose):
        loose["type"] = SCALAR
    return loose
