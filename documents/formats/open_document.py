"""Opens OpenDocument files: their content, styles and properties, and the words of elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

from lxml import etree

from documents.errors import UnreadableDocument
from documents.formats.archive import Archive
from documents.formats.extract import clean
from documents.properties import Properties, listed, properties_of

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_FAMILIES: Final = {"draw": "drawing", "svg": "svg-compatible", "fo": "xsl-fo-compatible"}
"""The namespaces that are not called as their prefix is."""
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_MAX_SPACES = 100


def name_of(prefix: str, local: str) -> str:
    """Return the name of an element or attribute: ``name_of("text", "p")``."""
    return f"{{{_NAMESPACE}{_FAMILIES.get(prefix, prefix)}:1.0}}{local}"


P, H, SPAN_BREAK, TAB, SPACES = (
    name_of("text", name) for name in ("p", "h", "line-break", "tab", "s")
)
NOTE, NOTE_BODY = name_of("text", "note"), name_of("text", "note-body")
ANNOTATION = name_of("office", "annotation")
_UNSEEN = frozenset({
    ANNOTATION, name_of("office", "annotation-end"), NOTE, name_of("text", "tracked-changes"),
    name_of("text", "ruby-text"), name_of("draw", "text-box"), name_of("svg", "title"),
    name_of("svg", "desc"),
})  # fmt: skip


_OBJECT = name_of("draw", "object")
_REFERENCE = "{http://www.w3.org/1999/xlink}href"


class OpenDocument(Archive):
    """The archive of a text, a spreadsheet or a presentation."""

    def __init__(self, raw: bytes, name: str) -> None:
        """Open an archive.

        Raises:
            DamagedDocument: it is no OpenDocument file.
            UnreadableDocument: it is protected by a password.
            UnsafeDocument: it unpacks to too much.
        """
        super().__init__(raw, name)
        manifest = "META-INF/manifest.xml"
        if manifest in self.names() and b"encryption-data" in self.read(manifest):
            raise UnreadableDocument(
                f"{name}: protected by a password: save it without one to read it"
            )

    @cached_property
    def content(self) -> etree._Element:
        """The root of what it shows."""
        return self.xml("content.xml")

    @cached_property
    def styles(self) -> etree._Element | None:
        """The root of its styles and master pages, if it has any."""
        return self.xml("styles.xml") if "styles.xml" in self.names() else None

    def body(self, kind: str) -> etree._Element:
        """Return the element that holds the content: ``text``, ``spreadsheet``, ``presentation``.

        Raises:
            DamagedDocument: there is none.
        """
        found = next(self.content.iter(name_of("office", kind)), None)
        if found is None:
            raise self.damaged(f"there is no {kind} in it")
        return found

    def style_elements(self) -> Iterator[etree._Element]:
        """Yield all styles, those of the content last, which are the more specific ones."""
        for root in (self.styles, self.content):
            if root is not None:
                yield from root.iter(name_of("style", "style"))

    def charts(self, element: etree._Element) -> Iterator[list[tuple[str, bool]]]:
        """Yield the tables of the charts in an element: rows, the first one a header.

        Raises:
            UnsafeDocument: a reference leads out of the file.
        """
        for found in element.iter(_OBJECT):
            member = self.beside("", f"{found.get(_REFERENCE, '')}/content.xml")
            if member in self.names():
                yield from map(_chart_rows, self.xml(member).iter(name_of("table", "table")))

    def property(self, local: str) -> str | None:
        """Return a property of the document, such as ``title`` or ``language``."""
        return next(iter(self._stated(local)), None)

    @cached_property
    def properties(self) -> Properties:
        """Author, dates and keywords, as the document states them."""
        authors = self._stated("initial-creator") or self._stated("creator")
        created, modified = self._stated("creation-date"), self._stated("date")
        pairs = [
            *(("author", author) for author in authors),
            *(("tag", word) for word in self._stated("keyword")),
            *(("date", date) for date in created[:1] or modified[:1]),
            *(("modified", date) for date in modified[:1]),
        ]
        return properties_of(pair for key, text in pairs for pair in listed(key, text))

    def _stated(self, local: str) -> list[str]:
        """Return the values of a property, whatever namespace it is of."""
        if self._meta is None:
            return []
        found = (clean("".join(e.itertext())) for e in self._meta.iter(f"{{*}}{local}"))
        return [words.replace("\n", " ") for words in found if words]

    @cached_property
    def _meta(self) -> etree._Element | None:
        return self.xml("meta.xml") if "meta.xml" in self.names() else None

    @cached_property
    def language(self) -> str | None:
        """The code of the language of its default style, if it states one."""
        if self.styles is None:
            return None
        name = name_of("fo", "language")
        found = (
            element.get(name) for element in self.styles.iter(name_of("style", "text-properties"))
        )
        return next((code for code in found if code), None)


def _chart_rows(table: etree._Element) -> list[tuple[str, bool]]:
    rows = ([words(cell) for cell in row] for row in table.iter(name_of("table", "table-row")))
    return [(" | ".join(texts).strip(), at == 0) for at, texts in enumerate(rows)]


def words(element: etree._Element) -> str:
    """Return the text of a paragraph, without its notes and comments."""
    return clean("".join(_runs(element)))


def marked(element: etree._Element) -> str:
    """Return the text of a paragraph, with the marks of its notes in brackets: ``word [1]``."""
    return clean("".join(_runs(element, notes=True)))


def _runs(element: etree._Element, *, notes: bool = False) -> Iterator[str]:
    yield _WHITE_SPACE.sub(" ", element.text or "")
    for child in element:
        if child.tag in _SIGNS:
            yield _SIGNS[child.tag](child)
        elif notes and child.tag == NOTE:
            yield _mark(child)
        elif child.tag not in _UNSEEN and isinstance(child.tag, str):
            yield from _runs(child, notes=notes)
        yield _WHITE_SPACE.sub(" ", child.tail or "")


def _mark(note: etree._Element) -> str:
    citation = note.find(name_of("text", "note-citation"))
    return "" if citation is None else f" [{''.join(citation.itertext()).strip()}]"


def _spaces(element: etree._Element) -> str:
    count = element.get(name_of("text", "c"), "1")
    return " " * min(_MAX_SPACES, int(count)) if count.isdecimal() else " "


_SIGNS: Final[dict[str, Callable[[etree._Element], str]]] = {
    SPAN_BREAK: lambda _: "\n",
    TAB: lambda _: " ",
    SPACES: _spaces,
}
