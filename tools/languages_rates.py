"""Prints how well languages, foreign danger, facts in passing and typed answers are understood.

    python -m tools.languages_rates [FOLDER] [--misses KIND]

FOLDER holds english, native, romanised, neighbours, danger, danger_situations, hints and typed
.jsonl (default: tests/nlu/languages). A situation is told as it happens, in words that no phrase
has; beside it everyday lines of the same people. Each line has `half`: `read` lines were looked at
while the rules were written, `unread` ones never; the second column is the honest one. `--misses`
prints the wrong lines of one kind, only of the half that may be read.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.actions import Action
from bot.conversation import Conversation
from bot.dialogue.choosing import chosen, yes_or_no
from bot.dialogue.heard import Heard
from bot.messages import Offer
from nlu.hints import hints_in
from nlu.languages import language_of
from nlu.urgent_words import urgent_in

FOLDER = Path("tests/nlu/languages")
FACTS = ("role", "nation", "relationship", "age", "police", "orders", "children")
KINDS = (
    "english",
    "native",
    "romanised",
    "neighbours",
    "danger",
    "calm",
    "situation",
    "everyday",
    "typed",
    "hints",
)
HALVES = ("read", "unread")
_NEAR = {"fa": {"ur", "ar"}, "ps": {"ur", "ar"}, "ckb": {"ur", "ar"}, "ru": {"uk"}, "bg": {"uk"}}
"""Languages that share a script with one of ours: what they must not be taken for."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One line and whether it was understood. group: a language, or a fact's name."""

    kind: str
    group: str
    half: str
    right: bool
    text: str
    got: str


def lines_of(folder: Path, name: str) -> list[dict[str, Any]]:
    """The lines of one labelled file."""
    text = (folder / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def languages(folder: Path) -> Iterator[Tried]:
    """English kept English, each language known, neighbours not taken for one of ours."""
    for kind in ("english", "native", "romanised", "neighbours"):
        for line in lines_of(folder, kind):
            wanted, got = str(line["language"]), language_of(line["text"])
            right = got == wanted
            if kind == "english":
                right = got in {"en", "und"}
            elif kind == "neighbours":
                right = got not in _NEAR.get(wanted, {"en"})
            yield Tried(kind, wanted, str(line["half"]), right, line["text"], got)


def danger(folder: Path, name: str, heard: str, calm: str) -> Iterator[Tried]:
    """Danger heard (by the rules alone), and calm left calm. heard, calm: the kinds' names."""
    for line in lines_of(folder, name):
        wanted, got = frozenset(line["urgent"]), urgent_in(line["text"])
        kind = heard if wanted else calm
        group = f"{line['language']}{' (suicide)' if 'suicide_self_harm' in wanted else ''}"
        right = bool(wanted & got) if wanted else not got
        yield Tried(kind, group, str(line["half"]), right, line["text"], ",".join(sorted(got)))


def answered(titles: list[str], text: str) -> str | None:
    """The title that a typed answer means, as the dialogue would take it without a model."""
    offers = tuple(Offer(Action("show", f"item.{at}").id, t) for at, t in enumerate(titles))
    heard = Heard("web", words=text)
    act = chosen(Conversation(offers=offers), heard)
    if act is not None:
        return titles[int(act.value.removeprefix("item."))]
    said = yes_or_no(heard) if len(titles) == 2 else None
    return None if said is None else titles[0 if said else 1]


def typed(folder: Path) -> Iterator[Tried]:
    """Typed answers: the right button, and no message mistaken for one."""
    for line in lines_of(folder, "typed"):
        got = answered(line["offers"], line["text"])
        group = "no button meant" if line["means"] is None else "a button meant"
        yield Tried("typed", group, line["half"], got == line["means"], line["text"], str(got))


def hints(folder: Path) -> Iterator[Tried]:
    """Per fact: each one said (group: FACT said) and each one heard (group: FACT heard)."""
    for line in lines_of(folder, "hints"):
        found = hints_in(line["text"])
        for fact in FACTS:
            got, wanted = getattr(found, fact, None), line["hints"].get(fact)
            if fact in line.get("either", ()):
                continue
            for group, there in ((f"{fact} said", wanted), (f"{fact} heard", got)):
                if there is not None:
                    shown = f"{fact}={got} not {wanted}"
                    yield Tried("hints", group, line["half"], got == wanted, line["text"], shown)


def tried(folder: Path) -> list[Tried]:
    """All of it."""
    return [
        *languages(folder),
        *danger(folder, "danger", "danger", "calm"),
        *danger(folder, "danger_situations", "situation", "everyday"),
        *typed(folder),
        *hints(folder),
    ]


def rate(lines: list[Tried], kind: str, half: str, group: str | None = None) -> tuple[int, int]:
    """(right, all) of a kind in a half, of one group or of all."""
    some = [
        line.right
        for line in lines
        if line.kind == kind and line.half == half and group in (None, line.group)
    ]
    return sum(some), len(some)


def _row(name: str, lines: list[Tried], kind: str, group: str | None = None) -> str:
    cells = []
    for half in HALVES:
        right, total = rate(lines, kind, half, group)
        share = f"{right / total:.3f}" if total else "  -  "
        cells.append(f"{right:4}/{total:<4} {share}")
    return f"{name:34} {cells[0]}   {cells[1]}"


def _print(lines: list[Tried]) -> None:
    print(f"{'':34} {HALVES[0]:15}   {HALVES[1]}")
    for kind in KINDS:
        if kind != "hints":
            print(_row(kind, lines, kind))
        groups = Counter(line.group for line in lines if line.kind == kind)
        for group in sorted(groups) if len(groups) > 1 else ():
            print(_row(f"  {kind} {group}", lines, kind, group))


def main() -> int:
    """Reads the files, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--misses", choices=KINDS)
    asked = parser.parse_args()
    lines = tried(asked.folder)
    _print(lines)
    for line in lines:
        if line.kind == asked.misses and line.half == HALVES[0] and not line.right:
            print(f"  {line.group:16} {line.text!r} -> {line.got}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
