"""Inner products in whole numbers are nearly those of decoded directions."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, load_from_string

from index.encoder.protocol import Floats
from index.late.codec import STEP, decode, encode
from index.late.products import GRAPH, products


def vectors(n: int, d: int, seed: int = 0) -> Floats:
    drawn = np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def test_by_hand() -> None:
    # 127 and -127 are kept whole, so all is exact: 3 and 0 in the first two of 128 components.
    codes = np.full((1, 32), 0b10101010, dtype=np.uint8)
    codes[0, 0] = 0b10100011
    wanted = np.zeros((2, 128), dtype=np.float32)
    wanted[0, 0], wanted[1, 1] = 2.0, -0.5
    found = products(codes, wanted)
    np.testing.assert_allclose(found, [[2 * 1.5 * STEP, 0.5 * 1.5 * STEP]], rtol=1e-6)


@given(st.integers(1, 40), st.integers(1, 20), st.integers(0, 9))
def test_close_to_those_of_decoded_directions(t: int, q: int, seed: int) -> None:
    codes, _ = encode(vectors(t, 384, seed), np.zeros(384, dtype=np.float32))
    wanted = vectors(q, 384, seed + 1)
    errors = products(codes, wanted) - decode(codes) @ wanted.T
    # A decoded direction is about sqrt(384) = 19.6 long: 0.003 of a cosine's 1 is 0.06.
    assert np.abs(errors).max() < 0.06


def test_the_greatest_sums_do_not_overflow() -> None:
    codes = np.full((1, 96), 255, dtype=np.uint8)
    wanted = np.ones((1, 384), dtype=np.float32)
    assert products(codes, wanted)[0, 0] == pytest.approx(384 * 1.5 * STEP)


def test_each_product_depends_on_its_two_vectors_alone() -> None:
    codes, _ = encode(vectors(50, 384), np.zeros(384, dtype=np.float32))
    wanted = vectors(9, 384, seed=1)
    alone = np.concatenate([products(codes[i : i + 1], wanted) for i in range(50)])
    np.testing.assert_array_equal(products(codes, wanted), alone)
    np.testing.assert_array_equal(products(codes, wanted[4:5])[:, 0], alone[:, 4])


def test_half_precision_is_multiplied_as_it_is() -> None:
    codes = np.array([[1, 0.5], [0, -1]], dtype=np.float16)
    found = products(codes, np.array([[2, 4]], dtype=np.float32))
    np.testing.assert_array_equal(found, [[4], [-4]])


def test_a_vector_of_zeros() -> None:
    codes = np.zeros((1, 96), dtype=np.uint8)
    assert products(codes, np.zeros((1, 384), dtype=np.float32)).tolist() == [[0.0]]


def test_the_graph_is_one_operator() -> None:
    graph = load_from_string(files("index.late").joinpath(GRAPH).read_bytes())
    value = helper.make_tensor_value_info
    made = helper.make_model(
        helper.make_graph(
            [helper.make_node("MatMulInteger", ["a", "b"], ["y"])],
            "products",
            [
                value("a", TensorProto.UINT8, [4, "t", "d"]),
                value("b", TensorProto.INT8, [4, "d", "q"]),
            ],
            [value("y", TensorProto.INT32, [4, "t", "q"])],
        ),
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=8,
    )
    assert graph == made
