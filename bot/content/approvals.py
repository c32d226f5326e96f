"""responses/signoff.yml: who approved which version of what, and when.

The file is written by `python -m bot signoff approve` and read with the content. It holds roles,
never the names of people: whoever keeps the list of who had which role when can answer for both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from bot.content.faults import ContentFaults
from bot.content.shapes import Day, Strict, Text, fit
from bot.content.yaml_file import read_yaml
from bot.errors import ContentProblem

FILE = "signoff.yml"  # below responses/
TOP = "approvals"
HEADER = """\
# yaml-language-server: $schema=schema.json
# Who approved which version of each text and fact. Written by `python -m bot signoff approve`, see
# responses/README.md. What is not listed is a draft. `role` is a role, never a person's name.
"""


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval. version: of what was approved, see signoff.py. role: whoever approved it."""

    version: str
    role: str
    on: date


class ApprovalShape(Strict):
    """One entry of signoff.yml."""

    version: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    role: Text
    on: Day


def read_approvals(root: Path) -> tuple[dict[str, Approval], list[ContentProblem]]:
    """The approvals by subject, and what is wrong with the file. No file: nothing is approved."""
    if not (root / FILE).exists():
        return {}, []
    approvals: dict[str, Approval] = {}
    problems: list[ContentProblem] = []
    try:
        file = read_yaml(root / FILE, f"responses/{FILE}")
    except ContentFaults as faults:
        return {}, list(faults.problems)
    written = file.data.get(TOP) if isinstance(file.data, dict) else file.data
    odd = isinstance(file.data, dict) and set(file.data) - {TOP}
    if odd or (written is not None and not isinstance(written, dict)):
        what = f"the file must hold '{TOP}:' and nothing else"
        return {}, [ContentProblem(what, where=file.where(), do="Restore it from the last version")]
    for name, data in (written or {}).items():
        try:
            shape = fit(ApprovalShape, data, file, (TOP, name), name)
        except ContentFaults as faults:
            problems += faults.problems
            continue
        approvals[name] = Approval(shape.version, shape.role, shape.on)
    return approvals, problems


def write_approvals(root: Path, approvals: Mapping[str, Approval]) -> None:
    """Put the file in place as a whole: a reader sees the old list or the new one.

    Raises OSError when the folder can't be written to.
    """
    lines = [HEADER, f"{TOP}:\n" if approvals else f"{TOP}: {{}}\n"]
    for name in sorted(approvals):
        one = approvals[name]
        role = one.role.replace("'", "''")
        lines.append(f"  '{name}': {{version: '{one.version}', role: '{role}', on: '{one.on}'}}\n")
    new = root / f".{FILE}.new"
    new.write_text("".join(lines), encoding="utf-8")
    new.replace(root / FILE)
