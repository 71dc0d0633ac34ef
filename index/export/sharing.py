"""Graphs in one folder that share the weights that they have in common, on disk and in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

_LEAST = 1024
_ALIGNED = 4096
"""Weights of so many bytes and more go into the file of data, each at a multiple of the second."""

Place = tuple[str, int, int]
"""A file of data, where in it weights begin, and how many bytes they have."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What another graph of the folder holds.

    Attributes:
        places: of its weights, by their digest.
    """

    places: Mapping[str, Place]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read which weights the data of a graph holds.

        Args:
            path: of the graph; its data lies beside it.
        """
        graph = onnx.load_model(path, load_external_data=False).graph
        places = (_place(tensor) for tensor in graph.initializer if tensor.external_data)
        return cls({_digest(_bytes(path.parent, place)): place for place in places})

    def has(self, values: NDArray[Any]) -> bool:
        """Whether the other graph holds these very weights."""
        return _digest(np.ascontiguousarray(values).data.cast("B")) in self.places

    def save(self, model: onnx.ModelProto, path: Path) -> None:
        """Write a graph whose weights are those of the other one, where it holds them."""
        data = path.with_name(f"{path.name}.data")
        with data.open("wb") as file:
            for tensor in model.graph.initializer:
                content = numpy_helper.to_array(tensor).tobytes()
                if len(content) < _LEAST:
                    continue
                place = self.places.get(_digest(content))
                if place is None:
                    file.seek(-file.tell() % _ALIGNED, 1)
                    place = data.name, file.tell(), len(content)
                    file.write(content)
                _refer(tensor, place)
        onnx.save_model(model, path)


def _place(tensor: onnx.TensorProto) -> Place:
    found = {entry.key: entry.value for entry in tensor.external_data}
    return found["location"], int(found.get("offset", 0)), int(found["length"])


def _bytes(folder: Path, place: Place) -> memoryview:
    name, offset, length = place
    return np.memmap(folder / name, np.uint8, "r", offset, (length,)).data


def _digest(content: Any) -> str:
    return hashlib.sha256(content).hexdigest()


def _refer(tensor: onnx.TensorProto, place: Place) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    del tensor.external_data[:]
    for key, value in zip(("location", "offset", "length"), place, strict=True):
        tensor.external_data.add(key=key, value=str(value))
