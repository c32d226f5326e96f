"""Who waits for an advocate. There is no hand-over in this version: nobody does."""

from starlette.responses import Response

from bot.audit import Action
from bot.desk.desk import Desk
from bot.desk.pages import Pages
from bot.desk.ways import Visit, Way
from bot.staff.roles import ADVOCATES


def ways(pages: Pages) -> tuple[Way, ...]:
    """The page."""

    async def queue(_desk: Desk, visit: Visit) -> Response:
        return pages.page(visit, "queue.html")

    return (Way("GET", "/desk", ADVOCATES, queue, Action.QUEUE_VIEWED),)
