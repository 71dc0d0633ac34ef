"""Token vectors in two bits a dimension, and the tokens of a passage in that form.

The encoder's typical token vector is subtracted from a vector, and each component is rounded to the
nearest of four evenly spaced levels, those that suit a normal distribution best (Max, 1960, table
II). Such levels multiply as the integers 0 to 3 (``products``), and lose only 1 % more than the
best uneven ones. Nothing is learned from the collection, so the codes of a text depend on that
text and on the model alone. Measured over the
benchmark directions, two bits by the best uneven levels cost 0.1 to 0.5 points of nDCG@10 against
full precision, and by even ones 0.1 more; PCA to 128 dimensions costs 0.6 to 3.7 points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from documents.types import Span
from index.encoder.protocol import Floats, TokenVectors

Codes = NDArray[np.uint8] | NDArray[np.float16]

COARSE_FROM: Final = 128
"""With fewer dimensions, rounding errors do not average out, and half precision is kept."""

STEP: Final = 0.9957
MIDDLE: Final = 1.5
"""The level of an integer n in 0-3 is ``STEP * (n - MIDDLE)``."""
PER_BYTE: Final = 4
_LEVELS: Final = (STEP * (np.arange(4) - MIDDLE)).astype(np.float32)
_BOUNDS: Final = (_LEVELS[1:] + _LEVELS[:-1]) / 2
_PLACES: Final = np.array([0, 2, 4, 6], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The tokens of one passage as an index keeps them.

    Attributes:
        codes: the rounded directions of t token vectors, see ``encode``.
        radii: their lengths, ``(t,) float16``, see ``encode``.
        starts: the first token of each sentence, ``(s,) int32``, from 0, rising strictly.
        spans: the range of each sentence in the passage's text, ``(s, 2) int32``.
    """

    codes: Codes
    radii: NDArray[np.float16]
    starts: NDArray[np.int32]
    spans: NDArray[np.int32]

    @classmethod
    def of(
        cls, tokens: TokenVectors, text: str, sentences: Sequence[Span], typical: Floats
    ) -> Self:
        """Round the token vectors of a passage and group them by its sentences."""
        kept = matchable(tokens, text)
        begins = [sentence.start for sentence in sentences]
        places = np.searchsorted(begins, tokens.offsets[kept, 1], side="left") - 1
        found, starts = np.unique(np.maximum(places, 0), return_index=True)
        codes, radii = encode(tokens.vectors[kept], typical)
        spans = np.array(sentences, dtype=np.int32)[found]
        return cls(codes, radii, starts.astype(np.int32), spans)


def matchable(tokens: TokenVectors, text: str) -> NDArray[np.int64]:
    """Return which tokens are matched, rising: those of the text that hold a letter or a digit.

    If the text has none of these, all its tokens are matched; if it has no token, all vectors.
    """
    own = np.flatnonzero(tokens.own)
    words = [i for i in own if any(map(str.isalnum, text[slice(*tokens.offsets[i])]))]
    return np.array(words or own.tolist() or range(len(tokens.ids)), dtype=np.int64)


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
