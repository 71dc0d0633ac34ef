"""Documents become a generation: chunked, encoded, written, swapped in.

Documents are read one at a time and passages a few at a time. Memory grows by only a few bytes
for each passage; everything else is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from documents.chunking import ChunkSettings, chunk
from documents.errors import PasserelleError
from documents.types import Document, Passage, Source
from index.build.changes import Changes, hold_the_same, with_known_day
from index.build.encoder import ExportedEncoder
from index.build.stage import BuildEncoder, Encoded, EncodingStage, Threads
from index.build.writing import Contents, describe, share_encoder, write_contents
from index.checking import check_contents
from index.encoder.folder import ENCODER
from index.encoder.protocol import Encoder, Floats
from index.encoder.samples import SAMPLES
from index.errors import IndexingError
from index.faults import reported
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.generations.record_writer import write_records
from index.generations.records import Records
from index.manifest import Recipe
from index.reader.reader import reader_settings

Chunker = Callable[[Document, Callable[[list[str]], list[int]], ChunkSettings], list[Passage]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did.

    Attributes:
        generation: the current one, after the build.
        encoded: how many passages were encoded.
        reused: how many passages took their vectors from others with the same text.
        changes: which documents were added, changed or removed.
        published: whether the generation is new; False where nothing had changed.
    """

    generation: Generation
    encoded: int
    reused: int
    changes: Changes
    published: bool = True


def build_index(
    documents: Iterable[Document],
    store: FolderStore,
    encoder: BuildEncoder,
    *,
    settings: ChunkSettings | None = None,
    chunker: Chunker = chunk,
    progress: Progress | None = None,
    jobs: int = 1,
    stage: EncodingStage | None = None,
    sources: tuple[Source, ...] = (),
    before: Generation | None = None,
) -> Built:
    """Build a generation of these documents and make it the current one.

    Args:
        documents: everything the generation will hold, read once; identifiers are unique.
        store: where it goes.
        encoder: makes the vectors, and is exported beside them.
        settings: how passages are cut.
        chunker: cuts a document into passages.
        progress: called with how many passages are encoded, out of how many.
        jobs: how many batches are encoded at a time.
        stage: encodes; by default in threads of this process, as many as there are jobs.
        sources: the files and folders that the index follows from now on.
        before: the newest sound generation of the store, if it is open already.

    Raises:
        IndexingError: there is nothing to index, or the folder cannot be written to.
    """
    settings = settings or ChunkSettings()
    recipe = _recipe(encoder, settings)
    with store.writing() as folder:
        before = before or newest_sound(store)
        dated = (with_known_day(document, before) for document in documents)
        cut = ((d, chunker(d, encoder.count_tokens, settings)) for d in dated)
        records, languages = write_records(folder, cut)
        _require_passages(records)
        changes = Changes.between(before.documents if before else None, records.documents)
        if (
            before is not None
            and store.is_current(before.id)
            and _holds(before, recipe, records, sources)
            and not _brings_reader(encoder, before)
        ):
            return Built(before, 0, len(records.passages), changes, published=False)
        usable = before if before is not None and _has_vectors(before, recipe) else None
        contents = Contents(recipe, records, languages, _typical(usable, encoder), usable, sources)
        encode = _Encode(encoder, contents.typical, stage or Threads(jobs), progress)
        search, encoded = write_contents(folder, contents, encode, encoder.encode_queries)
        _add_encoder(folder, usable, encoder)
        published = store.publish(folder, describe(folder, contents, search))
    return Built(Generation.open(published), encoded, len(records.passages) - encoded, changes)


def _require_passages(records: Records) -> None:
    if not len(records.passages):
        raise IndexingError("the documents have no passage to index: name files that hold text")


def _recipe(encoder: BuildEncoder, settings: ChunkSettings) -> Recipe:
    return Recipe(
        encoder.name, encoder.revision, encoder.prompts, encoder.dimension, asdict(settings)
    )


def _holds(
    generation: Generation, recipe: Recipe, records: Records, sources: tuple[Source, ...]
) -> bool:
    """Tell whether a generation holds exactly these records by this recipe, in whatever order."""
    made = generation.manifest
    same = (made.recipe, made.sources) == (recipe, sources)
    return same and hold_the_same(generation.documents, records.documents)


def _has_vectors(generation: Generation, recipe: Recipe) -> bool:
    """Tell whether the vectors of a generation are those of the same model."""
    made = generation.recipe
    return (made.revision, made.prompts) == (recipe.revision, recipe.prompts)


def newest_sound(store: FolderStore) -> Generation | None:
    """Return the newest generation without a damaged byte: its parts go into the next one."""
    for folder in store.generations():
        with suppress(PasserelleError):  # damaged or of another schema: built anew
            return Generation.open(folder, check=check_contents)
    return None


def _typical(previous: Generation | None, encoder: Encoder) -> Floats:
    """Return the encoder's mean token vector, which depends on the model and not on documents."""
    if previous is not None:
        return previous.late.frame.typical
    tokens = encoder.encode_passages(list(SAMPLES)).tokens
    own = np.concatenate([t.vectors[t.own] for t in tokens])
    return np.asarray(own.mean(axis=0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Encode:
    """Encodes passages and reports progress."""

    encoder: BuildEncoder
    typical: Floats
    stage: EncodingStage
    progress: Progress | None

    def __call__(self, passages: Iterator[Passage], total: int) -> Iterator[Encoded]:
        done = 0

        def on_encoded(count: int) -> None:
            nonlocal done
            done += count
            if self.progress is not None:
                self.progress(done, total)

        return self.stage(passages, self.encoder, self.typical, on_encoded)


def _brings_reader(encoder: BuildEncoder, previous: Generation) -> bool:
    """Tell whether the encoder has a reader, and another one than that of a generation."""
    mine = encoder.reader_settings if isinstance(encoder, ExportedEncoder) else None
    return mine is not None and mine != reader_settings(previous.encoder)


def _add_encoder(folder: Path, previous: Generation | None, encoder: BuildEncoder) -> None:
    if previous is not None and not _brings_reader(encoder, previous):
        share_encoder(folder, previous)
        return
    target = folder / ENCODER
    with reported(target):
        target.mkdir()
        encoder.export(target)
        target.chmod(0o755)  # whoever may read the index may read its encoder
