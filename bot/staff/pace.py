"""Guessing is slowed down: by name, by network, and by both together.

A try is counted before it is judged, in a transaction of its own, so a hundred tries sent at once
are a hundred tries. Nothing is ever closed for good: somebody who knows an advocate's name must not
be able to keep them out, so the delay for a name alone is short.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import AddressValueError, IPv6Address

from sqlalchemy import Connection

from bot.staff.keys import StaffKeys
from bot.store import staff_rows
from bot.store.staff_rows import Tried

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Rule:
    """free: tries without a delay. first: the delay after that; it doubles up to most."""

    free: int
    first: timedelta
    most: timedelta

    def delay(self, failed: int) -> timedelta:
        """How long nothing is tried after so many failures."""
        over = failed - self.free
        if over < 0:
            return timedelta()
        return min(self.first * (1 << min(over, 20)), self.most)


HERE = Rule(4, timedelta(seconds=15), timedelta(minutes=30))  # this name from this network
NAME = Rule(20, timedelta(seconds=5), timedelta(minutes=2))  # this name from anywhere
NETWORK = Rule(30, timedelta(seconds=15), timedelta(minutes=30))  # any name from this network


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many tries. until: when the next one is looked at."""

    until: datetime


class Gatekeeper:
    """Counts tries."""

    def __init__(self, keys: StaffKeys) -> None:
        self._keys = keys

    def count(self, connection: Connection, name: str, network: str, now: datetime) -> Wait | None:
        """Count a try that is about to be judged; or say how long nothing is judged.

        name: who it is about, as compared. network: where it comes from. A try that is not judged
        is not counted, so whoever waits gets in.
        """
        rows = [
            (id_, rule, self._fresh(staff_rows.tried(connection, id_, now), now))
            for id_, rule in sorted(self._ids(name, network).items())
        ]
        until = max(tried.closed_until for _, _, tried in rows)
        if until > now:
            return Wait(until)
        for id_, rule, tried in rows:
            failed = tried.failed + 1
            new = Tried(failed, now, now + rule.delay(failed))
            staff_rows.set_tried(connection, id_, new)
        return None

    def clear(self, connection: Connection, name: str, network: str, now: datetime) -> None:
        """The try was right: this name begins anew.

        For the network it was no failure, but it does not wipe out the failures of others.
        """
        ids = self._ids(name, network)
        staff_rows.forget_tried(connection, [i for i, rule in ids.items() if rule is not NETWORK])
        id_ = next(i for i, rule in ids.items() if rule is NETWORK)
        row = staff_rows.tried(connection, id_, now)
        failed = max(row.failed - 1, 0)
        staff_rows.set_tried(connection, id_, replace(row, failed=failed, closed_until=now))

    def _ids(self, name: str, network: str) -> dict[str, Rule]:
        return {
            self._keys.hash("tries here", f"{name}|{network}"): HERE,
            self._keys.hash("tries name", name): NAME,
            self._keys.hash("tries network", network): NETWORK,
        }

    def _fresh(self, tried: Tried, now: datetime) -> Tried:
        """The tries that still count: not those of yesterday; a clock set back shuts nobody out."""
        if tried.last_at > now:
            return Tried(tried.failed, now, now)
        return tried if now - tried.last_at < FORGOTTEN_AFTER else Tried(0, now, now)


def network_of(host: str | None) -> str:
    """What counts as one network: an IPv4 address, or the first 64 bits of an IPv6 one."""
    if not host:
        return "unknown"
    if ":" not in host:
        return host
    try:
        return str(int(IPv6Address(host.partition("%")[0])) >> 64)
    except AddressValueError:
        return "unknown"
