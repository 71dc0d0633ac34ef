"""Documents and passages as a generation keeps them: JSON Lines, and where each line begins.

A line is read only when its document or passage is asked for. A passage has no text of its own, but
a range of its document's text, whose checksum is compared whenever it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from operator import index
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, overload

import numpy as np
from numpy.typing import NDArray

from documents.notices import Notice, NoticeKind
from documents.properties import properties_from
from documents.types import Document, Origin, Passage, Section, Span, context_of
from index.arrays import key, mapped
from index.errors import CorruptIndex
from index.late.contexts import Contexts
from index.search.catalogue import Entry

DOCUMENTS, PASSAGES, TABLES = "documents.jsonl", "passages.jsonl", "records"
CONTEXTS = "contexts.jsonl"
CATALOGUE = "catalogue.jsonl"
NAMES = "names.txt"
DOCUMENT: Final = np.dtype(
    [
        ("line", "<i8"),  # the offset of its line, in bytes
        ("name", "<i8"),  # the offset of its identifier in the file of names, in bytes
        ("first", "<i8"),  # the row of its first passage
        ("key", "<u8"),  # the key of its identifier, see ``index.arrays.key``
        ("record", "<u8", (2,)),  # the digest of its line
        ("passages", "<u8", (2,)),  # the digest of its passages' lines
    ]
)
"""A row of the table of documents."""
_HELD: Final = 64
"""How many documents that were read are kept in memory."""


class Records(NamedTuple):
    """The documents and passages of a folder, each read when it is asked for.

    Attributes:
        documents: by identifier.
        passages: in the order of the rows.
        above: the texts that stand above passages, as passages of no document.
        contexts: which of these texts stand above each passage.
    """

    documents: Documents
    passages: Passages
    above: ContextTexts
    contexts: Contexts

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the files of a folder.

        Raises:
            CorruptIndex: one is missing or damaged, or they do not fit together.
        """
        try:
            documents = Documents(folder)
            return cls(
                documents, Passages(folder, documents), ContextTexts(folder), _contexts(folder)
            )
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error


class Documents(Mapping[str, Document]):
    """The documents of a folder by identifier, in the order they were indexed.

    Attributes:
        table: a row of type ``DOCUMENT`` for each, and one for the end, ``(d + 1,)``.
        sorted_keys: the keys of the identifiers, rising, ``(d,) uint64``.
        places: the numbers of the documents with these keys, ``(d,) int64``.
    """

    def __init__(self, folder: Path) -> None:
        """Open the files; ``Records.open`` reports errors."""
        tables = folder / TABLES
        self._path, self._entries = folder / DOCUMENTS, folder / CATALOGUE
        self.table: NDArray[Any] = mapped(tables / "documents.npy")
        self.sorted_keys: NDArray[np.uint64] = mapped(tables / "keys.npy")
        self.places: NDArray[np.int64] = mapped(tables / "places.npy")
        self._lines, self._names = _open(self._path), _open(tables / NAMES)
        if not len(self) == len(self.sorted_keys) == len(self.places):
            raise ValueError("its tables differ in length")
        self._document = lru_cache(maxsize=_HELD)(self._read)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.table) - 1

    def __iter__(self) -> Iterator[str]:
        """Yield the identifiers."""
        return map(self.name, range(len(self)))

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a document of this identifier, without reading it."""
        return isinstance(name, str) and self._find(name) is not None

    def __getitem__(self, name: str) -> Document:
        """Return a document.

        Raises:
            KeyError: there is none of this identifier.
            CorruptIndex: it is damaged.
        """
        return self._document(self.place(name))

    def place(self, name: str) -> int:
        """Return the number of a document, from 0.

        Raises:
            KeyError: there is none of this identifier.
        """
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def name(self, place: int) -> str:
        """Return the identifier of a document by its number."""
        begin, end = self.table["name"][place : place + 2].tolist()
        return bytes(self._names[begin:end]).decode("utf-8", "surrogatepass")

    def rows(self, name: str) -> range:
        """Return the rows of a document's passages, which stand together.

        Raises:
            KeyError: there is none of this identifier.
        """
        place = self.place(name)
        return range(*self.table["first"][place : place + 2].tolist())

    def entries(self) -> Iterator[Entry]:
        """Yield what is known of the documents without reading their texts.

        Raises:
            CorruptIndex: the file is missing or damaged.
        """
        firsts = self.table["first"].tolist()
        try:
            with self._entries.open("rb") as lines:
                for first, end, line in zip(firsts[:-1], firsts[1:], lines, strict=True):
                    yield Entry.of(json.loads(line), first, end - first)
        except (OSError, ValueError, TypeError) as error:
            raise CorruptIndex(
                f"{self._entries} cannot be read ({error}): run `qa index` again"
            ) from error

    def _find(self, name: str) -> int | None:
        wanted = np.uint64(key(name))
        first, last = (
            np.searchsorted(self.sorted_keys, wanted, side) for side in ("left", "right")
        )
        places = self.places[first:last].tolist()
        return next((place for place in places if self.name(place) == name), None)

    def _read(self, place: int) -> Document:
        begin, end = self.table["line"][place : place + 2].tolist()
        return _parsed(_document, self._lines[begin:end], self._path)  # type: ignore[no-any-return]


class Passages(Sequence[Passage]):
    """The passages of a folder, in the order of the rows.

    Attributes:
        texts: digests; passages with equal ones have the same vectors, ``(p, 2) uint64``.
    """

    def __init__(self, folder: Path, documents: Documents) -> None:
        """Open the files; ``Records.open`` reports errors."""
        self._path, self._documents = folder / PASSAGES, documents
        self._starts: NDArray[np.int64] = mapped(folder / TABLES / "passages.npy")
        self.texts: NDArray[np.uint64] = mapped(folder / TABLES / "texts.npy")
        self._lines = _open(self._path)
        if not len(self) == len(self.texts) == documents.table["first"][-1]:
            raise ValueError("its tables differ in length")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._starts) - 1

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...
    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        """Return a passage, or those of a slice.

        Raises:
            IndexError: there is none in this row.
            CorruptIndex: it is damaged.
        """
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        at = range(len(self))[index(row)]
        begin, end = self._starts[at : at + 2].tolist()
        return _parsed(self._passage, self._lines[begin:end], self._path)  # type: ignore[no-any-return]

    def _passage(self, fields: dict[str, Any]) -> Passage:
        document, start, end = self._documents[fields["document"]], fields["start"], fields["end"]
        section, leads = tuple(fields["section"]), tuple(Span(*lead) for lead in fields["leads"])
        return Passage(
            id=f"{document.id}#{start}-{end}",
            document_id=document.id,
            start=start,
            end=end,
            text=document.text[start:end],
            section=section,
            language=fields["language"],
            leads=leads,
            context=context_of(document, section, leads),
        )


class ContextTexts(Sequence[Passage]):
    """The texts that stand above passages, in the order of their numbers, as passages.

    Attributes:
        texts: what tells those with different vectors apart, ``(c, 2) uint64``.
    """

    def __init__(self, folder: Path) -> None:
        """Open the files; ``Records.open`` reports errors."""
        self._path = folder / CONTEXTS
        self._starts: NDArray[np.int64] = mapped(folder / TABLES / "context_lines.npy")
        self.texts: NDArray[np.uint64] = mapped(folder / TABLES / "context_texts.npy")
        self._lines = _open(self._path)
        if len(self) != len(self.texts):
            raise ValueError("its tables differ in length")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._starts) - 1

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> list[Passage]: ...
    def __getitem__(self, number: int | slice) -> Passage | list[Passage]:
        """Return a text, or those of a slice.

        Raises:
            IndexError: there is none of this number.
            CorruptIndex: it is damaged.
        """
        if isinstance(number, slice):
            return [self[at] for at in range(*number.indices(len(self)))]
        at = range(len(self))[index(number)]
        begin, end = self._starts[at : at + 2].tolist()
        return _parsed(_context_passage, self._lines[begin:end], self._path)  # type: ignore[no-any-return]


def _context_passage(fields: dict[str, Any]) -> Passage:
    """Return a text that stands above passages as a passage of no document, to be encoded alone."""
    text, language = fields["text"], fields["language"]
    return Passage(f"above {language}: {text}", "", 0, len(text), text, (), language)


def _contexts(folder: Path) -> Contexts:
    tables = folder / TABLES
    return Contexts(mapped(tables / "contexts.npy"), mapped(tables / "context_ends.npy"))


def _document(fields: dict[str, Any]) -> Document:
    sections = tuple(
        Section(
            path=tuple(s["path"]),
            paragraphs=tuple(Span(*p) for p in s["paragraphs"]),
            leads=tuple(tuple(Span(*lead) for lead in leads) for leads in s.get("leads", ())),
        )
        for s in fields.pop("sections")
    )
    notices = tuple(Notice(NoticeKind(kind), detail) for kind, detail in fields.pop("notices"))
    pages, place = tuple(fields.pop("pages")), fields.pop("origin")
    return Document(
        sections=sections,
        pages=pages,
        notices=notices,
        properties=properties_from(fields.pop("properties")),
        origin=None if place is None else Origin(*place),
        **fields,
    )


def _open(path: Path) -> mmap | bytes:
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ) if path.stat().st_size else b""


def _parsed(parse: Any, line: bytes, path: Path) -> Any:
    try:
        return parse(json.loads(line))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptIndex(f"{path} is damaged ({error!r}): run `qa index` again") from error
