"""Offers the characters of a PDF page as PDFium found them: codes, places and fonts."""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_BROKEN_WORD = 0xFFFE
"""What PDFium's bulk text has for a hyphen at the end of a line; character by character it is 2."""
_MAX_NAME = 100


class Box(NamedTuple):
    """A rectangle on a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


class Characters:
    """The characters of a page, in the order they were drawn in; PDFium adds spaces and line ends.

    Attributes:
        codes: UTF-16 code units, or the font's own codes where it does not say which letters they
            draw; 2 is a hyphen at the end of a line, where PDFium adds no line end.
    """

    def __init__(self, page: pdfium.PdfPage) -> None:
        """Find the characters of a page."""
        # PDFium frees the text with this object.
        self._owner = page.get_textpage()
        self._text = self._owner.raw
        self._found = pdfium_c.FS_RECTF()
        self._place = ctypes.byref(self._found)
        self._edges = [ctypes.c_double() for _ in range(4)]
        self.codes = self._codes()

    def _codes(self) -> list[int]:
        # The bulk text is 20 times as fast, but leaves some control codes out.
        count = self._owner.count_chars()
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium_c.FPDFText_GetText(self._text, 0, count, buffer) - 1
        if written != count:
            return [pdfium_c.FPDFText_GetUnicode(self._text, i) for i in range(count)]
        codes: list[int] = buffer[:count]
        if _BROKEN_WORD in codes:
            codes = [
                pdfium_c.FPDFText_GetUnicode(self._text, at) if code == _BROKEN_WORD else code
                for at, code in enumerate(codes)
            ]
        return codes

    def box(self, at: int) -> Box:
        """Return the room that a character takes: its advance, as high as its font."""
        pdfium_c.FPDFText_GetLooseCharBox(self._text, at, self._place)
        found = self._found
        return Box(found.left, found.bottom, found.right, found.top)

    def ink(self, at: int) -> Box:
        """Return the rectangle around what a character draws; empty if it draws nothing."""
        left, right, bottom, top = self._edges
        pdfium_c.FPDFText_GetCharBox(self._text, at, left, right, bottom, top)
        return Box(left.value, bottom.value, right.value, top.value)

    def draws(self, at: int) -> bool:
        """Tell whether a character draws anything."""
        left, bottom, right, top = self.ink(at)
        return right > left and top > bottom

    def is_added(self, at: int) -> bool:
        """Tell whether PDFium added the character: no font drew it."""
        return bool(pdfium_c.FPDFText_IsGenerated(self._text, at) == 1)

    def is_unmapped(self, at: int) -> bool:
        """Tell whether the font does not say which letter the code draws."""
        return bool(pdfium_c.FPDFText_HasUnicodeMapError(self._text, at) == 1)

    def font(self, at: int) -> int:
        """Return a number that is the same for all characters of one font; 0 if there is none."""
        drawn = pdfium_c.FPDFText_GetTextObject(self._text, at)
        font = pdfium_c.FPDFTextObj_GetFont(drawn) if drawn else None
        return ctypes.cast(font, ctypes.c_void_p).value or 0 if font else 0

    def font_name(self, at: int) -> str:
        """Return the name of a character's font, without the prefix of a subset, or ``""``."""
        buffer = ctypes.create_string_buffer(_MAX_NAME)
        written = pdfium_c.FPDFText_GetFontInfo(self._text, at, buffer, _MAX_NAME, None)
        return buffer.value.decode("utf-8", "replace") if 0 < written <= _MAX_NAME else ""
