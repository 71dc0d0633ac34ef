"""Reads PPTX: a slide is a section, its shapes in reading order, the speaker's notes after them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, zip_longest
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER

from documents.errors import DamagedDocument
from documents.formats.extract import Extract, clean
from documents.formats.office.slides import Slide, Table, in_reading_order, slides_extract
from documents.formats.open_xml import checked_package, comments, package_properties
from documents.formats.tables.grid import flat

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_LINE = 180_000
"""Shapes whose tops are as near as this, half a centimetre, are read from left to right."""
_UNSAID = frozenset({
    PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER,
})  # fmt: skip
_MAX_DEPTH = 50
_MAX_SPAN = 100


def read_pptx(raw: bytes, name: str) -> Extract:
    """Read a presentation.

    Args:
        raw: the package.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound presentation.
        UnreadableDocument: it is protected by a password, or an old .ppt.
        UnsafeDocument: it unpacks to too much, or defines entities.
    """
    package = checked_package(raw, name, ".pptx")
    try:
        deck = pptx.Presentation(io.BytesIO(package))
        slides = [_slide(slide) for slide in deck.slides]
        properties = deck.core_properties
        title, language = flat(properties.title or "") or None, properties.language
    # On a malformed package python-pptx raises errors of many kinds, most of them undocumented.
    except Exception as error:
        raise DamagedDocument(
            f"{name}: not a sound presentation ({error}): save it again"
        ) from error
    found = slides_extract(slides, title, language)
    return replace(
        found,
        notices=(*found.notices, *comments(package, name)),
        properties=package_properties(package, name),
    )


def _slide(slide: Any) -> Slide:
    title = slide.shapes.title
    shapes = (s for s in _in_order(slide.shapes) if title is None or s.element is not title.element)
    return Slide(
        title=flat(title.text_frame.text) if title is not None else "",
        parts=tuple(chain.from_iterable(_parts(shape) for shape in shapes)),
        notes=tuple(_notes(slide)),
        hidden=slide.element.get("show") in {"0", "false"},
    )


def _notes(slide: Any) -> Iterator[str]:
    if not slide.has_notes_slide or slide.notes_slide.notes_text_frame is None:
        return
    for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
        if text := clean(paragraph.text.replace("\v", "\n")):
            yield text


def _in_order(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the shapes from top to bottom, those of one line from left to right."""
    for shape in in_reading_order(shapes, lambda s: (s.top or 0, s.left or 0), _LINE):
        if hasattr(shape, "shapes") and depth < _MAX_DEPTH:
            yield from _in_order(shape.shapes, depth + 1)
        else:
            yield shape


def _parts(shape: Any) -> Iterator[str | Table]:
    if shape.is_placeholder and shape.placeholder_format.type in _UNSAID:
        return
    if shape.has_text_frame:
        yield from _paragraphs(shape)
    elif getattr(shape, "has_table", False):
        yield _table(shape.table)
    elif getattr(shape, "has_chart", False):
        yield from _chart(shape.chart)
    else:
        yield from _diagram(shape)


def _paragraphs(shape: Any) -> Iterator[str]:
    is_body = shape.is_placeholder and shape.placeholder_format.type in {
        PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT,
    }  # fmt: skip
    found = [clean(p.text.replace("\v", "\n")) for p in shape.text_frame.paragraphs]
    texts = [text for text in found if text]
    listed = is_body and len(texts) > 1
    yield from (f"- {text}" if listed else text for text in texts)


def _table(table: Any) -> Table:
    above: dict[tuple[int, int], str] = {}
    rows = []
    for at, row in enumerate(table.rows):
        texts = [_cell(cell, at, column, above) for column, cell in enumerate(row.cells)]
        rows.append((" | ".join(texts).strip() if any(texts) else "", at == 0 and table.first_row))
    return Table(tuple(rows))


def _cell(cell: Any, row: int, column: int, above: dict[tuple[int, int], str]) -> str:
    """Return the text of a cell; that of a merged one stands at each place that it covers."""
    if cell.is_spanned:
        return above.get((row, column), "")
    text = flat(cell.text.replace("\v", "\n"))
    if cell.is_merge_origin:
        across, down = min(cell.span_width, _MAX_SPAN), min(cell.span_height, _MAX_SPAN)
        places = ((row + y, column + x) for y in range(down) for x in range(across))
        above.update(dict.fromkeys(places, text))
    return text


def _chart(chart: Any) -> Iterator[str | Table]:
    """Yield the title of a chart of any kind, and its numbers as a table."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield flat(chart.chart_title.text_frame.text)
    series = list(etree.fromstring(chart.part.blob, _parser()).iter(f"{_CHART}ser"))
    if not series:
        return
    names = [" ".join(_points(one.find(f"{_CHART}tx"))) for one in series]
    values = [_points(next(one.iter(f"{_CHART}val", f"{_CHART}yVal"), None)) for one in series]
    categories = _points(next(series[0].iter(f"{_CHART}cat", f"{_CHART}xVal"), None))
    rows = [["", *names], *(list(row) for row in zip_longest(categories, *values, fillvalue=""))]
    yield Table(tuple((" | ".join(row).strip(), at == 0) for at, row in enumerate(rows)))


def _points(element: etree._Element | None) -> list[str]:
    found = () if element is None else element.iter(f"{_CHART}v")
    return [_shown(flat(value.text or "")) for value in found]


def _shown(value: str) -> str:
    try:
        return f"{float(value):.15g}"
    except ValueError:
        return value


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _diagram(shape: Any) -> Iterator[str]:
    """Yield the texts of a diagram (SmartArt), whose data is a part of its own."""
    for reference in shape.element.iter(_DIAGRAM):
        part = shape.part.related_part(reference.get(_DATA))
        for paragraph in etree.fromstring(part.blob, _parser()).iter(f"{_DRAWING}p"):
            if text := flat("".join(t.text or "" for t in paragraph.iter(f"{_DRAWING}t"))):
                yield text
