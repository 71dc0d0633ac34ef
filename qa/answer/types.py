"""The values an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from documents.types import Document, Passage, Span
from index.errors import CorruptIndex
from qa.addresses import address_of
from qa.language.detection import Language


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage stands, so that anyone can check it.

    Attributes:
        document_id: the document's identifier.
        title: the document's title.
        section: the headings above the passage, outermost first.
        page: where its marked sentence starts, or else the passage, from 1; None where the
            document has no pages.
        start: first code point in the document's text, inclusive.
        end: last code point, exclusive.
        quote: ``text[start:end]``, exactly.
        sha256: of the document's text in UTF-8, in hexadecimal.
        url: opens the document at the passage, also once it has moved: see ``qa.addresses``.
    """

    document_id: str
    title: str
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    quote: str
    sha256: str
    url: str

    @classmethod
    def of(cls, passage: Passage, document: Document, marked: int = 0) -> Citation:
        """Cite a passage, after checking that it is what the document says there.

        Args:
            passage: what is cited.
            document: the document that it is cut from.
            marked: where in its text the sentence that answers starts, in code points.

        Raises:
            CorruptIndex: the passage is not that slice of the document.
        """
        start, end = passage.start, passage.end
        if document.text[start:end] != passage.text or passage.document_id != document.id:
            raise CorruptIndex(
                f"passage {passage.id} is not the text of {document.id} at {start}-{end}: "
                "run `qa index` to build the index again"
            )
        return cls(
            document_id=document.id,
            title=document.title,
            section=passage.section,
            page=document.page_of(start + marked),
            start=start,
            end=end,
            quote=passage.text,  # one string, not two, in each answer that is remembered
            sha256=document.sha256,
            url=address_of(document.id, start, passage.text, document.sha256),
        )


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in its place.

    Attributes:
        rank: from 1.
        score: higher is better; comparable within one answer only.
        passage: the passage itself.
        highlights: the sentences that answer best, as ranges of ``passage.text``, best first.
        answer: the shortest part of ``passage.text`` that answers, where a reader is sure of it.
        citation: where it stands.
        also: where else the same text stands, in the order of the ranking.
    """

    rank: int
    score: float
    passage: Passage
    highlights: tuple[Span, ...]
    answer: Span | None
    citation: Citation
    also: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered."""

    generation: str
    model: str
    passages: int


class Outcome(StrEnum):
    """What the confidence means: one of three."""

    ANSWERED = "answered"
    POSSIBLE = "possible"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question.

    Attributes:
        question: as it was asked.
        language: the language it was asked in.
        outcome: what the confidence means, by the two thresholds of the settings.
        confidence: the probability, in 0-1, that the first passage answers the question.
        read: whether a reader has read the first passage: not where there is none, nor under load.
        message: said to the person when nothing answers, in the question's language.
        passages: best first, also when nothing answers.
        index: which index answered.
    """

    question: str
    language: Language
    outcome: Outcome
    confidence: float
    read: bool
    message: str | None
    passages: tuple[RankedPassage, ...]
    index: IndexInfo

    @property
    def answerable(self) -> bool:
        """Whether the question counts as answered, at least possibly."""
        return self.outcome is not Outcome.NOT_ANSWERED
