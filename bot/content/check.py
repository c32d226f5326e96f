"""Checks everything below responses/ and says what is wrong in an editor's words."""

from datetime import datetime
from pathlib import Path

from bot.clock import utc_now
from bot.content import (
    check_acknowledge,
    check_claims,
    check_coverage,
    check_facts,
    check_flows,
    check_links,
    check_must_not,
    check_operator,
    check_words,
)
from bot.content.check_fault import Check, Look
from bot.content.load import read_content
from bot.errors import ContentProblem

CHECKS: tuple[Check, ...] = (
    check_links.unanswered,
    check_links.missing_items,
    check_links.lost_buttons,
    check_links.untitled,
    check_links.orphans,
    check_links.twin_variants,
    check_facts.no_source,
    check_facts.review_dates,
    check_facts.stale_law,
    check_facts.hours_nobody_confirmed,
    check_facts.other_nations_facts,
    check_facts.cards_without_their_number,
    check_facts.register_numbers,
    check_facts.register_lengths,
    check_facts.built_in_numbers,
    check_facts.nobody_answers,
    check_words.typed_numbers,
    check_words.typed_links,
    check_words.promises,
    check_words.blame,
    check_words.noise,
    check_words.too_long,
    check_words.hard_to_read,
    check_words.same_text,
    check_acknowledge.misplaced,
    check_acknowledge.wording,
    check_acknowledge.said_elsewhere,
    check_flows.flows_without_words,
    check_flows.questions,
    check_flows.ends,
    check_flows.openings,
    check_flows.names,
    check_claims.secrecy_without_limits,
    check_claims.device_step_without_warning,
    check_must_not.must_not,
    check_coverage.holes,
    check_coverage.own_behaviour_reaches,
    check_coverage.own_behaviour_led_to_victims_steps,
    check_operator.unshown_lines,
    check_operator.campaigns_without_event,
)


def check_content(root: Path, now: datetime | None = None) -> list[ContentProblem]:
    """Everything that is wrong; empty when all is well. Sorted by file and line.

    root: as for `load_content`. now: UTC, for review dates (None: the time by this machine).
    While a file can't be read or names a fact that can't be shown, only that is told: the rest
    would be guesses. The reading age is measured only where pyphen is installed.
    """
    content, problems = read_content(root)
    if not problems:
        look = Look(content, now or utc_now())
        problems = [
            ContentProblem(fault.what, where=fault.where, do=fault.do)
            for check in CHECKS
            for fault in check(look)
        ]
    return sorted(problems, key=_in_order)


def _in_order(problem: ContentProblem) -> tuple[str, int, str]:
    file, _, rest = problem.where.partition(":")
    line = rest.split(" ")[0]
    return (file, int(line) if line.isdigit() else 0, problem.what)
