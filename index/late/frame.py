"""The frame of a collection: the origin of its token vectors, and directions that cosines ignore.

The token vectors of an encoder all point roughly one way, more so within one language and one
subject. So the mean token vector of each language is subtracted before cosines are taken. This also
keeps a question from preferring passages in its own language. The fewer tokens a collection has,
the more the encoder's typical token vector takes the place of their mean. In a larger collection
the few directions in which tokens differ most are removed too, as they say little about meaning (Mu
and Viswanath, "All-but-the-top", 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.encoder.protocol import Floats
from index.late.codec import Codes, decode

SAMPLE: Final = 20_000
"""From how many tokens, evenly spread over the collection, the frame is measured."""
TYPICAL: Final = 300
"""As how many tokens the encoder's typical token vector counts in a mean.

The mean of a few tokens is their subject; without any origin, all cosines of one document were
near 1, and two right answers in three were taken for none.
"""
REMOVED_FROM: Final = (40, 100, 100)
"""How many passages a collection needs for one, two and three directions to be removed.

In a smaller one these would be its subject. Chosen on random parts of the development sets.
"""
_BLOCK = 4_096  # so many vectors at a time take a few megabytes


@dataclass(frozen=True, slots=True)
class Frame:
    """What is subtracted from token vectors, and removed from them, before cosines are taken.

    Attributes:
        typical: the encoder's typical token vector, which codes are relative to, ``(d,) float32``.
        centre: subtracted from question tokens, ``(d,) float32``.
        centres: subtracted from passage tokens, one for each language, ``(l, d) float32``.
        removed: orthonormal directions that are removed, ``(3, d) float32``, zero if unused.
    """

    typical: Floats
    centre: Floats
    centres: Floats
    removed: Floats

    @classmethod
    def measure(
        cls,
        vectors: Floats,
        languages: NDArray[np.int8],
        tokens: NDArray[np.int64],
        typical: Floats,
        passages: int,
    ) -> Self:
        """Measure the frame of a collection on some of its tokens.

        Args:
            vectors: of tokens from all over it, see ``sampled``, ``(s, d) float32``.
            languages: of these tokens, ``(s,) int8``, numbered from 0.
            tokens: how many it has of each language, ``(l,) int64``.
            typical: the encoder's typical token vector.
            passages: how many passages it has.
        """
        centre = _mean(vectors, int(tokens.sum()), typical)
        centres = np.stack(
            [
                _mean(vectors[languages == code], int(count), typical)
                for code, count in enumerate(tokens)
            ]
        )
        return cls(typical, centre, centres, _widest(vectors - centres[languages], passages))

    @classmethod
    def of_array(cls, array: Floats) -> Self:
        """Make a frame of the array that ``array`` returned."""
        last = len(REMOVED_FROM)
        return cls(array[0], array[1], array[2:-last], array[-last:])

    def array(self) -> Floats:
        """Return all of it as one array, ``(2 + l + 3, d) float32``."""
        return np.vstack([self.typical, self.centre, self.centres, self.removed])

    def apply(self, vectors: Floats) -> Floats:
        """Put question tokens, ``(t, d) float32``, in the frame, L2-normalised."""
        moved = self._without_removed(vectors - self.centre)
        return np.asarray(moved / _lengths(moved)[:, None], dtype=np.float32)

    def scales(self, codes: Codes, radii: Floats, languages: NDArray[np.int8]) -> Floats:
        """Return the factors that turn inner products with codes into cosines, ``(t, 2) float32``.

        For a question token q in the frame, the cosine with a passage token of language l is
        ``scales[0] * q @ decode(code) + scales[1] * q @ shifts[l]``.
        """
        scales = np.empty((len(codes), 2), dtype=np.float32)
        for start in range(0, len(codes), _BLOCK):
            block = slice(start, start + _BLOCK)
            vectors = self.shifts[languages[block]] + radii[block, None] * decode(codes[block])
            inverse = 1 / _lengths(self._without_removed(vectors))
            scales[block] = np.stack([radii[block] * inverse, inverse], axis=1)
        return scales

    @property
    def shifts(self) -> Floats:
        """From the mean token vector of each language to the typical one, ``(l, d) float32``."""
        return self.typical - self.centres

    def _without_removed(self, vectors: Floats) -> Floats:
        return np.asarray(vectors - (vectors @ self.removed.T) @ self.removed, dtype=np.float32)


def sampled(tokens: int) -> NDArray[np.int64]:
    """Return which of so many tokens a frame is measured on, evenly spread, rising."""
    return np.unique(np.linspace(0, tokens - 1, SAMPLE).astype(np.int64))


def language_numbers(languages: Sequence[str]) -> NDArray[np.int8]:
    """Number languages from 0, in the order of their codes."""
    return np.unique(languages, return_inverse=True)[1].astype(np.int8)


def _mean(vectors: Floats, tokens: int, typical: Floats) -> Floats:
    """Return the mean of all tokens, of which some are given, and of ``TYPICAL`` typical ones."""
    if not len(vectors):
        return typical
    share = tokens / (tokens + TYPICAL)
    return np.asarray(share * vectors.mean(axis=0) + (1 - share) * typical, dtype=np.float32)


def _widest(centred: Floats, passages: int) -> Floats:
    """Return the directions of greatest variance, as many as the collection's size allows."""
    removed = np.zeros((len(REMOVED_FROM), centred.shape[1]), dtype=np.float32)
    count = sum(passages >= needed for needed in REMOVED_FROM)
    if count:
        _, directions = np.linalg.eigh(np.cov(centred, rowvar=False))
        removed[:count] = directions.T[: -count - 1 : -1]
    return removed


def _lengths(vectors: Floats) -> Floats:
    # A token that is nothing but what all share has no length; the factors are kept in 16 bits.
    return np.asarray(np.maximum(np.linalg.norm(vectors, axis=1), 1e-3), dtype=np.float32)
