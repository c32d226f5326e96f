"""Refuses what must not be committed: big files, secrets, paths of one machine, registry addresses.

Prints each fault with its file and line; exit 1 when there is any.
"""

import re
import subprocess
import sys
from pathlib import Path

MAX_BYTES = 500_000
LARGE = {Path("nlu/tuned/layers.safetensors"): 60_000_000}  # changed rarely: decision 0008
FAULTS = {
    "a path of one machine": re.compile(r"(?<![\w./])/(?:home|Users|root)/[a-z]|\.pyenv/"),
    "a package registry's address": re.compile(r"https?://[^\s\"']*/simple/|--index-url"),
    "something like a bot token": re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
}


def faults_in(path: Path) -> list[str]:
    """The faults of one file, each as `file:line: what`."""
    most = LARGE.get(path, MAX_BYTES)
    if path.stat().st_size > most:
        return [f"{path}: larger than {most // 1000} kB"]
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [
        f"{path}:{number}: {what}"
        for number, line in enumerate(lines, 1)
        for what, pattern in FAULTS.items()
        if pattern.search(line)
    ]


def main() -> int:
    """Look at every file git tracks or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True,
        check=True,
        text=True,
    )
    paths = [Path(name) for name in listing.stdout.split("\0") if name]
    files = [path for path in paths if path.is_file() and path.name != "tidy.py"]
    found = [fault for path in files for fault in faults_in(path)]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
