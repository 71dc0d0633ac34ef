"""A BERT encoder as one small ONNX graph, its matrix products in 8 bits.

Activations are rounded token by token, each with its own scale, so that a text's vectors cannot
depend on the other texts of its batch. There is neither padding nor a mask: the texts of a batch
have the same number of tokens.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray

from index.export.onnx_graph import CONTRIB, GraphWriter
from index.export.quantisation import BLOCK, Rows, exact_blocks, quantised_rows, smoothing

# Chosen for the least difference from the model's own vectors, over questions and passages.
_SHARE_OF_ATTENTION, _SHARE_OF_FEED_FORWARD = 0.75, 0.6
_LIFT = np.float32(0.17)  # GELU is never below -0.16997

Arrays = dict[str, NDArray[np.float32]]


class Bert(NamedTuple):
    """A ``BertModel`` in numbers.

    Attributes:
        layers: the number of layers.
        heads: the number of attention heads.
        epsilon: that of the layer normalisations.
        weights: weights and biases, by their names in the model.
        peaks: by the name of a linear layer to smooth, the largest absolute value ``(d,)`` that
            was seen in each of its input channels.
    """

    layers: int
    heads: int
    epsilon: float
    weights: Arrays
    peaks: Arrays

    @property
    def width(self) -> int:
        """The length of a token vector."""
        return len(self.weights["embeddings.LayerNorm.weight"])


class _Codes(NamedTuple):
    """Activations in 8 bits: ``(rows, d) uint8``, ``(rows, 1)`` scales, and the code of 0."""

    values: str
    scales: str
    zero: str


def build_bert(bert: Bert) -> onnx.ModelProto:
    """Build the graph, from ``input_ids (n, t) int64`` to ``tokens (n, t, d) float32``."""
    return BertWriter(bert).write()


class BertWriter(GraphWriter):
    """Writes the encoder; what is built on top of it says what follows the last layer."""

    def __init__(self, bert: Bert) -> None:
        """Take the model in numbers."""
        super().__init__()
        self.bert = bert
        self._row_shape, self._column_shape = self.integers(-1, bert.width), self.integers(-1, 1)
        self._last_axis = self.integers(-1)
        self._unit = self.constant(np.float32(1))
        self._middle, self._bottom = self.constant(np.uint8(128)), self.constant(np.uint8(0))

    def write(self) -> onnx.ModelProto:
        """Write the graph: see ``build_bert``."""
        x, batch_shape = self.rows()
        width = self.bert.width
        return self.encoder(self.apply("Reshape", x, self.shape(batch_shape, width)), width)

    def rows(self) -> tuple[str, str]:
        """Write all layers; return their result, ``(n * t, d)``, and the shape ``(n, t)``."""
        # All but attention sees the batch as (n * t, d) rows.
        x = self._embeddings()
        batch_shape = self.apply("Shape", "input_ids")
        count = self.apply("Shape", x, end=1)
        self._middles = self.apply("Expand", self._middle, count)
        self._bottoms = self.apply("Expand", self._bottom, count)
        self._joint_shape = self.shape(batch_shape, 3 * self.bert.width)
        for layer in range(self.bert.layers):
            x = self._layer(x, f"encoder.layer.{layer}.")
        return x, batch_shape

    def shape(self, batch_shape: str, width: int) -> str:
        """Return the shape ``(n, t, width)``."""
        return self.apply("Concat", batch_shape, self.integers(width), axis=0)

    def _weight(self, name: str) -> str:
        return self.constant(self.bert.weights[name])

    def _embeddings(self) -> str:
        weights = self.bert.weights
        first_type = weights["embeddings.token_type_embeddings.weight"][0]
        table = self.constant(weights["embeddings.position_embeddings.weight"] + first_type)
        length = self.apply("Shape", "input_ids", start=1)
        positions = self.apply("Slice", table, self.integers(0), length, self.integers(0))
        x = self.apply("Add", self.words(), positions)
        return self._normalise(self.apply("Reshape", x, self._row_shape), "embeddings.LayerNorm")

    def words(self) -> str:
        """Look up the word embeddings, ``(n, t, d)``."""
        table = self.bert.weights["embeddings.word_embeddings.weight"]
        blocks = exact_blocks(table)
        if blocks is None:
            words = self.apply("Gather", self.constant(table.astype(np.float16)), "input_ids")
            return self.apply("Cast", words, to=onnx.TensorProto.FLOAT)
        codes, scales = self.constant(blocks.codes), self.constant(blocks.scales)
        return self.apply(
            "GatherBlockQuantized", codes, "input_ids", scales,
            domain=CONTRIB, bits=4, block_size=BLOCK, gather_axis=0, quantize_axis=1,
        )  # fmt: skip

    def _layer(self, x: str, name: str) -> str:
        attention, output = name + "attention.output.", name + "output."
        y = self._attention(x, name + "attention.self.")
        y = self._product(self._codes(y), self._rows(attention + "dense"))
        bias = self.bert.weights[attention + "dense.bias"]
        x = self._normalise(self._sum(x, y, bias), attention + "LayerNorm")
        return self._normalise(self._feed_forward(x, name), output + "LayerNorm")

    def _attention(self, x: str, name: str) -> str:
        parts = ("query", "key", "value")
        y = self._smoothed_product(x, [f"{name}{part}" for part in parts], _SHARE_OF_ATTENTION)
        bias = np.concatenate([self.bert.weights[f"{name}{part}.bias"] for part in parts])
        joint = self.apply("Reshape", y, self._joint_shape)
        split = self.split("Split", joint, results=3, axis=2, num_outputs=3)
        y = self.apply(
            "MultiHeadAttention", *split, self.constant(bias),
            domain=CONTRIB, num_heads=self.bert.heads,
        )  # fmt: skip
        return self.apply("Reshape", y, self._row_shape)

    def _feed_forward(self, x: str, name: str) -> str:
        inner, output = name + "intermediate.dense", self._rows(name + "output.dense")
        y = self._smoothed_product(x, [inner], _SHARE_OF_FEED_FORWARD)
        y = self.apply("BiasGelu", y, self._weight(f"{inner}.bias"), domain=CONTRIB)
        # Lifted above zero, the values have all 8 bits; the bias takes the lift back.
        y = self._product(self._positive_codes(self.apply("Add", y, self.constant(_LIFT))), output)
        lift = _LIFT * output.scales * output.codes.sum(axis=1, dtype=np.float32)
        return self._sum(x, y, self.bert.weights[name + "output.dense.bias"] - lift)

    def _smoothed_product(self, x: str, names: list[str], share: float) -> str:
        """Apply linear layers side by side to the input that they share."""
        weights = np.concatenate([self.bert.weights[f"{name}.weight"] for name in names])
        factors = smoothing(self.bert.peaks[names[0]], weights, share)
        x = self.apply("Mul", x, self.constant(1 / factors))
        return self._product(self._codes(x), self.quantised(weights * factors))

    def quantised(self, weights: NDArray[np.float32]) -> Rows:
        """Round the weights of a linear layer, ``(n, d)``."""
        return quantised_rows(weights)

    def _rows(self, name: str) -> Rows:
        return self.quantised(self.bert.weights[f"{name}.weight"])

    def _codes(self, x: str) -> _Codes:
        scales = self._scales(self.apply("Abs", x), 127)
        values = self.apply("QuantizeLinear", x, scales, self._middles, axis=0)
        return _Codes(values, self.apply("Reshape", scales, self._column_shape), self._middle)

    def _positive_codes(self, x: str) -> _Codes:
        scales = self._scales(x, 255)
        values = self.apply("QuantizeLinear", x, scales, self._bottoms, axis=0)
        return _Codes(values, self.apply("Reshape", scales, self._column_shape), self._bottom)

    def _scales(self, x: str, steps: int) -> str:
        peaks = self.apply("ReduceMax", x, self._last_axis, keepdims=0)
        return self.apply("Mul", peaks, self.constant(np.float32(1 / steps)))

    def _product(self, x: _Codes, weights: Rows) -> str:
        y = self.apply(
            "MatMulIntegerToFloat", x.values, self.constant(weights.codes.T), self._unit,
            self.constant(weights.scales), x.zero, domain=CONTRIB,
        )  # fmt: skip
        return self.apply("Mul", y, x.scales)

    def _sum(self, x: str, y: str, bias: NDArray[np.float32]) -> str:
        # With LayerNormalization this takes half the time of the fused SkipLayerNormalization.
        return self.apply("Add", x, self.apply("Add", y, self.constant(bias)))

    def _normalise(self, x: str, name: str) -> str:
        scale, bias = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self.apply("LayerNormalization", x, scale, bias, axis=-1, epsilon=self.bert.epsilon)
