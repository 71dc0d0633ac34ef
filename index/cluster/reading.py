"""The first stage on a Ray cluster: actors read files and cut them into passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from documents.chunking import ChunkSettings, chunk
from documents.discovery import FoundFiles, UnreadFile
from documents.errors import DocumentError
from documents.options import USUAL, ReadingOptions
from documents.reading import Detector, NotedFile, Reading, noted, read_document
from documents.types import Document, Passage
from index.build.stage import BuildEncoder
from index.cluster.arrow_tables import (
    ChunkedDocument,
    NamedFile,
    chunked_table,
    files_table,
    table_chunked,
    table_files,
)
from index.cluster.encoding import open_packed
from index.cluster.packed_encoder import OpenEncoder, PackedEncoder, open_exported
from index.cluster.ray_cluster import ActorClass, Cluster
from index.encoder.protocol import Encoder
from index.errors import ClusterError

if TYPE_CHECKING:
    import pyarrow

FILES: Final = 16
"""How many files an actor is given at a time."""
_TURNS: Final = 4
"""How many tables of files each actor gets at least, so that none is left with nothing to do."""


class ChunkFiles:
    """An actor that reads the files of a table and cuts each into passages."""

    def __init__(
        self,
        packed: Any,
        open_encoder: OpenEncoder,
        detect: Detector,
        options: ReadingOptions = USUAL,
    ) -> None:
        """Keep what the first table will need; nothing is opened yet.

        Ray starts an actor again whose constructor fails, without end.

        Args:
            packed: the reference of a shared ``PackedEncoder``.
            open_encoder: opens it.
            detect: asked for the language of the files that do not state it.
            options: how files are read.
        """
        self._options = options
        self._packed, self._open_encoder, self._detect = packed, open_encoder, detect
        self._encoder: Encoder | None = None

    def __call__(self, table: pyarrow.Table) -> Iterator[pyarrow.Table]:
        """Yield the document and the passages of each file; None if it cannot be used here."""
        if self._encoder is None:
            self._encoder = open_packed(self._packed, self._open_encoder)
        for file in table_files(table):
            yield chunked_table(file.name, self._chunk(file, self._encoder))

    def _chunk(self, file: NamedFile, encoder: Encoder) -> ChunkedDocument | None:
        try:
            document = read_document(
                file.path,
                file.root,
                document_id=file.name,
                detect=self._detect,
                options=self._options,
            )
        except DocumentError:
            return None
        return ChunkedDocument(document, chunk(document, encoder.count_tokens, ChunkSettings()))


@dataclass(frozen=True, slots=True)
class ChunkedOnCluster:
    """The passages of documents that a cluster cut: an ``index.build.pipeline.Chunker``."""

    passages: Mapping[str, list[Passage]]

    def __call__(
        self, document: Document, count_tokens: Any, settings: ChunkSettings
    ) -> list[Passage]:
        """Return the passages of a document; one that the cluster did not read is cut here."""
        found = self.passages.get(document.id)
        return chunk(document, count_tokens, settings) if found is None else found


def read_on_cluster(
    found: FoundFiles,
    names: Mapping[Path, str],
    cluster: Cluster,
    encoder: BuildEncoder,
    detect: Detector,
    open_encoder: OpenEncoder = open_exported,
    on_read: Callable[[int, int], None] | None = None,
) -> tuple[Reading, ChunkedOnCluster]:
    """Read files and cut them into passages, on the nodes that see them under the same paths.

    A file that a node cannot use is read again on this machine. So a file that only this machine
    sees is not left out, and an error is reported as it would be without a cluster.

    Args:
        found: the files.
        names: the identifiers of the documents to be read from them.
        cluster: does the work.
        encoder: counts the tokens of passages.
        detect: asked for the language of the files that do not state it.
        open_encoder: opens an exported encoder on a node.
        on_read: called with how many files are read, out of how many.

    Raises:
        ClusterError: the cluster cannot do it.
    """
    files = [NamedFile(path, found.files[path], name) for path, name in names.items()]
    documents, problems, passages = [], list(found.problems), {}
    known: list[NotedFile] = []
    results = _chunked_documents(files, cluster, encoder, detect, open_encoder, found.options)
    for done, ((file, root, name), chunked) in enumerate(zip(files, results, strict=True), 1):
        if on_read is not None:
            on_read(done, len(files))
        if chunked is not None:
            documents.append(chunked.document)
            known += noted(file, chunked.document)
            passages[name] = chunked.passages
            continue
        try:
            documents.append(
                read_document(file, root, document_id=name, detect=detect, options=found.options)
            )
            known += noted(file, documents[-1])
        except DocumentError as error:
            problems.append(UnreadFile(file, error, name))
    read = Reading(tuple(documents), tuple(problems), tuple(known), found.passed_over)
    return read, ChunkedOnCluster(passages)


def _chunked_documents(
    files: Sequence[NamedFile],
    cluster: Cluster,
    encoder: BuildEncoder,
    detect: Detector,
    open_encoder: OpenEncoder,
    options: ReadingOptions,
) -> Iterable[ChunkedDocument | None]:
    """Yield the document and the passages of each file, in the order of the files."""
    if not files:
        return
    size = min(FILES, ceil(len(files) / (_TURNS * cluster.actors)))
    tables = [files_table(files[i : i + size]) for i in range(0, len(files), size)]
    shared = cluster.share(PackedEncoder.of(encoder))
    actor = ActorClass(ChunkFiles, (shared, open_encoder, detect, options))
    done = chain.from_iterable(map(table_chunked, cluster.run(tables, actor)))
    for (*_, name), (received, chunked) in zip(files, done, strict=True):
        if received != name:
            raise ClusterError(
                f"the cluster gave back {received} for {name}: the index stays as it was; "
                "run `qa index` again"
            )
        yield chunked
