"""The lines of a PDF page: their words, where they stand, and how large they are set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from documents.extract import clean

_HYPHEN = 0x02
"""What PDFium reads at the end of a line in place of a hyphen, the line's ending left out."""
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010]$")
_ENDS = frozenset({0x0A, 0x0D})
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; distances in points from the lower left corner.

    Attributes:
        text: clean, ligatures taken apart.
        left: of its first character.
        right: of its last character.
        bottom: of its first character.
        size: the height of its first character's font.
        hyphenated: it ends within a word, after a hyphen that ``text`` leaves out.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    hyphenated: bool = False


def page_lines(page: pdfium.PdfPage) -> list[Line]:
    """Return the lines of a page that hold text, in the order they were set in."""
    text = page.get_textpage()
    codes = [pdfium_c.FPDFText_GetUnicode(text, i) for i in range(text.count_chars())]
    found = (_line(text, codes, start, end) for start, end in _ranges(codes))
    return [line for line in found if line is not None]


def _ranges(codes: list[int]) -> Iterator[tuple[int, int]]:
    ends = [i + (codes[i] == _HYPHEN) for i, code in enumerate(codes) if code in _ENDS | {_HYPHEN}]
    yield from pairwise([0, *ends, len(codes)])


def _line(text: pdfium.PdfTextPage, codes: list[int], start: int, end: int) -> Line | None:
    inked = [i for i in range(start, end) if codes[i] > 0x20 or codes[i] == _HYPHEN]
    words = clean(_decoded(codes[start:end])).translate(_LIGATURES).replace("\n", " ")
    if not inked or not words:
        return None
    first, last = _box(text, inked[0]), _box(text, inked[-1])
    size = first.top - first.bottom
    # PDFium does not see that a word goes on after a footer.
    broken = _BROKEN.search(words) is not None
    hyphenated = broken or codes[inked[-1]] == _HYPHEN
    return Line(
        words[: -1 if broken else None], first.left, last.right, first.bottom, size, hyphenated
    )


def _decoded(codes: list[int]) -> str:
    units = "".join(map(chr, codes))
    # Halves of pairs come one by one.
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _box(text: pdfium.PdfTextPage, index: int) -> pdfium_c.FS_RECTF:
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDFText_GetLooseCharBox(text, index, box)
    return box
