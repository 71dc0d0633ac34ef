"""The wire contract: what goes over HTTP and what ``qa ask --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from documents.notices import Notice, NoticeKind, lose_something
from documents.properties import LONGEST_KEY, LONGEST_VALUE
from documents.types import Document
from index.search.filters import DEEPEST, LARGEST, MOST_LISTED, MOST_PARTS, parse_filter
from index.search.searchable import Searchable
from qa.answer.service import MAX_TOP_K, TOP_K, AskRequest
from qa.answer.types import Answer, Outcome, RankedPassage
from qa.messages import LANGUAGES, LEFT_OUT_REASONS, Language, notice_text
from qa.question import MAX_LENGTH

MAX_BATCH = 100
"""How many questions may come at once."""

MAX_ALSO: Final = 20
"""How many other places of a text are listed."""

DIGITS = 6
"""How many decimals of a score or a probability are sent: more are noise of floating point."""

Probability = Annotated[float, Field(ge=0, le=1)]
Offset = Annotated[int, Field(ge=0)]
Page = Annotated[
    Annotated[int, Field(ge=1)] | None,
    Field(description="Of its marked sentence, or of its start; null without pages."),
]


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


def _filter_schema(level: int = 1) -> dict[str, Any]:
    """Return the schema of a filter that may hold filters down to the deepest level."""
    key = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
    scalar = {"anyOf": [
        {"type": "string", "maxLength": LONGEST_VALUE}, {"type": "boolean"},
        {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
    ]}  # fmt: skip
    listed = {"type": "array", "items": scalar, "maxItems": MOST_LISTED}
    kinds = (
        (["eq", "ne", "gt", "gte", "lt", "lte"], {"key": key, "value": scalar}),
        (["in", "nin"], {"key": key, "value": listed}),
    )
    found = [_object(*kind) for kind in kinds]
    if level < DEEPEST:
        inside = {"items": _filter_schema(level + 1), "minItems": 1, "maxItems": MOST_PARTS}
        found.append(_object(["and", "or"], {"filters": {"type": "array", **inside}}))
    return {"anyOf": found}


def _object(types: list[str], fields: dict[str, Any]) -> dict[str, Any]:
    held = {"type": {"type": "string", "enum": types}, **fields}
    return {
        "type": "object", "properties": held, "required": list(held), "additionalProperties": False,
    }  # fmt: skip


FILTER_SCHEMA: Final[dict[str, Any]] = {"anyOf": [*_filter_schema()["anyOf"], {"type": "null"}]}
"""What ``index.search.filters.parse_filter`` accepts, which says what is wrong with a filter."""


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

    filters: Annotated[dict[str, Any] | None, WithJsonSchema(FILTER_SCHEMA)] = Field(
        None,
        description="Search only documents like this: a comparison, or `and`/`or` of several.",
        examples=[{"type": "eq", "key": "language", "value": "fr"}],
    )

    def request(self) -> AskRequest:
        """Return what the service is asked.

        Raises:
            InvalidFilter: the filter is not of the form of filters.
        """
        documents = None if self.documents is None else tuple(self.documents)
        wanted = None if self.filters is None else parse_filter(self.filters)
        return AskRequest(self.question, self.top_k, self.language, documents, wanted)


class AskOneIn(AskIn):
    """A question that is asked alone."""

    rectangles: bool = Field(
        False, description="Tell where on the pages of PDFs the marked sentences are seen."
    )


class LanguageOut(Wire):
    """The question's language."""

    code: Literal["fr", "en"]
    confidence: Probability
    source: Literal["detected", "requested", "default"]


class SpanOut(Wire):
    """A half-open range of code points of the passage's text."""

    start: Offset
    end: Offset


class Sides(Protocol):
    """The sides of a part of a page, as fractions from its upper left corner."""

    @property
    def left(self) -> float: ...  # noqa: D102
    @property
    def top(self) -> float: ...  # noqa: D102
    @property
    def right(self) -> float: ...  # noqa: D102
    @property
    def bottom(self) -> float: ...  # noqa: D102


class RectangleOut(Wire):
    """A part of a page, as fractions of its width and height from its upper left corner."""

    left: Probability
    top: Probability
    right: Probability
    bottom: Probability

    @classmethod
    def of(cls, box: Sides) -> RectangleOut:
        """Put a box on the wire, within the page."""
        sides = {name: getattr(box, name) for name in cls.model_fields}
        return cls(**{name: round(min(1.0, max(0.0, at)), 5) for name, at in sides.items()})


class RectanglesOut(Wire):
    """Where a range of a text is seen: on one page, a rectangle a line."""

    page: Page
    rectangles: list[RectangleOut] = Field(
        description="None where it is not sure that exactly these words stand there."
    )


class CitationOut(Wire):
    """Where a passage stands: `quote` is `text[start:end]` of the document, in code points.

    The passage's context (title, section, the header of its table, the line before its list) is
    searched with it and is never part of the quote.
    """

    document_id: str
    title: str = Field(description="The document's; searched with the passage.")
    section: list[str] = Field(
        description="The headings above it, outermost first; searched with the passage."
    )
    page: Page
    start: Offset
    end: Offset
    quote: str = Field(description="The text alone, without its context.")
    sha256: str = Field(description="Of the document's text in UTF-8.")
    url: str
    rectangles: list[RectangleOut] | None = Field(
        None,
        description="Where the marked sentence is seen on its page, a line each, where that was "
        "asked for; none where it is not sure.",
    )


class PlaceOut(Wire):
    """Where the same text stands, but for white space and typography."""

    document_id: str
    title: str
    section: list[str]
    page: Page
    start: Offset
    end: Offset
    url: str


class PassageOut(Wire):
    """A passage in its place."""

    rank: Annotated[int, Field(ge=1)]
    score: float
    language: str
    text: str
    highlights: list[SpanOut] = Field(
        description="The sentences that answer best; of a question and its answer, the answer."
    )
    answer: SpanOut | None = Field(
        description="The shortest part that answers; null where the reader is not sure of one."
    )
    citation: CitationOut
    also: Annotated[list[PlaceOut], Field(max_length=MAX_ALSO)] = Field(
        description="Other places of the same text, which is listed once; best first."
    )
    also_more: Offset = Field(description=f"How many more there are than {MAX_ALSO}.")


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
    answerable: bool = Field(description="Whether the outcome is `answered` or `possible`.")
    outcome: Outcome = Field(
        description="What the confidence means: of answers called `answered` at most one in ten "
        "was wrong on the questions it was calibrated on; `possible` is to be checked."
    )
    confidence: Probability
    read: bool = Field(
        description="Whether a reader read the first passage; not under load, nor if there is none."
    )
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
            outcome=answer.outcome,
            confidence=round(answer.confidence, DIGITS),
            read=answer.read,
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
        answer=ranked.answer and SpanOut(start=ranked.answer.start, end=ranked.answer.end),
        citation=CitationOut.model_validate(ranked.citation),
        also=[PlaceOut.model_validate(place) for place in ranked.also[:MAX_ALSO]],
        also_more=max(0, len(ranked.also) - MAX_ALSO),
    )


class BatchIn(Wire):
    """Several questions."""

    questions: list[AskIn] = Field(min_length=1, max_length=MAX_BATCH)


class BatchOut(Wire):
    """Their answers, in the order of the questions."""

    answers: list[AnswerOut]


class NoticeOut(Wire):
    """What of a document's file was not read, or was read in a way that people should know."""

    kind: str
    detail: str = Field(description="The part of the file: pages, names, an encoding.")
    text: dict[Language, str] = Field(description="For people, by language.")

    @classmethod
    def of(cls, notice: Notice) -> NoticeOut:
        """Put a notice on the wire."""
        said = {code: notice_text(notice.kind, notice.detail, code) for code in LANGUAGES}
        return cls(kind=notice.kind, detail=notice.detail, text=said)


DocumentState = Literal["read", "partly-read", "failed"]


class DocumentOut(Wire):
    """An indexed document; `/documents/{id}/text` has the text its citations point into."""

    id: str
    title: str
    language: str
    sha256: str
    source_url: str | None
    characters: int
    passages: int
    properties: dict[str, list[str]] = Field(
        description="What can be filtered by, besides: `path`, `format`, `modified`, `tag`, …"
    )
    notices: list[NoticeOut]
    pages: Annotated[int, Field(ge=1)] | None = Field(description="Null without pages.")
    state: DocumentState = Field(
        description="Whether all of its file was read; `notices` say what was not. `failed`: it "
        "could not be read again, and this is its text of before."
    )

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
            properties={key: list(values) for key, values in document.properties},
            notices=list(map(NoticeOut.of, document.notices)),
            pages=len(document.pages) or None,
            state=_state(document.notices),
        )


def _state(notices: Sequence[Notice]) -> DocumentState:
    if any(notice.kind == NoticeKind.NO_LONGER_READ for notice in notices):
        return "failed"
    return "partly-read" if lose_something(notices) else "read"


class DocumentsOut(Wire):
    """What is indexed, or a part of it."""

    total: Offset = Field(description="How many documents there are of those asked for.")
    documents: list[DocumentOut]
    next: str | None = Field(description="The address of the next part; null after the last.")

    @classmethod
    def of(cls, generation: Searchable) -> DocumentsOut:
        """List all documents of a generation, in the order they were indexed."""
        held = generation.documents.values()
        documents = [DocumentOut.of(d, len(generation.rows_of(d.id))) for d in held]
        return cls(total=len(documents), documents=documents, next=None)


class LeftOutOut(Wire):
    """A file or a folder that could not be read."""

    file: str
    reason: str


class NotedOut(Wire):
    """A notice of a document that `qa index` read; `text` is in the interface's language."""

    document: str
    kind: str
    text: str


class JobReasonOut(LeftOutOut):
    """A file that was left out by a job, and why; also by language, where that is known."""

    text: dict[Language, str] = Field({}, description="The reason for people, by language.")

    @classmethod
    def of(cls, file: str, error: Exception, said: str = "") -> JobReasonOut:
        """Say why a file was left out.

        Args:
            file: its name; empty where no single file is meant.
            error: what went wrong.
            said: its message, where that of the error is not for everybody.
        """
        said, kind = said or str(error), getattr(error, "kind", "") or type(error).__name__
        french = LEFT_OUT_REASONS.get(kind, LEFT_OUT_REASONS[""])
        return cls(file=file[:200], reason=said, text={"fr": french, "en": said})


class ProgressOut(Wire):
    """How far a job is: files read, then passages encoded; the phase is null before and after."""

    phase: Literal["reading", "encoding"] | None = None
    done: Offset = 0
    total: Offset = 0


class JobDocumentOut(Wire):
    """What became of a document; `file` is the name that it was sent under."""

    file: str
    id: str
    change: Literal["added", "changed", "unchanged", "removed"]


class JobOut(Wire):
    """Files that are to be indexed, or a document that is to be removed."""

    id: str
    kind: Literal["upload", "removal"]
    state: Literal["waiting", "running", "done", "failed"]
    progress: ProgressOut = ProgressOut()
    reasons: list[JobReasonOut] = Field([], description="What was left out, and why.")
    documents: list[JobDocumentOut] = []


class SourceOut(Wire):
    """A file or folder that the index follows, and how many documents it stands for."""

    path: str
    include: list[str]
    exclude: list[str]
    without: list[str] = Field(description="Files that were removed by name.")
    documents: int
    exists: bool


class SourcesOut(Wire):
    """What the index follows."""

    sources: list[SourceOut]


class IndexedOut(Wire):
    """What `qa index` did: identifiers of documents, and what the index holds now.

    After a dry run, what it would do; there is no generation then, nor a number of passages.
    """

    dry_run: bool = False

    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: list[str]
    documents: int
    passages: int | None
    generation: str | None
    problems: list[LeftOutOut]
    notices: list[NotedOut]
    passed_over: dict[str, int] = Field(
        description="How many files of each suffix no reader is for, in the folders named."
    )


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
