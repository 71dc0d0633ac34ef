"""Two bits a dimension keep directions."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoder.protocol import Floats
from index.late.codec import decode, encode


def vectors(n: int, d: int, seed: int = 0) -> Floats:
    drawn = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def restored(given: Floats, mean: Floats) -> Floats:
    codes, radii = encode(given, mean)
    return np.asarray(mean + radii[:, None].astype(np.float32) * decode(codes), dtype=np.float32)


def test_sizes() -> None:
    codes, radii = encode(vectors(7, 384), np.zeros(384, dtype=np.float32))
    assert codes.shape == (7, 96)
    assert codes.dtype == np.uint8
    assert radii.shape == (7,)
    assert radii.dtype == np.float16


def test_the_four_levels() -> None:
    given = np.tile(np.array([-2, -0.5, 0.5, 2], dtype=np.float32), 32)
    codes, _ = encode(given[None], np.zeros(128, dtype=np.float32))
    assert set(codes.ravel().tolist()) == {0b11100100}
    np.testing.assert_allclose(decode(codes)[0, :4], [-1.49355, -0.49785, 0.49785, 1.49355])


def test_directions_are_kept() -> None:
    # 0.939 is what four levels keep of a normal distribution: sqrt(1 - 0.1188), Max (1960).
    given = vectors(200, 384)
    cosines = (given * restored(given, np.zeros(384, dtype=np.float32))).sum(axis=1)
    assert cosines.mean() == pytest.approx(0.939, abs=0.005)


def test_what_vectors_share_is_kept_exactly() -> None:
    mean = 10 * vectors(1, 384, seed=1)[0]
    given = mean + 0.1 * vectors(50, 384)
    errors = np.linalg.norm(restored(given, mean) - given, axis=1)
    assert errors.max() < 0.05


def test_small_vectors_keep_half_precision() -> None:
    given = vectors(20, 5)
    np.testing.assert_allclose(restored(given, np.zeros(5, dtype=np.float32)), given, atol=1e-3)


def test_a_vector_that_is_the_mean() -> None:
    mean = vectors(1, 384)[0]
    np.testing.assert_allclose(restored(mean[None], mean)[0], mean, atol=1e-6)


def test_a_code_depends_on_its_vector_alone() -> None:
    given, mean = vectors(50, 384), np.zeros(384, dtype=np.float32)
    alone = np.concatenate([encode(v[None], mean)[0] for v in given])
    np.testing.assert_array_equal(encode(given, mean)[0], alone)
