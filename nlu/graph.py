"""The encoder as an ONNX graph, written from the published weights without torch.

BERT as in all-MiniLM-L6-v2: 6 layers, 12 heads, 384 wide; mean over the tokens, then unit length.
Source: Devlin et al. 2019 (BERT), Reimers and Gurevych 2019 (mean pooling).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

LAYERS = 6
HEADS = 12
WIDTH = 384
TOKENS = 256  # the published limit of the model
_EPSILON = 1e-12
_IR_VERSION = 10  # readable by onnxruntime 1.18 and later
_OPSET = 20  # the first with Gelu

Weights = dict[str, NDArray[np.float32]]


@dataclass(slots=True)
class _Graph:
    """Nodes and constants while they are put together."""

    weights: Weights
    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def dense(self, value: str, prefix: str) -> str:
        """Value @ weight + bias, the weight stored the way round that MatMul wants."""
        weight = self.constant(f"{prefix}.weight", self.weights[f"{prefix}.weight"].T)
        bias = self.constant(f"{prefix}.bias", self.weights[f"{prefix}.bias"])
        return self.node("Add", [self.node("MatMul", [value, weight]), bias])

    def norm(self, value: str, prefix: str) -> str:
        scale = self.constant(f"{prefix}.weight", self.weights[f"{prefix}.weight"])
        bias = self.constant(f"{prefix}.bias", self.weights[f"{prefix}.bias"])
        return self.node("LayerNormalization", [value, scale, bias], axis=-1, epsilon=_EPSILON)


def write_graph(weights_file: Path, graph_file: Path, tuned_file: Path | None = None) -> None:
    """Write the graph: `ids`, `mask` (batch, tokens) int64 in, `meaning` (batch, 384) float32 out.

    tuned_file: weights (16 bits) that take the place of the published ones of the same name. The
    weights stay in 32 bits: stored in 16 they load no faster and take 18 MB more memory once
    raised (measured). KeyError for a file of another model.
    """
    weights = load_file(weights_file)
    if tuned_file:
        weights |= {name: value.astype(np.float32) for name, value in load_file(tuned_file).items()}
    graph = _Graph(weights)
    hidden = _embeddings(graph)
    blocked = _blocked(graph)
    for layer in range(LAYERS):
        hidden = _layer(graph, hidden, blocked, f"encoder.layer.{layer}")
    _pooled(graph, hidden)
    shape = ["batch", "tokens"]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, shape),
                helper.make_tensor_value_info("mask", TensorProto.INT64, shape),
            ],
            [helper.make_tensor_value_info("meaning", TensorProto.FLOAT, ["batch", WIDTH])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
    )
    onnx.checker.check_model(model)
    graph_file.write_bytes(model.SerializeToString(deterministic=True))


def _embeddings(graph: _Graph) -> str:
    """Word + place + kind; the kind of every token is 0, so it is folded into the places."""
    weights = graph.weights
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    kind = weights["embeddings.token_type_embeddings.weight"][0]
    places = weights["embeddings.position_embeddings.weight"][:TOKENS] + kind
    graph.constant("places", places)
    graph.constant("zero", np.array([0], np.int64))
    graph.constant("one", np.array([1], np.int64))
    length = graph.node("Shape", ["ids"], start=1, end=2)
    used = graph.node("Slice", ["places", "zero", length, "zero"])
    total = graph.node("Add", [graph.node("Gather", [words, "ids"]), used])
    return graph.norm(total, "embeddings.LayerNorm")


def _blocked(graph: _Graph) -> str:
    """(batch, 1, 1, tokens): 0 where a token counts, hugely negative where it is padding."""
    graph.constant("axes", np.array([1, 2], np.int64))
    graph.constant("unit", np.array(1, np.float32))
    graph.constant("low", np.array(-1e9, np.float32))
    counts = graph.node("Cast", [graph.node("Unsqueeze", ["mask", "axes"])], to=TensorProto.FLOAT)
    return graph.node("Mul", [graph.node("Sub", ["unit", counts]), "low"])


def _layer(graph: _Graph, hidden: str, blocked: str, prefix: str) -> str:
    if prefix.endswith(".0"):
        graph.constant("split", np.array([0, 0, HEADS, WIDTH // HEADS], np.int64))
        graph.constant("joined", np.array([0, 0, WIDTH], np.int64))
        graph.constant("scale", np.array((WIDTH / HEADS) ** -0.5, np.float32))

    def head(name: str, order: list[int]) -> str:
        value = graph.dense(hidden, f"{prefix}.attention.self.{name}")
        return graph.node("Transpose", [graph.node("Reshape", [value, "split"])], perm=order)

    query = graph.node("Mul", [head("query", [0, 2, 1, 3]), "scale"])
    scores = graph.node("MatMul", [query, head("key", [0, 2, 3, 1])])
    shares = graph.node("Softmax", [graph.node("Add", [scores, blocked])], axis=-1)
    mixed = graph.node("MatMul", [shares, head("value", [0, 2, 1, 3])])
    joined = graph.node("Reshape", [graph.node("Transpose", [mixed], perm=[0, 2, 1, 3]), "joined"])
    attended = graph.dense(joined, f"{prefix}.attention.output.dense")
    middle = graph.norm(
        graph.node("Add", [attended, hidden]), f"{prefix}.attention.output.LayerNorm"
    )
    wide = graph.node("Gelu", [graph.dense(middle, f"{prefix}.intermediate.dense")])
    narrow = graph.dense(wide, f"{prefix}.output.dense")
    return graph.norm(graph.node("Add", [narrow, middle]), f"{prefix}.output.LayerNorm")


def _pooled(graph: _Graph, hidden: str) -> None:
    """Mean over the tokens that count, then length 1."""
    graph.constant("last", np.array([2], np.int64))
    graph.constant("small", np.array(1e-12, np.float32))
    counts = graph.node("Cast", [graph.node("Unsqueeze", ["mask", "last"])], to=TensorProto.FLOAT)
    total = graph.node("ReduceSum", [graph.node("Mul", [hidden, counts]), "one"], keepdims=0)
    number = graph.node("ReduceSum", [counts, "one"], keepdims=0)
    mean = graph.node("Div", [total, number])
    length = graph.node("ReduceL2", [mean, "one"], keepdims=1)
    graph.nodes.append(
        helper.make_node("Div", [mean, graph.node("Max", [length, "small"])], ["meaning"])
    )
