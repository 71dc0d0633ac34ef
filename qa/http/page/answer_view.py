"""An answer as the page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, Self

from documents.types import Document
from qa.citing.forms import FORMS, FormName
from qa.citing.reference import Reference
from qa.wire.headings import heading_of, path_of
from qa.wire.schemas import AnswerOut, CitationOut, PassageOut, PlaceOut

_CONFIDENCE: Final = (
    (0.9, "very_high"), (0.75, "high"), (0.5, "moderate"), (0.25, "low"), (0.0, "very_low"),
)  # fmt: skip
"""Moderate at least: then an answer is more often right than wrong."""
_TENTHS: Final = ((9.5, "means_most"), (1.0, "means"), (0.0, "means_least"))
_LABEL: Final = 60
"""How long the names of other places are, in code points."""
_CLOSENESS: Final = ((0.9, "nearest"), (0.65, "near"), (0.0, "far"))


class Gauge(NamedTuple):
    """A measure in 0-1, which text names it, which says it in words, and which what it means."""

    label: str
    value: float
    word: str
    meaning: str = ""


class Run(NamedTuple):
    """Some text of a passage.

    Attributes:
        text: the part.
        answer: whether it is what answers, within the sentence that does.
        opens: whether the sentence that answers starts with it.
        closes: whether that sentence ends with it.
    """

    text: str
    answer: bool = False
    opens: bool = False
    closes: bool = False


class Link(NamedTuple):
    """Another place of the same text: what it is called, and where its document opens at it."""

    label: str
    source: str


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage in its place.

    Attributes:
        passage: as it goes over the wire.
        path: the title of its document, then the headings above it.
        runs: its text, cut where the sentence that answers starts and ends, and what answers in
            it; only the first passage of an answered question has one.
        gauge: the first passage's confidence; how close to the question the others come to it.
        cited: its citation to paste, by the name of the form.
        link: where its document opens at it, also once the document has changed.
        site: the address of the service, without a slash at its end.
        places: where else the same text stands.
    """

    passage: PassageOut
    path: list[str]
    runs: tuple[Run, ...]
    gauge: Gauge
    cited: dict[FormName, str]
    link: str
    site: str
    places: tuple[Link, ...]

    @classmethod
    def all_of(
        cls, answer: AnswerOut, documents: Mapping[str, Document], site: str, language: str
    ) -> Iterator[Self]:
        """Yield the passages of an answer, with what these documents tell of their sources.

        See ``Reference.of`` for the other arguments.
        """
        for passage in answer.passages:
            document = documents.get(passage.citation.document_id)
            cited = Reference.of(passage.citation, document, site, language)
            yield cls(
                passage,
                path_of(passage.citation),
                tuple(_marked(passage, answer.answerable and passage.rank == 1)),
                _gauge(answer, passage),
                {name: form.write(cited, language) for name, form in FORMS.items()},
                passage.citation.url,
                site,
                tuple(_places(passage)),
            )


def _marked(passage: PassageOut, answers: bool) -> Iterator[Run]:
    marks = [range(h.start, h.end) for h in passage.highlights if answers]
    spans = [passage.answer] if answers and passage.answer else []
    found = [range(span.start, span.end) for span in spans]
    edges = {0, len(passage.text)}.union(*({r.start, r.stop} for r in (*marks, *found)))
    for start, end in pairwise(sorted(edges)):
        marked = any(start in mark for mark in marks)
        yield Run(
            passage.text[start:end],
            answer=any(start in span for span in found),
            opens=marked and not any(start - 1 in mark for mark in marks),
            closes=marked and not any(end in mark for mark in marks),
        )


def _gauge(answer: AnswerOut, passage: PassageOut) -> Gauge:
    if passage.rank == 1:
        value = answer.confidence
        return Gauge("confidence", value, _word(_CONFIDENCE, value), _word(_TENTHS, 10 * value))
    best = answer.passages[0].score
    share = min(1.0, max(0.0, passage.score / best)) if best > 0 else 0.0
    return Gauge("closeness", share, _word(_CLOSENESS, share))


def _word(scale: tuple[tuple[float, str], ...], value: float) -> str:
    return next(word for least, word in scale if value >= least)


def _places(passage: PassageOut) -> Iterator[Link]:
    every: list[CitationOut | PlaceOut] = [passage.citation, *passage.also]
    named = Counter(heading_of(place, _LABEL) for place in every)
    within = Counter((heading_of(place, _LABEL), place.document_id) for place in every)
    for place in passage.also:
        label = heading_of(place, _LABEL)
        # Copies often have one title: the name of the file tells them apart, and within a file
        # the characters do.
        parts = [place.document_id] if named[label] > 1 else []
        if within[label, place.document_id] > 1:
            parts.append(f"{place.start}–{place.end}")
        yield Link(f"{label} ({', '.join(parts)})" if parts else label, place.url)


def by_document(views: Iterable[PassageView]) -> list[list[PassageView]]:
    """Return passages by their documents, the document of the best passage first; ranks stay."""
    groups: dict[str, list[PassageView]] = {}
    for view in views:
        groups.setdefault(view.passage.citation.document_id, []).append(view)
    return list(groups.values())
