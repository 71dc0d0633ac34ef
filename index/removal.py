"""A generation without some of its documents, made of itself alone."""

from __future__ import annotations

from collections.abc import Collection

from index.checking import check_contents
from index.encoding import Encoding
from index.errors import IndexingError
from index.generation import Generation
from index.query_encoder import open_query_encoder
from index.storage import Store
from index.writing import Contents, describe, encoded_passages, share_encoder, write_contents


def remove_documents(store: Store, removed: Collection[str]) -> Generation:
    """Publish the current generation without these documents; no file is read again.

    Raises:
        IndexingError: no passage would be left, or the folder cannot be written to.
        CorruptIndex: the current generation is damaged.
    """
    with store.writing() as folder:
        previous = Generation.open(store.current(), check=check_contents)
        contents = _without(previous, removed)
        write_contents(folder, contents, lambda texts: _encode(previous, texts))
        share_encoder(folder, previous)
        published = store.publish(folder, describe(folder, previous.manifest.recipe, contents))
    return Generation.open(published)


def _without(generation: Generation, removed: Collection[str]) -> Contents:
    encoded = zip(generation.passages, encoded_passages(generation), strict=True)
    left = [(p, e) for p, e in encoded if p.document_id not in removed]
    if not left:
        raise IndexingError("nothing would be left: index other documents instead")
    passages, vectors = zip(*left, strict=True)
    documents = [d for d in generation.documents.values() if d.id not in removed]
    return Contents(documents, passages, vectors, generation.late.frame.typical)


def _encode(generation: Generation, texts: list[str]) -> Encoding:
    # Opened only for collections so large that questions are encoded to measure them.
    return open_query_encoder(generation.encoder).encode_queries(texts)
