"""What is true at the moment of a scrape, as Prometheus reads it. Numbers and fixed words only.

Figures from the database are the same whichever process is asked; take one, do not add them up.
The counters of bot/metrics.py are each process's own and are added up. docs/metrics.md lists all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot import metrics
from bot.pulse import Measured

PARTS = (
    *("database", "model", "danger rules", "telegram", "whatsapp"),
    *("messages", "replies", "worker", "disk", "clock"),
)
"""What health can name; a part that is none of them is shown as `other`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of the service. rows: by (table, state); None where the database is away.

    reviews: days until the next text or fact is to be read again; negative: it is overdue.
    """

    measured: Measured = field(default_factory=Measured)
    not_ready: Mapping[str, str] = field(default_factory=dict)
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[tuple[str, str], int] | None = None
    model_ready: bool = False
    content: str = ""
    unapproved: int = 0
    reviews: int | None = None


def exposition(seen: Seen) -> bytes:
    """The whole answer to a scrape: this process's counters, then the state."""
    return generate_latest(metrics.REGISTRY) + generate_latest(gauges(seen))


def gauges(seen: Seen) -> CollectorRegistry:
    """The state as gauges. One whose value is not known is left out."""
    registry = CollectorRegistry()
    measured, missing = seen.measured, {_part(name) for name in seen.not_ready}
    plain: Mapping[str, tuple[str, float | None]] = {
        "not_ready": ("Things that are not ready", len(seen.not_ready)),
        "oldest_unanswered_seconds": (
            "Age of the oldest message without an answer, from the database",
            measured.unanswered,
        ),
        "oldest_unsent_seconds": (
            "Age of the oldest reply that might have been sent, from the database",
            measured.unsent,
        ),
        "worker_silence_seconds": (
            "Since the worker of this process looked for work",
            measured.silent,
        ),
        "disk_free_bytes": ("Room in the data folder of this machine", measured.free),
        "clock_skew_seconds": ("The database server's clock less ours", measured.skew),
        "model_ready": ("1 when this process understands as it should", float(seen.model_ready)),
        "content_unapproved": ("Texts and facts that nobody approved as they are", seen.unapproved),
        "content_review_days": ("Days until a text or fact must be read again", seen.reviews),
    }
    for name, (meaning, value) in plain.items():
        if value is not None:
            Gauge(f"alongside_{name}", meaning, registry=registry).set(value)
    parts = _labelled(registry, "part_not_ready", "1 for a part that is not ready", "part")
    for part in (*PARTS, metrics.OTHER):
        parts.labels(part).set(part in missing)
    _labelled(registry, "content_info", "The texts in use", "version").labels(seen.content).set(1)
    others = _labelled(
        registry,
        "engine_fallbacks",
        "Messages since the start that another engine read than the chosen one",
        "reason",
    )
    for reason, number in seen.fallbacks.items():
        others.labels(reason).set(number)
    rows = _labelled(registry, "rows", "Rows, from the database", "table", "state")
    for (table, state), number in (seen.rows or {}).items():
        rows.labels(table, state).set(number)
    return registry


def _labelled(registry: CollectorRegistry, name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"alongside_{name}", meaning, labels, registry=registry)


def _part(name: str) -> str:
    return name if name in PARTS else metrics.OTHER
