"""`python -m bot check`: settings, content, registers, training data and model, before a start."""

from pathlib import Path
from typing import TextIO

from bot.content.check import check_content
from bot.content.coverage import coverage
from bot.content.coverage_words import table
from bot.content.load import load_content
from bot.content.production import broken_promises
from bot.errors import Problem
from bot.settings import Settings, load_settings
from nlu.corrections import corrections_state
from nlu.engine import open_engine
from nlu.fishing import fishing_state
from nlu.hints import hints_state
from nlu.problem import NluProblem
from nlu.signs import signs_state
from nlu.taxonomy import load_taxonomy
from nlu.training_data import DATA_DIR, read_config, read_examples
from nlu.urgent_words import rules_state


def faults(settings: Settings, nlu_data: Path = DATA_DIR) -> list[str]:
    """Everything wrong, each as `where: what. What to do.`; empty when all is well."""
    found = [str(fault) for fault in check_content(settings.content_dir)]
    if not found:
        content = load_content(settings.content_dir)
        found += [str(fault) for fault in broken_promises(content, settings.idle_hours)]
    try:
        read_examples(nlu_data, frozenset(load_taxonomy().intents))
        read_config()
    except NluProblem as fault:
        found.append(str(fault))
    states = {
        "nlu/urgent": rules_state(),
        "nlu/hints.yml": hints_state(),
        "nlu/corrections.yml": corrections_state(),
        "nlu/signs.yml": signs_state(),
        "nlu/fishing.yml": fishing_state(),
        str(settings.model_dir): open_engine(settings.model_dir).state(),
    }
    found += [f"{where}: {state.detail}" for where, state in states.items() if not state.ready]
    return found


def check(out: TextIO) -> int:
    """Print each fault on its own line; 0 when there is none, else 1."""
    try:
        found = faults(load_settings())
    except Problem as fault:
        found = [str(fault)]
    for fault_line in found:
        print(fault_line, file=out)
    if not found:
        print("settings, content, registers, training data and model are in order", file=out)
    return 1 if found else 0


def cover(settings: Settings, out: TextIO) -> int:
    """Print who gets which answer, by intent, role and nation; 1 when there is a hole, else 0.

    Raises ContentFaults when the content can't be read.
    """
    rows = coverage(load_content(settings.content_dir))
    for line in table(rows):
        print(line, file=out)
    return 1 if any(row.hole for row in rows) else 0
