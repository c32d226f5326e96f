"""The meaning of a sentence as 384 numbers: the run-time half of the encoder."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.problem import ModelProblem

GRAPH_NAME = "encoder.onnx"
TOKENIZER_NAME = "tokenizer.json"
WIDTH = 384
TOKENS = 256  # longer texts are read up to here, the model's published limit
THREADS = 2  # a quarter faster than one; only because they do not spin (bench/nlu.py)
_BATCH = 32
_WASTE = 1.6  # texts share a batch while the longest is at most this much longer than the shortest

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoder:
    """A loaded encoder. Safe to call from several threads."""

    session: Any
    tokenizer: Any
    folder: Path  # where its files and, for a tuned one, its head are

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text: (n, 384) float32, in the order of the texts.

        The row of a text is the same, up to rounding, whatever stands beside it.
        """
        rows = np.zeros((len(texts), WIDTH), np.float32)
        codes = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(texts)), key=lambda place: len(codes[place]))
        for places in _batches(order, codes):
            rows[places] = self._batch([codes[place] for place in places])
        return rows

    def _batch(self, codes: list[list[int]]) -> Vectors:
        longest = max(len(code) for code in codes)
        ids = np.zeros((len(codes), longest), np.int64)
        mask = np.zeros((len(codes), longest), np.int64)
        for row, code in enumerate(codes):
            ids[row, : len(code)] = code
            mask[row, : len(code)] = 1
        result: Vectors = self.session.run(["meaning"], {"ids": ids, "mask": mask})[0]
        return result


def _batches(order: list[int], codes: list[list[int]]) -> Iterator[list[int]]:
    """Neighbours in length together: a padded token costs as much as a real one."""
    batch: list[int] = []
    for place in order:
        if batch and (
            len(batch) == _BATCH or len(codes[place]) > _WASTE * len(codes[batch[0]]) + 2
        ):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def open_encoder(folder: Path, threads: int = THREADS) -> Encoder:
    """The encoder that nlu.weights.fetch built in the folder.

    Raises ModelProblem when a file is missing or cannot be loaded.
    """
    # Since 1.29 it writes a device id into the home folder and reports to its maker unless told
    # otherwise before it is loaded (tests/rules/test_nothing_is_reported.py).
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - 60 ms and 30 MB that a rules-only start does not need
    from tokenizers import Tokenizer  # noqa: PLC0415 - as above

    for name in (GRAPH_NAME, TOKENIZER_NAME):
        if not (folder / name).is_file():
            raise ModelProblem(
                "the encoder's weights are missing", where=str(folder / name), do="Run make setup"
            )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            str(folder / GRAPH_NAME), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_NAME))
    except Exception as error:  # the libraries raise their own, untyped, errors
        raise ModelProblem(
            "the encoder's files cannot be loaded", where=str(folder), do="Run make setup again"
        ) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=TOKENS)
    return Encoder(session, tokenizer, folder)
