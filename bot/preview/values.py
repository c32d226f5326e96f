"""What each page shows, as the values of its template. None: there is no such page."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from starlette.requests import Request

from bot.content import coverage as covered
from bot.content.library import Item
from bot.preview.asked import Asked
from bot.preview.changes import Change
from bot.preview.due import changed_since_approval
from bot.preview.due import due as due_entries
from bot.preview.find import MOST, find
from bot.preview.folder import Edition
from bot.preview.item_page import item_page

LONGEST = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Visit:
    """One page asked for. moved: what differs from the last commit."""

    edition: Edition
    ask: Asked
    moved: tuple[Change, ...]
    request: Request


def index(visit: Visit) -> dict[str, Any]:
    """All files, and the complaints that belong to no text."""
    edition = visit.edition
    items = edition.content.library.items
    places = {item.where for item in items}
    faulty = Counter(_file_of(fault.where) for fault in edition.faults if fault.where in places)
    count = Counter(_file_of(item.where) for item in items)
    return {
        "below": lambda folder: [(n, c) for n, c in count.items() if n.startswith(folder)],
        "faulty": faulty,
        "faults": [fault for fault in edition.faults if fault.where not in places],
    }


def file(visit: Visit) -> dict[str, Any] | None:
    """The texts of one file, variants with the text that they are of."""
    name = visit.request.path_params["name"]
    items = [i for i in visit.edition.content.library.items if _file_of(i.where) == name]
    bases = [item for item in items if item.variant_of is None]
    variants: dict[str, list[Item]] = {base.id: [] for base in bases}
    strays: list[Item] = []
    for item in items:
        if item.variant_of:
            variants.get(item.variant_of, strays).append(item)
    faulty = Counter(fault.where for fault in visit.edition.faults)
    given = {"name": name, "bases": bases, "variants": variants, "strays": strays}
    return {**given, "faulty": faulty} if items else None


def item(visit: Visit) -> dict[str, Any] | None:
    """One text on every channel."""
    by_id = {item.id: item for item in visit.edition.content.library.items}
    named = by_id.get(visit.request.path_params["name"])
    if named is None:
        return None
    ask = visit.ask
    if named.variant_of:  # the page of a variant is that of the person it is for
        ask = ask.for_(role=named.role or ask.role, nation=named.nation or ask.nation)
    page = item_page(visit.edition, visit.moved, by_id[named.base], ask)
    return {"page": page, "ask": ask, "named": named}


def changed(_: Visit) -> dict[str, Any]:
    """Old beside new: every page has that at hand already."""
    return {}


def due(visit: Visit) -> dict[str, Any]:
    """What must be read again."""
    today = visit.ask.at.date()
    entries = due_entries(visit.edition.content, today)
    return {
        "groups": [(when, list(some)) for when, some in groupby(entries, lambda e: e.when)],
        "kinds": Counter(type(state).__name__ for state in visit.edition.states.values()),
        "since": changed_since_approval(visit.edition.content, today),
        "today": today,
    }


def coverage(visit: Visit) -> dict[str, Any]:
    """Who gets which text: by group, intent and role, a row for each nation."""
    rows = covered.coverage(visit.edition.content)
    tables = {
        group: {
            intent: {role: list(cells) for role, cells in groupby(some, lambda row: row.role)}
            for intent, some in groupby(of_group, lambda row: row.intent)
        }
        for group, of_group in groupby(rows, lambda row: row.group)
    }
    return {"tables": tables, "holes": [row for row in rows if row.hole]}


def search(visit: Visit) -> dict[str, Any]:
    """Texts that hold the words asked for."""
    query = visit.request.query_params.get("q", "")[:LONGEST]
    hits = list(islice(find(visit.edition.content, query, visit.ask.at), MOST + 1))
    return {"query": query, "hits": hits[:MOST], "more": len(hits) > MOST}


def _file_of(where: str) -> str:
    return where.partition(":")[0]
