"""HTML becomes text and blocks: the main content, without what every page of a site repeats."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from documents.errors import DamagedDocument, EmptyDocument, UndecodableDocument, UnsafeDocument
from documents.extract import ANY_LEVEL, Composer, Extract, clean, known_language
from documents.html_main import main_content

_HEADINGS = {f"h{level}": level for level in range(1, ANY_LEVEL)}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w:-]+)""", re.IGNORECASE)
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "math",
})  # fmt: skip
_WHITE = re.compile(r"[ \t\r\n\f]+")
_LISTS = frozenset({"ul", "ol"})
MAX_BYTES = 32 * 2**20
"""The tree of a page takes about ten times as much memory as its source."""
_LONG_CELL = 400
"""Code points from which the cell of a table is taken for a part of a page."""


def read_html(raw: bytes, name: str) -> Extract:
    """Read a page.

    Args:
        raw: UTF-8, or what the page declares, or Windows-1252 as browsers take it.
        name: the file, for messages.

    Raises:
        DamagedDocument: nested deeper than is safe to follow.
        EmptyDocument: no text in it.
        UndecodableDocument: it is in no encoding that can be told.
        UnsafeDocument: it is larger than a page may be.
    """
    page = parse_html(raw, name)
    title, address = _title(page), _address(page)
    root, composer = main_content(page), Composer()
    compose(root, composer)
    headings = [block.heading for block in composer.blocks if block.level == 1 and block.heading]
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        title=headings[0] if len(headings) == 1 else None,
        file_title=title,
        file_language=known_language(page.get("lang") or page.get("xml:lang")),
        source_url=address,
    )


def parse_html(raw: bytes, name: str) -> HtmlElement:
    """Parse a page as a browser does, whatever is wrong with its markup.

    Raises:
        DamagedDocument: nested deeper than is safe to follow.
        EmptyDocument: no markup and no text in it.
        UndecodableDocument: it is in no encoding that can be told.
        UnsafeDocument: its tree would take more memory than is safe.
    """
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    if len(raw) > MAX_BYTES:
        raise UnsafeDocument(f"{name}: a page of more than {MAX_BYTES // 2**20} MiB: split it")
    text = _decode(raw, name)
    if not text.strip():
        raise EmptyDocument(f"{name}: there is no text in it: add some, or leave the file out")
    try:
        page = document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise EmptyDocument(f"{name}: there is no text in it ({error})") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise DamagedDocument(f"{name}: elements nested deeper than 2,048: simplify the page")
    return page


def compose(root: HtmlElement, composer: Composer) -> None:
    """Add the blocks of an element, in order: headings, paragraphs, list items, table rows."""
    _Walk(composer).over(root)


class _Walk:
    """Goes over the elements one after the other, however deep they are nested."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._words: list[str] = []
        self._marker = ""
        self._listed = False
        self._numbers: list[int | None] = []

    def over(self, root: HtmlElement) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._start(element):
                    walk.skip_subtree()
                continue
            self._end(element)
            if element is not root:
                self._words.append(_WHITE.sub(" ", element.tail or ""))
        self._flush()

    def _start(self, element: HtmlElement) -> bool:
        """Open an element; return whether all of it has been dealt with."""
        if element.tag in _INLINE:
            self._words.append(_WHITE.sub(" ", element.text or ""))
            return False
        if element.tag == "br":
            self._words.append("\n")
            return False
        self._flush()
        if element.tag in _HEADINGS:
            self._composer.heading(clean(_words(element)), _HEADINGS[element.tag])
            return True
        return self._start_block(element)

    def _start_block(self, element: HtmlElement) -> bool:
        if element.tag == "pre":
            self._composer.paragraph(_verbatim(element))
        elif element.tag == "figcaption":
            self._composer.caption(clean(_words(element)))
        elif element.tag == "table" and _is_data(element):
            self._table(element)
        else:
            if element.tag in _LISTS:
                self._numbers.append(_first_number(element))
            if element.tag == "li":
                self._marker = self._next_marker()
            self._words.append(_WHITE.sub(" ", element.text or ""))
            return False
        return True

    def _end(self, element: HtmlElement) -> None:
        if element.tag not in _INLINE and element.tag != "br":
            self._flush()
        if element.tag in _LISTS:
            self._numbers.pop()
            self._listed = self._listed and bool(self._numbers)

    def _next_marker(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "- "
        self._numbers[-1] = number + 1
        return f"{number}. "

    def _flush(self) -> None:
        for words in re.split(r"\n\s*\n", "".join(self._words)):
            text = clean(words)
            if text:
                item = bool(self._marker)
                self._composer.paragraph(self._marker + text, close=item and self._listed)
                self._marker, self._listed = "", item
        self._words = []

    def _table(self, table: HtmlElement) -> None:
        first = True
        for row in table.iter("caption", "tr"):
            if row.tag == "caption":
                self._composer.caption(clean(_words(row)))
                continue
            cells = [clean(_words(cell)).replace("\n", " ") for cell in row.iterchildren()]
            if any(cells):
                self._composer.paragraph(" | ".join(cells).strip(), close=not first)
                first = False


def _is_data(table: HtmlElement) -> bool:
    """Tell a table of facts from one that only lays out the page."""
    if table.get("role") == "presentation" or _has(table, "table"):
        return False
    if _has(table, *_HEADINGS):
        return False
    return all(len(_words(cell)) <= _LONG_CELL for cell in table.iter("td"))


def _has(element: HtmlElement, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _first_number(element: HtmlElement) -> int | None:
    """Return the number of an ordered list's first item; None of any other list."""
    if element.tag != "ol":
        return None
    start = element.get("start", "1")
    return int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1


def _words(element: HtmlElement) -> str:
    return "".join(_pieces(element))


def _pieces(element: HtmlElement) -> Iterator[str]:
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            yield "\n" if inner.tag == "br" else "" if inner.tag in _INLINE else " "
            yield _WHITE.sub(" ", inner.text or "")
        elif inner is not element:
            yield _WHITE.sub(" ", inner.tail or "")


def _verbatim(element: HtmlElement) -> str:
    rows = "".join(element.itertext()).replace("\r\n", "\n").split("\n")
    kept = (clean(row) and " " * (len(row) - len(row.lstrip(" "))) + clean(row) for row in rows)
    return "\n".join(kept).strip()


def _title(page: HtmlElement) -> str | None:
    titles = (clean(_words(title)).replace("\n", " ") for title in page.iter("title"))
    return next((title for title in titles if title), None)


def _address(page: HtmlElement) -> str | None:
    links = page.iter("link")
    found = (ln.get("href", "") for ln in links if ln.get("rel", "").lower() == "canonical")
    return next((a for a in found if re.match(r"https?://[^\s/]", a)), None)


def _decode(raw: bytes, name: str) -> str:
    text = _decoded(raw)
    if text is None or "\0" in text:
        raise UndecodableDocument(f"{name}: neither UTF-8 nor a page's own encoding: convert it")
    return text.removeprefix("\ufeff")


def _decoded(raw: bytes) -> str | None:
    for encoding in _encodings(raw):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):  # LookupError: no encoding of texts
            continue
    return None


def _encodings(raw: bytes) -> list[str]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    declared = _CHARSET.search(raw[:4096])
    stated = [declared.group(1).decode("ascii", "replace")] if declared else []
    latin = {"iso-8859-1", "latin1", "latin-1", "us-ascii"}
    # Browsers read all of these as Windows-1252, whose guillemets and œ Latin-1 lacks.
    return ["utf-8", *(s for s in stated if s.lower() not in latin), "windows-1252"]
