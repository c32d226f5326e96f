"""How the texts in use stand: which version, what nobody approved, when the next review is due."""

from dataclasses import dataclass
from datetime import date

from bot.content.load import Content
from bot.content.signoff import Due, Signed, states, subjects


@dataclass(frozen=True, slots=True)
class Standing:
    """version: as in the log. unapproved: texts and facts. next_review: None without any date."""

    version: str
    unapproved: int
    next_review: date | None


def standing(content: Content, today: date) -> Standing:
    """How this content stands on this day."""
    known, dates, unapproved = subjects(content), [], 0
    for name, state in states(content, today).items():
        if isinstance(state, Signed | Due):
            dates.append(state.by)
            unapproved += isinstance(state, Due) and state.expired
        else:
            unapproved += 1
            own = known[name].review_by
            dates += [own] if own is not None else []
    return Standing(content.version, unapproved, min(dates, default=None))
