"""Reads ODP: a slide is a section, its shapes in reading order, the speaker's notes after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from documents.formats.extract import Extract
from documents.formats.office.odt import covered_rows, joined
from documents.formats.office.slides import Slide, Table, in_reading_order, slides_extract
from documents.formats.open_document import ANNOTATION, H, OpenDocument, P, name_of, words

_PAGE, _GROUP, _FRAME = (name_of("draw", name) for name in ("page", "g", "frame"))
_NOTES, _CLASS = name_of("presentation", "notes"), name_of("presentation", "class")
_TABLE, _ROW, _ITEM = (
    name_of("table", "table"),
    name_of("table", "table-row"),
    name_of("text", "list-item"),
)
_STYLE, _VISIBILITY = name_of("draw", "style-name"), name_of("presentation", "visibility")
_FIRST_ROW = name_of("table", "use-first-row-styles")
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,6})?)(cm|mm|in|pt)")
_IN_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 0.0353}
_LINE = 0.5
"""Shapes whose tops are as near as this, in cm, are read from left to right."""
_PLACEHOLDERS = frozenset({"page-number", "date-time", "page", "handout"})


def read_odp(raw: bytes, name: str) -> Extract:
    """Read a presentation.

    Args:
        raw: the archive.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound ODP.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it unpacks to too much, or defines entities.
    """
    file = OpenDocument(raw, name)
    hidden = {
        style.get(name_of("style", "name"))
        for style in file.style_elements()
        if any(p.get(_VISIBILITY) == "hidden" for p in style)
    }
    pages = file.body("presentation").iterchildren(_PAGE)
    slides = [_slide(page, file, hidden=page.get(_STYLE) in hidden) for page in pages]
    language = file.property("language") or file.language
    found = slides_extract(slides, file.property("title"), language)
    return replace(found, properties=file.properties)


def _slide(page: etree._Element, file: OpenDocument, *, hidden: bool) -> Slide:
    shapes = list(_in_order(page))
    titles = [shape for shape in shapes if shape.get(_CLASS) == "title"]
    title = " ".join(filter(None, (_flat(p) for t in titles for p in t.iter(P, H))))
    parts = [part for shape in shapes if shape not in titles for part in _parts(shape, file)]
    return Slide(title, tuple(parts), tuple(_notes(page)), hidden)


def _notes(page: etree._Element) -> Iterator[str]:
    frames = (f for notes in page.iterchildren(_NOTES) for f in notes.iter(_FRAME))
    seen = (f for f in frames if f.get(_CLASS) not in _PLACEHOLDERS)
    yield from (text for frame in seen for p in frame.iter(P, H) if (text := words(p)))


def _in_order(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the shapes from top to bottom, those of one line from left to right."""
    shapes = [e for e in parent if e.tag not in (_NOTES, ANNOTATION)]
    for shape in in_reading_order(shapes, _place, _LINE):
        if shape.tag == _GROUP:
            yield from _in_order(shape)
        else:
            yield shape


def _place(shape: etree._Element) -> tuple[float, float]:
    """Return where a shape is, in cm; a group is where its first shape is."""
    if shape.tag == _GROUP:
        return min((_at(inner) for inner in shape.iter(_FRAME)), default=(0.0, 0.0))
    return _at(shape)


def _at(shape: etree._Element) -> tuple[float, float]:
    return _length(shape, "y"), _length(shape, "x")


def _length(shape: etree._Element, name: str) -> float:
    found = _LENGTH.match(shape.get(name_of("svg", name), ""))
    return float(found[1]) * _IN_CM[found[2]] if found else 0.0


def _parts(shape: etree._Element, file: OpenDocument) -> Iterator[str | Table]:
    if shape.get(_CLASS) in _PLACEHOLDERS:
        return
    for table in shape.iter(_TABLE):
        rows = map(joined, covered_rows(list(table.iter(_ROW))))
        headed = table.get(_FIRST_ROW) == "true"
        yield Table(tuple((row, headed and at == 0) for at, row in enumerate(rows)))
    yield from (Table(tuple(rows)) for rows in file.charts(shape))
    for paragraph in shape.iter(P, H):
        text = words(paragraph)
        if text and next(paragraph.iterancestors(_TABLE), None) is None:
            listed = next(paragraph.iterancestors(_ITEM), None) is not None
            yield f"- {text}" if listed else text


def _flat(paragraph: etree._Element) -> str:
    return words(paragraph).replace("\n", " ")
