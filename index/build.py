"""Documents become a generation: chunked, encoded, written, swapped in."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from documents.chunking import ChunkSettings, chunk
from documents.errors import PasserelleError
from documents.sentences import sentences
from documents.types import Document, Passage
from index.dense import DenseIndex
from index.encoding import Encoder, Floats
from index.errors import IndexingError
from index.frame import language_numbers
from index.generation import DENSE, DOCUMENTS, LATE, LEXICAL, NEAR, PASSAGES, Generation
from index.late import LateIndex
from index.lexical import LexicalIndex
from index.manifest import DocumentEntry, Manifest, Recipe, describe_files
from index.near import write_near
from index.query_encoder import ENCODER
from index.records import write_documents, write_passages
from index.samples import SAMPLES
from index.storage import Store
from index.token_codes import TokenCodes

BATCH = 64
Chunker = Callable[[Document, Callable[[list[str]], list[int]], ChunkSettings], list[Passage]]
Progress = Callable[[int, int], None]


class BuildEncoder(Encoder, Protocol):
    """An encoder that can also leave a copy of itself in a generation."""

    name: str
    revision: str

    @property
    def prompts(self) -> dict[str, str]:
        """What stands before a ``query`` and a ``passage``."""

    def export(self, target: Path) -> None:
        """Write the query encoder into a folder, ready to be opened without the build extra."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: its generation, and how many passages it encoded or found encoded."""

    generation: Generation
    encoded: int
    reused: int


def build_index(
    documents: Sequence[Document],
    store: Store,
    encoder: BuildEncoder,
    *,
    settings: ChunkSettings | None = None,
    chunker: Chunker = chunk,
    progress: Progress | None = None,
    jobs: int = 1,
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

    Raises:
        IndexingError: there is nothing to index, or the folder cannot be written to.
    """
    settings = settings or ChunkSettings()
    passages = [p for d in documents for p in chunker(d, encoder.count_tokens, settings)]
    if not passages:
        raise IndexingError("the documents have no passage to index: name files that hold text")
    recipe = Recipe(
        encoder.name, encoder.revision, encoder.prompts, encoder.dimension, asdict(settings)
    )
    previous = _previous(store, recipe)
    known = _known_vectors(previous)
    with store.writing() as folder:
        fresh = list({p.text: p for p in passages if p.text not in known}.values())
        typical = _typical(previous, encoder)
        known |= _encode(fresh, encoder, typical, jobs, progress)
        _write(folder, documents, passages, [known[p.text] for p in passages], typical, encoder)
        _place_encoder(folder / ENCODER, encoder, previous)
        published = store.publish(folder, _manifest(folder, recipe, documents, passages))
    return Built(Generation.open(published), len(fresh), len(passages) - len(fresh))


def _previous(store: Store, recipe: Recipe) -> Generation | None:
    """Return the current generation if its vectors can be used again."""
    if not store.exists():
        return None
    try:
        generation = Generation.open(store.current())
    except PasserelleError:  # damaged or of another schema: built anew
        return None
    made = generation.manifest.recipe
    same = (made.revision, made.prompts) == (recipe.revision, recipe.prompts)
    return generation if same else None


class _Encoded(NamedTuple):
    pooled: Floats
    tokens: TokenCodes


def _known_vectors(previous: Generation | None) -> dict[str, _Encoded]:
    if previous is None:
        return {}
    pooled = previous.dense.vectors(np.arange(len(previous.passages)))
    return {
        passage.text: _Encoded(pooled[row], previous.late.passage(row))
        for row, passage in enumerate(previous.passages)
    }


def _typical(previous: Generation | None, encoder: Encoder) -> Floats:
    """Return the encoder's mean token vector: of the model, not of the collection."""
    if previous is not None:
        return previous.late.frame.typical
    tokens = encoder.encode_passages(list(SAMPLES)).tokens
    own = np.concatenate([t.vectors[t.own] for t in tokens])
    return np.asarray(own.mean(axis=0), dtype=np.float32)


def _encode(
    passages: list[Passage],
    encoder: Encoder,
    typical: Floats,
    jobs: int,
    progress: Progress | None,
) -> dict[str, _Encoded]:
    encoded: dict[str, _Encoded] = {}
    batches = _batches(passages, encoder) if passages else []
    pool = ThreadPoolExecutor(jobs)
    try:
        for done in pool.map(lambda batch: _encode_batch(batch, encoder, typical), batches):
            encoded |= done
            if progress is not None:
                progress(len(encoded), len(passages))
    finally:  # an interrupted build must not finish what is waiting
        pool.shutdown(cancel_futures=True)
    return encoded


def _batches(passages: list[Passage], encoder: Encoder) -> list[list[Passage]]:
    """Return the passages in batches, those of like length together."""
    lengths = encoder.count_tokens([p.text for p in passages])
    ordered = [passages[i] for i in sorted(range(len(passages)), key=lengths.__getitem__)]
    return [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]


def _encode_batch(batch: list[Passage], encoder: Encoder, typical: Floats) -> dict[str, _Encoded]:
    encoding = encoder.encode_passages([p.text for p in batch])
    encoded = {}
    for passage, pooled, tokens in zip(batch, encoding.pooled, encoding.tokens, strict=True):
        found = sentences(passage.text, passage.language)
        encoded[passage.text] = _Encoded(
            pooled, TokenCodes.of(tokens, passage.text, found, typical)
        )
    return encoded


def _write(
    folder: Path,
    documents: Sequence[Document],
    passages: list[Passage],
    encoded: list[_Encoded],
    typical: Floats,
    encoder: Encoder,
) -> None:
    write_documents(folder / DOCUMENTS, documents)
    write_passages(folder / PASSAGES, passages)
    pooled = np.stack([e.pooled for e in encoded])
    DenseIndex.of(pooled).write(folder / DENSE)
    for name in (LATE, LEXICAL):
        (folder / name).mkdir()
    languages = [p.language for p in passages]
    write_near(
        folder / NEAR,
        pooled,
        language_numbers(languages),
        lambda rows: _asked(passages, rows, encoder),
    )
    LateIndex.of([e.tokens for e in encoded], languages, typical).write(folder / LATE)
    LexicalIndex.of([p.text for p in passages], languages).write(folder / LEXICAL)


def _asked(passages: list[Passage], rows: NDArray[np.int64], encoder: Encoder) -> Floats:
    """Encode the first sentence of some passages as questions."""
    held = [passages[row] for row in rows]
    firsts = [sentences(p.text, p.language)[0] for p in held]
    texts = [p.text[first.start : first.end] for p, first in zip(held, firsts, strict=True)]
    return encoder.encode_queries(texts).pooled


def _place_encoder(target: Path, encoder: BuildEncoder, previous: Generation | None) -> None:
    if previous is None:
        target.mkdir()
        encoder.export(target)
        return
    # Both generations are immutable, so they may share the same file on disk.
    shutil.copytree(previous.encoder, target, copy_function=os.link)


def _manifest(
    folder: Path, recipe: Recipe, documents: Sequence[Document], passages: list[Passage]
) -> Manifest:
    names = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    counts = Counter(p.document_id for p in passages)
    entries = (DocumentEntry(d.id, d.sha256, counts[d.id]) for d in documents)
    return Manifest(recipe, tuple(entries), len(passages), describe_files(folder, names))
