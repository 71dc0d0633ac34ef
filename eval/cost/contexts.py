"""``python -m eval.cost.contexts FOLDER ...``: what titles and headings add to time and disk.

The files of the folders are read and cut as ``qa index`` does, and indexed twice: without the
contexts of the passages, and with them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from documents.chunking import chunk
from documents.errors import PasserelleError
from documents.reading import read_documents
from documents.types import Document, Passage
from eval.sets.collection import Collections
from index.build.pipeline import Chunker, build_index
from index.build.stage import BuildEncoder
from index.generations.folder import FolderStore
from index.manifest import Manifest
from qa.language.detection import detect_document
from qa.settings import Settings


class Cost(NamedTuple):
    """What an index costs.

    Attributes:
        passages: the number of passages in it.
        seconds: the processor time to cut, encode and write it.
        size: its size on disk without the query encoder, in MB.
    """

    passages: int
    seconds: float
    size: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.contexts", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    options = parser.parse_args(arguments)
    try:
        documents = list(read_documents(options.folders, detect=detect_document).documents)
        encoder = Collections.of(Settings.from_environment()).encoder
        print(table(_cost(documents, encoder, _bare), _cost(documents, encoder, chunk)))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def table(bare: Cost, whole: Cost) -> str:
    """Return the costs without contexts and with them, in Markdown."""
    longer, larger = whole.seconds / bare.seconds - 1, whole.size / bare.size - 1
    return "\n".join(
        [
            "| contexts | passages | processor time | on disk, encoder apart |",
            "| --- | --- | --- | --- |",
            f"| none | {bare.passages:,} | {bare.seconds:.1f} s | {bare.size:.2f} MB |",
            f"| titles, headings | {whole.passages:,} | {whole.seconds:.1f} s ({longer:+.0%}) | "
            f"{whole.size:.2f} MB ({larger:+.0%}) |",
        ]
    )


def _cost(documents: Sequence[Document], encoder: BuildEncoder, chunker: Chunker) -> Cost:
    with tempfile.TemporaryDirectory(prefix="passerelle-") as name:
        store, start = FolderStore(Path(name)), time.process_time()
        build_index(documents, store, encoder, chunker=chunker)
        seconds = time.process_time() - start
        return Cost(Manifest.read(store.current()).passages, seconds, _size(store.current()))


def _size(generation: Path) -> float:
    files = (path for path in generation.rglob("*") if path.is_file())
    return sum(p.stat().st_size for p in files if "encoder" not in p.parts) / 1e6


def _bare(*cut: Any) -> list[Passage]:
    return [replace(passage, context=()) for passage in chunk(*cut)]


if __name__ == "__main__":
    sys.exit(main())
