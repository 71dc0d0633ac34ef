"""Inner products of many coded vectors with a few others, in whole numbers.

Coded components are integers from 0 to 3, and those of the other vectors are rounded to 255 levels,
so that a processor multiplies dozens at a time. This is six times as fast as decoding first. The
ONNX graph has one operator, ``MatMulInteger``, over the four components of a byte::

    products(a (4, t, d / 4) uint8, b (4, d / 4, q) int8) -> (4, t, q) int32
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from index.encoder.protocol import Floats
from index.late.codec import MIDDLE, PER_BYTE, STEP, Codes, decode

if TYPE_CHECKING:
    import onnxruntime

GRAPH: Final = "products.onnx"
_LARGEST: Final = 127


def products(codes: Codes, vectors: Floats) -> Floats:
    """Return the inner products of decoded directions with vectors.

    Args:
        codes: of t directions, see ``index.late.codec``.
        vectors: ``(q, d) float32``.

    Returns:
        ``(t, q) float32``. From two-bit codes, off by at most about 0.2 % of the lengths' product.
    """
    if codes.dtype == np.float16:
        return np.asarray(decode(codes) @ vectors.T, dtype=np.float32)
    scales = np.maximum(np.abs(vectors).max(axis=1), np.float32(1e-9)) / _LARGEST
    rounded = np.rint(vectors / scales[:, None]).astype(np.int8)
    sums = _multiply(_components(codes.view(np.uint8)), _by_place(rounded))
    steps = np.float32(STEP) * scales
    sums *= steps
    sums -= np.float32(MIDDLE) * rounded.sum(axis=1, dtype=np.float32) * steps
    return sums


def _components(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take ``(t, d / 4)`` bytes apart, into ``(4, t, d / 4)``."""
    found = np.empty((PER_BYTE, *codes.shape), dtype=np.uint8)
    np.bitwise_and(codes, 3, out=found[0])
    for place in range(1, PER_BYTE - 1):
        np.right_shift(codes, 2 * place, out=found[place])
        np.bitwise_and(found[place], 3, out=found[place])
    np.right_shift(codes, 2 * (PER_BYTE - 1), out=found[-1])
    return found


def _by_place(rounded: NDArray[np.int8]) -> NDArray[np.int8]:
    """Make ``(4, d / 4, q)`` of ``(q, d)``: components that share a byte stand apart."""
    return np.ascontiguousarray(rounded.reshape(len(rounded), -1, PER_BYTE).transpose(2, 1, 0))


def _multiply(components: NDArray[np.uint8], vectors: NDArray[np.int8]) -> Floats:
    """Return ``(t, q) float32``, all of them whole numbers: below 2^24 they are exact."""
    (by_place,) = _session().run(None, {"a": components, "b": vectors})
    first, *others = by_place
    for other in others:
        first += other
    return np.asarray(first, dtype=np.float32)


@cache
def _session() -> onnxruntime.InferenceSession:
    import onnxruntime  # an index is opened without it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    graph = files("index.late").joinpath(GRAPH).read_bytes()
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
