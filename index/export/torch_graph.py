"""Any transformer as an ONNX graph in 32 bits, traced by torch and optimised by ONNX Runtime."""

from __future__ import annotations

import contextlib
import copy
import logging
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel


def write_traced(model: PreTrainedModel, ids: NDArray[np.int32], path: Path) -> None:
    """Write the graph, from ``input_ids (n, t) int64`` to ``tokens (n, t, d) float32``.

    Args:
        model: any encoder that needs nothing but token ids.
        ids: the rows of the word embeddings to keep.
        path: of the graph; its weights go beside it.

    Raises:
        ModelError: torch cannot export the model, or ONNX Runtime cannot run it.
    """
    with tempfile.TemporaryDirectory() as folder, _quiet():
        traced = Path(folder) / "traced.onnx"
        try:
            _trace(_with_words(model, ids), traced)
            _optimise(traced, path)
        except Exception as error:  # torch and ONNX Runtime raise many kinds
            raise ModelError(
                f"{type(model).__name__} cannot be exported to ONNX ({error}): use another model"
            ) from error


def _with_words(model: PreTrainedModel, ids: NDArray[np.int32]) -> Any:
    import torch

    smaller: Any = copy.deepcopy(model)
    smaller.cpu().float().eval()
    words = torch.nn.Embedding(len(ids), smaller.config.hidden_size)
    words.weight = torch.nn.Parameter(smaller.get_input_embeddings().weight[ids.tolist()])
    smaller.set_input_embeddings(words)
    smaller.set_attn_implementation("eager")  # the form that fuses best
    return smaller


def _trace(model: Any, path: Path) -> None:
    import torch

    class Tokens(torch.nn.Module):
        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = model(input_ids=input_ids).last_hidden_state
            return found

    tokens = Tokens()
    tokens.model = model
    torch.onnx.export(
        tokens,
        (torch.arange(6).reshape(2, 3),),
        path,
        input_names=["input_ids"],
        output_names=["tokens"],
        dynamic_shapes={"input_ids": {0: "n", 1: "t"}},
        dynamo=True,
        verbose=False,
    )


def _optimise(traced: Path, path: Path) -> None:
    options = onnxruntime.SessionOptions()
    # The next level up is for this very processor.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    data = f"{path.name}.data"
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_file_name", data
    )
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_min_size_in_bytes", "1024"
    )
    onnxruntime.InferenceSession(str(traced), options, providers=["CPUExecutionProvider"])


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's remarks on its own internals from people who index documents."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
