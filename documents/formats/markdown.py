"""Reads Markdown into blocks; each block consists of whole lines of the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from documents.formats.elements import informative_alt
from documents.formats.extract import ANY_LEVEL
from documents.formats.html_blocks import HtmlBlocks
from documents.lines import lines, stripped
from documents.structure import Block
from documents.types import Span

# Quotes and lists nested deeper than the limit are dropped; the default of 20 can be met.
_PARSER = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
_SPACES = {"softbreak", "hardbreak"}
_SEEN = {"text", "code_inline"}


def markdown_blocks(text: str) -> list[Block]:
    """Read CommonMark with tables, a paragraph a row; a header row and its ruler are one.

    Headings inside quotes and lists are text. Blocks of HTML are read as HTML is, without their
    tags around. Link definitions are left out, and paragraphs of nothing but images, unless their
    texts say what they show.
    """
    environment: dict[str, Any] = {}
    source = _Source(text, lines(text), _PARSER.parse(text, environment), HtmlBlocks(text))
    found = [block for at in range(len(source.tokens)) for block in source.blocks(at)]
    return sorted([*found, *source.notes(environment)], key=lambda block: block.span)


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    rows: Sequence[Span]
    tokens: Sequence[Token]
    html: HtmlBlocks

    def notes(self, environment: Mapping[str, Any]) -> Iterator[Block]:
        """Yield the footnotes of one word (``[^1]: Kerlo``), which CommonMark takes for links."""
        defined = [*environment.get("references", {}).items()]
        defined += [(e["label"], e) for e in environment.get("duplicate_refs", [])]
        for label, definition in defined:
            if label.startswith("^"):
                yield Block(self._span(*definition["map"]), ANY_LEVEL)

    def blocks(self, at: int) -> Iterator[Block]:
        token = self.tokens[at]
        if token.type == "heading_open" and token.level == 0:
            yield from self._heading(token, _visible(_children(self.tokens[at + 1])))
        elif token.type in {"paragraph_open", "heading_open"}:
            yield from self._paragraph(token, _children(self.tokens[at + 1]))
        elif token.type == "table_open":
            yield from self._table(at)
        elif token.type == "html_block":
            yield from self.html.read(*self._span(*_lines(token)))
        elif token.type in {"fence", "code_block"} and token.content.strip():
            yield Block(self._span(*_lines(token)), self.html.level)

    def _heading(self, token: Token, visible: str) -> Iterator[Block]:
        if visible:
            self.html.level = ANY_LEVEL
            yield Block(self._span(*_lines(token)), int(token.tag[1]), visible)

    def _paragraph(self, token: Token, children: Sequence[Token]) -> Iterator[Block]:
        if not _visible(children) and not _shows(children):
            return
        first, last = _lines(token)
        block = Block(self._span(first, last), self.html.level)
        line = next((at for at, c in enumerate(children) if c.type in _SPACES), len(children))
        if _asks_in_bold(children):
            yield replace(block, question=True)
        elif _asks_in_bold(children[:line]):
            yield Block(self._span(first, first + 1), self.html.level, question=True)
            yield Block(self._span(first + 1, last), self.html.level)
        else:
            yield block

    def _table(self, at: int) -> Iterator[Block]:
        first, last = _lines(self.tokens[at])
        header = self._span(first, first + 1)
        leads = (header,) if any(c.isalnum() for c in self.text[slice(*header)]) else ()
        if leads:
            yield Block(self._span(first, first + 2), self.html.level)
        for row in range(first + 2, last):
            yield Block(self._span(row, row + 1), self.html.level, leads=leads)

    def _span(self, first: int, last: int) -> Span:
        return stripped(self.text, self.rows[first].start, self.rows[last - 1].end)


def _lines(token: Token) -> tuple[int, int]:
    """Return the lines of a block, half-open."""
    first, last = token.map or (0, 1)
    return first, last


def _children(inline: Token) -> list[Token]:
    return [c for c in inline.children or [] if c.type != "text" or c.content]


def _shows(children: Sequence[Token]) -> bool:
    """Tell whether one of the images says what it shows; one that is a link is a badge."""
    return any(c.type == "image" and c.level == 0 and informative_alt(c.content) for c in children)


def _asks_in_bold(children: Sequence[Token]) -> bool:
    """Tell whether the words are all in one element for bold, and end in a question mark."""
    if not children or children[0].type != "strong_open":
        return False
    closed = next(at for at, c in enumerate(children) if _closes(c, children[0]))
    return closed == len(children) - 1 and _visible(children).endswith("?")


def _closes(token: Token, opened: Token) -> bool:
    return token.type == "strong_close" and token.level == opened.level


def _visible(children: Sequence[Token]) -> str:
    """Return the words of a paragraph or a heading: no markup, no HTML tags, no images."""
    words = (" " if c.type in _SPACES else c.content for c in children if c.type in _SPACES | _SEEN)
    return "".join(words).strip()
