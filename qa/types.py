"""The values an answer is made of."""

from __future__ import annotations

from dataclasses import dataclass

from documents.types import Document, Passage, Span
from index.errors import CorruptIndex
from qa.language import Language


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a passage stands, so that anyone can check it.

    Attributes:
        document_id: the document's identifier.
        title: the document's title.
        section: the headings above the passage, outermost first.
        page: where it starts, from 1; None where the document has no pages.
        start: first code point in the document's text, inclusive.
        end: last code point, exclusive.
        quote: ``text[start:end]``, exactly.
        sha256: of the document's text in UTF-8, in hexadecimal.
        url: opens the document at the passage.
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
    def of(cls, passage: Passage, document: Document) -> Citation:
        """Cite a passage, after checking that it is what the document says there.

        Raises:
            CorruptIndex: the passage is not that slice of the document.
        """
        start, end = passage.start, passage.end
        quote = document.text[start:end]
        if quote != passage.text or passage.document_id != document.id:
            raise CorruptIndex(
                f"passage {passage.id} is not the text of {document.id} at {start}-{end}: "
                "run `qa index` to build the index again"
            )
        url = f"/documents/{document.id}#c={start}-{end}"
        return cls(
            document_id=document.id,
            title=document.title,
            section=passage.section,
            page=document.page_of(start),
            start=start,
            end=end,
            quote=quote,
            sha256=document.sha256,
            url=url,
        )


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage in its place.

    Attributes:
        rank: from 1.
        score: higher is better; comparable within one answer only.
        passage: the passage itself.
        highlights: the sentences that answer best, as ranges of ``passage.text``, best first.
        citation: where it stands.
    """

    rank: int
    score: float
    passage: Passage
    highlights: tuple[Span, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered."""

    generation: str
    model: str
    passages: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question.

    Attributes:
        question: as it was asked.
        language: the language it was asked in.
        answerable: whether the confidence reaches the threshold of the settings.
        confidence: the probability, in 0-1, that the first passage answers the question.
        message: said to the person when nothing answers, in the question's language.
        passages: best first, also when nothing answers.
        index: which index answered.
    """

    question: str
    language: Language
    answerable: bool
    confidence: float
    message: str | None
    passages: tuple[RankedPassage, ...]
    index: IndexInfo
