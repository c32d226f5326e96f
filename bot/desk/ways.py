"""One way into the desk: a method, a path, who may take it, and what is noted when they do.

Nothing is reachable otherwise: the app is built from ways alone, and a way cannot be made without
saying who may take it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from bot.audit import Action
from bot.desk.desk import Desk
from bot.staff.roles import Role
from bot.staff.sessions import Session


class Open(Enum):
    """Ways that are not for the signed-in alone."""

    ANYBODY = "anybody"  # signing in, using a link, the style sheet
    HALF_IN = "half in"  # whose password was right and whose code is still to come


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """One request that the gate has let through. form: the fields of a POST.

    cookie: what the browser holds, whether it means anything or not; empty for none.
    network: where the request comes from, for slowing down.
    """

    request: Request
    now: datetime
    network: str
    cookie: str = ""
    session: Session | None = None
    form: dict[str, str] = field(default_factory=dict)

    @property
    def mine(self) -> Session:
        """The session, on ways that nobody takes without one."""
        assert self.session is not None
        return self.session


Answer = Callable[[Desk, Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Way:
    """See above. action: what the audit notes each time somebody signed in is let through.

    case: for a path with `{case}`: "own" asks that the case is theirs, "any" does not.
    background: the page asks by itself; that does not keep somebody signed in.
    """

    method: Literal["GET", "POST"]
    path: str
    who: frozenset[Role] | Open
    answer: Answer
    action: Action | None = None
    case: Literal["own", "any"] | None = None
    background: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for a way to a case that does not say whose."""
        if ("{case}" in self.path) is not (self.case is not None):
            raise ValueError(f"{self.path}: say whose cases this way is for")
