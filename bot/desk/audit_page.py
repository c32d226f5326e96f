"""For leads and auditors: what was done at the desk, newest first, and whether the chain holds."""

from starlette.responses import Response

from bot.audit import NOBODY, OPERATOR, SERVICE, Action
from bot.channels.web_forms import number
from bot.desk.desk import Desk
from bot.desk.pages import Pages
from bot.desk.ways import Visit, Way
from bot.staff.roles import AUDIT

PAGE = 100  # entries
_WORDS = {
    NOBODY: "somebody not signed in",
    OPERATOR: "the command line",
    SERVICE: "the service",
}


def ways(pages: Pages) -> tuple[Way, ...]:
    """The list and the check."""

    async def listed(desk: Desk, visit: Visit) -> Response:
        before = number(visit.request.query_params.get("before", "")) or None
        rows = await desk.database.read(lambda c: desk.audit.newest(c, PAGE, before))
        names = {account.id: account.name for account in await desk.accounts.every()}
        return pages.page(
            visit,
            "audit.html",
            rows=rows,
            names={**_WORDS, **names},
            older=rows[-1].seq if len(rows) == PAGE else 0,
            checked=None,
        )

    async def checked(desk: Desk, visit: Visit) -> Response:
        faults = await desk.database.read(desk.audit.find_faults)
        head = await desk.database.read(desk.audit.head)
        return pages.page(
            visit,
            "audit.html",
            rows=[],
            names={},
            older=0,
            checked={"faults": faults, "head": head},
        )

    return (
        Way("GET", "/desk/audit", AUDIT, listed, Action.AUDIT_VIEWED),
        Way("POST", "/desk/audit/verify", AUDIT, checked, Action.AUDIT_VIEWED),
    )
