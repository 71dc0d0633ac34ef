"""Reads HTML inside of Markdown into blocks, which are slices of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from documents.formats.elements import ANSWERING, ASKING, BREAKS, INLINE, informative_alt
from documents.formats.extract import ANY_LEVEL
from documents.lines import stripped
from documents.structure import Block
from documents.types import Span

# Possessive, and bounded: a tag that is never closed is text, and costs no time.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]*+>"
    r"""|<(?P<end>/?)(?P<name>[a-z][a-z0-9:-]*+)(?P<attributes>"""
    r"""(?:[^<>"']++|"[^"]{0,500}+"|'[^']{0,500}+'){0,99}+)>""",
    re.IGNORECASE | re.DOTALL,
)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NO_TEXT = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "object"})
_WHOLE = frozenset({"tr", "pre"})
"""Elements whose content is one paragraph."""
_MAX_HEADERS = 3
_QUOTED = "> \t\r\n"


class HtmlBlocks:
    """Walks through the HTML blocks of a text, in order; elements may span several of them.

    Attributes:
        level: the deepest level of a heading that a paragraph added next can belong to.
    """

    def __init__(self, text: str) -> None:
        """Start before the first block of a text."""
        self.level = ANY_LEVEL
        self._text = text
        self._pieces: list[Span] = []
        self._whole = self._skipped = ""
        self._cells: set[str] = set()
        self._leads: tuple[Span, ...] = ()
        self._caption: tuple[Span, ...] = ()
        self._begun = False

    def read(self, start: int, end: int) -> Iterator[Block]:
        """Yield the blocks of a range of the text that is HTML: headings, paragraphs, rows.

        A row of a table is one block, led by the caption and the headers of its table, which is
        over at the end of the range. Script, styles and comments are left out.
        """
        self._leads = self._caption = ()
        self._whole = self._skipped = ""
        for found in _TAG.finditer(self._text, start, end):
            self._add(start, found.start())
            start = found.end()
            if found["name"]:
                yield from self._tag(found, found["name"].lower(), closes=bool(found["end"]))
        self._add(start, end)
        yield from self._flush("")

    def _add(self, start: int, end: int) -> None:
        # Lines of a quote start with its sign, which is no text.
        words = self._text[start:end]
        start += len(words) - len(words.lstrip(_QUOTED))
        last = words.rstrip(_QUOTED)
        lines = re.search(r"[\r\n]", words[len(last) :])
        span = stripped(self._text, start, end if lines is None else end - len(words) + len(last))
        span = span if span.start < span.end else Span(end, end)
        if not self._skipped and unescape(self._text[slice(*span)]).strip():
            self._pieces.append(span)

    def _tag(self, tag: re.Match[str], name: str, *, closes: bool) -> Iterator[Block]:
        if self._skipped:
            self._skipped = "" if closes and name == self._skipped else self._skipped
        elif name in _NO_TEXT:
            self._skipped = "" if closes or tag["attributes"].endswith("/") else name
        elif name == "img":
            self._picture(tag)
        elif name in {"td", "th"}:
            self._cells.add(name)
        elif name not in INLINE and name not in BREAKS:
            yield from self._block(name, closes=closes)

    def _picture(self, tag: re.Match[str]) -> None:
        alt = _ALT.search(self._text, *tag.span("attributes"))
        if alt and informative_alt(alt[alt.lastindex or 0]):
            self._add(*alt.span(alt.lastindex or 0))

    def _block(self, name: str, *, closes: bool) -> Iterator[Block]:
        if self._whole not in {"", name}:
            return
        yield from self._flush(name if closes else "")
        self._whole = name if name in _WHOLE and not closes else ""
        self._cells = set()
        if name in ANSWERING:
            self.level = max(ANY_LEVEL, self.level + (-1 if closes else 1))
        if name == "table":
            self._leads = self._caption = ()
            self._begun = False

    def _flush(self, element: str) -> Iterator[Block]:
        """Yield what was gathered; it is the content of an element, which ends here, or loose."""
        pieces, self._pieces = self._pieces, []
        if not pieces:
            return
        span = Span(pieces[0].start, pieces[-1].end)
        if element == "caption":
            self._caption = (span,)
        elif re.fullmatch(r"h[1-6]", element):
            words = (self._text[slice(*piece)] for piece in pieces)
            yield Block(span, int(element[1]), " ".join(unescape(" ".join(words)).split()))
        elif self._whole == "tr":
            yield self._row(span)
        else:
            yield Block(span, self.level, question=element in ASKING)

    def _row(self, span: Span) -> Block:
        row = Block(span, self.level, leads=self._caption + self._leads)
        is_header = self._cells == {"th"} and not self._begun
        if is_header and len(self._leads) < _MAX_HEADERS:
            self._leads += (span,)
        self._begun = self._begun or not is_header
        return row
