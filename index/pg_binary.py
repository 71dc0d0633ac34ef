"""Values in PostgreSQL's binary form: as COPY takes them, and as they come back."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoding import Floats

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = struct.pack("!h", -1)
_NULL: Final = struct.pack("!i", -1)


def record(fields: Sequence[bytes | None]) -> bytes:
    """Return a row as COPY takes it."""
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


def vector(values: Floats) -> bytes:
    """Return a ``vector`` of pgvector."""
    return struct.pack("!hh", len(values), 0) + values.astype(">f4").tobytes()


def read_vector(content: bytes) -> Floats:
    """Return what a ``vector`` of pgvector holds, ``(d,) float32``."""
    return np.frombuffer(content, ">f4", offset=4).astype(np.float32)


def sparse_vector(places: NDArray[np.int64], values: Floats, dimension: int) -> bytes:
    """Return a ``sparsevec`` of pgvector; the places rise, from 0, and no value is 0."""
    head = struct.pack("!iii", dimension, len(places), 0)
    return head + places.astype(">i4").tobytes() + values.astype(">f4").tobytes()


def lexemes(terms: Iterable[str]) -> bytes:
    """Return a ``tsvector`` of distinct lexemes without positions."""
    found = [term.encode() + b"\0\0\0" for term in terms]
    return struct.pack("!i", len(found)) + b"".join(found)


def vector_text(values: Floats) -> str:
    """Return a ``vector`` of pgvector as text, exactly."""
    return f"[{','.join(map(repr, values.tolist()))}]"
