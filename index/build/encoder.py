"""The encoder that builds an index: the exported model, or the model itself if that failed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tokenizers import Tokenizer

from documents.errors import PasserelleError
from index.build.stage import BuildEncoder
from index.checking import check_part
from index.encoder.folder import ENCODER, reason_not_exported
from index.encoder.onnx import OnnxEncoder
from index.encoder.unigram import TOKENISER
from index.faults import reported
from index.generations.folder import FolderStore
from index.manifest import Manifest
from index.model.source import ModelSource
from index.reader.adapter import Adapter
from index.reader.reader import has_reader, reader_settings


class ExportedEncoder(OnnxEncoder):
    """An exported encoder that knows which model it was made from."""

    name: str
    revision: str
    _folder: Path

    @classmethod
    def of(cls, source: ModelSource, folder: Path) -> Self:
        """Open the export of this model.

        Raises:
            ModelError: it cannot be used.
        """
        encoder = cls.open(folder)
        encoder.name, encoder.revision, encoder._folder = source.name, source.revision, folder
        return encoder

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open an export, with the tokeniser that is best for whole documents.

        Raises:
            ModelError: it cannot be used.
        """
        encoder = super().open(folder)
        # Slower to open, but three times as fast for whole documents.
        encoder._tokeniser = Tokenizer.from_file(str(folder / TOKENISER))
        return encoder

    @property
    def prompts(self) -> dict[str, str]:
        """What stands before a ``query`` and a ``passage``."""
        return {"query": self._settings.query_prompt, "passage": self._settings.passage_prompt}

    @property
    def reader_settings(self) -> bytes | None:
        """What tells its reader from others; None where it has none."""
        return reader_settings(self._folder)

    def export(self, target: Path) -> None:
        """Copy the export into an existing folder."""
        shutil.copytree(self._folder, target, dirs_exist_ok=True)


@contextmanager
def open_build_encoder(source: ModelSource, store: FolderStore) -> Iterator[BuildEncoder]:
    """Open the encoder of the current generation, if it is of the same model.

    Otherwise, or if it lacks the reader of this program, export the model. Where no export gives
    the model's vectors, the model itself encodes.

    Raises:
        MissingBuildDependency: the model must be loaded and the ``build`` extra is missing.
        ModelError: the model cannot be loaded.
    """
    previous = _previous(source, store)
    if previous is not None:
        yield previous
        return
    with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
        yield _export(source, Path(folder))


def _previous(source: ModelSource, store: FolderStore) -> ExportedEncoder | None:
    try:
        generation = store.current()
        manifest = Manifest.read(generation)
        if manifest.recipe.revision != source.revision:
            return None
        check_part(generation, manifest, ENCODER)
        adapter = Adapter.shipped_for(source.name)
        if adapter is not None and not has_reader(generation / ENCODER, adapter.recipe.sha256):
            return None
        return ExportedEncoder.of(source, generation / ENCODER)
    except PasserelleError:  # missing, damaged, of another schema, or not exported: export again
        return None


def _export(source: ModelSource, folder: Path) -> BuildEncoder:
    from index.model.sentence_transformer import SentenceTransformerEncoder

    model = SentenceTransformerEncoder(source)
    with reported(folder):
        model.export(folder)
    exported = reason_not_exported(folder) is None
    return ExportedEncoder.of(source, folder) if exported else model
