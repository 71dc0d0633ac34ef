"""A generation without some of its documents, made of itself alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from documents.types import Document, Passage
from index.checking import check_contents
from index.encoding import Encoding
from index.errors import IndexingError
from index.generation import Generation
from index.query_encoder import open_query_encoder
from index.record_writer import write_records
from index.storage import Store
from index.writing import Contents, describe, share_encoder, write_contents


def remove_documents(store: Store, removed: Collection[str]) -> Generation:
    """Publish the current generation without these documents; no file is read again.

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
            previous.recipe, records, languages, previous.late.frame.typical, previous
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
