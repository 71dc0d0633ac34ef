"""The encoder as sentence-transformers runs it: the reference, and what builds an index."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.folder import Note
from index.encoder.protocol import Encoding, TokenVectors
from index.errors import INSTALL, MissingBuildDependency, ModelError
from index.model.folder import PROMPTS
from index.model.source import ModelSource
from index.reader.adapter import Adapter
from index.text import for_encoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 32

_log = logging.getLogger("passerelle")


class SentenceTransformerEncoder:
    """Encodes texts with a sentence-transformers model, its own prompts and its own pooling."""

    def __init__(self, source: ModelSource) -> None:
        """Load the model.

        Raises:
            MissingBuildDependency: the ``build`` extra is not installed.
            ModelError: sentence-transformers cannot load the model.
        """
        self.name, self.revision, self._source = source.name, source.revision, source
        self._model = _load(source)
        self._alone = Lock()  # the library's tokeniser fails when two threads set it up at once
        own = {name: text for name, text in self._model.prompts.items() if text}
        known = own or (PROMPTS if "e5" in source.name.lower() else {})
        self.prompts = {
            "query": known.get("query", ""),
            "passage": known.get("document", known.get("passage", "")),
        }

    @property
    def model(self) -> SentenceTransformer:
        """The model itself: to train what goes on top of it."""
        return self._model

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Count the tokens of each text, without prompt and special tokens."""
        tokenise: Any = self._model.tokenizer
        found = tokenise([for_encoder(t) for t in texts], add_special_tokens=False)
        return [len(ids) for ids in found["input_ids"]]

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Encode questions, with the model's own prompt for them."""
        with self._alone:
            return self._encode(texts, self.prompts["query"])

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Encode passages, with the model's own prompt for them."""
        with self._alone:
            return self._encode(texts, self.prompts["passage"])

    def export(self, target: Path) -> None:
        """Write the query encoder into an existing folder, ready to be opened without the model.

        A model of a kind that cannot be exported leaves a note to use it as it is. The model that
        the reader was made of brings it along.
        """
        from index.export.query_encoder import export_query_encoder

        try:
            export_query_encoder(self._model, self.prompts, target)
        except ModelError as error:
            Note(self._source.location, self._source.revision, str(error)).write(target)
            return
        self._export_reader(Adapter.read(), target)

    def _export_reader(self, adapter: Adapter, target: Path) -> None:
        from index.export.reader_graph import export_reader

        if self.name not in adapter.recipe.bases:
            return
        try:
            export_reader(self._model, self.prompts, target, adapter)
        except ModelError as error:
            _log.warning("answers are ranked without a reader: %s", error)

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        prepared = [prompt + for_encoder(text) for text in texts]
        outputs: list[Any] = self._model.encode(  # type: ignore[assignment] # a dict each
            prepared, prompt="", batch_size=BATCH, output_value=None, show_progress_bar=False,
            normalize_embeddings=True, convert_to_numpy=False,
        )  # fmt: skip
        pooled = [_array(output["sentence_embedding"]) for output in outputs]
        tokens = (self._tokens(*pair, len(prompt)) for pair in zip(prepared, outputs, strict=True))
        return Encoding(np.stack(pooled), tuple(tokens))

    def _tokens(self, text: str, output: Any, prompt_length: int) -> TokenVectors:
        real = _array(output["attention_mask"]).astype(bool)
        vectors = _array(output["token_embeddings"])[real]
        tokenise: Any = self._model.tokenizer
        found = tokenise(
            text, truncation=True, max_length=len(vectors),
            return_offsets_mapping=True, return_special_tokens_mask=True,
        )  # fmt: skip
        offsets = np.array(found["offset_mapping"], dtype=np.int32) - prompt_length
        own = (offsets[:, 1] > 0) & ~np.array(found["special_tokens_mask"], dtype=bool)
        return TokenVectors(
            vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
            np.array(found["input_ids"], dtype=np.int32),
            # The first token may begin with the space that ends the prompt.
            np.where(own[:, None], np.maximum(offsets, 0), 0),
            own,
        )


def _array(tensor: Any) -> NDArray[np.float32]:
    return np.asarray(tensor.cpu().numpy(), dtype=np.float32)


def _load(source: ModelSource) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        raise MissingBuildDependency(f"{error.name} is not installed: {INSTALL}") from error
    disable_progress_bar()  # type: ignore[no-untyped-call] # the library's own
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        return SentenceTransformer(source.location)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"the model {source.name!r} cannot be loaded ({error}): "
            "correct QA_MODEL, or unset it for the default model"
        ) from error
