"""A BM25 index of lists of terms, without texts to analyse."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from index.lexical.bm25 import Bm25
from index.lexical.bm25_writer import Bm25Writer


def bm25_of(passages: Sequence[Sequence[str]]) -> Bm25:
    """Write an index of the terms of a few passages, and open it."""
    with tempfile.TemporaryDirectory() as folder:
        with Bm25Writer(Path(folder, "bm25")) as writer:
            for terms in passages:
                writer.add(terms)
        return Bm25.read(Path(folder, "bm25"))
