"""Exports a sentence-transformers model as a folder that encodes without torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoder.onnx import IDS, MODEL, SAME, SAMPLE, SETTINGS, EncoderSettings, OnnxEncoder
from index.encoder.protocol import Floats
from index.encoder.samples import SAMPLES
from index.encoder.unigram import write_tokeniser
from index.errors import ModelError
from index.export.bert_graph import build_bert
from index.export.bert_weights import is_plain_bert, read_bert
from index.export.torch_graph import write_traced
from index.export.vocabulary import cut_vocabulary
from index.text import for_encoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel


def export_query_encoder(
    model: SentenceTransformer, prompts: Mapping[str, str], target: Path
) -> None:
    """Write the model's query encoder into a folder, for ``OnnxEncoder.open``.

    Args:
        model: one transformer, mean or first-token pooling, and a fast tokeniser.
        prompts: the texts put before a ``query`` and before a ``passage``.
        target: an existing folder.

    Raises:
        ModelError: the model is of another kind, or no export gives the same vectors.
    """
    settings = EncoderSettings(
        int(model.get_embedding_dimension() or 0), _pooling(model), prompts["query"],
        prompts["passage"], SAMPLES[0],
    )  # fmt: skip
    tokeniser, ids = cut_vocabulary(tokeniser_of(model))
    write_tokeniser(target, tokeniser)
    np.save(target / IDS, ids)
    (target / SETTINGS).write_text(json.dumps(asdict(settings)), encoding="utf-8")
    samples = [prompts["query"] + for_encoder(sample) for sample in SAMPLES]
    expected = _vectors(model, prompts["query"]), _vectors(model, prompts["passage"])
    np.save(target / SAMPLE, expected[0][0])
    for write in _writers(transformer_of(model), samples, tokeniser_of(model)):
        _remove_graph(target)
        write(ids, target / MODEL)
        if _is_faithful(target, *expected):
            return
    raise ModelError("the exported encoder does not give the model's vectors: use another model")


def transformer_of(model: SentenceTransformer) -> PreTrainedModel:
    """Return the transformer of a model."""
    transformer: Any = model[0]
    return transformer.auto_model  # type: ignore[no-any-return]


def _pooling(model: SentenceTransformer) -> str:
    kinds = [type(module).__name__ for module in model]
    if kinds[:2] != ["Transformer", "Pooling"] or kinds[2:] not in ([], ["Normalize"]):
        raise ModelError(f"a model made of {', '.join(kinds)} cannot be exported: use another")
    pooling = model[1]
    if pooling.pooling_mode not in ("mean", "cls") or not pooling.include_prompt:
        raise ModelError(f"pooling by {pooling.pooling_mode!r} cannot be exported: use another")
    return str(pooling.pooling_mode)


def tokeniser_of(model: SentenceTransformer) -> Tokenizer:
    """Copy the tokeniser, set to cut texts that are too long for the model.

    Raises:
        ModelError: it is of another kind.
    """
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None or not model.max_seq_length:
        raise ModelError("a model without a fast tokeniser cannot be exported: use another")
    tokeniser = Tokenizer.from_str(backend.to_str())
    tokeniser.no_padding()
    tokeniser.enable_truncation(int(model.max_seq_length))
    return tokeniser


def _writers(
    model: PreTrainedModel, samples: list[str], tokeniser: Tokenizer
) -> Iterator[Callable[[NDArray[np.int32], Path], None]]:
    """Yield the ways to write the graph, the fastest first."""

    def write_bert(ids: NDArray[np.int32], path: Path) -> None:
        graph = build_bert(read_bert(model, ids, [tokeniser.encode(s).ids for s in samples]))
        onnx.save_model(
            graph, path, save_as_external_data=True, location=f"{path.name}.data",
            size_threshold=1024,
        )  # fmt: skip
        path.with_name(f"{path.name}.data").chmod(0o644)  # written for its owner alone

    def write_any(ids: NDArray[np.int32], path: Path) -> None:
        write_traced(model, ids, path)

    if is_plain_bert(model):
        yield write_bert
    yield write_any


def _remove_graph(target: Path) -> None:
    for path in target.glob(f"{MODEL}*"):
        path.unlink()


def _vectors(model: SentenceTransformer, prompt: str) -> Floats:
    """Return the model's own vectors of the samples."""
    texts = [prompt + for_encoder(sample) for sample in SAMPLES]
    options: dict[str, Any] = {"prompt": "", "normalize_embeddings": True}
    vectors = model.encode(texts, show_progress_bar=False, **options)
    return np.asarray(vectors, dtype=np.float32)


def _is_faithful(target: Path, queries: Floats, passages: Floats) -> bool:
    """Whether the export gives the model's vectors for all samples."""
    try:
        encoder = OnnxEncoder.open(target)
    except ModelError:
        return False
    asked, told = (f(list(SAMPLES)) for f in (encoder.encode_queries, encoder.encode_passages))
    cosines = np.stack([asked.pooled * queries, told.pooled * passages]).sum(axis=-1)
    return bool((cosines >= SAME).all())
