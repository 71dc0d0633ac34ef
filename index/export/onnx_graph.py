"""An ONNX graph, written one operation after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

CONTRIB = "com.microsoft"
"""The domain of the operations that only ONNX Runtime has."""
_OPSET = 21
_IR_VERSION = 10


class GraphWriter:
    """Collects the operations and constants of a graph; values are known by their names."""

    def __init__(self) -> None:
        """Start an empty graph."""
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, values: NDArray[Any] | np.generic) -> str:
        """Add a constant and return its name."""
        name = f"constant_{len(self._constants)}"
        array = np.ascontiguousarray(values).reshape(np.shape(values))
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def integers(self, *values: int) -> str:
        """Add a constant ``(k,) int64``, such as axes or a shape, and return its name."""
        return self.constant(np.array(values, dtype=np.int64))

    def apply(self, operation: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add an operation and return the name of its result."""
        return self.split(operation, *inputs, results=1, domain=domain, **attributes)[0]

    def split(
        self, operation: str, *inputs: str, results: int, domain: str = "", **attributes: Any
    ) -> list[str]:
        """Add an operation and return the names of its results."""
        names = [f"{operation}_{len(self._nodes)}_{i}" for i in range(results)]
        node = helper.make_node(operation, inputs, names, domain=domain, **attributes)
        self._nodes.append(node)
        return names

    def encoder(self, tokens: str, width: int) -> onnx.ModelProto:
        """Finish: from ``input_ids (n, t) int64`` to ``tokens (n, t, width) float32``."""
        self._nodes.append(helper.make_node("Identity", [tokens], ["tokens"]))
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "t"])
        vectors = helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["n", "t", width])
        graph = helper.make_graph(self._nodes, "encoder", [ids], [vectors], self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
