"""Documents become a generation: chunked, encoded, written, swapped in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from documents.chunking import ChunkSettings, chunk
from documents.errors import PasserelleError
from documents.types import Document, Passage
from index.changes import Changes
from index.checking import check_contents
from index.encoding import Encoder, Floats
from index.encoding_stage import BuildEncoder, Encoded, EncodingStage, Threads
from index.errors import IndexingError
from index.faults import reported
from index.generation import Generation
from index.manifest import Recipe
from index.query_encoder import ENCODER
from index.samples import SAMPLES
from index.storage import Store
from index.writing import (
    Contents,
    describe,
    encoded_passages,
    share_encoder,
    write_contents,
)

Chunker = Callable[[Document, Callable[[list[str]], list[int]], ChunkSettings], list[Passage]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        generation: the current one.
        encoded: how many passages were encoded.
        reused: how many were found encoded.
        changes: what became of the documents.
        published: whether the generation is a new one; not if it would have been the same.
    """

    generation: Generation
    encoded: int
    reused: int
    changes: Changes
    published: bool = True


def build_index(
    documents: Sequence[Document],
    store: Store,
    encoder: BuildEncoder,
    *,
    settings: ChunkSettings | None = None,
    chunker: Chunker = chunk,
    progress: Progress | None = None,
    jobs: int = 1,
    stage: EncodingStage | None = None,
) -> Built:
    """Build a generation of these documents and make it the current one.

    Args:
        documents: everything the generation will hold; identifiers are unique.
        store: where it goes.
        encoder: makes the vectors, and is exported beside them.
        settings: how passages are cut.
        chunker: cuts a document into passages.
        progress: called with how many passages are encoded, out of how many.
        jobs: how many batches are encoded at a time.
        stage: encodes; by default in threads of this process, as many as there are jobs.

    Raises:
        IndexingError: there is nothing to index, or the folder cannot be written to.
    """
    wanted = _wanted(documents, encoder, settings or ChunkSettings(), chunker)
    with store.alone():
        before = newest_sound(store)
        changes = Changes.between(before.documents if before else {}, documents)
        count = len(wanted.passages)
        if before is not None and store.is_current(before.id) and wanted.is_in(before):
            return Built(before, 0, count, changes, published=False)
        usable = before if before is not None and wanted.has_vectors_in(before) else None
        contents, encoded = _contents(wanted, usable, encoder, progress, stage or Threads(jobs))
        published = _publish(store, wanted.recipe, contents, encoder, usable)
    return Built(Generation.open(published), encoded, count - encoded, changes)


class _Wanted(NamedTuple):
    """What a generation is to hold, before anything is encoded."""

    documents: Sequence[Document]
    passages: list[Passage]
    recipe: Recipe

    def is_in(self, generation: Generation) -> bool:
        """Tell whether a generation holds all of it and nothing else, in whatever order."""
        return (
            generation.manifest.recipe == self.recipe
            and generation.documents == {d.id: d for d in self.documents}
            and {p.id: p for p in generation.passages} == {p.id: p for p in self.passages}
        )

    def has_vectors_in(self, generation: Generation) -> bool:
        """Tell whether the vectors of a generation are those of the same model."""
        made = generation.manifest.recipe
        return (made.revision, made.prompts) == (self.recipe.revision, self.recipe.prompts)


def _wanted(
    documents: Sequence[Document], encoder: BuildEncoder, settings: ChunkSettings, chunker: Chunker
) -> _Wanted:
    passages = [p for d in documents for p in chunker(d, encoder.count_tokens, settings)]
    if not passages:
        raise IndexingError("the documents have no passage to index: name files that hold text")
    recipe = Recipe(
        encoder.name, encoder.revision, encoder.prompts, encoder.dimension, asdict(settings)
    )
    return _Wanted(documents, passages, recipe)


def newest_sound(store: Store) -> Generation | None:
    """Return the newest generation in which every byte is sound: damage must not be inherited."""
    for folder in store.generations():
        with suppress(PasserelleError):  # damaged or of another schema: built anew
            return Generation.open(folder, check=check_contents)
    return None


def _contents(
    wanted: _Wanted,
    usable: Generation | None,
    encoder: BuildEncoder,
    progress: Progress | None,
    stage: EncodingStage,
) -> tuple[Contents, int]:
    """Encode what has no vectors yet; return all of it, and how many passages that were."""
    passages, known = wanted.passages, _known_vectors(usable)
    fresh = list({p.text: p for p in passages if p.text not in known}.values())
    typical = _typical(usable, encoder)
    known |= _encode(fresh, encoder, typical, stage, progress)
    encoded = [known[p.text] for p in passages]
    return Contents(wanted.documents, passages, encoded, typical), len(fresh)


def _known_vectors(previous: Generation | None) -> dict[str, Encoded]:
    if previous is None:
        return {}
    texts = (p.text for p in previous.passages)
    return dict(zip(texts, encoded_passages(previous), strict=True))


def _typical(previous: Generation | None, encoder: Encoder) -> Floats:
    """Return the encoder's mean token vector: of the model, not of the collection."""
    if previous is not None:
        return previous.late.frame.typical
    tokens = encoder.encode_passages(list(SAMPLES)).tokens
    own = np.concatenate([t.vectors[t.own] for t in tokens])
    return np.asarray(own.mean(axis=0), dtype=np.float32)


def _encode(
    passages: list[Passage],
    encoder: BuildEncoder,
    typical: Floats,
    stage: EncodingStage,
    progress: Progress | None,
) -> dict[str, Encoded]:
    told = 0

    def tell(count: int) -> None:
        nonlocal told
        told += count
        if progress is not None:
            progress(told, len(passages))

    encoded = stage(passages, encoder, typical, tell)
    return dict(zip((p.text for p in passages), encoded, strict=True))


def _publish(
    store: Store,
    recipe: Recipe,
    contents: Contents,
    encoder: BuildEncoder,
    previous: Generation | None,
) -> Path:
    with store.writing() as folder:
        write_contents(folder, contents, encoder.encode_queries)
        if previous is None:
            _export(encoder, folder / ENCODER)
        else:
            share_encoder(folder, previous)
        return store.publish(folder, describe(folder, recipe, contents))


def _export(encoder: BuildEncoder, target: Path) -> None:
    with reported(target):
        target.mkdir()
        encoder.export(target)
        target.chmod(0o755)  # whoever may read the index may read its encoder
