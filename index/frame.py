"""The frame of a collection: what its token vectors have in common is left out of cosines.

Token vectors of an encoder all point roughly one way, and more so within one language and one
subject. So cosines are taken from the mean token vector of each language, which also keeps a
question from preferring passages of its own language, and without the few directions in which the
tokens of a larger collection differ most, which say little about meaning (Mu and Viswanath,
"All-but-the-top", 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from index.codec import Codes, decode
from index.encoding import Floats

SAMPLE: Final = 20_000
"""From how many tokens, evenly spread over the collection, the frame is measured."""
ADAPTED_FROM: Final = 1_000
"""With fewer tokens than this, what they have in common is their subject: they keep the origin."""
REMOVED_FROM: Final = (40, 100, 100)
"""From how many passages on one, two and three directions are left out: in a small collection
they would be its subject. Chosen on random parts of the development sets."""
_BLOCK = 4_096  # so many vectors at a time take a few megabytes


@dataclass(frozen=True, slots=True)
class Frame:
    """Where cosines are measured from, and without which directions.

    Attributes:
        typical: the encoder's typical token vector, which codes are relative to, ``(d,) float32``.
        centre: what question tokens are measured from, ``(d,) float32``.
        centres: what passage tokens are measured from, by language, ``(l, d) float32``.
        removed: orthonormal directions that are left out, ``(3, d) float32``, zero if unused.
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
        centre = _mean(vectors, int(tokens.sum()))
        centres = np.stack(
            [_mean(vectors[languages == code], int(count)) for code, count in enumerate(tokens)]
        )
        return cls(typical, centre, centres, _widest(vectors - centres[languages], passages))

    @classmethod
    def of_array(cls, array: Floats) -> Self:
        """Read back what ``array`` gave."""
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
        """Return what turns inner products with codes into cosines, ``(t, 2) float32``.

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


def _mean(vectors: Floats, tokens: int) -> Floats:
    if tokens < ADAPTED_FROM:
        return np.zeros(vectors.shape[1], dtype=np.float32)
    return np.asarray(vectors.mean(axis=0), dtype=np.float32)


def _widest(centred: Floats, passages: int) -> Floats:
    """Return the directions of greatest variance, as many as the collection's size allows."""
    removed = np.zeros((len(REMOVED_FROM), centred.shape[1]), dtype=np.float32)
    count = sum(passages >= needed for needed in REMOVED_FROM)
    if count:
        _, directions = np.linalg.eigh(np.cov(centred, rowvar=False))
        removed[:count] = directions.T[: -count - 1 : -1]
    return removed


def _lengths(vectors: Floats) -> Floats:
    return np.asarray(np.maximum(np.linalg.norm(vectors, axis=1), 1e-6), dtype=np.float32)
