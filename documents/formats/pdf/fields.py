"""Reads what people filled in or put on a PDF page: fields of its form, and text annotations."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.formats.extract import clean
from documents.formats.pdf.characters import Box, Characters
from documents.formats.pdf.lines import Line

TICKED, EMPTY = "☑", "☐"

_HIDDEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD_FIELD = 1 << 13
_BOXES = frozenset({pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON})
_CHOICES = frozenset({pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX})
_MAX_ANNOTATIONS = 5_000
_MAX_OPTIONS = 1_000
_MAX_BYTES = 2**20
_REACH = 250.0
"""A value belongs to words at most this many points away."""
_TOLERANCE = 2.0
_USUAL_SIZE = 11.0


class Value(NamedTuple):
    """A text that stands on a page beside its own.

    Attributes:
        text: one line.
        box: its place.
        is_box: it is the state of a box to tick, whose label often follows it.
    """

    text: str
    box: Box
    is_box: bool = False


def page_values(page: pdfium.PdfPage) -> list[Value]:
    """Return the values of the fields of a page and the texts of its annotations that people see.

    Hidden fields, passwords, buttons and signatures are left out, and so are comments, which no
    page shows. The form of the document must have been opened.
    """
    count = min(pdfium_c.FPDFPage_GetAnnotCount(page.raw), _MAX_ANNOTATIONS)
    return [value for at in range(count) for value in _values(page, at)]


def _values(page: pdfium.PdfPage, at: int) -> Iterator[Value]:
    with _annotation(page, at) as annotation:
        if not annotation or pdfium_c.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            return
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        form = page.formenv.raw if page.formenv else None
        if kind == pdfium_c.FPDF_ANNOT_WIDGET and form:
            found = _field(form, annotation)
        elif kind in {pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP}:
            found = _string(
                lambda *to: pdfium_c.FPDFAnnot_GetStringValue(annotation, b"Contents", *to)
            )
        else:
            return
        text = " ".join(clean(found).split("\n"))
        if text:
            yield Value(text, _place(annotation), found in {TICKED, EMPTY})


def _contents(annotation: Any) -> str:
    return _string(lambda *to: pdfium_c.FPDFAnnot_GetStringValue(annotation, b"Contents", *to))


@contextmanager
def _annotation(page: pdfium.PdfPage, at: int) -> Iterator[Any]:
    annotation = pdfium_c.FPDFPage_GetAnnot(page.raw, at)
    try:
        yield annotation
    finally:
        pdfium_c.FPDFPage_CloseAnnot(annotation)


def _field(form: Any, annotation: Any) -> str:
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _BOXES:
        return TICKED if pdfium_c.FPDFAnnot_IsChecked(form, annotation) else EMPTY
    if kind in _CHOICES and (chosen := _chosen(form, annotation)):
        return ", ".join(chosen)
    secret = pdfium_c.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD_FIELD
    if kind in _CHOICES or (kind == pdfium_c.FPDF_FORMFIELD_TEXTFIELD and not secret):
        return _string(lambda *to: pdfium_c.FPDFAnnot_GetFormFieldValue(form, annotation, *to))
    return ""


def _chosen(form: Any, annotation: Any) -> list[str]:
    """Return what the list shows of the options that are chosen, rather than their codes."""
    count = min(pdfium_c.FPDFAnnot_GetOptionCount(form, annotation), _MAX_OPTIONS)
    return [
        _string(lambda *to, at=at: pdfium_c.FPDFAnnot_GetOptionLabel(form, annotation, at, *to))
        for at in range(count)
        if pdfium_c.FPDFAnnot_IsOptionSelected(form, annotation, at)
    ]


def _string(get: Callable[..., int]) -> str:
    size = min(get(None, 0), _MAX_BYTES)
    buffer = ctypes.create_string_buffer(size + 2)
    get(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").rstrip("\0")


def _place(annotation: Any) -> Box:
    found = pdfium_c.FS_RECTF()
    pdfium_c.FPDFAnnot_GetRect(annotation, ctypes.byref(found))
    bottom, top = sorted((found.bottom, found.top))
    left, right = sorted((found.left, found.right))
    return Box(left, bottom, right, top)


def put_in(values: Sequence[Value], characters: Characters, letters: list[str]) -> list[Value]:
    """Put each value behind the words to its left, a box beside the nearest words.

    Returns:
        The values that stand beside no words.
    """
    boxes = {at: characters.box(at) for at, letter in enumerate(letters) if letter > " "}
    left_over = []
    for value in sorted(values, key=lambda value: value.box.left):
        level = [at for at, box in boxes.items() if _is_level(value.box, box)]
        before = _nearest((value.box.left - boxes[at].right, at) for at in level)
        after = _nearest((boxes[at].left - value.box.right, at) for at in level)
        if value.is_box and after is not None and (before is None or after.gap <= before.gap):
            letters[after.at] = f" {value.text} {letters[after.at]}"
        elif before is not None:
            letters[before.at] += f" {value.text} "
        else:
            left_over.append(value)
    return left_over


def value_lines(values: Sequence[Value], lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page and those of the values beside no words, each at its height."""
    found = list(lines)
    size = median(line.size for line in lines) if lines else _USUAL_SIZE
    for value in sorted(values, key=lambda value: (-value.box.bottom, value.box.left)):
        line = _value_line(value, size)
        at = next((i for i, other in enumerate(found) if other.bottom < line.bottom), len(found))
        beside = at > 0 and abs(found[at - 1].bottom - line.bottom) <= _TOLERANCE
        found.insert(at, replace(line, beside=beside))
    return found


def _value_line(value: Value, size: float) -> Line:
    box = value.box
    bottom = max(box.bottom, (box.bottom + box.top - size) / 2)
    return Line(value.text, box.left, box.right, bottom, size)


class _Near(NamedTuple):
    gap: float
    at: int


def _is_level(value: Box, character: Box) -> bool:
    middle = (character.bottom + character.top) / 2
    return value.bottom - _TOLERANCE <= middle <= value.top + _TOLERANCE


def _nearest(places: Iterable[tuple[float, int]]) -> _Near | None:
    return min((_Near(*p) for p in places if -_TOLERANCE <= p[0] <= _REACH), default=None)
