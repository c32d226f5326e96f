"""The texts as they are in the folder now, read again when a file changes.

While a file can't be read the last version that could be is kept, and marked as old.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock

from bot.clock import Clock
from bot.content.check import CHECKS
from bot.content.check_fault import Fault, Look
from bot.content.faults import ContentFaults
from bot.content.load import Content, load_content
from bot.content.render import Renderer
from bot.content.signoff import State, states
from bot.errors import ContentProblem
from bot.preview.committed import Committed, Repository


@dataclass(frozen=True, slots=True)
class Edition:
    """One whole and readable state of the texts.

    faults: what `python -m bot check` says of it. states: approvals by subject. read_at: UTC; None
    for the last commit.
    """

    content: Content
    renderer: Renderer
    faults: tuple[Fault, ...]
    states: Mapping[str, State]
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to show. stamp: changes when a file does.

    edition: None where nothing could be read yet. problems: why the files as they are now can't be
    read; where there are any, `edition` is an older one.
    """

    edition: Edition | None
    problems: tuple[ContentProblem, ...]
    stamp: str
    committed: Committed


class Folder:
    """The folder of texts, and what git has of it."""

    def __init__(self, root: Path, clock: Clock) -> None:
        """root: as for `load_content`."""
        self.root = root / "responses" if (root / "responses").is_dir() else root
        self._clock = clock
        self._repository = Repository(self.root)
        self._lock = Lock()  # pages are made in threads, and reading takes a second or two
        self._seen: tuple[str, date, Seen] | None = None

    def stamp(self) -> str:
        """A short text that differs after any file was written, added or removed."""
        digest = sha256()
        for path in sorted(self.root.glob("**/*.yml")):
            try:
                state = path.stat()
            except OSError:
                continue  # removed between the two calls: an editor saves in several steps
            digest.update(f"{path} {state.st_mtime_ns} {state.st_size}\n".encode())
        return digest.hexdigest()[:16]

    def look(self) -> Seen:
        """The texts as they are now. Reads files only when one has changed."""
        with self._lock:
            today = self._clock().date()
            stamp = self.stamp()  # before reading: a file saved meanwhile is read the next time
            committed = self._repository.last_commit()
            if self._seen and self._seen[:2] == (stamp, today):
                return replace(self._seen[2], committed=committed)
            seen = self._read(stamp, committed)
            self._seen = (stamp, today, seen)
            return seen

    def _read(self, stamp: str, committed: Committed) -> Seen:
        try:
            content = load_content(self.root)
        except ContentFaults as faults:
            before = self._seen[2].edition if self._seen else None
            if before is None and committed.content is not None and committed.sound:
                before = self._edition(committed.content, None)
            return Seen(before, faults.problems, stamp, committed)
        return Seen(self._edition(content, self._clock()), (), stamp, committed)

    def _edition(self, content: Content, read_at: datetime | None) -> Edition:
        now = self._clock()
        look = Look(content, now)
        faults = tuple(fault for check in CHECKS for fault in check(look))
        return Edition(content, Renderer(content), faults, states(content, now.date()), read_at)
