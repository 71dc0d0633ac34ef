"""The model file is read as its format says, and a damaged one is refused."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelError
from index.model.e5s1 import E5S1, Sizes
from tests.index.model.e5s1_files import (
    BLOCK_VALUES,
    EPSILON,
    NORMALISATION,
    PIECES,
    SIZES,
    write_e5s1,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_e5s1(tmp_path / "model.bin")
    return tmp_path / "model.bin"


def test_sizes_vocabulary_and_normalisation_are_read(path: Path) -> None:
    model = E5S1.open(path)
    assert model.sizes == Sizes(*SIZES) == (32, 1, 4, 64, 9, 16, 2)
    assert model.layer_norm_eps == EPSILON
    assert [tuple(piece) for piece in model.pieces] == PIECES
    assert model.normalisation == NORMALISATION


def test_four_bit_weights_are_low_nibbles_then_high_times_the_scale(path: Path) -> None:
    weights = E5S1.open(path).weights("l0.q.w")
    assert weights.dtype == np.float32
    assert weights.tolist() == BLOCK_VALUES * 32
    assert weights[:3].tolist() == [-16.0, -14.0, -12.0]
    assert weights[16:19].tolist() == [14.0, 12.0, 10.0]


def test_plain_weights_are_read_as_they_are(path: Path) -> None:
    weights = E5S1.open(path).weights("l0.q.b")
    assert weights.dtype == np.float32
    assert weights.tolist() == list(range(32))


def test_a_missing_tensor_is_named(path: Path) -> None:
    with pytest.raises(ModelError, match=r"no tensor 'l1\.q\.w'"):
        E5S1.open(path).weights("l1.q.w")


@pytest.mark.parametrize("at", [0, 3, 7, 30, 60, 200, 500, 2000, -1])
def test_a_file_cut_short_is_refused(path: Path, at: int) -> None:
    content = path.read_bytes()[:at]
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.bin is not a whole E5S1 version 1 file"):
        E5S1.open(path)


@pytest.mark.parametrize(
    ("offset", "value", "told"),
    [
        (0, b"GGUF", "another format or version"),
        (4, struct.pack("<I", 2), "another format or version"),
        (40, struct.pack("<i", 64), "blocks of 64 weights, not 32"),
    ],
)
def test_another_format_is_refused(path: Path, offset: int, value: bytes, told: str) -> None:
    content = bytearray(path.read_bytes())
    content[offset : offset + 4] = value
    path.write_bytes(content)
    with pytest.raises(ModelError, match=told):
        E5S1.open(path)


def test_a_tensor_of_an_unknown_type_is_refused(path: Path) -> None:
    name = b"emb.word"
    content = bytearray(path.read_bytes())
    content[content.index(name) + len(name)] = 7
    path.write_bytes(content)
    with pytest.raises(ModelError, match="a tensor of type 7 and 288 weights"):
        E5S1.open(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nothing\.bin"):
        E5S1.open(tmp_path / "nothing.bin")
