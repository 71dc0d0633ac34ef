"""Draws a page of a PDF, and finds the words of a quote on it: exactly these, or none."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.errors import EmptyDocument, MissingFormat
from documents.formats.pdf.characters import Box, Characters
from documents.formats.pdf.letters import BROKEN_WORD, page_letters
from documents.formats.pdf.pages import damaged, open_pdf

LONGEST_SIDE = 1600
"""Of a drawn page, in dots."""
_DOTS_PER_POINT = 2.0
_COLOURS = 128
_GRAIN = 100_000
"""Into how many parts a side of the page is divided to tell where something is."""
_HYPHENS = frozenset("-\u00ad\u2010\u2011")
_LEAST_OVERLAP = 0.5
_WIDEST_GAP = 4.0
"""Between letters of one line, as a multiple of their height: columns are further apart."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is seen.

    Attributes:
        png: its picture.
        letters: what each of its characters reads, in the order they were set in.
        boxes: the room of each, as fractions of the page, from its upper left corner: ``bottom``
            is further down, and so larger, than ``top``.
        is_turned: whether it is shown turned by a quarter, so that its lines run up or down.
    """

    png: bytes
    letters: tuple[str, ...]
    boxes: tuple[Box, ...]
    is_turned: bool = False


def drawn(raw: bytes, name: str, number: int) -> Sheet:
    """Draw a page of a PDF, at most 1600 dots high and wide.

    Args:
        raw: the file.
        name: the file, for messages.
        number: of the page, from 1.

    Raises:
        DamagedDocument: no PDF, or one too damaged.
        EmptyDocument: it has no such page.
        MissingFormat: the library that writes pictures is not installed.
        UnreadableDocument: it is protected by a password.
    """
    with closing(open_pdf(raw, name)) as document:
        if not 1 <= number <= len(document):
            raise EmptyDocument(f"{name}: there is no page {number}: it has {len(document)}")
        try:
            page = document[number - 1]
            characters = Characters(page)
            letters = page_letters(characters)
            boxes = tuple(_seen(page, characters.box(at)) for at in range(len(letters)))
            is_turned = page.get_rotation() in {90, 270}
            return Sheet(_png(page), tuple(letters), boxes, is_turned)
        except pdfium.PdfiumError as error:
            raise damaged(name, error) from error


def _png(page: pdfium.PdfPage) -> bytes:
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingFormat(
            "drawing pages needs Pillow: run `pip install 'passerelle-qa[pdf]'`"
        ) from error
    scale = min(_DOTS_PER_POINT, (LONGEST_SIDE - 0.5) / max(page.get_size()))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    written = BytesIO()
    # As few colours make a page of text three times as small, and a photograph little worse.
    few = picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def _seen(page: pdfium.PdfPage, box: Box) -> Box:
    """Return where a box of the page's own space is seen: the page may be turned and cut."""
    corners = [_point(page, box.left, box.top), _point(page, box.right, box.bottom)]
    (left, right), (top, bottom) = (sorted(side) for side in zip(*corners, strict=True))
    return Box(left, bottom, right, top)


def _point(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(
        page.raw, 0, 0, _GRAIN, _GRAIN, 0, x, y, ctypes.byref(across), ctypes.byref(down)
    )
    return across.value / _GRAIN, down.value / _GRAIN


def find_words(sheet: Sheet, quote: str) -> list[Box]:
    """Return where a quote stands on a page, a rectangle a line; none where that is not sure.

    White space and hyphens do not count, for lines are broken at them. The words must be there
    exactly, and once: of two places, one would be marked wrongly.
    """
    read, places = _inked(sheet)
    wanted = "".join(_ink(quote))
    first = read.find(wanted) if wanted else -1
    if first < 0 or read.find(wanted, first + 1) >= 0:
        return []
    found = dict.fromkeys(places[first : first + len(wanted)])
    boxes = (sheet.boxes[at] for at in found)
    if not sheet.is_turned:
        return list(_lines(boxes))
    return [_transposed(line) for line in _lines(map(_transposed, boxes))]


def _transposed(box: Box) -> Box:
    return Box(box.top, box.right, box.bottom, box.left)


def _inked(sheet: Sheet) -> tuple[str, list[int]]:
    """Return what is read on a page, and which of its characters each letter of that is from."""
    pairs = [(ink, at) for at, said in enumerate(_whole(sheet.letters)) for ink in _ink(said)]
    return "".join(ink for ink, _ in pairs), [at for _, at in pairs]


def _whole(letters: tuple[str, ...]) -> Iterator[str]:
    """Yield letters with the two halves of a surrogate pair joined in the first of them."""
    before = ""
    for letter, after in zip(letters, (*letters[1:], ""), strict=True):
        is_second = before != "" and "\ud800" <= before <= "\udbff"
        pair = letter + after
        is_first = len(letter) == 1 and "\ud800" <= letter <= "\udbff"
        joined = pair.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        yield "" if is_second else joined if is_first else letter
        before = letter


def _ink(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFKD", text):
        if character > " " and character not in _HYPHENS and character != BROKEN_WORD:
            # A sign that its font does not name stands for an item of a list.
            yield "•" if "\ue000" <= character <= "\uf8ff" else character


def _lines(boxes: Iterator[Box]) -> Iterator[Box]:
    line: Box | None = None
    for box in boxes:
        if box.right <= box.left or box.bottom <= box.top:
            continue
        if line is not None and not _continues(line, box):
            yield line
            line = None
        line = box if line is None else _around(line, box)
    if line is not None:
        yield line


def _continues(line: Box, box: Box) -> bool:
    height = min(line.bottom - line.top, box.bottom - box.top)
    overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
    gap = max(box.left - line.right, line.left - box.right)
    return overlap >= _LEAST_OVERLAP * height and gap <= _WIDEST_GAP * height


def _around(line: Box, box: Box) -> Box:
    return Box(
        min(line.left, box.left), max(line.bottom, box.bottom), max(line.right, box.right),
        min(line.top, box.top),
    )  # fmt: skip
