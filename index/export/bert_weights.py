"""Reads from a ``BertModel`` what the fast graph needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.export.bert_graph import Arrays, Bert

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_WORDS = "embeddings.word_embeddings.weight"
_SMOOTHED = ("attention.self.query", "intermediate.dense")


def is_plain_bert(model: PreTrainedModel) -> bool:
    """Whether this is the BERT encoder that the fast graph computes."""
    config = model.config
    return (
        type(model).__name__ == "BertModel"
        and config.hidden_act == "gelu"
        and not config.is_decoder
        and getattr(config, "position_embedding_type", None) in (None, "absolute")
    )


def read_bert(
    model: PreTrainedModel, ids: NDArray[np.int32], samples: Sequence[Sequence[int]]
) -> Bert:
    """Read the weights, and run the model on samples to see how large its activations are.

    Args:
        model: a plain ``BertModel``.
        ids: the rows of the word embeddings to keep.
        samples: token ids of a few typical texts.
    """
    weights = {name: tensor.float().numpy() for name, tensor in model.state_dict().items()}
    weights[_WORDS] = weights[_WORDS][ids]
    config = model.config
    with _watched(model) as peaks:
        _run(model, samples)
    return Bert(
        config.num_hidden_layers, config.num_attention_heads, config.layer_norm_eps, weights, peaks
    )


def _run(model: PreTrainedModel, samples: Sequence[Sequence[int]]) -> None:
    import torch

    with torch.inference_mode():
        for sample in samples:
            model(input_ids=torch.tensor([list(sample)], device=model.device))


@contextlib.contextmanager
def _watched(model: PreTrainedModel) -> Iterator[Arrays]:
    """Keep the largest absolute value of each input channel of the layers to smooth."""
    peaks: Arrays = {}
    hooks = [
        module.register_forward_pre_hook(_watcher(name, peaks))
        for name, module in model.named_modules()
        if name.endswith(_SMOOTHED)
    ]
    try:
        yield peaks
    finally:
        for hook in hooks:
            hook.remove()


def _watcher(name: str, peaks: Arrays) -> Any:
    def watch(_module: Any, inputs: tuple[Any, ...]) -> None:
        largest = inputs[0].abs().amax(dim=(0, 1)).float().cpu().numpy()
        peaks[name] = np.maximum(peaks.get(name, 0), largest)

    return watch
