"""Markdown becomes blocks; every block is whole lines of the source."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from documents.lines import lines, stripped
from documents.structure import Block
from documents.types import Span

# Quotes and lists nested deeper than the limit are dropped; the default of 20 can be met.
_PARSER = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
_ANY_LEVEL = 7
_SPACES = {"softbreak", "hardbreak"}
_SEEN = {"text", "code_inline"}


def markdown_blocks(text: str) -> list[Block]:
    """Read CommonMark with tables.

    Headings inside quotes and lists are text. HTML blocks, link definitions
    and paragraphs of nothing but images are left out.
    """
    tokens, rows = _PARSER.parse(text), lines(text)
    found = (_block(tokens, at, text, rows) for at in range(len(tokens)))
    return [block for block in found if block is not None]


def _block(tokens: Sequence[Token], at: int, text: str, rows: Sequence[Span]) -> Block | None:
    token = tokens[at]
    if token.type in {"paragraph_open", "heading_open"}:
        return _titled(token, _visible(tokens[at + 1]), text, rows)
    if token.type == "table_open" or (
        token.type in {"fence", "code_block"} and token.content.strip()
    ):
        return Block(_span(token, text, rows), _ANY_LEVEL)
    return None


def _titled(token: Token, visible: str, text: str, rows: Sequence[Span]) -> Block | None:
    if not visible:
        return None
    span = _span(token, text, rows)
    if token.type == "heading_open" and token.level == 0:
        return Block(span, int(token.tag[1]), visible)
    return Block(span, _ANY_LEVEL)


def _span(token: Token, text: str, rows: Sequence[Span]) -> Span:
    first, last = token.map or (0, 0)
    return stripped(text, rows[first].start, rows[last - 1].end)


def _visible(inline: Token) -> str:
    """Return the words of a paragraph or a heading: no markup, no HTML tags, no images."""
    children = inline.children or []
    words = (" " if c.type in _SPACES else c.content for c in children if c.type in _SPACES | _SEEN)
    return "".join(words).strip()
