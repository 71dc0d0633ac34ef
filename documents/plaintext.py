"""Plain text becomes blocks: headings, captions and list items are told by how they look.

Nothing marks a heading in plain text. What is relied on here:

- a heading stands alone on a short line, starts with a capital or a number, is not closed by
  punctuation, and running text follows; the end of a text is never a heading;
- three or more such lines in a row are verse or a list;
- such a line that starts in lower case or with a bare digit, before any text of its section,
  is the caption of a picture that was lost;
- an item of a list may have a heading of its own: a first line that was broken off
  although the next word had room on it.

What none of this tells is a paragraph: when in doubt, words stay searchable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from documents.lines import is_closed, item_marker, lines, stripped
from documents.structure import Block, is_near
from documents.types import Span

_SHORT = 120
"""Code points of the longest heading, and of the longest line that anyone wraps by hand."""
_VERSE = 3
_RULER = frozenset("-=_*~# \t")
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)(?:[.)]|(?<=\.\d)|(?<=\.\d\d))\s|[IVXLC]{1,5}[.)]\s")
_ITEM_LEVEL = 100
"""Headings of list items are deeper than any other; the deeper, the further they are indented."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that belong together; ``alone`` if it is one line between blank lines."""

    text: str
    rows: tuple[Span, ...]
    marker: str
    alone: bool

    @property
    def span(self) -> Span:
        return stripped(self.text, self.rows[0].start, self.rows[-1].end)

    @property
    def words(self) -> str:
        return self.text[slice(*self.span)]

    @property
    def indent(self) -> int:
        return self.span.start - self.rows[0].start

    def row(self, at: int) -> str:
        return self.text[slice(*self.rows[at])]


def plain_blocks(text: str, title: str | None = None) -> list[Block]:
    """Read plain text whose title is known, or not; the title's own line has level 0."""
    pieces = list(_pieces(text))
    if title is not None and len(pieces) > 1 and is_near(pieces[0].words, title):
        return [Block(pieces[0].span, 0, pieces[0].words), *_blocks(pieces[1:])]
    return list(_blocks(pieces, untitled=title is None))


def _pieces(text: str) -> Iterator[_Piece]:
    for blank, rows in groupby(lines(text), key=lambda row: _is_blank(text[slice(*row)])):
        if not blank:
            yield from _split(text, list(rows))


def _is_blank(line: str) -> bool:
    return not line.strip() or (len(line.strip()) >= _VERSE and _RULER.issuperset(line))


def _split(text: str, rows: Sequence[Span]) -> Iterator[_Piece]:
    groups = _items(text, rows)
    for marker, group in groups:
        if not marker and _is_unwrapped(group):
            yield from (_Piece(text, (row,), "", True) for row in group)
        else:
            yield _Piece(text, tuple(group), marker, len(group) == len(rows) == 1)


def _items(text: str, rows: Sequence[Span]) -> list[tuple[str, list[Span]]]:
    groups: list[tuple[str, list[Span]]] = []
    previous = ""
    for row in rows:
        line = text[slice(*row)]
        marker = item_marker(line, previous)
        if marker or not groups:
            groups.append((marker, []))
        groups[-1][1].append(row)
        previous = "" if groups[-1][0] else line
    return groups


def _is_unwrapped(rows: Sequence[Span]) -> bool:
    """Tell whether each line is a paragraph: they are longer than anyone wraps by hand."""
    return rows[-1].end - rows[0].start > _SHORT * len(rows)


def _blocks(pieces: Sequence[_Piece], *, untitled: bool = False) -> Iterator[Block]:
    runs = [(may, list(run)) for may, run in groupby(pieces, key=_may_be_heading)]
    begun = False
    for at, (may, run) in enumerate(runs):
        if not may or len(run) >= _VERSE or at == len(runs) - 1:
            yield from (block for piece in run for block in _text(piece))
            begun = True
            continue
        headings = list(_headings(run, begun=begun, untitled=untitled and at == 0))
        yield from headings
        begun = begun and all(block.heading is None for block in headings)


def _may_be_heading(piece: _Piece) -> bool:
    if not piece.alone or (piece.marker and not _NUMBER.match(piece.words)):
        return False
    return len(piece.words) <= _SHORT and not is_closed(piece.words)


def _headings(run: Iterable[_Piece], *, begun: bool, untitled: bool) -> Iterator[Block]:
    level = 0 if untitled else 1
    for piece in run:
        if level == 0 or _starts_as_heading(piece.words):
            # A heading right after another has nothing but its depth to tell them apart.
            depth = max(level, _depth(piece.words)) if level else 0
            yield Block(piece.span, depth, piece.words)
            begun, level = False, level + 1
        elif begun:
            yield Block(piece.span, _ITEM_LEVEL - 1)


def _starts_as_heading(words: str) -> bool:
    first = next((c for c in words if c.isalnum()), "")
    return bool(_NUMBER.match(words)) or (first.isalpha() and not first.islower())


def _depth(words: str) -> int:
    number = _NUMBER.match(words)
    return number.group(1).count(".") + 1 if number and number.group(1) else 1


def _text(piece: _Piece) -> Iterator[Block]:
    if not _has_own_heading(piece):
        yield Block(piece.span, _ITEM_LEVEL + piece.indent - 1)
        return
    level = _ITEM_LEVEL + piece.indent
    title = stripped(piece.text, piece.rows[0].start + len(piece.marker), piece.rows[0].end)
    yield Block(title, level, piece.text[slice(*title)])
    body = piece.rows[1:]
    groups = [(row,) for row in body] if _is_unwrapped(body) else [body]
    yield from (Block(stripped(piece.text, g[0].start, g[-1].end), level) for g in groups)


def _has_own_heading(piece: _Piece) -> bool:
    if not piece.marker or len(piece.rows) == 1 or not is_closed(piece.words):
        return False
    title = piece.row(0)[len(piece.marker) :].strip()
    body = piece.row(1).split()
    had_room = len(piece.row(0).rstrip()) + 1 + len(body[0]) <= max(
        r.end - r.start for r in piece.rows
    )
    looks = len(title) <= _SHORT and not is_closed(title) and _starts_as_heading(title)
    return had_room and looks and not body[0][0].islower()
