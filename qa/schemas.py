"""The wire contract: what goes over HTTP and what ``qa ask --json`` prints."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from documents.types import Document
from index.searching import Searchable
from qa.question import MAX_LENGTH
from qa.service import MAX_TOP_K, TOP_K, Request
from qa.types import Answer, RankedPassage

MAX_BATCH = 100
"""How many questions may come at once."""

DIGITS = 6
"""How many decimals of a score or a probability are sent: more are noise of floating point."""

Probability = Annotated[float, Field(ge=0, le=1)]
Offset = Annotated[int, Field(ge=0)]


QUESTION_SCHEMA: Final[dict[str, Any]] = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_LENGTH,
    "pattern": r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[\p{L}\p{N}]"
    r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
}
"""What ``qa.question.check_question`` accepts; it is that function which says what is wrong."""
LANGUAGE_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [{"type": "string", "enum": ["fr", "en"]}, {"type": "null"}]
}


class Wire(BaseModel):
    """What all wire models share: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


def _whole(value: object) -> object:
    # To JSON Schema, 3.0 is an integer.
    return int(value) if isinstance(value, float) and value.is_integer() else value


class AskIn(Wire):
    """A question."""

    model_config = ConfigDict(strict=True)

    question: Annotated[str, WithJsonSchema(QUESTION_SCHEMA)] = Field(
        description=f"In French or English, at most {MAX_LENGTH} characters."
    )
    top_k: Annotated[int, BeforeValidator(_whole)] = Field(
        TOP_K, ge=1, le=MAX_TOP_K, description="How many passages to list."
    )
    language: Annotated[str | None, WithJsonSchema(LANGUAGE_SCHEMA)] = Field(
        None, description="`fr` or `en`; detected when null."
    )
    documents: list[str] | None = Field(
        None, description="Search only the documents with these identifiers."
    )

    def request(self) -> Request:
        """Return what the service is asked."""
        documents = None if self.documents is None else tuple(self.documents)
        return Request(self.question, self.top_k, self.language, documents)


class LanguageOut(Wire):
    """The question's language."""

    code: Literal["fr", "en"]
    confidence: Probability
    source: Literal["detected", "requested", "default"]


class SpanOut(Wire):
    """A half-open range of code points of the passage's text."""

    start: Offset
    end: Offset


class CitationOut(Wire):
    """Where a passage stands: `quote` is `text[start:end]` of the document, in code points."""

    document_id: str
    title: str
    section: list[str]
    page: Annotated[int, Field(ge=1)] | None = Field(
        description="Of its start; null without pages."
    )
    start: Offset
    end: Offset
    quote: str
    sha256: str
    url: str


class PassageOut(Wire):
    """A passage in its place."""

    rank: Annotated[int, Field(ge=1)]
    score: float
    language: str
    text: str
    highlights: list[SpanOut]
    citation: CitationOut


class IndexOut(Wire):
    """Which index answered."""

    generation: str
    model: str
    passages: int


class ReadyOut(IndexOut):
    """Which index is loaded, and what keeps a newer one from it."""

    problem: str | None


class AnswerOut(Wire):
    """What the documents say to a question."""

    question: str
    language: LanguageOut
    answerable: bool
    confidence: Probability
    message: str | None
    passages: list[PassageOut]
    index: IndexOut

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        """Put an answer on the wire."""
        return cls(
            question=answer.question,
            language=LanguageOut(
                code=answer.language.code,
                confidence=round(answer.language.confidence, DIGITS),
                source=answer.language.source,
            ),
            answerable=answer.answerable,
            confidence=round(answer.confidence, DIGITS),
            message=answer.message,
            passages=[_passage(p) for p in answer.passages],
            index=IndexOut.model_validate(answer.index),
        )


def _passage(ranked: RankedPassage) -> PassageOut:
    return PassageOut(
        rank=ranked.rank,
        score=round(ranked.score, DIGITS),
        language=ranked.passage.language,
        text=ranked.passage.text,
        highlights=[SpanOut(start=h.start, end=h.end) for h in ranked.highlights],
        citation=CitationOut.model_validate(ranked.citation),
    )


class BatchIn(Wire):
    """Several questions."""

    questions: list[AskIn] = Field(min_length=1, max_length=MAX_BATCH)


class BatchOut(Wire):
    """Their answers, in the order of the questions."""

    answers: list[AnswerOut]


class DocumentOut(Wire):
    """An indexed document; `/documents/{id}/text` has the text its citations point into."""

    id: str
    title: str
    language: str
    sha256: str
    source_url: str | None
    characters: int
    passages: int

    @classmethod
    def of(cls, document: Document, passages: int) -> DocumentOut:
        """Describe a document that has so many passages."""
        return cls(
            id=document.id,
            title=document.title,
            language=document.language,
            sha256=document.sha256,
            source_url=document.source_url,
            characters=len(document.text),
            passages=passages,
        )


class DocumentsOut(Wire):
    """What is indexed."""

    documents: list[DocumentOut]

    @classmethod
    def of(cls, generation: Searchable) -> DocumentsOut:
        """List the documents of a generation, in the order they were indexed."""
        documents = generation.documents.values()
        return cls(documents=[DocumentOut.of(d, len(generation.rows_of(d.id))) for d in documents])


class HealthOut(Wire):
    """Whether the service stands."""

    status: Literal["ok"] = "ok"


class ProblemOut(Wire):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class ProblemTypeOut(Wire):
    """What a type of problem means, by language."""

    type: str
    status: int
    title: dict[Literal["fr", "en"], str]
    detail: dict[Literal["fr", "en"], str]
