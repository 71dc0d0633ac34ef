"""Question sets in SQuAD layout: articles of paragraphs, each with its questions.

A question on one paragraph, asked of the others of its article, is a near miss by people: the same
names and the same subject, and no answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from documents.types import Document, Section, Span, checksum
from eval.errors import EvaluationError
from eval.sets.datasets import Dataset
from qa.language.detection import detect_document


class AnswerIn(BaseModel):
    """An answer, and where in its paragraph it starts, in code points."""

    text: str
    answer_start: int


class AskedIn(BaseModel):
    """A question; without answers where a file has none."""

    id: str | int
    question: str = Field(pattern=r"\S")
    answers: list[AnswerIn] = []


class ParagraphIn(BaseModel):
    """A paragraph and the questions that it answers."""

    context: str = Field(pattern=r"\S")
    qas: list[AskedIn]


class ArticleIn(BaseModel):
    """The paragraphs of an article; several articles may have one title."""

    title: str
    paragraphs: list[ParagraphIn]


class SquadFile(BaseModel):
    """A file in SQuAD layout."""

    data: list[ArticleIn]


JUDGED = 5
"""One article in so many is kept back for judging."""


@dataclass(frozen=True, slots=True)
class Squad:
    """A data set of paragraphs, and which of them stand in one article.

    Attributes:
        dataset: each paragraph a document, under its article's title; each question once.
        articles: the identifiers of an article's paragraphs in the corpus, by its title.
    """

    dataset: Dataset
    articles: Mapping[str, tuple[str, ...]]


def load_squad(path: Path) -> Squad:
    """Read a file in SQuAD layout; entries of one title are one article.

    Raises:
        EvaluationError: the file cannot be read, or is not in that layout.
    """
    documents: dict[str, Document] = {}
    queries: dict[str, str] = {}
    qrels: dict[str, frozenset[str]] = {}
    articles: dict[str, dict[str, None]] = {}  # a paragraph that is repeated counts once
    for article in read_squad(path).data:
        for paragraph in article.paragraphs:
            document = _document(article.title, paragraph.context)
            documents[document.id] = document
            articles.setdefault(article.title, {})[document.id] = None
            for asked in paragraph.qas:
                queries[f"{document.id}-{asked.id}"] = asked.question
                qrels[f"{document.id}-{asked.id}"] = frozenset([document.id])
    name = re.split(r"[-.]", path.name)[0] + ".near"
    dataset = Dataset(name, documents, queries, qrels, None)
    return Squad(dataset, {title: tuple(ids) for title, ids in articles.items()})


def read_squad(path: Path) -> SquadFile:
    """Read a file in SQuAD layout as it is.

    Raises:
        EvaluationError: the file cannot be read, or is not in that layout.
    """
    try:
        return SquadFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}: name a file in SQuAD layout") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise EvaluationError(f"{path}: {where}: {first['msg']}: correct the file") from error


def _document(title: str, text: str) -> Document:
    name, sections = title.replace("_", " "), (Section((), (Span(0, len(text)),)),)
    key = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]
    return Document(key, name, detect_document(text), text, sections, None, checksum(text))


def is_judged(title: str) -> bool:
    """Whether an article is kept back: the same in every language, whatever else is read."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % JUDGED == 0
