"""Opens the query encoder of a generation: the exported model, or else the model itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.encoder.folder import Note, reason_not_exported
from index.errors import ModelError

if TYPE_CHECKING:
    from index.encoder.protocol import Encoder


def open_query_encoder(folder: Path) -> Encoder:
    """Open the query encoder that ``qa index`` wrote into this folder.

    Raises:
        MissingBuildDependency: the model was not exported and the ``build`` extra is missing.
        ModelError: the encoder cannot be used, or the model is another one now.
    """
    if reason_not_exported(folder) is None:
        from index.encoder.onnx import OnnxEncoder

        return OnnxEncoder.open(folder)
    return _open_model(folder)


def _open_model(folder: Path) -> Encoder:
    from index.model.sentence_transformer import SentenceTransformerEncoder
    from index.model.source import resolve_model

    noted = Note.read(folder)
    source = resolve_model(noted.location, folder)
    if source.revision != noted.revision:
        raise ModelError(
            f"the model {source.name!r} has changed since it was indexed: run `qa index` again"
        )
    return SentenceTransformerEncoder(source)
