"""For whom and for when a page is asked to show a text, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from bot.actions import NATIONS, ROLES
from bot.content.hours import LONDON
from bot.conversation import Facts

ROLE_NAMES = {
    None: "Not known yet",
    "victim": "The person stalked",
    "supporter": "A friend or relative",
    "own": "Own behaviour",
}
NATION_NAMES = {
    None: "Not known yet",
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern_ireland": "Northern Ireland",
}
WRITTEN = "%Y-%m-%dT%H:%M"  # what a browser's date and time field sends

assert set(ROLE_NAMES) == {None, *ROLES}
assert set(NATION_NAMES) == {None, *NATIONS}


@dataclass(frozen=True, slots=True)
class Asked:
    """role, nation: whose screen it is; None: not known. at: UTC, for hours and review dates.

    chosen: `at` was asked for, and is not simply now.
    """

    role: str | None
    nation: str | None
    at: datetime
    chosen: bool = False

    @property
    def facts(self) -> Facts:
        """What the renderer wants to know of the person."""
        return Facts(role=self.role, nation=self.nation)

    @property
    def local(self) -> str:
        """The time in London, as a browser's date and time field takes it."""
        return self.at.astimezone(LONDON).strftime(WRITTEN)

    def for_(self, **changes: str | None) -> "Asked":
        """The same, for another role or nation."""
        return replace(self, **changes)  # type: ignore[arg-type] # role and nation only

    @property
    def fields(self) -> dict[str, str]:
        """What an address or a form must carry so that the next page asks the same."""
        told = {"role": self.role, "nation": self.nation, "at": self.local if self.chosen else None}
        return {name: value for name, value in told.items() if value}

    @property
    def query(self) -> str:
        """`fields` as the end of an address, with its question mark; empty when there are none."""
        return f"?{urlencode(self.fields)}" if self.fields else ""

    @property
    def now_query(self) -> str:
        """The same without the time that was chosen."""
        return replace(self, chosen=False).query


def asked(query: Mapping[str, str], now: datetime) -> Asked:
    """What the address asks for. What it does not say, or says wrongly, is not known, and now.

    now: UTC.
    """
    at = _instant(query.get("at", ""))
    return Asked(
        role=query["role"] if query.get("role") in ROLES else None,
        nation=query["nation"] if query.get("nation") in NATIONS else None,
        at=at or now,
        chosen=at is not None,
    )


def _instant(written: str) -> datetime | None:
    try:
        local = datetime.strptime(written, WRITTEN)  # noqa: DTZ007 - a clock on a wall in London
        return local.replace(tzinfo=LONDON).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
