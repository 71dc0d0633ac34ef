"""Weights in fewer bits."""

from __future__ import annotations

import numpy as np
import pytest

from index.export.quantisation import exact_blocks, quantised_rows, smoothing


def test_blocks_give_back_every_weight() -> None:
    codes = np.tile(np.arange(-8, 8, dtype=np.float32), (3, 4))  # (3, 64): two blocks a row
    scales = np.array([[0.5, 0.25], [1e-3, 2], [7, 3]], dtype=np.float16).astype(np.float32)
    weights = (codes.reshape(3, 2, 32) * scales[..., None]).reshape(3, 64)
    blocks = exact_blocks(weights)
    assert blocks is not None
    assert blocks.codes.shape == (3, 32)
    assert blocks.scales.tolist() == scales.tolist()
    nibbles = np.stack([blocks.codes & 15, blocks.codes >> 4], axis=-1).reshape(3, 64)
    assert (nibbles - 8.0).tolist() == codes.tolist()


@pytest.mark.parametrize("largest", [-8, -5, 3, 7])
def test_blocks_are_found_whatever_their_largest_code(largest: int) -> None:
    weights = np.zeros((1, 32), dtype=np.float32)
    weights[0, :2] = [largest * 0.375, 0.375]
    blocks = exact_blocks(weights)
    assert blocks is not None
    values = [int(blocks.codes[0, 0] & 15) - 8, int(blocks.codes[0, 0] >> 4) - 8]
    assert [v * blocks.scales[0, 0] for v in values] == [largest * 0.375, 0.375]


def test_a_block_of_zeros() -> None:
    blocks = exact_blocks(np.zeros((1, 32), dtype=np.float32))
    assert blocks is not None
    assert blocks.codes.tolist() == [[0x88] * 16]


def test_other_weights_have_no_blocks() -> None:
    weights = np.random.default_rng(0).normal(size=(2, 32)).astype(np.float32)
    assert exact_blocks(weights) is None


def test_rows_that_are_no_whole_number_of_blocks() -> None:
    assert exact_blocks(np.zeros((1, 48), dtype=np.float32)) is None


def test_rows_keep_their_largest_weight() -> None:
    rows = quantised_rows(np.array([[1, -254], [0, 0], [0.5, 127]], dtype=np.float32))
    assert rows.codes.tolist() == [[0, -127], [0, 0], [0, 127]]
    assert rows.scales[[0, 2]].tolist() == [2.0, 1.0]


def test_smoothing_shares_the_range() -> None:
    activations = np.array([16, 4], dtype=np.float32)
    weights = np.array([[1, -4], [0, 2]], dtype=np.float32)
    assert smoothing(activations, weights, 0.5).tolist() == [4.0, 1.0]
    assert smoothing(activations, weights, 1.0).tolist() == [16.0, 4.0]
    assert smoothing(activations, weights, 0.75).tolist() == [8.0, 2.0]


def test_smoothing_does_not_depend_on_last_digits() -> None:
    activations = np.array([1.0, 1.1, 1e-9], dtype=np.float32)
    weights = np.ones((2, 3), dtype=np.float32)
    factors = smoothing(activations, weights, 0.5)
    assert factors == pytest.approx([1, 2**0.125, 2**-6.625])
    assert smoothing(activations * np.float32(1.00001), weights, 0.5).tolist() == factors.tolist()
