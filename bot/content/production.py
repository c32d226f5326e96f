"""What stands between the content and the public: unsigned, changed, expired, or still a demo."""

from collections.abc import Iterator
from datetime import date

from bot.content.check_operator import demo_lines, promised_hours
from bot.content.load import Content
from bot.content.signoff import Changed, Draft, Due, State, state_of, subjects
from bot.errors import ContentProblem

APPROVE = "Have it read and approved: python -m bot signoff"


def unapproved(content: Content, today: date) -> list[ContentProblem]:
    """A problem for each text or fact that nobody has approved as it is, and each demo line.

    Takes milliseconds, so that a running service can ask it before it takes new content.
    """
    return [*_unsigned(content, today), *_demo(content)]


def broken_promises(content: Content, idle_hours: int) -> list[ContentProblem]:
    """Where the operator's page says another time than the service keeps a quiet talk for."""
    said = promised_hours(content.registers)
    if said is None or said == idle_hours:
        return []
    what = f"it says {said} hours, and BOT_IDLE_HOURS is {idle_hours}"
    where = content.registers.where["operator:how_long"]
    return [ContentProblem(what, where=where, do="Change one of the two")]


def _unsigned(content: Content, today: date) -> Iterator[ContentProblem]:
    for name, subject in subjects(content).items():
        why = _why(state_of(content, subject, today))
        if why:
            label = "" if subject.where.endswith(f" {name}") else f"{name} "
            yield ContentProblem(f"{label}{why}", where=subject.where, do=APPROVE)


def _why(state: State) -> str | None:
    match state:
        case Draft():
            return "is not signed off"
        case Changed(role, on):
            return f"has changed since the {role} approved it on {on}"
        case Due(by=by, expired=True):
            return f"was due to be read again on {by}"
        case _:
            return None


def _demo(content: Content) -> Iterator[ContentProblem]:
    for name in demo_lines(content.registers):
        where = content.registers.where[f"operator:{name}"]
        what = "it still says that this is a demonstration"
        yield ContentProblem(what, where=where, do="Say what is true of whoever runs the service")
