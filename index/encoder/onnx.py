"""The query encoder of a generation, run by ONNX Runtime without torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding as Pieces
from tokenizers import Tokenizer

from index.encoder.protocol import Encoding, Floats, TokenVectors
from index.encoder.unigram import UnigramTokeniser, open_tokeniser
from index.errors import ModelError
from index.text import for_encoder

MODEL, SETTINGS = "model.onnx", "encoder.json"
IDS, SAMPLE = "ids.npy", "sample.npy"
SAME = 0.999
"""The least cosine between the vectors of the original model and of its export."""
BATCH_TOKENS = 1024
"""How many tokens are encoded together: more is no faster, and its memory is never freed."""


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """The settings of the model that its graph does not contain.

    Attributes:
        dimension: the length d of a vector.
        pooling: ``mean`` of the token vectors, or ``cls``: the first one.
        query_prompt: is put before every question.
        passage_prompt: is put before every passage.
        sample: a question whose vector by the original model is stored with the encoder.
    """

    dimension: int
    pooling: str
    query_prompt: str
    passage_prompt: str
    sample: str


class OnnxEncoder:
    """Encodes with the exported model: the ids, prompts and pooling of the original.

    Texts are encoded together only with texts of as many tokens, so nothing is ever padded.
    """

    def __init__(
        self,
        settings: EncoderSettings,
        session: onnxruntime.InferenceSession,
        tokeniser: Tokenizer | UnigramTokeniser,
        ids: NDArray[np.int32],
    ) -> None:
        """Put the parts together; ``open`` reads them from a folder."""
        self._settings = settings
        self._session = session
        self._tokeniser = tokeniser
        self._ids = ids

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the folder that ``export_query_encoder`` wrote, and try it out.

        Raises:
            ModelError: a file is missing or damaged, or the vectors are not the model's.
        """
        encoder, sample = cls._read(folder)
        found = encoder.encode_queries([encoder._settings.sample]).pooled[0]
        # Some processors saturate sums of 8-bit products.
        if not float(found @ sample) >= SAME:
            raise ModelError(
                f"the query encoder in {folder} gives other vectors on this machine: "
                "run `qa index` again here, into an empty folder"
            )
        return encoder

    @classmethod
    def _read(cls, folder: Path) -> tuple[Self, Floats]:
        try:
            tokeniser = open_tokeniser(folder)
            session = _session(folder / MODEL)
            settings = EncoderSettings(**json.loads((folder / SETTINGS).read_bytes()))
            ids = np.load(folder / IDS, mmap_mode="r", allow_pickle=False)
            sample = np.load(folder / SAMPLE, allow_pickle=False)
            return cls(settings, session, tokeniser, ids), sample
        except Exception as error:  # both libraries raise many kinds
            raise ModelError(
                f"the query encoder in {folder} cannot be opened ({error}): run `qa index` again"
            ) from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._settings.dimension

    @property
    def tokeniser(self) -> Tokenizer | UnigramTokeniser:
        """What cuts texts into tokens: a reader of the same model uses it, too."""
        return self._tokeniser

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Count the tokens of each text, without prompt and special tokens."""
        return [self._count(for_encoder(text)) for text in texts]

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Encode questions, with the model's own prompt for them."""
        return self._encode(texts, self._settings.query_prompt)

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Encode passages, with the model's own prompt for them."""
        return self._encode(texts, self._settings.passage_prompt)

    def _count(self, text: str) -> int:
        pieces = self._tokeniser.encode(text, add_special_tokens=False)
        return len(pieces) + sum(len(rest) for rest in pieces.overflowing)

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        pieces = [self._tokeniser.encode(prompt + for_encoder(text)) for text in texts]
        pooled = np.zeros((len(texts), self.dimension), dtype=np.float32)
        vectors = [pooled] * len(texts)
        for rows in _batches([len(p) for p in pieces]):
            outputs = self._run([pieces[row].ids for row in rows])
            pooled[rows] = _normalised(self._pool(outputs))
            for row, output in zip(rows, _normalised(outputs), strict=True):
                vectors[row] = output
        tokens = (self._tokens(*pair, len(prompt)) for pair in zip(pieces, vectors, strict=True))
        return Encoding(pooled, tuple(tokens))

    def _run(self, ids: list[list[int]]) -> Floats:
        (outputs,) = self._session.run(None, {"input_ids": np.array(ids, dtype=np.int64)})
        return np.asarray(outputs, dtype=np.float32)

    def _pool(self, outputs: Floats) -> Floats:
        """Make ``(n, d)`` of ``(n, t, d)``."""
        first_only = self._settings.pooling == "cls"
        return outputs[:, 0] if first_only else outputs.mean(axis=1, dtype=np.float32)

    def _tokens(self, pieces: Pieces, vectors: Floats, prompt_length: int) -> TokenVectors:
        offsets = np.array(pieces.offsets, dtype=np.int32) - prompt_length
        own = (offsets[:, 1] > 0) & ~np.array(pieces.special_tokens_mask, dtype=bool)
        # The first token may begin with the space that ends the prompt.
        offsets = np.where(own[:, None], np.maximum(offsets, 0), 0)
        return TokenVectors(vectors, self._ids[pieces.ids], offsets, own)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # Products this small are not worth a second thread; each question has its own.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graph was optimised when it was exported.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of texts of one length, ``BATCH_TOKENS`` tokens at a time."""
    places = sorted(range(len(lengths)), key=lengths.__getitem__)
    for length, group in groupby(places, key=lengths.__getitem__):
        rows, size = list(group), max(1, BATCH_TOKENS // max(1, length))
        yield from (rows[i : i + size] for i in range(0, len(rows), size))


def _normalised(vectors: Floats) -> Floats:
    # NumPy's own norm takes three times as long.
    lengths = np.sqrt(np.einsum("...d,...d->...", vectors, vectors))
    return np.asarray(vectors / lengths[..., None], dtype=np.float32)
