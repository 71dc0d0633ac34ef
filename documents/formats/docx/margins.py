"""Finds the headers and footers that pages show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from documents.formats.docx.names import PARAGRAPH, RELATION, TEXT, is_on, paragraphs, setting, w
from documents.formats.docx.package import Package
from documents.formats.docx.styles import Styles
from documents.formats.docx.words import Mark, Words
from documents.formats.extract import clean

_STYLE = w("pPr/pStyle")
_SECTION, _CHANGE = w("sectPr"), w("sectPrChange")
_KINDS = {w("headerReference"): "header", w("footerReference"): "footer"}
_TYPE, _FIRST_PAGE, _EVEN_PAGES = map(w, ("type", "titlePg", "evenAndOddHeaders"))
_ORDER = ("first", "default", "even")
_PAGE_WORDS = re.compile(r"(?:[\W\d_]|\b(?:page|pages|p|pg|of|on|sur|de|à)\b)*", re.IGNORECASE)


class Margins:
    """The headers and footers of a document."""

    def __init__(self, package: Package, styles: Styles, mark: Mark) -> None:
        """Start with no line told.

        Args:
            package: of the document.
            styles: those of the document.
            mark: numbers the notes.
        """
        self._package, self._styles = package, styles
        self._words = Words(styles, mark, page_numbers=False)

    def parts(self, settings: etree._Element | None) -> tuple[list[str], list[str]]:
        """Return the parts that are headers of the first section, and all others, in order.

        Args:
            settings: the root of the settings, which say whether even pages have their own.
        """
        even = settings is not None and is_on(settings.find(_EVEN_PAGES))
        sections = (s for s in self._package.body.iter(_SECTION) if s.getparent().tag != _CHANGE)
        first: dict[str, None] = {}
        later: dict[str, None] = {}
        for at, section in enumerate(sections):
            for kind, part in _references(section, self._package, even=even):
                (first if at == 0 and kind == "header" else later)[part] = None
        return list(first), list(later)

    def lines(self, part: str) -> list[str]:
        """Return the lines of a part that say more than the page, and that no other text says."""
        found = []
        for paragraph in paragraphs(self._package.xml(part)):
            style = self._styles.paragraph(setting(paragraph, _STYLE))
            line = clean(self._words.read(paragraph, style).text).replace("\n", " ")
            if _PAGE_WORDS.fullmatch(line) is None and _plain(line) not in self._told:
                self._told.add(_plain(line))
                found.append(line)
        return found

    @cached_property
    def _told(self) -> set[str]:
        """What paragraphs of the body and lines of other margins say."""
        body = self._package.body.iter(PARAGRAPH)
        return {_plain("".join(t.text or "" for t in p.iter(TEXT))) for p in body}


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def _references(
    section: etree._Element, package: Package, *, even: bool
) -> Iterator[tuple[str, str]]:
    shown = {"default": True, "first": is_on(section.find(_FIRST_PAGE)), "even": even}
    listed = [e for e in section if e.tag in _KINDS and shown.get(e.get(_TYPE, "default"))]
    for element in sorted(listed, key=lambda e: _ORDER.index(e.get(_TYPE, "default"))):
        relation = package.relations(package.document).get(element.get(RELATION, ""))
        if relation is not None and relation.target is not None:
            yield _KINDS[element.tag], relation.target
