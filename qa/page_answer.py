"""An answer as the page shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from documents.types import Span
from qa.citing import Cited
from qa.page_source import Piece, pieces
from qa.schemas import AnswerOut, PassageOut

_CONFIDENCE: Final = ((0.8, "very_high"), (0.5, "high"), (0.25, "moderate"), (0.0, "low"))
_CLOSENESS: Final = ((0.9, "nearest"), (0.65, "near"), (0.0, "far"))


class Gauge(NamedTuple):
    """A measure in 0-1, which text names it, and which text says it in words."""

    label: str
    value: float
    word: str


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in its place.

    Attributes:
        passage: as it goes over the wire.
        pieces: its text, cut where the answering sentence starts and ends.
        gauge: the first passage's confidence; how close to the question the others come to it.
        cited: its citation to paste.
        source: where its document opens at it, with and without a script.
    """

    passage: PassageOut
    pieces: tuple[Piece, ...]
    gauge: Gauge
    cited: Cited
    source: str

    @classmethod
    def all_of(cls, answer: AnswerOut, site: str, language: str) -> Iterator[Self]:
        """Yield the passages of an answer; see ``Cited.of`` for the arguments."""
        for passage in answer.passages:
            yield cls(
                passage,
                tuple(_marked(passage)),
                _gauge(answer, passage),
                Cited.of(passage.citation, site, language),
                _source(passage),
            )


def _marked(passage: PassageOut) -> Iterator[Piece]:
    found = sorted(Span(h.start, h.end) for h in passage.highlights)
    return pieces(passage.text, Span(0, len(passage.text)), found)


def _gauge(answer: AnswerOut, passage: PassageOut) -> Gauge:
    if passage.rank == 1:
        return Gauge("confidence", answer.confidence, _word(_CONFIDENCE, answer.confidence))
    best = answer.passages[0].score
    share = min(1.0, max(0.0, passage.score / best)) if best > 0 else 0.0
    return Gauge("closeness", share, _word(_CLOSENESS, share))


def _word(scale: tuple[tuple[float, str], ...], value: float) -> str:
    return next(word for least, word in scale if value >= least)


def _source(passage: PassageOut) -> str:
    cited = passage.citation
    place = f"c={cited.start}-{cited.end}"
    return f"/documents/{cited.document_id}?{place}#{place}"
