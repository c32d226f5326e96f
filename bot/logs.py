"""Logging: event names and counts, never a word a person wrote, a name or a chat id.

Keys are limited to a fixed list; anything else is dropped and its name shown, so that a leak is a
visible mistake rather than a silent one. Libraries that print addresses or bodies are silenced.
"""

import logging
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "channel",
        "count",
        "counts",
        "state",
        "outcome",
        "reason",
        "tries",
        "seconds",
        "kind",
        "fault",
        "where",
        "do",
        "what",
        "version",
        "port",
        "host",
        "name",
        "purpose",
        "stage",
        "row",
        "urls",
    ]
)
"""Keys a log line may have. `fault` is an exception's class name, never its text."""

QUIET = ("httpx", "httpcore", "telegram", "uvicorn.access", "aiosqlite", "asyncio", "sqlalchemy")
"""Loggers that would print tokens, message bodies or addresses at lower levels."""


def only_allowed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop every key that is not in ALLOWED and say that it was dropped."""
    dropped = sorted(key for key in event if key not in ALLOWED)
    for key in dropped:
        del event[key]
    if dropped:
        event["reason"] = "keys dropped: " + ",".join(dropped)
    return event


class _Stderr:
    """Writes to whatever stderr is at that moment: it may be another one than at the start."""

    def __init__(self, *_: Any) -> None:
        """What structlog hands in is of no use here: there is only one place."""

    def msg(self, message: str) -> None:
        """One line, seen at once."""
        print(message, file=sys.stderr, flush=True)  # noqa: T201 - this is where logs go

    log = debug = info = warning = error = critical = exception = fatal = msg


class _Bare(logging.Formatter):
    """A library's log line by level and logger; of an exception its class and place alone.

    Its text may quote what a person wrote. Our own nlu's text never does, and says what to do.
    """

    def __init__(self) -> None:
        super().__init__("%(levelname)s %(name)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """`WARNING somebody.else`, or with the sentence where it is ours."""
        line = super().formatMessage(record)
        return f"{line}: {record.message}" if record.name.startswith("nlu.") else line

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """`KeyError at turn.py:12`."""
        kind, _, trace = ei
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = (
            f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
        )
        return f"{kind.__name__ if kind else 'nothing'} at {place}"


def set_up_logs(level: int = logging.INFO) -> None:
    """One line of text an event on stderr; libraries only from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Bare())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Stderr,
        cache_logger_on_first_use=False,
    )
