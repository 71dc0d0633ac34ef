"""Reads the main content of HTML pages into text and blocks."""

from __future__ import annotations

import re
from itertools import dropwhile

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from documents.errors import DamagedDocument, EmptyDocument, UnsafeDocument
from documents.formats.decoding import Decoded, decoded
from documents.formats.elements import ANSWERING, ASKING, BREAKS, INLINE
from documents.formats.extract import ANY_LEVEL, Composer, Extract, clean, known_language
from documents.formats.web.main_content import main_content, notices_of
from documents.formats.web.margins import FOOTER, HEADER
from documents.formats.web.tables import BOLD, captions, is_bold, is_data, table_rows
from documents.formats.web.words import flowing, shown, words
from documents.properties import Properties, listed, properties_of

_HEADINGS = {f"h{level}": level for level in range(1, ANY_LEVEL)}
_METADATA = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w:-]+)""", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]+encoding\s*=\s*["']([\w:-]+)""", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"})
_LISTS = frozenset({"ul", "ol"})
_META = {
    "author": "author", "article:author": "author", "dc.creator": "author",
    "dcterms.creator": "author", "citation_author": "author",
    "date": "date", "dc.date": "date", "dcterms.date": "date", "dcterms.issued": "date",
    "article:published_time": "date", "citation_publication_date": "date",
    "article:modified_time": "modified", "last-modified": "modified",
    "dcterms.modified": "modified",
    "keywords": "tag", "article:tag": "tag", "dc.subject": "tag", "dcterms.subject": "tag",
    "publisher": "publisher", "dc.publisher": "publisher", "dcterms.publisher": "publisher",
    "collection": "collection",
}  # fmt: skip
"""The properties that pages state, by the name or the property of their ``meta`` elements."""
MAX_BYTES = 32 * 2**20
"""The tree of a page takes about ten times as much memory as its source."""


def read_html(raw: bytes, name: str) -> Extract:
    """Read a page.

    Args:
        raw: with a byte-order mark, or UTF-8, or what the page declares, or Windows-1252.
        name: the file, for messages.

    Raises:
        DamagedDocument: nested deeper than is safe to follow.
        EmptyDocument: no text in it.
        UndecodableDocument: no known encoding fits its bytes.
        UnsafeDocument: it is larger than a page may be.
    """
    source = _source(raw, name)
    page = _parsed(source.text, name)
    title, address, properties = _title(page), _address(page), _properties(page)
    content, composer = main_content(page), Composer()
    compose(content.root, composer)
    headings = [block.heading for block in composer.blocks if block.level == 1 and block.heading]
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        title=headings[0] if len(headings) == 1 else None,
        file_title=title,
        file_language=known_language(page.get("lang") or page.get("xml:lang")),
        source_url=address,
        notices=(*source.notices, *notices_of([content], composer.text)),
        properties=properties,
    )


def parse_html(raw: bytes, name: str) -> HtmlElement:
    """Parse a page as a browser does, whatever is wrong with its markup.

    Raises:
        DamagedDocument: nested deeper than is safe to follow.
        EmptyDocument: no markup and no text in it.
        UndecodableDocument: no known encoding fits its bytes.
        UnsafeDocument: its tree would take more memory than is safe.
    """
    return _parsed(_source(raw, name).text, name)


def _source(raw: bytes, name: str) -> Decoded:
    if len(raw) > MAX_BYTES:
        raise UnsafeDocument(f"{name}: a page of more than {MAX_BYTES // 2**20} MiB: split it")
    return decoded(raw, name, _stated(raw))


def _parsed(text: str, name: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    if not text.strip():
        raise EmptyDocument(f"{name}: there is no text in it: add some, or leave the file out")
    try:
        page = document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise EmptyDocument(f"{name}: there is no text in it ({error})") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise DamagedDocument(f"{name}: elements nested deeper than 2,048: simplify the page")
    _close_head(page)
    return page


def _close_head(page: HtmlElement) -> None:
    """Move what a head cannot hold to the start of the body.

    A page may leave out its ``<body>``. HTML 5 starts it with the first element that is no
    metadata; to the parser, which knows HTML 4, ``<main>`` and the like are such.
    """
    head, body = page.find("head"), page.find("body")
    shown = [] if head is None else list(dropwhile(lambda child: child.tag in _METADATA, head))
    if not shown:
        return
    if body is None:
        body = etree.SubElement(page, "body")
    for place, element in enumerate(shown):
        body.insert(place, element)


def compose(root: HtmlElement, composer: Composer) -> None:
    """Add the blocks of an element, in order: headings, paragraphs, list items, table rows."""
    _Walk(composer).over(root)


class _Walk:
    """Visits the elements in order, without recursion, since they may be nested very deep."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._words: list[str] = []
        self._marker = ""
        self._listed = False
        self._numbers: list[int | None] = []
        self._asks = False
        self._margins: list[HtmlElement] = []
        self._bold: HtmlElement | None = None

    def over(self, root: HtmlElement) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._start(element):
                    walk.skip_subtree()
                continue
            self._end(element)
            if element is not root:
                self._words.append(flowing(element.tail))
        self._flush()

    def _start(self, element: HtmlElement) -> bool:
        """Open an element; return whether its content was handled here and is to be skipped."""
        if element.tag in INLINE:
            self._start_bold(element)
            self._words.append(flowing(element.text))
            return False
        if element.tag in BREAKS:
            self._words.append(shown(element))
            return False
        self._flush()
        if element.tag in _HEADINGS:
            self._composer.heading(clean(words(element)), _HEADINGS[element.tag])
            return True
        return self._start_block(element)

    def _start_bold(self, element: HtmlElement) -> None:
        """Part a question on a line of its own from the lines before it."""
        # Only the outermost is looked at: thousands of them may be in one another.
        if self._bold is not None or element.tag not in BOLD:
            return
        self._bold = element
        if self._starts_line() and _is_bold_line(element):
            self._flush()
            self._asks = True

    def _end_bold(self, element: HtmlElement) -> None:
        if element is not self._bold:
            return
        self._bold = None
        if self._asks and _is_bold_line(element):
            self._flush()
            self._asks = False

    def _starts_line(self) -> bool:
        last = next((piece for piece in reversed(self._words) if piece.strip(" ")), "\n")
        return last.endswith("\n")

    def _start_block(self, element: HtmlElement) -> bool:
        if element.tag == "pre":
            self._composer.paragraph(_verbatim(element))
        elif element.tag == "figcaption" and _has_table(element.getparent()):
            self._composer.caption(clean(words(element)))
        elif element.tag == "table" and is_data(element):
            self._table(element)
        else:
            self._enter_margin(element)
            if element.tag in _LISTS:
                self._numbers.append(_first_number(element))
            if element.tag in ANSWERING:
                self._composer.level += 1
            self._asks = self._asks or element.tag in ASKING or _is_bold_question(element)
            if element.tag == "li":
                self._marker = self._next_marker()
            self._words.append(flowing(element.text))
            return False
        return True

    def _end(self, element: HtmlElement) -> None:
        self._end_bold(element)
        if element.tag not in INLINE and element.tag not in BREAKS:
            self._flush()
        self._asks = self._asks and element.tag not in {*ASKING, "p"}
        if element.tag in ANSWERING:
            self._composer.level -= 1
        if self._margins and self._margins[-1] is element:
            self._composer.level += ANY_LEVEL
            self._margins.pop()
        self._marker = "" if element.tag == "li" else self._marker
        if element.tag in _LISTS:
            self._numbers.pop()
            self._listed = self._listed and bool(self._numbers)

    def _enter_margin(self, element: HtmlElement) -> None:
        """Take what a page's header and footer say for text below no heading."""
        if element.get("role") in {HEADER, FOOTER}:
            self._composer.level -= ANY_LEVEL
            self._margins.append(element)

    def _next_marker(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _flush(self) -> None:
        for run in re.split(r"\n\s*\n", "".join(self._words)):
            text = clean(run)
            if text:
                item = bool(self._marker)
                self._composer.paragraph(
                    self._marker + text, close=item and self._listed, question=self._asks
                )
                self._marker, self._listed = "", item
        self._words = []

    def _table(self, outer: HtmlElement) -> None:
        """Add a table, and after it those in its cells."""
        for table in outer.iter("table"):
            for caption in captions(table):
                self._composer.caption(caption)
            self._composer.table(table_rows(table))


def _is_bold_question(element: HtmlElement) -> bool:
    return element.tag == "p" and words(element).rstrip().endswith("?") and is_bold(element)


def _is_bold_line(element: HtmlElement) -> bool:
    """Tell whether an element for bold is a question, and a line break ends it."""
    said = words(element)
    asks = said.rstrip().endswith("?") and "\n" not in said.strip()
    return asks and (said.rstrip(" ").endswith("\n") or _is_before_break(element))


def _is_before_break(element: HtmlElement) -> bool:
    """Tell whether a line break follows an inline element, which may end others."""
    while not (element.tail or "").strip():
        after = element.getnext()
        if after is not None:
            return bool(after.tag == "br")
        element = element.getparent()
        if element is None or element.tag not in INLINE:
            return False
    return False


def _has_table(figure: HtmlElement) -> bool:
    return next(figure.iter("table"), None) is not None


def _first_number(element: HtmlElement) -> int | None:
    """Return the number of an ordered list's first item; None of any other list."""
    if element.tag != "ol":
        return None
    start = element.get("start", "1")
    return int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1


def _verbatim(element: HtmlElement) -> str:
    rows = "".join(element.itertext()).replace("\r\n", "\n").split("\n")
    kept = (clean(row) and " " * (len(row) - len(row.lstrip(" "))) + clean(row) for row in rows)
    return "\n".join(kept).strip()


def _title(page: HtmlElement) -> str | None:
    titles = (clean(words(title)).replace("\n", " ") for title in page.iter("title"))
    return next((title for title in titles if title), None)


def _address(page: HtmlElement) -> str | None:
    links = page.iter("link")
    found = (ln.get("href", "") for ln in links if ln.get("rel", "").lower() == "canonical")
    return next((a for a in found if re.match(r"https?://[^\s/]", a)), None)


def _properties(page: HtmlElement) -> Properties:
    found = ((_meta_name(meta), clean(meta.get("content", ""))) for meta in page.iter("meta"))
    named = ((_META[name], content) for name, content in found if name in _META)
    return properties_of(pair for name, content in named for pair in listed(name, content))


def _meta_name(meta: HtmlElement) -> str:
    return (meta.get("name") or meta.get("property") or "").strip().lower()


def _stated(raw: bytes) -> list[str]:
    found = _CHARSET.search(raw[:4096]) or _DECLARED.match(raw)
    named = "" if found is None else found.group(1).decode("ascii", "replace").lower()
    # Browsers read all of these as Windows-1252, whose guillemets and œ Latin-1 lacks.
    return [] if not named else ["windows-1252"] if named in _LATIN else [named]
