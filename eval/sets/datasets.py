"""A data set in BEIR layout (Thakur et al., 2021): ``corpus.jsonl``, ``queries.jsonl``, ``qrels/test.tsv``.

Each entry of the corpus is a document of one passage, which is not cut further. A folder called
``NAME.QLANG-PLANG``, such as ``python-faq.en-fr``, has questions in QLANG and passages in PLANG.
"""  # noqa: E501

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from documents.types import Document, Section, Span, checksum
from eval.errors import EvaluationError
from qa.errors import QuestionError
from qa.language.detection import detect_document
from qa.question import check_question

_DIRECTION = re.compile(r"\.(fr|en)-(fr|en)$")
_COLUMNS = 3


class Direction(NamedTuple):
    """From the language of a question to that of the passages; each ``fr`` or ``en``."""

    question: str
    passage: str

    def __str__(self) -> str:
        """Return the direction as people read it."""
        return f"{self.question} → {self.passage}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, the passages they are asked of, and which of these answer them.

    Attributes:
        name: the folder's.
        documents: the passages, by their identifier in the corpus and in its order. The documents'
            own identifiers are digests, which are safe in a URL.
        queries: the questions that a passage answers, by identifier, in the file's order.
        qrels: for each question's identifier, those of the relevant passages in the corpus.
        direction: the languages in the folder's name; None if it has none.
    """

    name: str
    documents: Mapping[str, Document]
    queries: Mapping[str, str]
    qrels: Mapping[str, frozenset[str]]
    direction: Direction | None


class _Record(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str = Field(alias="_id", min_length=1)
    title: str | None = None
    text: str


class _Line(NamedTuple):
    number: int
    record: _Record


def load_dataset(folder: Path) -> Dataset:
    """Read a data set.

    An entry's title, if it has one, is the context of its text. Judgements may have a header; a
    score of zero or less says that the passage is not relevant.

    Raises:
        EvaluationError: a file cannot be read, or a line of it is malformed, repeats an
            identifier or names an unknown one; the message names the file and the line.
    """
    name = folder.resolve().name
    named = _DIRECTION.search(name)
    direction = Direction(*named.groups()) if named else None
    corpus, asked = _records(folder / "corpus.jsonl"), _records(folder / "queries.jsonl")
    qrels = _qrels(folder / "qrels" / "test.tsv", asked, corpus)
    queries = {q: _question(asked[q], folder / "queries.jsonl") for q in asked if q in qrels}
    fallback = direction.passage if direction else "und"
    documents = {i: _document(line.record, fallback) for i, line in corpus.items()}
    return Dataset(name, documents, queries, qrels, direction)


def _document(record: _Record, fallback: str) -> Document:
    title = (record.title or "").strip()
    text = record.text.strip() or title
    found = detect_document(text)
    return Document(
        id=hashlib.sha256(record.id.encode()).hexdigest()[:16],
        title=title,
        language=fallback if found == "und" else found,
        text=text,
        sections=(Section((), (Span(0, len(text)),)),),
        source_url=None,
        sha256=checksum(text),
    )


def _question(line: _Line, path: Path) -> str:
    try:
        return check_question(line.record.text)
    except QuestionError as error:
        raise EvaluationError(f"{path}:{line.number}: {error}") from error


def _records(path: Path) -> dict[str, _Line]:
    found: dict[str, _Line] = {}
    for number, text in _lines(path):
        line = _Line(number, _record(text, f"{path}:{number}"))
        first = found.setdefault(line.record.id, line)
        if first is not line:
            raise EvaluationError(
                f"{path}:{number}: the _id {line.record.id!r} is on line {first.number} too: "
                "change one"
            )
    return found


def _record(text: str, place: str) -> _Record:
    try:
        return _Record.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "line"
        raise EvaluationError(f"{place}: {where}: {first['msg']}: correct this line") from error


def _qrels(
    path: Path, queries: Mapping[str, _Line], corpus: Mapping[str, _Line]
) -> dict[str, frozenset[str]]:
    relevant: dict[str, set[str]] = {}
    for place, query, document, score in _judgements(path):
        for known, name, file in ((queries, query, "queries"), (corpus, document, "corpus")):
            if name not in known:
                raise EvaluationError(f"{place}: {name!r} is not in {file}.jsonl: correct it")
        if score > 0:
            relevant.setdefault(query, set()).add(document)
    if not relevant:
        raise EvaluationError(f"{path}: no passage is relevant to any question: add some")
    return {query: frozenset(documents) for query, documents in relevant.items()}


def _judgements(path: Path) -> Iterator[tuple[str, str, str, float]]:
    for count, (number, line) in enumerate(_lines(path)):
        columns, place = line.strip("\r").split("\t"), f"{path}:{number}"
        if len(columns) != _COLUMNS:
            raise EvaluationError(
                f"{place}: {len(columns)} columns, not 3: write query-id, corpus-id and score, "
                "with tabs between"
            )
        query, document, score = columns
        try:
            yield place, query, document, float(score)
        except ValueError as error:
            if count:
                raise EvaluationError(
                    f"{place}: the score {score!r} is not a number: correct it"
                ) from error


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, numbered from 1; only a line feed ends a line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = f"{error.strerror}: a BEIR folder has it"
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is not UTF-8: convert the file"
    else:
        numbered = enumerate(text.split("\n"), start=1)
        yield from ((number, line) for number, line in numbered if line.strip())
        return
    raise EvaluationError(f"{path}: cannot be read: {reason}")
