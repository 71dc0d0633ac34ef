"""A generation becomes another without some of its documents; no file is read again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from documents.types import Document, Passage, Source
from index.build.writing import Contents, describe, share_encoder, write_contents
from index.checking import check_contents
from index.encoder.protocol import Encoding
from index.errors import IndexingError
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.generations.record_writer import write_records
from index.model.opening import open_query_encoder


def remove_documents(
    store: FolderStore, removed: Collection[str], sources: tuple[Source, ...] = ()
) -> Generation:
    """Publish the current generation without these documents; no file is read again.

    Args:
        store: holds it.
        removed: the identifiers of the documents.
        sources: the files and folders that the index follows from now on.

    Raises:
        IndexingError: no passage would be left, or the folder cannot be written to.
        CorruptIndex: the current generation is damaged.
    """
    with store.writing() as folder:
        previous = Generation.open(store.current(), check=check_contents)
        records, languages = write_records(folder, _left(previous, removed))
        if not len(records.passages):
            raise IndexingError("nothing would be left: index other documents instead")
        contents = Contents(
            previous.recipe, records, languages, previous.late.frame.typical, previous, sources
        )
        search, _ = write_contents(
            folder, contents, lambda *_: iter(()), lambda texts: _encode(previous, texts)
        )
        share_encoder(folder, previous)
        published = store.publish(folder, describe(folder, contents, search))
    return Generation.open(published)


def _left(
    generation: Generation, removed: Collection[str]
) -> Iterator[tuple[Document, Sequence[Passage]]]:
    for name in generation.documents:
        if name not in removed:
            rows = generation.rows_of(name)
            yield generation.documents[name], generation.passages[rows.start : rows.stop]


def _encode(generation: Generation, texts: list[str]) -> Encoding:
    # Opened only for collections so large that questions are encoded to measure them.
    return open_query_encoder(generation.encoder).encode_queries(texts)
