"""Values in PostgreSQL's binary format, for COPY to load and to read from results."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoder.protocol import Floats

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = struct.pack("!h", -1)
_INTEGER: Final = 23
"""The number of the type ``integer``."""
_NULL: Final = struct.pack("!i", -1)


def record(fields: Sequence[bytes | None]) -> bytes:
    """Return a row in the format of COPY; a field of None is NULL."""
    parts = [struct.pack("!h", len(fields))]
    for field in fields:
        parts += [_NULL] if field is None else [struct.pack("!i", len(field)), field]
    return b"".join(parts)


def integer(value: int) -> bytes:
    """Return an ``integer``."""
    return struct.pack("!i", value)


def smallint(value: int) -> bytes:
    """Return a ``smallint``."""
    return struct.pack("!h", value)


def integers(values: Sequence[int]) -> bytes:
    """Return an ``integer[]`` of one dimension."""
    if not values:
        return struct.pack("!iii", 0, 0, _INTEGER)
    head = struct.pack("!iiiii", 1, 0, _INTEGER, len(values), 1)
    return head + b"".join(struct.pack("!ii", 4, value) for value in values)


def vector(values: Floats) -> bytes:
    """Return a ``vector`` of pgvector."""
    return struct.pack("!hh", len(values), 0) + values.astype(">f4").tobytes()


def read_vector(content: bytes) -> Floats:
    """Return what a ``vector`` of pgvector holds, ``(d,) float32``."""
    return np.frombuffer(content, ">f4", offset=4).astype(np.float32)


def sparse_vector(places: NDArray[np.int64], values: Floats, dimension: int) -> bytes:
    """Return a ``sparsevec`` of pgvector; places count from 0 and rise, and no value may be 0."""
    head = struct.pack("!iii", dimension, len(places), 0)
    return head + places.astype(">i4").tobytes() + values.astype(">f4").tobytes()


def lexemes(terms: Iterable[str]) -> bytes:
    """Return a ``tsvector`` of distinct lexemes without positions."""
    found = [term.encode() + b"\0\0\0" for term in terms]
    return struct.pack("!i", len(found)) + b"".join(found)


def vector_text(values: Floats) -> str:
    """Return a ``vector`` of pgvector as text, exactly."""
    return f"[{','.join(map(repr, values.tolist()))}]"
