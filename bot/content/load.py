"""Loads everything below responses/: all of it, or nothing and the reasons.

Loading refuses what could not be shown at all: broken files, unknown keys, placeholders without a
showable fact, variants of nothing. Whether a text is good enough is `check.py`'s question.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nlu
from bot.actions import target_action
from bot.content.approvals import FILE as SIGNOFF
from bot.content.approvals import Approval, read_approvals
from bot.content.entries import Entry, Language, read_entries, read_languages
from bot.content.facts import ANY_INSTANT, Registers, refusal
from bot.content.faults import ContentFaults
from bot.content.flows import read_flows
from bot.content.library import Button, Item, Library
from bot.content.placeholders import keys_in, without_placeholders
from bot.content.registers_file import read_registers
from bot.content.shapes import ButtonShape
from bot.content.yaml_file import read_yaml
from bot.errors import ContentProblem
from bot.flow import Flows
from bot.messages import Kind

TAXONOMY = Path(nlu.__file__).parent / "taxonomy.yml"


@dataclass(frozen=True, slots=True)
class Content:
    """What the bot may say: read once, never changed."""

    library: Library
    registers: Registers
    languages: Mapping[str, Language]  # by BCP 47 tag
    version: str  # 12 hex digits over all files: which words somebody was shown
    approvals: Mapping[str, Approval] = field(default_factory=dict)  # by subject, see signoff.py
    flows: Flows = field(default_factory=dict)  # by id


def load_content(root: Path) -> Content:
    """The whole content. root: the responses folder, or the checkout that holds it.

    Raises ContentFaults with every problem found.
    """
    content, problems = read_content(root)
    if problems:
        raise ContentFaults(problems)
    return content


def read_content(root: Path) -> tuple[Content, list[ContentProblem]]:
    """As much of the content as can be read, and what is wrong with the rest: for `check`."""
    root = folder_of(root)
    if not root.is_dir():
        missing = ContentProblem(
            "there is no such folder", where=str(root), do="Name the folder of the texts"
        )
        raise ContentFaults([missing])
    registers, problems = read_registers(root)
    entries, entry_problems = read_entries(root)
    cards, languages, card_problems = read_languages(root)
    flows, flow_problems = read_flows(root)
    broken = frozenset(problem.where.rpartition(" ")[2] for problem in entry_problems)
    titles = {flow.id: flow.title for flow in flows.values()}
    items, join_problems = _joined([*entries, *cards], broken, titles)
    library = Library(items, read_intents())
    fact_problems = [] if problems else _fact_problems(items, registers)
    approvals, approval_problems = read_approvals(root)
    problems += [*entry_problems, *card_problems, *join_problems, *fact_problems]
    problems += [*flow_problems, *approval_problems]
    content = Content(library, registers, languages, _version(root), approvals, flows)
    return content, problems


def folder_of(root: Path) -> Path:
    """The responses folder: `root` itself, or the one inside when root is a checkout."""
    return root / "responses" if (root / "responses").is_dir() else root


def read_intents(taxonomy: Path = TAXONOMY) -> dict[str, str]:
    """The intents of the taxonomy, each with its group."""
    file = read_yaml(taxonomy, "nlu/taxonomy.yml")
    return {intent: group for group, intents in file.data.items() for intent in intents}


def _version(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(set(root.glob("**/*.yml")) - {root / SIGNOFF}):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _joined(
    entries: list[Entry], broken: frozenset[str], flows: Mapping[str, str]
) -> tuple[list[Item], list[ContentProblem]]:
    """Items with inherited parts and button titles filled in.

    broken: ids of entries that could not be read; their variants are left out without a word.
    flows: the flows' titles.
    """
    by_id: dict[str, Entry] = {}
    problems: list[ContentProblem] = []
    for entry in entries:
        if entry.id in by_id:
            what = f"'{entry.id}' is also at {by_id[entry.id].where}"
            problems.append(ContentProblem(what, where=entry.where, do="Rename one of the two"))
        else:
            by_id[entry.id] = entry
    bases = {e.id: e for e in by_id.values() if e.shape.variant_of is None}
    items: list[Item] = []
    for entry in by_id.values():
        what_do = _variant_fault(entry, bases)
        if what_do and entry.shape.variant_of in broken:
            continue
        if what_do:
            problems.append(ContentProblem(what_do[0], where=entry.where, do=what_do[1]))
        else:
            items.append(_item(entry, bases, flows, problems))
    return items, problems


def _variant_fault(entry: Entry, bases: Mapping[str, Entry]) -> tuple[str, str] | None:
    base, audience = entry.shape.variant_of, entry.shape.for_
    if base is None:
        if audience is None:
            return None
        return "'for' needs 'variant_of'", "Say which entry this is a variant of"
    if base not in bases:
        return f"it is a variant of '{base}', which is not an entry of its own", "Correct the name"
    if audience is None or audience == type(audience)():
        return "a variant needs 'for'", "Say for which role, nation or channel it is"
    return None


def _item(
    entry: Entry,
    bases: Mapping[str, Entry],
    flows: Mapping[str, str],
    problems: list[ContentProblem],
) -> Item:
    shape, defaults = entry.shape, entry.defaults
    base = bases[shape.variant_of] if shape.variant_of else entry
    audience = shape.for_
    buttons = shape.buttons if shape.buttons is not None else base.shape.buttons or []
    sources = shape.sources or base.shape.sources or defaults.sources or base.defaults.sources
    kind = shape.kind or base.shape.kind or defaults.kind or base.defaults.kind
    return Item(
        id=entry.id,
        variant_of=shape.variant_of,
        role=audience.role if audience else None,
        nation=audience.nation if audience else None,
        channel=audience.channel if audience else None,
        kind=kind or Kind.ADVICE,
        title=shape.title or base.shape.title or "",
        text=tuple(_tidy(bubble) for bubble in shape.text),
        again=tuple(_tidy(bubble) for bubble in shape.again or ()),
        buttons=tuple(
            Button(_title(button, bases, flows) or _untitled(button, entry, problems), button.to)
            for button in buttons
        ),
        sources=tuple(sources or ()),
        reviewed_on=shape.reviewed_on or defaults.reviewed_on,
        review_by=shape.review_by or defaults.review_by,
        where=entry.where,
        acknowledge=tuple(_tidy(wording) for wording in _acknowledge(entry, base)),
        named=shape.named or base.shape.named or "",
        choose=bool(base.shape.choose if shape.choose is None else shape.choose),
    )


def _acknowledge(entry: Entry, base: Entry) -> Sequence[str]:
    """A nation or a channel changes nothing in what was told; who tells it does."""
    own, audience = entry.shape.acknowledge, entry.shape.for_
    if own is None and audience and audience.role is None:
        own = base.shape.acknowledge
    return own or ()


def _title(button: ButtonShape, bases: Mapping[str, Entry], flows: Mapping[str, str]) -> str | None:
    """What the button says: its own title, or that of what it leads to."""
    if button.title:
        return button.title
    action = target_action(button.to)
    if action is None:
        return None
    if action.verb == "flow":
        return flows.get(action.value)
    target = bases.get(action.value or action.verb)
    return target.shape.title if target else None


def _untitled(button: ButtonShape, entry: Entry, problems: list[ContentProblem]) -> str:
    what = f"the button to '{button.to}' has no title, and neither has what it leads to"
    problems.append(ContentProblem(what, where=entry.where, do="Give it a title"))
    return button.to


def _tidy(bubble: str) -> str:
    """Lines as written, without spaces at their ends and without the last line break."""
    return "\n".join(line.rstrip() for line in bubble.strip().split("\n"))


def _fact_problems(items: list[Item], registers: Registers) -> list[ContentProblem]:
    problems: list[ContentProblem] = []
    for item in items:
        for bubble in (*item.text, *item.again, *item.acknowledge):
            for key in dict.fromkeys(keys_in(bubble)):
                why = refusal(registers, key, ANY_INSTANT)
                if why:
                    do = "Use a fact of the registers, or leave it out"
                    problems.append(ContentProblem(why, where=item.where, do=do))
            if set("{}") & set(without_placeholders(bubble)):
                what = "there is a single { or }"
                do = "Write placeholders as {samaritans.phone}, on one line"
                problems.append(ContentProblem(what, where=item.where, do=do))
    return problems
