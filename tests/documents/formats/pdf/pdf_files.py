"""PDF files of ``data``, made by pdfLaTeX, ReportLab and LibreOffice, and small ones made here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from documents.formats.extract import Extract
from documents.formats.pdf.lines import Line
from documents.formats.pdf.pages import read_pages
from documents.formats.pdf.reader import composed

DATA = Path(__file__).parent / "data"


def read_file(name: str) -> Extract:
    return read((DATA / name).read_bytes(), name)


def read(raw: bytes, name: str = "a.pdf") -> Extract:
    """Read a PDF in this process, which is faster."""
    return composed(read_pages(raw, name))


def line(text: str, bottom: float, left: float = 50, *, beside: bool = False) -> Line:
    """Return a line of eleven points, half as wide a character."""
    return Line(text, left, left + 5.5 * len(text), bottom, 11, beside=beside)


def raw_pdf(font: bytes, words: bytes, *more: bytes) -> bytes:
    """Return a page with words in a font; ``more`` are the objects from number 6 on."""
    content = b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % words
    resources = b"<< /Font << /F1 5 0 R >> >>"
    return _numbered(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>"
        % resources,
        stream(content),
        font,
        *more,
    )


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _numbered(*objects: bytes) -> bytes:
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (size, table, size, len(file))
    )


def texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]
