"""Keeps what the header and the footer of a page say, without their menus and legal lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from documents.formats.elements import BREAKS, INLINE
from documents.formats.extract import clean
from documents.formats.web.sizes import sizes_of
from documents.formats.web.words import words
from documents.lines import is_closed

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEGAL = re.compile(
    r"\W*(?:©|\(c\)|copyright\b)|\b(?:tous droits r[ée]serv[ée]s|all rights reserved"
    r"|propuls[ée] par|powered by)\b",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"\b(?:cookies?|fichiers t[ée]moins|utilisons des t[ée]moins)\b", re.I)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:\d[\s().-]{0,2}){7}|\b9-?1-?1\b")
_CONTACT_LINKS = ("tel:", "mailto:")
_MAX_LINKED_SHARE = 0.5
_MIN_WORDS = 4
"""Words of the shortest line that says something by itself, though no full stop ends it."""
_MIN_FULL_WORDS = 2
"""The same of a line that a full stop ends, or that has a number."""
FOOTER = "contentinfo"
"""The role of what stands below no heading, at the end of a page."""
HEADER = "banner"
"""The same, at its start."""


def keep_words(margin: HtmlElement, *, footer: bool, titled: bool) -> bool:
    """Prune a page's header or footer of all that says nothing; tell whether anything is left.

    Lines that are mostly links, rights and cookies go, unless they say how to reach someone. A
    short line that no full stop ends, such as a heading, stays if the next line does. What is left
    has the role ``banner`` or ``contentinfo``.

    Args:
        margin: the header or the footer, without the menus in it.
        footer: it is a footer, whose last line may be short.
        titled: the page has another heading of the first level, and needs no title from here.
    """
    _wrap_loose_words(margin)
    holding = _holding(margin)
    found = [e for e in margin.iter() if e not in holding and not _flows(e)]
    verdicts = _verdicts(found, footer=footer, titled=titled)
    for line, stays in zip(found, verdicts, strict=True):
        _settle(line, margin, stays=stays, titled=titled)
    margin.set("role", FOOTER if footer else HEADER)
    return any(verdicts)


def _holding(margin: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold lines: all that are above one that parts words."""
    holding: set[HtmlElement] = set()
    for element in margin.iterdescendants():
        above = None if _flows(element) else element.getparent()
        while above is not None and above not in holding:
            holding.add(above)
            above = None if above is margin else above.getparent()
    return holding


def _wrap_loose_words(margin: HtmlElement) -> None:
    """Make paragraphs of the words that stand between lines, in no element of their own."""
    holding = _holding(margin)
    for element in [margin, *(e for e in holding if e is not margin)]:
        if element in holding and not _flows(element):
            _wrap(element, holding)


def _wrap(element: HtmlElement, holding: set[HtmlElement]) -> None:
    said, element.text = element.text, None
    run = _paragraph(element, 0, said) if _is_said(said) else None
    for child in [child for child in element if child is not run]:
        if _flows(child) and child not in holding:
            run = _paragraph(element, element.index(child), "") if run is None else run
            run.append(child)
            continue
        said, child.tail = child.tail, None
        run = _paragraph(element, element.index(child) + 1, said) if _is_said(said) else None


def _is_said(words: str | None) -> bool:
    return bool(words and words.strip())


def _paragraph(above: HtmlElement, place: int, words: str) -> HtmlElement:
    paragraph = above.makeelement("p")
    paragraph.text = words
    above.insert(place, paragraph)
    return paragraph


def _flows(element: HtmlElement) -> bool:
    return element.tag in INLINE or element.tag in BREAKS


def _verdicts(found: Sequence[HtmlElement], *, footer: bool, titled: bool) -> list[bool]:
    stays: list[bool] = []
    following = footer
    for line in reversed(found):
        said = clean(words(line))
        if said:
            following = _stays(line, said, titled=titled, following=following)
        stays.append(bool(said) and following)
        following = following or (footer and line.tag in _HEADINGS)
    return stays[::-1]


def _stays(line: HtmlElement, said: str, *, titled: bool, following: bool) -> bool:
    if line.tag == "h1" and not titled:
        return True
    if _reaches(line, said):
        return True
    if _is_linked(line) or _LEGAL.search(said) or _COOKIES.search(said):
        return False
    return (line.tag not in _HEADINGS and _says_something(said)) or following


def _is_linked(line: HtmlElement) -> bool:
    size = sizes_of(line)[line]
    within = next(line.iterancestors("a"), None) is not None
    return within or size.linked > _MAX_LINKED_SHARE * size.text


def _reaches(line: HtmlElement, said: str) -> bool:
    """Tell whether a line says how to reach someone."""
    links = (link.get("href", "").strip().lower() for link in line.iter("a"))
    return bool(_CONTACT.search(said)) or any(link.startswith(_CONTACT_LINKS) for link in links)


def _says_something(said: str) -> bool:
    full = is_closed(said) or any(map(str.isdigit, said))
    return len(said.split()) >= (_MIN_FULL_WORDS if full else _MIN_WORDS)


def _settle(line: HtmlElement, margin: HtmlElement, *, stays: bool, titled: bool) -> None:
    """Remove a line, or let it stay: as a paragraph, unless it is the page's title."""
    if not stays and line is not margin:
        line.drop_tree()
    elif line.tag in _HEADINGS and (titled or line.tag != "h1"):
        line.tag = "p"
