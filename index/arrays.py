"""Files of rows of one shape: appended to when an index is built, memory-mapped when it is read.

Neither needs the whole file in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.faults import writing_to

Header = Callable[[int], bytes]
"""Returns the header of a file with so many rows; all headers have the same length."""


class RowWriter:
    """Appends rows to a file, by default in NumPy's format, and corrects the header at the end.

    A ``with`` statement closes it.
    """

    def __init__(
        self,
        path: Path,
        dtype: DTypeLike,
        shape: tuple[int, ...] = (),
        header: Header | None = None,
    ) -> None:
        """Create the file, of rows of this type and shape.

        Raises:
            IndexingError: it cannot be written; so of every method.
        """
        self._path, self._dtype, self._shape = path, np.dtype(dtype), shape
        self._header = header or self._numpy_header
        self._rows, self._flushed = 0, True
        with writing_to(path):
            self._file = path.open("w+b")
            self._at = self._file.write(self._header(0))

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self._rows

    def append(self, rows: NDArray[Any]) -> None:
        """Append rows, ``(r, *shape)``."""
        with writing_to(self._path):
            self._file.write(np.ascontiguousarray(rows, dtype=self._dtype).data)
        self._rows, self._flushed = self._rows + len(rows), False

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows that were appended."""
        if not self._flushed:
            with writing_to(self._path):
                self._file.flush()
            self._flushed = True
        size = self._dtype.itemsize * int(np.prod(self._shape, dtype=np.int64))
        content = os.pread(self._file.fileno(), (stop - start) * size, self._at + start * size)
        return np.frombuffer(content, dtype=self._dtype).reshape(-1, *self._shape)

    def close(self) -> None:
        """Write how many rows there are, and close the file."""
        with writing_to(self._path), self._file:
            self._file.seek(0)
            self._file.write(self._header(self._rows))

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; after an error, as it is."""
        del error, trace
        if kind is None:
            self.close()
            return
        try:
            self._file.close()
        except OSError:  # the file is useless after an error: only release it
            self._file.close()

    def _numpy_header(self, rows: int) -> bytes:
        header = BytesIO()
        np.lib.format.write_array_header_1_0(
            header,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (rows, *self._shape),
            },
        )
        return header.getvalue()


def mapped(path: Path) -> NDArray[Any]:
    """Open an array, memory-mapped.

    Raises:
        OSError: there is none.
        ValueError: it is damaged.
    """
    # A plain array over the mapped file: slicing a ``numpy.memmap`` is slower.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def ends(lengths: NDArray[Any], first: int = 0) -> NDArray[np.int64]:
    """Return where each of consecutive groups ends, ``(g,) int64``, the first starting here."""
    return first + np.cumsum(lengths, dtype=np.int64)


def members(
    bounds: NDArray[np.int64], which: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the members of some of consecutive groups.

    Args:
        bounds: the first member of each group; at the end their number. ``(g + 1,) int64``.
        which: the chosen groups, ``(c,) int64``.

    Returns:
        The members, group after group, ``(m,) int64``, and where each group starts among them,
        ``(c,) int64``.
    """
    firsts, lengths = bounds[which], bounds[which + 1] - bounds[which]
    starts = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(firsts - starts, lengths), starts


def key(text: str) -> int:
    """Return the key under which a text is looked up: 64 bits of its digest."""
    return int.from_bytes(digest(text.encode("utf-8", "surrogatepass"))[:8], "little")


def digest(content: bytes) -> bytes:
    """Return 16 bytes that differ for different contents."""
    import hashlib

    return hashlib.blake2b(content, digest_size=DIGEST).digest()


DIGEST: Final = 16
