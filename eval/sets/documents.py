"""A folder of documents as people have them, with questions: ``docs/`` and ``questions.jsonl``.

The gold is a place in a file, by its heading or by words that stand there, and not a passage: it
survives any chunking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from documents.discovery import discover
from documents.identifiers import assign_identifiers
from documents.types import Document, Passage, Span
from eval.errors import EvaluationError
from qa.errors import QuestionError
from qa.question import check_question

COVERED = 0.5
"""The share of a quote's characters that a passage must hold to count as right."""

_MARKS = str.maketrans({"*": "", "`": "", "\\": "", "_": "", "’": "'", "ʼ": "'", "‘": "'"})
_APOSTROPHE = "['’ʼ‘]"
_Filled = Annotated[str, Field(pattern=r"\S")]


@dataclass(frozen=True, slots=True)
class DocumentQuestion:
    """A question on a folder of documents, and where in these it is answered.

    Attributes:
        line: in ``questions.jsonl``, from 1.
        text: the question, as a person would type it.
        language: of the question, ``fr`` or ``en``.
        kind: how it relates to the documents; any word.
        file: the path, relative to ``docs/``, of the file that answers; None if none does.
        heading: the innermost heading above the answer; None if there is none to name.
        quote: words that stand in the answer; None where a heading is named.
    """

    line: int
    text: str
    language: str
    kind: str
    file: str | None
    heading: str | None
    quote: str | None

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return self.file is not None

    @property
    def place(self) -> str:
        """Where it is answered, for people; empty if nowhere."""
        return " # ".join(filter(None, (self.file, self.heading, self.quote)))


@dataclass(frozen=True, slots=True)
class DocumentFolder:
    """Documents and the questions they are asked.

    Attributes:
        name: the folder's.
        docs: the folder of the files.
        questions: in the order of the file; at least one, and one of them answerable.
    """

    name: str
    docs: Path
    questions: tuple[DocumentQuestion, ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """Tells which passages of an index are right.

    Attributes:
        documents: what is indexed, by identifier.
        passages: of each of these, in order.
        identifiers: by the path of the file that a document was read from.
    """

    documents: Mapping[str, Document]
    passages: Mapping[str, Sequence[Passage]]
    identifiers: Mapping[Path, str]

    @classmethod
    def of(
        cls, paths: Iterable[Path], documents: Mapping[str, Document], passages: Sequence[Passage]
    ) -> Gold:
        """Prepare the gold of an index that was made of these paths."""
        own: dict[str, list[Passage]] = {}
        for passage in passages:
            own.setdefault(passage.document_id, []).append(passage)
        return cls(documents, own, assign_identifiers(discover(paths).files))

    def document(self, folder: DocumentFolder, question: DocumentQuestion) -> Document | None:
        """Return the document that answers; None if there is none, or it could not be read."""
        if question.file is None:
            return None
        name = self.identifiers.get(folder.docs / question.file)
        return self.documents.get(name) if name else None

    def relevant(self, folder: DocumentFolder, question: DocumentQuestion) -> frozenset[str]:
        """Return the identifiers of the passages that answer; none where reading lost the place."""
        document = self.document(folder, question)
        if document is None:
            return frozenset()
        passages = self.passages.get(document.id, ())
        if question.quote is None:
            heading = plain(question.heading or "")
            return frozenset(p.id for p in passages if heading == _heading(document, p))
        found = occurrences(question.quote, document.text)
        return frozenset(p.id for p in passages if any(_covers(p, span) for span in found))

    def relevant_to_all(self, folder: DocumentFolder) -> list[frozenset[str]]:
        """Return the right passages of every question; those of the same words are one question."""
        own = [self.relevant(folder, question) for question in folder.questions]
        shared: dict[str, frozenset[str]] = {}
        for question, found in zip(folder.questions, own, strict=True):
            shared[question.text] = shared.get(question.text, frozenset()) | found
        return [shared[question.text] for question in folder.questions]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    q: _Filled
    lang: Literal["fr", "en"]
    kind: _Filled
    file: _Filled | None = None
    heading: _Filled | None = None
    quote: _Filled | None = None
    answerable: bool | None = None

    @model_validator(mode="after")
    def _gold_is_whole(self) -> Self:
        named = [self.heading is not None, self.quote is not None]
        if self.answerable is False:
            if self.file is not None or any(named):
                raise ValueError("a question that is not answerable has no file, heading or quote")
        elif self.file is None or sum(named) != 1:
            raise ValueError(
                'write "file" with either "heading" or "quote", or "answerable": false'
            )
        return self


def load_folder(folder: Path) -> DocumentFolder:
    """Read the questions of a folder of documents; the documents themselves are read on indexing.

    Raises:
        EvaluationError: ``docs/`` is missing, or ``questions.jsonl`` cannot be read, has no
            answerable question, or has a line that is malformed or names a file that is not in
            ``docs/``; the message names the file and the line.
    """
    docs, path = folder / "docs", folder / "questions.jsonl"
    if not docs.is_dir():
        raise EvaluationError(f"{docs}: there is no such folder: put the documents there")
    questions = load_document_questions(path, docs)
    if not any(question.answerable for question in questions):
        raise EvaluationError(f"{path}: no question in it is answerable: add one a line")
    return DocumentFolder(folder.resolve().name, docs, questions)


def load_document_questions(path: Path, docs: Path) -> tuple[DocumentQuestion, ...]:
    """Read questions on the files of ``docs``, one a line.

    Raises:
        EvaluationError: the file cannot be read, or a line is malformed or names a file that is
            not in ``docs``; the message names the file and the line.
    """
    lines = enumerate(_read(path).split("\n"), start=1)
    return tuple(_question(n, line, path, docs) for n, line in lines if line.strip())


def plain(text: str) -> str:
    """Return a heading without what tells no two apart: marks, kinds of apostrophe, white space."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_MARKS).split())


def occurrences(quote: str, text: str) -> list[Span]:
    """Return where a quote stands in a text, whatever the white space, as code-point ranges."""
    forms = {unicodedata.normalize(form, quote) for form in ("NFC", "NFD")}
    pattern = "|".join(r"\s+".join(map(_word, form.split())) for form in sorted(forms))
    return [Span(*found.span()) for found in re.finditer(pattern, text)]


def _word(word: str) -> str:
    return re.sub(_APOSTROPHE, _APOSTROPHE, re.escape(word))


def _heading(document: Document, passage: Passage) -> str:
    return plain(passage.section[-1] if passage.section else document.title)


def _covers(passage: Passage, quote: Span) -> bool:
    shared = min(passage.end, quote.end) - max(passage.start, quote.start)
    return shared >= COVERED * (quote.end - quote.start)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = f"{error.strerror}: check the path and its permissions"
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8: convert the file"
    raise EvaluationError(f"{path}: cannot be read: {reason}")


def _question(number: int, line: str, path: Path, docs: Path) -> DocumentQuestion:
    place = f"{path}:{number}"
    try:
        read = _Line.model_validate_json(line)
        text = check_question(read.q)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "line"
        raise EvaluationError(f"{place}: {where}: {first['msg']}: correct this line") from error
    except QuestionError as error:
        raise EvaluationError(f"{place}: {error}") from error
    if read.file is not None and not (docs / read.file).is_file():
        raise EvaluationError(f"{place}: {read.file!r} is not in {docs}: correct its path")
    return DocumentQuestion(number, text, read.lang, read.kind, read.file, read.heading, read.quote)
