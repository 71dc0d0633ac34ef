"""What a format's reader takes out of a file, and how it puts it together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from documents.structure import Block
from documents.types import Span

ANY_LEVEL = 7
"""The level of a paragraph that can stand under any heading from 1 to 6."""

# Not text: controls, halves of surrogate pairs, what only says where a word may be broken,
# byte-order marks and what Unicode never assigns.
_NO_TEXT = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LINE_SPACE = re.compile(r"[ \t\x0b\x0c\r\x85]+")


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's text and its blocks, with what the file says of itself.

    Attributes:
        text: what offsets point into.
        blocks: headings and paragraphs in reading order.
        title: the document's own title, where the format marks it.
        language: ``fr`` or ``en`` where the author wrote it for this text.
        source_url: where the text came from, if the file says so.
        file_title: a title that may be a leftover of a template; used where nothing else is known.
        file_language: the language in the file's properties; used where the text does not tell.
        pages: where each page starts, in code points; empty where there are no pages.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    language: str | None = None
    source_url: str | None = None
    file_title: str | None = None
    file_language: str | None = None
    pages: tuple[int, ...] = ()


class Composer:
    """Puts a text together block by block; blocks stand apart by an empty line."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0
        self._pages: list[int] = []
        self._next_pages = 0

    @property
    def text(self) -> str:
        """All that was added."""
        return "".join(self._parts)

    @property
    def pages(self) -> tuple[int, ...]:
        """Where each page starts; pages without text start where the next one does."""
        return (*self._pages, *[self._length] * self._next_pages)

    def heading(self, words: str, level: int) -> None:
        """Add a heading; the lower its level, the further out it is."""
        flat = " ".join(words.split("\n"))
        if flat:
            self.blocks.append(Block(self._add(flat), level, flat))

    def paragraph(self, words: str, *, close: bool = False, breaks: Iterable[int] = ()) -> None:
        """Add a paragraph, clean and not empty.

        Args:
            words: the text, without white space at its ends.
            close: on the next line rather than after an empty one, as items of a list are.
            breaks: where in the text a new page starts, in code points.
        """
        if not words:
            return
        span = self._add(words, "\n" if close else "\n\n")
        self._pages += (span.start + at for at in breaks)
        self.blocks.append(Block(span, ANY_LEVEL))

    def caption(self, words: str) -> None:
        """Add text that is part of no passage."""
        if words:
            self._add(words)

    def page(self) -> None:
        """Start a page."""
        self._next_pages += 1

    def _add(self, words: str, between: str = "\n\n") -> Span:
        if self._parts:
            self._parts.append(between)
            self._length += len(between)
        span = Span(self._length, self._length + len(words))
        # The first page starts with the text, whatever comes before it.
        self._pages += [span.start] * self._next_pages
        self._next_pages = 0
        self._parts.append(words)
        self._length = span.end
        return span


def clean(text: str) -> str:
    """Return the text with neither controls nor white space that is not seen.

    Runs of spaces become one, except no-break spaces; lines are kept, empty ones are not.
    """
    seen = _HALF_PAIR.sub("\N{REPLACEMENT CHARACTER}", _NO_TEXT.sub("", text))
    rows = (_LINE_SPACE.sub(" ", row).strip() for row in seen.split("\n"))
    return "\n".join(row for row in rows if row)


def known_language(code: str | None) -> str | None:
    """Return ``fr`` or ``en`` of a code such as ``fr-CA``, and None of any other."""
    primary = re.split("[-_]", (code or "").strip().lower())[0]
    return {"fr": "fr", "fra": "fr", "fre": "fr", "en": "en", "eng": "en"}.get(primary)
