"""The reader as an ONNX graph beside that of the query encoder, whose embeddings it shares.

Its matrices have 7 bits, not 8: the sums of their products then fit into 16 bits, as processors
without VNNI compute them, so one graph gives the same readings everywhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
import onnx
from numpy.typing import NDArray

from index.encoder.onnx import IDS, MODEL
from index.encoder.samples import SAMPLES
from index.errors import ModelError
from index.export.bert_graph import Bert, BertWriter
from index.export.bert_weights import is_plain_bert, read_bert
from index.export.quantisation import Rows, quantised_rows
from index.export.query_encoder import tokeniser_of, transformer_of
from index.export.sharing import Shared
from index.reader.adapter import Adapter, Arrays
from index.reader.inputs import Composer, ReaderInput, Row
from index.reader.reader import OUTPUTS, READER, Reader, ReaderSettings, reading

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel

_STEPS = 63
_CLOSE = 1.0
"""How far the scores of an export may be from the model's own, on average, in logits."""


def export_reader(
    model: SentenceTransformer, prompts: Mapping[str, str], target: Path, adapter: Adapter
) -> None:
    """Write the reader into the folder of an exported query encoder, for ``Reader.open``.

    Args:
        model: which the query encoder was made of; a plain ``BertModel``.
        prompts: the texts put before a ``query`` and before a ``passage``.
        target: where the query encoder is.
        adapter: makes a reader of the model.

    Raises:
        ModelError: the model is of another kind, or the export does not read as it does.
    """
    body, head = transformer_of(model), Head.of(adapter)
    if not is_plain_bert(body):
        raise ModelError(f"a {type(body).__name__} cannot be made a reader: use another model")
    composer = composer_of(model, prompts)
    rows = [composer.compose(question, passage) for question, passage in _samples()]
    ids = np.load(target / IDS, allow_pickle=False)
    with _adapted(body, adapter):
        bert = read_bert(body, ids, [row.ids.tolist() for row in rows])
        shared = Shared.of(target / MODEL)
        shared.save(_ReaderWriter(bert, head, shared).write(), target / READER)
        expected = [_score(body, row, head) for row in rows]
    ReaderSettings(prompts["query"], prompts["passage"], adapter.recipe.sha256).write(target)
    _check(target, expected)


def composer_of(model: SentenceTransformer, prompts: Mapping[str, str]) -> Composer:
    """Return what makes rows with the model's own tokeniser."""
    tokeniser = tokeniser_of(model)
    tokeniser.no_truncation()
    return Composer(tokeniser, prompts["query"], prompts["passage"])


def _samples() -> Iterator[tuple[str, ReaderInput]]:
    questions, passages = SAMPLES[:4], SAMPLES[4:12]
    for number, passage in enumerate(passages):
        yield questions[number % len(questions)], ReaderInput("", passage)
        yield questions[0], ReaderInput(SAMPLES[-2], passage + " " + SAMPLES[number])


class Head(NamedTuple):
    """What makes ``OUTPUTS`` numbers of each token: ``(OUTPUTS, d)`` and ``(OUTPUTS,)``."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def of(cls, adapter: Adapter) -> Self:
        """Return that of an adapter."""
        return cls(adapter.weights["head.weight"], adapter.weights["head.bias"])


class _ReaderWriter(BertWriter):
    def __init__(self, bert: Bert, head: Head, shared: Shared) -> None:
        super().__init__(bert)
        self._head, self._shared = head, shared

    def write(self) -> onnx.ModelProto:
        x, batch_shape = self.rows()
        y = self.apply(
            "Gemm", x, self.constant(self._head.weight.T), self.constant(self._head.bias)
        )
        return self.encoder(self.apply("Reshape", y, self.shape(batch_shape, OUTPUTS)), OUTPUTS)

    def words(self) -> str:
        table = self.bert.weights["embeddings.word_embeddings.weight"]
        if self._shared.has(table):
            return self.apply("Gather", self.constant(table), "input_ids")
        return super().words()

    def quantised(self, weights: NDArray[np.float32]) -> Rows:
        return quantised_rows(weights, _STEPS)


@contextlib.contextmanager
def _adapted(model: PreTrainedModel, adapter: Adapter) -> Iterator[None]:
    """Change the model itself for a while: a copy would hold its embeddings twice."""
    import torch

    state = model.state_dict()
    before = {
        name: tensor.cpu().numpy().copy() for name, tensor in state.items() if adapter.changes(name)
    }
    _write(state, adapter.changed(before), torch)
    try:
        yield
    finally:
        _write(state, before, torch)


def _write(state: Mapping[str, Any], weights: Arrays, torch: Any) -> None:
    with torch.no_grad():
        for name, values in weights.items():
            state[name].copy_(torch.from_numpy(values))


def _score(model: PreTrainedModel, row: Row, head: Head) -> float:
    import torch

    with torch.inference_mode():
        found = model(input_ids=torch.from_numpy(row.ids)[None].to(model.device))
    tokens = found.last_hidden_state[0].cpu().numpy()
    return reading(tokens @ head.weight.T + head.bias, row, ReaderInput("", "")).score


def _check(target: Path, expected: Sequence[float]) -> None:
    reader = Reader.open(target)
    found = [reader.read(question, [passage])[0].score for question, passage in _samples()]
    apart = float(np.abs(np.array(found) - np.array(expected)).mean())
    if not apart <= _CLOSE:
        for path in target.glob("reader.*"):
            path.unlink()
        raise ModelError(f"the exported reader is {apart:.2f} logits off: use another model")
