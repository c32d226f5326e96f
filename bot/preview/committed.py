"""The texts as git has them in the last commit."""

import io
import os
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.content.load import Content, read_content

WITHIN = 30  # seconds for one call of git


@dataclass(frozen=True, slots=True)
class Committed:
    """content: None where there is nothing to compare with; `why` then says why, as a sentence.

    commit: the commit's short name, empty where there is none. sound: all of it could be read.
    """

    content: Content | None
    commit: str = ""
    why: str = ""
    sound: bool = False


class Repository:
    """The last commit of the repository that holds a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = Committed(None)

    def last_commit(self) -> Committed:
        """The texts of the last commit, read once for each commit.

        Never raises: no git, no repository, no commit and a folder that was never committed are
        told in `why`. What can't be read in the commit is left out of `content`.
        """
        try:
            commit = self._git("rev-parse", "--short=12", "HEAD").decode().strip()
            if commit != self._known.commit:
                self._known = self._read(commit)
        except FileNotFoundError:
            return Committed(None, why="git is not installed, so there is nothing to compare with.")
        except (subprocess.SubprocessError, OSError):
            return Committed(
                None,
                why="This folder is not in a git repository with a commit, so there is nothing to "
                "compare with.",
            )
        return self._known

    def _read(self, commit: str) -> Committed:
        empty = Committed(None, commit, "The last commit holds no texts in this folder.")
        try:
            # run in the folder, `archive` holds what is below it and nothing else
            packed = self._git("archive", "--format=tar", commit, ".")
        except subprocess.CalledProcessError:
            return empty  # git packs nothing that is not there
        with tempfile.TemporaryDirectory() as name:
            root = Path(name) / "responses"
            root.mkdir()
            if not _unpack(packed, root):
                return empty
            content, problems = read_content(root)
            return Committed(content, commit, sound=not problems)

    def _git(self, *arguments: str) -> bytes:
        # a hook's own GIT_DIR would point git at another repository than the folder's
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        return subprocess.run(
            ["git", "-C", str(self._folder), *arguments],
            env=environment,
            capture_output=True,
            check=True,
            timeout=WITHIN,
        ).stdout


def _unpack(packed: bytes, root: Path) -> int:
    """Write the YAML files of a tar below `root`; how many there were."""
    count = 0
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in tar:
            path = (root / member.name).resolve()
            if member.isfile() and path.suffix == ".yml" and path.is_relative_to(root.resolve()):
                path.parent.mkdir(parents=True, exist_ok=True)
                file = tar.extractfile(member)
                assert file is not None
                path.write_bytes(file.read())
                count += 1
    return count
