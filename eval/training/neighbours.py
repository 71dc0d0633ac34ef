"""Which other paragraphs are nearest to each question: the hardest to tell from its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from eval.sets.squad import is_judged
from eval.training.articles import Paragraph
from index.encoder.protocol import Encoding

NEAREST = 8
"""How many others are kept of each question."""
_TEXT = 600
"""How many code points of a paragraph are encoded."""
_CHUNK = 128

Floats = NDArray[np.float32]


class Vectors(Protocol):
    """What makes pooled vectors."""

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Encode questions."""

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Encode passages."""


Neighbours = Mapping[str, tuple[str, ...]]
"""By the id of a question, the keys of the paragraphs nearest to it, its own left out."""


def neighbours(paragraphs: Sequence[Paragraph], encoder: Vectors, cache: Path) -> Neighbours:
    """Return the nearest paragraphs of each question: those of its article, then any others.

    What is kept back for judging is never a neighbour of what is not.

    Args:
        paragraphs: of one language; a parallel set's other languages have the same keys.
        encoder: whose cosine decides.
        cache: a folder, where the vectors are kept.
    """
    asked, told = _vectors(paragraphs, encoder, cache)
    return dict(_nearest(paragraphs, asked @ told.T))


def _nearest(
    paragraphs: Sequence[Paragraph], cosines: Floats
) -> Iterator[tuple[str, tuple[str, ...]]]:
    titles = np.array([p.title for p in paragraphs])
    kept_back = np.array([is_judged(p.title) for p in paragraphs])
    row = 0
    for own, paragraph in enumerate(paragraphs):
        beside = titles == paragraph.title
        beside[own] = False
        away = (titles != paragraph.title) & (kept_back == kept_back[own])
        for question in paragraph.asked:
            near = _highest(cosines[row], beside, NEAREST // 2)
            far = _highest(cosines[row], away, NEAREST - len(near))
            yield question.id, tuple(paragraphs[at].key for at in (*near, *far))
            row += 1


def _highest(cosines: Floats, among: NDArray[np.bool_], count: int) -> list[int]:
    places = np.flatnonzero(among)
    return [int(at) for at in places[np.argsort(-cosines[places])[:count]]]


def _vectors(
    paragraphs: Sequence[Paragraph], encoder: Vectors, cache: Path
) -> tuple[Floats, Floats]:
    asked = [question.question for p in paragraphs for question in p.asked]
    told = [f"{p.title}\n{p.text[:_TEXT]}" for p in paragraphs]
    path = cache / f"vectors-{hashlib.sha256(repr((asked, told)).encode()).hexdigest()[:16]}.npz"
    if path.is_file():
        with np.load(path, allow_pickle=False) as kept:
            return kept["asked"], kept["told"]
    found = _pooled(asked, encoder.encode_queries), _pooled(told, encoder.encode_passages)
    np.savez(path, asked=found[0], told=found[1])
    return found


def _pooled(texts: list[str], encode: Callable[[list[str]], Encoding]) -> Floats:
    parts = (texts[at : at + _CHUNK] for at in range(0, len(texts), _CHUNK))
    return np.concatenate([encode(part).pooled for part in parts])
