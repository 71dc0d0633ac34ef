"""Token vectors in two bits a dimension.

A vector is centred on the encoder's typical token vector, which all of them have in common, and
each component is rounded to the nearest of the four evenly spaced levels that suit a normal
distribution best (Max, 1960, table II): being evenly spaced, they multiply as the integers 0 to 3
(``index.products``), and they lose but 1 % more than the best uneven ones. Nothing is learned from
the collection, so a text's codes depend on that text and on the model alone. Measured over the
benchmark directions, two bits by the best uneven levels cost 0.1 to 0.5 points of nDCG@10 against
full precision, and by even ones 0.1 more; PCA to 128 dimensions costs 0.6 to 3.7 points.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoding import Floats

Codes = NDArray[np.uint8] | NDArray[np.float16]

COARSE_FROM: Final = 128
"""With fewer dimensions than this, rounding errors do not average out: half precision is kept."""

STEP: Final = 0.9957
MIDDLE: Final = 1.5
"""The level of an integer n in 0-3 is ``STEP * (n - MIDDLE)``."""
PER_BYTE: Final = 4
_LEVELS: Final = (STEP * (np.arange(4) - MIDDLE)).astype(np.float32)
_BOUNDS: Final = (_LEVELS[1:] + _LEVELS[:-1]) / 2
_PLACES: Final = np.array([0, 2, 4, 6], dtype=np.uint8)


def encode(vectors: Floats, mean: Floats) -> tuple[Codes, NDArray[np.float16]]:
    """Round vectors to codes.

    Args:
        vectors: ``(t, d) float32``.
        mean: the encoder's typical token vector, ``(d,) float32``.

    Returns:
        The codes, ``(t, d / 4) uint8`` or ``(t, d) float16``, and the radii, ``(t,) float16``:
        ``mean + radius * decode(codes)`` is close to the vectors.
    """
    centred = vectors - mean
    radii = np.linalg.norm(centred, axis=1)
    directions = centred / np.maximum(radii, 1e-9)[:, None]
    codes = _pack(directions) if _is_coarse(len(mean)) else directions.astype(np.float16)
    lengths = np.linalg.norm(decode(codes), axis=1)
    return codes, (radii / np.maximum(lengths, 1e-9)).astype(np.float16)


def decode(codes: Codes) -> Floats:
    """Return the directions that codes stand for, ``(t, d) float32``, not normalised."""
    if codes.dtype == np.float16:
        return codes.astype(np.float32)
    # Four levels at once: NumPy looks up 16-byte complex numbers fastest.
    return np.asarray(_QUADRUPLES[codes].view(np.float32), dtype=np.float32)


def _is_coarse(dimension: int) -> bool:
    return dimension >= COARSE_FROM and dimension % 4 == 0


def _pack(directions: Floats) -> NDArray[np.uint8]:
    spread = directions * np.float32(np.sqrt(directions.shape[1]))
    symbols = np.searchsorted(_BOUNDS, spread).astype(np.uint8)
    quads = symbols.reshape(len(symbols), -1, 4) << _PLACES
    return np.asarray(np.bitwise_or.reduce(quads, axis=2), dtype=np.uint8)


def _quadruples() -> NDArray[np.complex128]:
    symbols = (np.arange(256, dtype=np.uint8)[:, None] >> _PLACES) & 3
    quadruples: NDArray[np.complex128] = _LEVELS[symbols].view(np.complex128)[:, 0]
    return quadruples


_QUADRUPLES: Final = _quadruples()
