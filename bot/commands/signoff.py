"""`python -m bot signoff`: what nobody has approved as it is, and recording an approval."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.content.approvals import FILE, Approval, write_approvals
from bot.content.check import check_content
from bot.content.hours import LONDON
from bot.content.library import Item
from bot.content.load import Content, folder_of, load_content
from bot.content.placeholders import fill
from bot.content.signoff import (
    OPERATOR,
    Changed,
    Draft,
    Due,
    Signed,
    State,
    Subject,
    entry_lines,
    state_of,
    states,
    subjects,
)
from bot.errors import ContentProblem, Problem

TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|rev)\b\.?\s", re.IGNORECASE)
CAPITALS = re.compile(r"[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*")
ROLE_WORDS = re.compile(
    r"(?:advis[eo]r|advocate|board|charity|clinic|counsel|director|editor|head|lawyer|lead|"
    r"manager|officer|operator|owner|panel|police|practitioner|psycholog|review|solicitor|speaker|"
    r"specialist|team|translator|trustee|worker)",
    re.IGNORECASE,
)
Confirms = Callable[[str], bool]
"""Asks a person a question; True for yes."""


def listed(content: Content, now: datetime, out: TextIO) -> None:
    """Print what is draft, changed, expired or due, each with its place, then the counts."""
    known = subjects(content)
    counts = dict.fromkeys(("draft", "changed", "expired", "due", "signed"), 0)
    for name, state in states(content, now.astimezone(LONDON).date()).items():
        word, told = _in_words(state)
        counts[word] += 1
        if word != "signed":
            where = known[name].where.split(" ")[0]
            print(f"{word:<8} {name:<44} {where}{told}", file=out)
    for name in _left_over(content, known):
        print(f"gone     {name:<44} responses/{FILE}  nothing has this name any more", file=out)
    print(", ".join(f"{number} {word}" for word, number in counts.items()), file=out)


def approve(
    root: Path,
    names: Sequence[str],
    role: str,
    now: datetime,
    out: TextIO,
    *,
    whole_file: str | None = None,
    confirms: Confirms | None = None,
) -> int:
    """Record that `role` approves these subjects as they are; the number recorded.

    root: as for `load_content`. whole_file: every subject of this file as well, by the end of its
    path. confirms: asked for each one after its text was shown; None: no question.
    Raises Problem, and records nothing, for a role that looks like a name, for a name that is not
    a subject, and for a subject that has a fault.
    """
    _refuse_persons(role)
    content = load_content(root)
    known = subjects(content)
    chosen = _chosen(known, names, whole_file)
    _refuse_faulty(root, chosen, now)
    today = now.astimezone(LONDON).date()
    approvals = dict(content.approvals)
    recorded = 0
    for subject in chosen:
        if isinstance(state_of(content, subject, today), Signed):
            print(f"{subject.name} is approved already", file=out)
            continue
        if confirms is not None:
            for line in shown(content, subject, now):
                print(line, file=out)
            if not confirms(f"Approve {subject.name} as the {role}?"):
                print(f"{subject.name} is left as it was", file=out)
                continue
        approvals[subject.name] = Approval(subject.version, role, today)
        write_approvals(folder_of(root), approvals)  # each at once: whoever stops keeps the rest
        recorded += 1
        print(f"{subject.name} approved by the {role} on {today}", file=out)
    return recorded


def shown(content: Content, subject: Subject, now: datetime) -> Iterator[str]:
    """What is being approved, as a person would see it now: texts, buttons, for whom."""
    yield ""
    yield f"── {subject.name}  ({subject.where.split(' ')[0]})"
    items = {item.id: item for item in content.library.items}
    item = items.get(subject.name)
    if item is None:
        yield from (f"   {line}" for line in entry_lines(content, subject))
        return
    yield f"   for {_audience(item)}"
    if item.named:
        yield f"   named: {item.named}"
    yield from (f"   opens with: {wording}" for wording in item.acknowledge)
    for head, bubbles in (("", item.text), ("the second time:", item.again)):
        if head and bubbles:
            yield f"   {head}"
        for bubble in bubbles:
            filled = fill(bubble, content.registers, now).text
            yield from (f"   │ {line}" for line in filled.split("\n"))
            yield ""
    yield from (f"   [{button.title}] → {button.to}" for button in item.buttons)
    yield f"   sources: {', '.join(item.sources)}; to be read again by {item.review_by}"


def _audience(item: Item) -> str:
    told = (item.role, item.nation, item.channel)
    return ", ".join(part.replace("_", " ") for part in told if part) or "everybody"


def _in_words(state: State) -> tuple[str, str]:
    match state:
        case Draft():
            return "draft", ""
        case Changed(role, on):
            return "changed", f"  since the {role} approved it on {on}"
        case Due(role=role, by=by, expired=expired):
            told = f"  read again by {by}; approved by the {role}"
            return ("expired" if expired else "due"), told
        case Signed():
            return "signed", ""


def _left_over(content: Content, known: dict[str, Subject]) -> list[str]:
    return sorted(set(content.approvals) - set(known))


def _chosen(
    known: dict[str, Subject], names: Sequence[str], whole_file: str | None
) -> list[Subject]:
    for name in names:
        if name not in known:
            raise _unknown(name)
    chosen = {name: known[name] for name in names}
    if whole_file is not None:
        inside = [s for s in known.values() if _file_of(s).endswith(f"/{Path(whole_file).name}")]
        if not inside:
            raise ContentProblem(
                "nothing to approve is in this file", where=whole_file, do="Name a responses file"
            )
        chosen |= {subject.name: subject for subject in inside}
    if not chosen:
        raise Problem(
            "nothing was named", where="signoff approve", do="Name an item, or --all-in a file"
        )
    return list(chosen.values())


def _unknown(name: str) -> ContentProblem:
    return ContentProblem(
        "there is no such text, and no such fact that a text shows",
        where=name,
        do="Take a name from `python -m bot signoff`",
    )


def _refuse_faulty(root: Path, chosen: Sequence[Subject], now: datetime) -> None:
    faults = check_content(root, now)
    places = {subject.where for subject in chosen}
    operator = any(subject.name == OPERATOR for subject in chosen)
    mine = [
        fault
        for fault in faults
        if fault.where in places or (operator and fault.where.startswith("responses/operator.yml"))
    ]
    if mine:
        told = "; ".join(f"{fault.where}: {fault.what}" for fault in mine)
        raise ContentProblem(
            f"what has a fault can't be approved ({told})",
            where="signoff approve",
            do="Put it right first: python -m bot check",
        )


def _refuse_persons(role: str) -> None:
    words = role.strip()
    name = CAPITALS.fullmatch(words) and not ROLE_WORDS.search(words)
    if not words or "@" in words or "\n" in words or TITLED.search(f"{words} ") or name:
        raise Problem(
            "a role is wanted, not a person's name or address",
            where="--role",
            do="Say in which role it is approved, such as 'clinical lead' or 'solicitor, Scotland'",
        )


def _file_of(subject: Subject) -> str:
    return "/" + subject.where.split(":")[0]
