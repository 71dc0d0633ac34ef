"""A page is drawn, and a quote is found on it: exactly its words, in exactly one place."""

from __future__ import annotations

from io import BytesIO

import pypdfium2 as pdfium
import pytest
from PIL import Image

from documents.errors import DamagedDocument, EmptyDocument, UnsafeDocument
from documents.formats.pdf import process
from documents.formats.pdf.characters import Box
from documents.formats.pdf.process import draw_in_process
from documents.formats.pdf.sheets import LONGEST_SIDE, drawn, find_words
from tests.documents.formats.format_files import french_pdf, pdf

ONE = pdf([[(50, 12, "Le chat dort."), (60, 12, "Le chien aboie"), (66, 12, "très fort."),
            (80, 12, "Bis."), (90, 12, "Bis.")]])  # fmt: skip


def turned(raw: bytes, degrees: int) -> bytes:
    """Return a PDF with its pages turned."""
    document, written = pdfium.PdfDocument(raw), BytesIO()
    for page in document:
        page.set_rotation(degrees)
    document.save(written)
    return written.getvalue()


def darkest(png: bytes, box: Box) -> int:
    """Return the darkest shade of a picture within a box, 0 is black."""
    picture = Image.open(BytesIO(png)).convert("L")
    left, bottom, right, top = box
    wide, high = picture.size
    part = picture.crop((int(left * wide), int(top * high), int(right * wide), int(bottom * high)))
    return min(part.tobytes())


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_quote_is_marked_where_its_words_are_drawn(degrees: int) -> None:
    sheet = drawn(turned(ONE, degrees), "a.pdf", 1)
    (box,) = find_words(sheet, "Le chat dort.")
    assert 0 <= box.left < box.right <= 1
    assert 0 <= box.top < box.bottom <= 1
    assert darkest(sheet.png, box) < 100
    (across, down) = (box.right - box.left, box.bottom - box.top)
    assert (across > down) == (degrees in {0, 180})


def test_a_quote_of_two_lines_has_two_rectangles() -> None:
    first, second = find_words(drawn(ONE, "a.pdf", 1), "Le chien aboie très fort.")
    assert first.bottom <= second.top + 0.01
    assert first.right > second.right


@pytest.mark.parametrize("quote", ["Bis.", "Le chat mange.", "Le chat dort. Fin", "", " ", "-"])
def test_what_is_not_sure_is_not_marked(quote: str) -> None:
    assert find_words(drawn(ONE, "a.pdf", 1), quote) == []


@pytest.mark.parametrize(
    ("number", "quote", "lines"),
    [(1, "L’équipe a lu « tout » dans la bibliothèque ; son étude finale flotte", 2),
     (1, "entre 1\u202f500 et 2\u00a0000 porte-Monnaies, dit-elle.", 3),
     (1, "L’enquête était longue et la conclu", 1), (2, "• lire\n• compter", 2)],
)  # fmt: skip
def test_words_are_found_as_they_were_read(number: int, quote: str, lines: int) -> None:
    assert len(find_words(drawn(french_pdf(), "a.pdf", number), quote)) == lines


def test_a_page_is_drawn_in_a_process_of_its_own_within_bounds() -> None:
    sheet = draw_in_process(ONE, "a.pdf", 1)
    assert sheet == drawn(ONE, "a.pdf", 1)
    assert max(Image.open(BytesIO(sheet.png)).size) <= LONGEST_SIDE


def test_what_cannot_be_drawn_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmptyDocument, match="no page 2"):
        draw_in_process(ONE, "a.pdf", 2)
    with pytest.raises(DamagedDocument):
        draw_in_process(b"none", "a.pdf", 1)
    monkeypatch.setattr(process, "MAX_SECONDS_OF_DRAWING", 0.001)
    with pytest.raises(UnsafeDocument):
        draw_in_process(ONE, "a.pdf", 1)
