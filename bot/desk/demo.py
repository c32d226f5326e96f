"""A way in for whoever tries the desk out: the first advocate's one-time link."""

from typing import Final

from bot.audit import SERVICE
from bot.desk.desk import Desk
from bot.staff.roles import Role

FIRST: Final = "demo"


async def first_link(desk: Desk) -> str | None:
    """The token of a fresh link for the first advocate, whose account is made if there is none.

    None outside the demonstration, and as soon as there is somebody who can sign in. Raises Away.
    """
    if not desk.demo:
        return None
    people = await desk.accounts.every()
    if not people:
        made = await desk.accounts.add(FIRST, Role.ADVOCATE, desk.clock(), SERVICE)
        return made.token
    first = people[0]
    if len(people) > 1 or first.name != FIRST or first.ready or first.disabled:
        return None
    return (await desk.accounts.give_link(FIRST, desk.clock(), SERVICE)).token
