"""Which texts stand above each passage: their tokens are kept once, whatever they stand above.

The context of a passage is a few short texts: the title, the headings of the section, the
header of a table. Each of them is encoded alone and kept once in the index, behind the passages:
the text numbered n has row ``p + n`` of an index of p passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import members


@dataclass(frozen=True, slots=True)
class Contexts:
    """The context of every passage.

    Attributes:
        texts: the numbers of the texts above each passage, passage by passage, ``(c,) int32``.
        ends: where those of each passage start in ``texts``; at the end c. ``(p + 1,) int64``.
    """

    texts: NDArray[np.int32]
    ends: NDArray[np.int64]

    @classmethod
    def none(cls, passages: int) -> Self:
        """Return the contexts of so many passages that stand under nothing."""
        return cls(np.empty(0, dtype=np.int32), np.zeros(passages + 1, dtype=np.int64))

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.ends) - 1

    def rows_above(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows of the texts above some passages.

        Args:
            rows: of passages, ``(r,) int64``.

        Returns:
            The rows of the texts, those above one passage after the other, ``(c,) int64``, and how
            many stand above each passage, ``(r,) int64``.
        """
        places, _ = members(self.ends, rows)
        counts = self.ends[rows + 1] - self.ends[rows]
        return len(self) + self.texts[places].astype(np.int64), counts
