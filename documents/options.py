"""How files are read: what a person chooses when indexing them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How files are read.

    Attributes:
        recognise: pictures are documents too, and the text of pages that show it only as pictures
            is recognised.
        convert: old formats (``.doc``, ``.xls``, ``.ppt`` …) are read too, through LibreOffice.
    """

    recognise: bool = False
    convert: bool = False

    def joined(self, other: ReadingOptions) -> ReadingOptions:
        """Return the options of files that are read together: what either wants is done."""
        return ReadingOptions(self.recognise or other.recognise, self.convert or other.convert)


USUAL = ReadingOptions()
"""Only what is read without another program."""
