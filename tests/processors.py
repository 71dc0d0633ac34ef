"""What the processor of this machine computes exactly."""

from __future__ import annotations

from functools import cache

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper


@cache
def saturates() -> bool:
    """Tell whether sums of 8-bit products are cut off here, as on processors without VNNI.

    There an export in 8 bits does not give the model's vectors, and a 32-bit one takes its place.
    """
    largest = np.full((1, 64), 255, dtype=np.uint8), np.full((64, 16), 127, dtype=np.int8)
    node = helper.make_node("MatMulInteger", ["a", "b"], ["c"])
    inputs = [
        helper.make_tensor_value_info("a", TensorProto.UINT8, [1, 64]),
        helper.make_tensor_value_info("b", TensorProto.INT8, [64, 16]),
    ]
    output = helper.make_tensor_value_info("c", TensorProto.INT32, [1, 16])
    graph = helper.make_graph([node], "sums", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (sums,) = session.run(None, dict(zip("ab", largest, strict=True)))
    return bool((sums != 64 * 255 * 127).any())
