"""What every format's reader returns (``Extract``), and what builds it (``Composer``)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace

from documents.notices import Notice
from documents.properties import Properties
from documents.structure import Block
from documents.types import Span

ANY_LEVEL = 7
"""The level of a paragraph that can stand under any heading from 1 to 6."""

_MAX_HEADERS = 3
"""Header rows that a table starts with; more are rows like others."""

# Not text: control characters, soft hyphens and zero-width spaces, which only say where a word may
# be broken, byte-order marks, and code points that Unicode never assigns.
_NO_TEXT = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LINE_SPACE = re.compile(r"[ \t\x0b\x0c\r\x85]+")


@dataclass(frozen=True, slots=True)
class Extract:
    """A file's text, its blocks and its metadata.

    Attributes:
        text: the text that all offsets point into, in code points.
        blocks: headings and paragraphs in reading order.
        title: the document's own title, where the format marks it.
        language: ``fr`` or ``en`` where the author wrote it for this text.
        source_url: where the text came from, if the file says so.
        file_title: the title in the file's properties, often left over from a template; used only
            where no other title is known.
        file_language: the language in the file's properties; used only where the language of the
            text cannot be detected.
        pages: where each page starts, in code points; empty where there are no pages.
        notices: what of the file was not read, or read in a way that people should know.
        properties: what the file says about itself, such as author and date.
    """

    text: str
    blocks: tuple[Block, ...]
    title: str | None = None
    language: str | None = None
    source_url: str | None = None
    file_title: str | None = None
    file_language: str | None = None
    pages: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()
    properties: Properties = ()


class Composer:
    """Builds a text block by block, with an empty line between two blocks."""

    def __init__(self) -> None:
        """Start with nothing.

        ``level`` is the deepest level of a heading that a paragraph added next can belong to.
        """
        self.blocks: list[Block] = []
        self.level = ANY_LEVEL
        self._caption: Span | None = None
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

    def heading(self, words: str, level: int, *, question: bool = False) -> None:
        """Add a heading; the lower its level, the further out it is.

        Args:
            words: its text.
            level: its depth.
            question: it is a question, a term or a mere name, and never the document's title.
        """
        flat = " ".join(words.split("\n"))
        if flat:
            self.blocks.append(Block(self._add(flat), level, flat, question=question))

    def paragraph(
        self,
        words: str,
        *,
        close: bool = False,
        breaks: Iterable[int] = (),
        question: bool = False,
    ) -> None:
        """Add a paragraph, clean and not empty.

        Args:
            words: the text, without white space at its ends.
            close: on the next line rather than after an empty one, as items of a list are.
            breaks: where in the text a new page starts, in code points.
            question: it is a question or a term that what follows answers.
        """
        if not words:
            return
        span = self._add(words, "\n" if close else "\n\n")
        self._pages += (span.start + at for at in breaks)
        self.blocks.append(Block(span, self.level, question=question))

    def caption(self, words: str) -> None:
        """Add a caption: it stays in the text, but no passage contains it."""
        if words:
            self._caption = self._add(words)

    def table(
        self,
        rows: Iterable[tuple[str, bool]],
        above: tuple[Span, ...] = (),
        parts: Container[int] = (),
    ) -> tuple[Span, ...]:
        """Add a table, a paragraph a row; a caption right before it is its own.

        Args:
            rows: the words of each row, and whether it is a header. One among the other rows
                heads those below it, up to the next.
            above: where leads of all its rows stand: of a table that goes on, or of one in a cell.
            parts: which rows, from 0, head a part of the table even where no other row is before.

        Returns:
            Where the leads stand of a row that would come next.
        """
        caption = above if self._caption is None else (*above, self._caption)
        heads: tuple[Span, ...] = ()
        part: tuple[Span, ...] = ()
        begun, between = False, "\n\n"
        for at, (words, is_header) in enumerate(rows):
            if not words:
                continue
            part = () if is_header else part
            span = self._add(words, between)
            self.blocks.append(Block(span, self.level, leads=caption + heads + part))
            begun = begun or not is_header or at in parts or len(heads) == _MAX_HEADERS
            if is_header:
                heads, part = (heads, (span,)) if begun else ((*heads, span), part)
            between = "\n"
        return caption + heads + part

    def insert(self, extract: Extract) -> None:
        """Add the text and the blocks of another file at this place; it has no title here."""
        if not extract.text.strip():
            return
        start = self._add(extract.text).start
        self.blocks += (_moved(block, start) for block in extract.blocks)

    def page(self) -> None:
        """Start a page: the next block that is added is on it."""
        self._next_pages += 1

    def _add(self, words: str, between: str = "\n\n") -> Span:
        if self._parts:
            self._parts.append(between)
            self._length += len(between)
        span = Span(self._length, self._length + len(words))
        self._caption = None
        # The first page starts with the text, whatever comes before it.
        self._pages += [span.start] * self._next_pages
        self._next_pages = 0
        self._parts.append(words)
        self._length = span.end
        return span


def _moved(block: Block, by: int) -> Block:
    return replace(
        block,
        span=_shifted(block.span, by),
        level=max(1, block.level),
        leads=tuple(_shifted(lead, by) for lead in block.leads),
    )


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def clean(text: str) -> str:
    """Return the text without control characters and superfluous white space.

    A run of spaces becomes one space; no-break spaces stay. Empty lines are left out.
    """
    seen = _HALF_PAIR.sub("\N{REPLACEMENT CHARACTER}", _NO_TEXT.sub("", text))
    rows = (_LINE_SPACE.sub(" ", row).strip() for row in seen.split("\n"))
    return "\n".join(row for row in rows if row)


def known_language(code: str | None) -> str | None:
    """Return ``fr`` or ``en`` of a code such as ``fr-CA``, and None of any other."""
    primary = re.split("[-_]", (code or "").strip().lower())[0]
    return {"fr": "fr", "fra": "fr", "fre": "fr", "en": "en", "eng": "en"}.get(primary)
