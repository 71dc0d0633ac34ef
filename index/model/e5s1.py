"""The ``E5S1`` model file: a 4-bit BERT encoder and its vocabulary, read as data.

Little-endian throughout. In order: ``E5S1``; u32 version; i32 x7 sizes; f32 layer-norm epsilon;
i32 block size; the vocabulary; the normalisation map; the directory of tensors; their data.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32  # weights that share a scale
_BLOCK_BYTES = 2 + BLOCK // 2
_FLOAT32, _FOUR_BITS = 0, 1


class Sizes(NamedTuple):
    """The shape of the BERT encoder, in the order of the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int


class Piece(NamedTuple):
    """A SentencePiece unigram piece and its log-probability; its place in the list is its id."""

    text: str
    score: float


class Tensor(NamedTuple):
    """Where a tensor stands in the file: type, number of weights, offset and size in bytes."""

    dtype: int
    elements: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class E5S1:
    """An open model file; the weights stay on disk until they are asked for.

    Attributes:
        sizes: the shape of the encoder.
        layer_norm_eps: of every layer normalisation.
        pieces: the vocabulary, the special tokens included.
        normalisation: what a code point is replaced by before it is cut into pieces.
        tensors: the directory.
    """

    sizes: Sizes
    layer_norm_eps: float
    pieces: tuple[Piece, ...]
    normalisation: dict[str, str]
    tensors: dict[str, Tensor]
    _data: mmap.mmap

    @classmethod
    def open(cls, path: Path) -> E5S1:
        """Open a file and read all of it but the weights.

        Raises:
            ModelError: it cannot be read, is of another format, or is cut short.
        """
        try:
            with path.open("rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            return _parse(data)
        except (OSError, ValueError, struct.error) as error:
            raise ModelError(
                f"{path} is not a whole E5S1 version {VERSION} file ({error}): "
                "install the `build` extra again"
            ) from error

    def weights(self, name: str) -> NDArray[np.float32]:
        """Return a tensor's weights, ``(elements,) float32``, in row-major order.

        Raises:
            ModelError: there is no such tensor.
        """
        if name not in self.tensors:
            raise ModelError(f"the E5S1 file has no tensor {name!r}: install `build` again")
        tensor = self.tensors[name]
        raw = np.frombuffer(self._data, np.uint8, tensor.size, tensor.offset)
        return raw.view("<f4") if tensor.dtype == _FLOAT32 else _dequantised(raw)


def _dequantised(raw: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Blocks of an f16 scale and 16 bytes: low nibbles first, then high; (nibble - 8) * scale."""
    blocks = raw.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2")
    weights = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    weights -= 8  # in place: the word embeddings alone are 384 MB
    weights *= scales
    return weights.reshape(-1)


class _Cursor:
    """Reads values one after the other."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def values(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return found

    def bytes(self, count: int) -> bytes:
        (found,) = self.values(f"{count}s")
        return bytes(found)

    def array(self, dtype: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(dtype).itemsize), dtype)


def _parse(data: mmap.mmap) -> E5S1:
    cursor = _Cursor(data)
    if (cursor.bytes(4), *cursor.values("I")) != (MAGIC, VERSION):
        raise ValueError("another format or version")
    sizes = Sizes(*cursor.values("7i"))
    epsilon, block = cursor.values("fi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} weights, not {BLOCK}")
    pieces = tuple(_pieces(cursor))
    normalisation = dict(_normalisation(cursor))
    tensors = dict(_tensors(cursor, len(data)))
    return E5S1(sizes, epsilon, pieces, normalisation, tensors, data)


def _pieces(cursor: _Cursor) -> Iterator[Piece]:
    # The ids of the special tokens are those of XLM-RoBERTa, which the tokeniser states itself.
    count, _bos, _eos, _pad, _unk, size = cursor.values("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.bytes(size)
    for (start, end), score in zip(pairwise(offsets), scores, strict=True):
        yield Piece(blob[start:end].decode("utf-8"), score)


def _normalisation(cursor: _Cursor) -> Iterator[tuple[str, str]]:
    entries, _size = cursor.values("iI")
    for _ in range(entries):
        code_point, length = cursor.values("IB")
        yield chr(code_point), "".join(map(chr, cursor.values(f"{length}I")))


def _tensors(cursor: _Cursor, end: int) -> Iterator[tuple[str, Tensor]]:
    (count,) = cursor.values("i")
    for _ in range(count):
        name = cursor.bytes(*cursor.values("H")).decode("utf-8")
        tensor = Tensor(*cursor.values("BIQQ"))
        if tensor.size != _expected_size(tensor) or tensor.offset + tensor.size > end:
            raise ValueError(f"tensor {name!r} is damaged")
        yield name, tensor


def _expected_size(tensor: Tensor) -> int:
    if tensor.dtype == _FLOAT32:
        return 4 * tensor.elements
    if tensor.dtype == _FOUR_BITS and tensor.elements % BLOCK == 0:
        return tensor.elements // BLOCK * _BLOCK_BYTES
    raise ValueError(f"a tensor of type {tensor.dtype} and {tensor.elements} weights")
