"""Reads scenes: whole talks in plain YAML (how to write one: scenes/README.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.content.limits import BY_CHANNEL
from bot.content.yaml_file import parse_yaml

NOON = "2026-11-24T12:00:00+00:00"
SCENE_KEYS = {"scene", "channels", "at", "nothing_twice", "steps"}
EVENTS = ("they", "tap", "old_button", "media", "later", "restart")
WANTED = {"bot", "card", "opens", "says", "not", "buttons", "role", "nation", "flow", "erased"}
LISTS = ("bot", "says", "not", "buttons", "read")


@dataclass(frozen=True)
class Scene:
    """One talk on one channel. steps: where each is written, and what it holds."""

    name: str
    where: str
    channel: str
    at: str
    nothing_twice: bool
    steps: list[tuple[str, dict[str, Any]]]


def read_scenes(raw: bytes, name: str) -> Iterator[Scene]:
    """One file's scenes, one for each channel. Raises ContentFaults, ValueError (file and line)."""
    file = parse_yaml(raw, name)
    for number, entry in enumerate(file.data if isinstance(file.data, list) else [None]):
        title = entry.get("scene") if isinstance(entry, dict) else None
        where = file.where((number,), label=f"scene “{title}”")
        if not title or not isinstance(entry.get("steps"), list):
            raise ValueError(f"{where}: a scene has `scene:` (its name) and `steps:` (a list)")
        if unknown := entry.keys() - SCENE_KEYS:
            raise ValueError(f"{where}: unknown {sorted(unknown)}")
        label = f"scene “{title}”"
        places = [file.where((number, "steps", i), label=label) for i in range(len(entry["steps"]))]
        for place, step in zip(places, entry["steps"], strict=True):
            if fault := _fault(step):
                raise ValueError(f"{place}: {fault}")
        steps = list(zip(places, entry["steps"], strict=True))
        for channel in entry.get("channels") or ("web", "telegram", "whatsapp"):
            if channel not in BY_CHANNEL:
                raise ValueError(f"{where}: there is no channel “{channel}”")
            twice, at = bool(entry.get("nothing_twice")), entry.get("at") or NOON
            yield Scene(title, where, channel, at, twice, steps)


def _fault(step: Any) -> str | None:
    """Why this step cannot be played; None when it can."""
    if not isinstance(step, dict) or sum(key in step for key in EVENTS) != 1:
        return f"a step has exactly one of {', '.join(EVENTS)}"
    if unknown := step.keys() - WANTED - {*EVENTS, "times", "read"}:
        return f"unknown {sorted(unknown)}"
    if not step.keys() & {*WANTED, "later", "restart"}:
        return f"what is expected? One of {', '.join(sorted(WANTED))}"
    wrong = next((key for key in LISTS if not isinstance(step.get(key, []), list)), None)
    return f"{wrong} is a list, in [ ]" if wrong else None
