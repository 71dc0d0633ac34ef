"""Weights in fewer bits, in the layouts that ONNX Runtime computes with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
"""Weights that share a scale in 4 bits."""

_STEPS = 8
"""Into how many an octave of smoothing is divided."""

_Floats = NDArray[np.float32]
_DIVISORS = (-8, -7, -6, -5, -4, -3, -2, -1, 7, 6, 5, 4, 3, 2, 1)


class Blocks(NamedTuple):
    """4-bit rows, as ``GatherBlockQuantized`` reads them.

    Attributes:
        codes: ``(n, d / 2) uint8``, the even column in the low nibble; weight = (code - 8) * scale.
        scales: ``(n, d / 32) float32``.
    """

    codes: NDArray[np.uint8]
    scales: _Floats


class Rows(NamedTuple):
    """8-bit rows.

    Attributes:
        codes: ``(n, d) int8``; weight = code * scale.
        scales: ``(n,) float32``.
    """

    codes: NDArray[np.int8]
    scales: _Floats


def exact_blocks(weights: _Floats) -> Blocks | None:
    """Find the 4-bit blocks of 32 that these weights ``(n, d)`` were unpacked from.

    Returns:
        Blocks that give back every weight bit for bit, or None where there are none.
    """
    if weights.shape[1] % BLOCK:
        return None
    blocks = weights.reshape(-1, BLOCK)
    scales = _block_scales(blocks)
    codes = _codes(blocks, scales)
    if not np.array_equal(codes * scales, blocks):
        return None
    nibbles = (codes + 8).astype(np.uint8).reshape(len(weights), -1)
    return Blocks(
        nibbles[:, ::2] | nibbles[:, 1::2] * np.uint8(16), scales.reshape(len(weights), -1)
    )


def _block_scales(blocks: _Floats) -> _Floats:
    """The largest weight is a whole number of scales, from -8 to 7: try which fits the block."""
    peaks = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)
    scales = np.ones_like(peaks)
    wrong = peaks != 0
    for divisor in _DIVISORS:
        rows = np.flatnonzero(wrong)
        tried = (peaks[rows] / divisor).astype(np.float16).astype(np.float32)
        fits = (_codes(blocks[rows], tried) * tried == blocks[rows]).all(axis=1)
        scales[rows[fits]], wrong[rows[fits]] = tried[fits], False
    return scales


def _codes(blocks: _Floats, scales: _Floats) -> _Floats:
    ratio = np.divide(blocks, scales, out=np.zeros_like(blocks), where=scales != 0)
    return np.clip(np.rint(ratio), -8, 7)


def quantised_rows(weights: _Floats, steps: int = 127) -> Rows:
    """Round weights ``(n, d)`` to 8 bits, symmetrically, one scale a row.

    Args:
        weights: to be rounded.
        steps: the largest code.
    """
    peaks = np.abs(weights).max(axis=1)
    scales = np.where(peaks > 0, peaks, 1).astype(np.float32) / np.float32(steps)
    return Rows(np.rint(weights / scales[:, None]).astype(np.int8), scales)


def smoothing(activations: _Floats, weights: _Floats, share: float) -> _Floats:
    """Share the range of a matrix product's input channels between its two sides.

    A few input channels of a transformer are tens of times larger than the others and would take
    all 8 bits. Dividing the activations and multiplying the weights by the same numbers changes
    nothing but the rounding (SmoothQuant, Xiao et al. 2023, equation 4).

    Args:
        activations: ``(d,)``, the largest absolute value seen in each input channel.
        weights: ``(n, d)``.
        share: of the activations' range, in 0-1, that the weights take over: alpha.

    Returns:
        ``(d,) float32``, positive; steps of 2^(1/8) apart, so that what computers differ by in the
        last digits of the activations hardly ever makes another export.
    """
    tiny = np.float32(1e-4)
    peaks = np.log2(np.maximum(np.abs(weights).max(axis=0), tiny))
    factors = share * np.log2(np.maximum(activations, tiny)) - (1 - share) * peaks
    return np.asarray(np.exp2(np.rint(_STEPS * factors) / _STEPS), dtype=np.float32)
