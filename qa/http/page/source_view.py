"""A document laid out by its sections, each block with the place of its text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from documents.questions import question_words
from documents.types import Document, Section, Span
from qa.wire.schemas import RectangleOut

_LINE = re.compile(r"[^\n\r]+")
_BEFORE_HEADING = re.compile(r"[\s#>*+•·–-]*")
_LONGEST_NUMBER = 6
TOP_LEVEL = 3
"""The level of an outermost heading: the document's title and its text stand above."""


@dataclass(frozen=True, slots=True)
class SheetView:
    """A page of the original, as it is seen.

    Attributes:
        number: of the page, from 1.
        pages: how many there are.
        marks: where the quote stands on it; none where that is not sure.
        is_of_quote: whether the quote starts on it.
    """

    number: int
    pages: int
    marks: tuple[RectangleOut, ...]
    is_of_quote: bool


def sheet_number(document: Document, asked: str, quote: Span | None) -> int | None:
    """Return which page of the original to show: the one asked for, or else that of a quote."""
    if asked.isascii() and asked.isdigit() and len(asked) < _LONGEST_NUMBER:
        return min(max(1, int(asked)), len(document.pages))
    return None if quote is None else document.page_of(quote.start)


class TextRun(NamedTuple):
    """Some text of a block; ``passage`` names the range it belongs to, ``id`` where that starts."""

    text: str
    passage: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A heading, a paragraph, or what is neither (a caption, a rule).

    Attributes:
        kind: what it is.
        span: where its text stands in the document, in code points, half-open.
        level: 3-6 for a heading, else 0.
    """

    kind: Literal["heading", "paragraph", "aside"]
    span: Span
    level: int = 0


def page_blocks(document: Document) -> Iterator[PageBlock]:
    """Yield the document's blocks in order; only white space and marks are between them."""
    at, title = 0, _letters(document.title)
    for section in document.sections:
        for paragraph in section.paragraphs:
            for line in _lines(document.text, at, paragraph.start):
                if at == 0 and _letters(document.text[slice(*line)]) == title:
                    continue  # the title is shown already
                yield _between(document.text, line, section)
            yield PageBlock("paragraph", paragraph)
            at = paragraph.end
    for line in _lines(document.text, at, len(document.text)):
        yield PageBlock("aside", line)


def text_runs(text: str, span: Span, ranges: Sequence[Span]) -> Iterator[TextRun]:
    """Cut a block's text where ranges start and end.

    Args:
        text: the document's.
        span: the block's place in it.
        ranges: in order, and none overlaps another.
    """
    at = span.start
    first = bisect_right(ranges, span.start, key=lambda r: r.end)
    for found in ranges[first:]:
        if found.start >= span.end:
            break
        start, end = max(found.start, at), min(found.end, span.end)
        if at < start:
            yield TextRun(text[at:start])
        name = f"c={found.start}-{found.end}"
        yield TextRun(text[start:end], name, name if found.start >= span.start else None)
        at = end
    if at < span.end:
        yield TextRun(text[at : span.end])


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what is not blank between two paragraphs, a line a time."""
    for line in _LINE.finditer(text, start, end):
        stripped = line.group().strip()
        if stripped:
            first = line.start() + line.group().index(stripped)
            yield Span(first, first + len(stripped))


def _between(text: str, line: Span, section: Section) -> PageBlock:
    written = text[slice(*line)]
    depth = _depth(written, section)
    if depth is None:
        return PageBlock("aside", line)
    level = min(6, TOP_LEVEL + depth)
    before = _BEFORE_HEADING.match(written)
    first = before.end() if before else 0
    return PageBlock("heading", Span(line.start + first, line.start + _unclosed(written)), level)


def _depth(written: str, section: Section) -> int | None:
    """Return which heading of a section a line is, or is a question of, from 0; else None."""
    said = {_letters(written), _letters(question_words(written))} - {""}
    for depth, heading in enumerate(section.path):
        if said & {_letters(heading), *map(_letters, heading.split(" / "))}:
            return depth
    return None


def _unclosed(heading: str) -> int:
    """Return where a Markdown heading ends that may have number signs or asterisks behind it."""
    bare = heading.rstrip("#")
    return len(bare.rstrip()) if bare[-1:].isspace() else len(heading.rstrip("*"))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text))).casefold()
