"""Documents and passages as JSON Lines, the way a generation keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from documents.types import Document, Passage, Section, Span
from index.errors import CorruptIndex


def write_documents(path: Path, documents: Iterable[Document]) -> None:
    """Write documents, one JSON object a line."""
    _write(path, map(_document_fields, documents))


def read_documents(path: Path) -> list[Document]:
    """Read documents.

    Raises:
        CorruptIndex: a line is not a document, or a text does not have its checksum.
    """
    return [_parsed(_document, fields, path) for fields in _read(path)]


def write_passages(path: Path, passages: Iterable[Passage]) -> None:
    """Write where passages stand, one JSON object a line; their texts stay in the documents."""
    _write(path, map(_passage_fields, passages))


def read_passages(path: Path, documents: dict[str, Document]) -> list[Passage]:
    """Read passages, their texts cut from their documents.

    Raises:
        CorruptIndex: a line is not a passage of one of the documents.
    """
    return [_parsed(lambda f: _passage(f, documents), fields, path) for fields in _read(path)]


def _document_fields(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "language": document.language,
        "text": document.text,
        "sections": [{"path": s.path, "paragraphs": s.paragraphs} for s in document.sections],
        "source_url": document.source_url,
        "sha256": document.sha256,
        "pages": document.pages,
    }


def _document(fields: dict[str, Any]) -> Document:
    sections = tuple(
        Section(tuple(s["path"]), tuple(Span(*p) for p in s["paragraphs"]))
        for s in fields.pop("sections")
    )
    return Document(sections=sections, pages=tuple(fields.pop("pages")), **fields)


def _passage_fields(passage: Passage) -> dict[str, Any]:
    return {
        "document": passage.document_id,
        "start": passage.start,
        "end": passage.end,
        "section": passage.section,
        "language": passage.language,
    }


def _passage(fields: dict[str, Any], documents: dict[str, Document]) -> Passage:
    document, start, end = documents[fields["document"]], fields["start"], fields["end"]
    return Passage(
        id=f"{document.id}#{start}-{end}",
        document_id=document.id,
        start=start,
        end=end,
        text=document.text[start:end],
        section=tuple(fields["section"]),
        language=fields["language"],
    )


def _write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from map(json.loads, file)
    except (OSError, ValueError) as error:
        raise CorruptIndex(f"{path} cannot be read ({error}): run `qa index` again") from error


def _parsed(parse: Any, fields: dict[str, Any], path: Path) -> Any:
    try:
        return parse(fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptIndex(f"{path} is damaged ({error!r}): run `qa index` again") from error
