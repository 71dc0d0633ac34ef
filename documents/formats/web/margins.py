"""Keeps what is said around the content of a page, without its menus and legal lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice, takewhile

from lxml.html import HtmlElement

from documents.formats.elements import BREAKS, INLINE
from documents.formats.extract import clean
from documents.formats.web.sizes import sizes_of
from documents.formats.web.tables import is_data
from documents.formats.web.words import words
from documents.lines import is_closed

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEGAL = re.compile(
    r"\W*(?:©|\(c\)|copyright\b)|\b(?:tous droits r[ée]serv[ée]s|all rights reserved"
    r"|propuls[ée] par|powered by)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?<=[.!?])\s+|\s+[–—|·•-]\s+|\n")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_SPAN = re.compile(r"\b(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d\b")
"""Years that a telephone number is not: « 2019-2025 »."""
_CREDITS = re.compile(
    r"\b(?:con[çc]u|r[ée]alis[ée]|cr[ée][ée]|design(?:ed)?|made)e? (?:par|by|with)\b"
    r"|\bpubli(?:[ée]e? par|shed by)\b"
    r"|\blicen[cs]ed? (?:under|by)\b|\bsous (?:la )?licence\b"
    r"|\b(?:some rights|certains droits|creative commons|terms of (?:use|service)|trademarks?)\b"
    r"|\bconditions d['’]utilisation|\bmarques? d[ée]pos[ée]e|\b(?:permission|consent)\b"
    r"|\breproductions?\b|\bpolitique de confidentialit[ée]|\bprivacy\b|\blicen[cs]es?\b",
    re.IGNORECASE,
)
"""Who made the page, its licence and its terms, beside a notice of rights."""
_FACT = re.compile(
    r"[$€£]\s?\d|\d\s?[$€£%]|\b\d{1,2}\s?(?:h(?:\s?\d\d)?|a\.?\s?m|p\.?\s?m)\b", re.IGNORECASE
)
"""A price, a rate or an hour."""
_COOKIES = re.compile(r"\b(?:cookies?|fichiers t[ée]moins|utilisons des t[ée]moins)\b", re.I)
_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w|(?:\d[\s().-]{0,2}){7}|\b9-?1-?1\b")
_CONTACT_LINKS = ("tel:", "mailto:")
_ENDS = (".", "!", "?", "…")
_MAX_LINKED_SHARE = 0.5
_MAX_REACHING = 300
"""Code points of the longest line of links whose digits are a telephone number."""
_MAX_TEASER = 5
"""Lines of the longest teaser: a date, a heading, a summary, a name."""
_MAX_ABOVE = 6
"""Elements above a line among which its teaser is looked for."""
_MIN_WORDS = 4
"""Words of the shortest line that says something by itself, though no full stop ends it."""
_MIN_FULL_WORDS = 2
"""The same of a line that a full stop ends, or that has a number."""
_MIN_DETAIL = 3
"""The same of what stands beside a notice of rights and has a number: an address, hours."""
FOOTER = "contentinfo"
"""The role of what stands below no heading, at the end of a page."""
HEADER = "banner"
"""The same, at its start."""


def keep_words(margin: HtmlElement, *, footer: bool, titled: bool, aside: bool = False) -> bool:
    """Prune what stands around a page's content of all that says nothing; tell what is left.

    Lines that are mostly links, rights and cookies go, unless they say how to reach someone. A
    short line that no full stop ends, such as a heading, stays if the next line does. In an aside,
    only sentences, prices, hours and tables say something, and what is beside them stays. What is
    left has the role ``banner`` or ``contentinfo``.

    Args:
        margin: the header, the footer or the aside, without the menus in it.
        footer: it is a footer, whose last line may be short.
        titled: the page has another heading of the first level, and needs no title from here.
        aside: it is neither a header nor a footer.
    """
    found = _lines(margin)
    says = _speaks if aside else _says_something
    verdicts = _verdicts(found, says, footer=footer, titled=titled)
    if aside:
        verdicts = _with_neighbours(found, verdicts)
    for line, stays in zip(found, verdicts, strict=True):
        _settle(line, margin, stays=stays, titled=titled)
    margin.set("role", FOOTER if footer else HEADER)
    return any(verdicts)


def teasers(aside: HtmlElement) -> list[HtmlElement]:
    """Return what announces other pages in an aside: short items and parts headed by a link."""
    lines = _lines(aside)
    linked = [line for line in lines if _is_linked(line) and not _reaches(line, clean(words(line)))]
    found = dict.fromkeys(_teaser(line, aside) for line in linked)
    counts = Counter(above for line in lines for above in _above(line, aside) if above in found)
    return [e for e in found if e is not None and counts[e] <= _MAX_TEASER]


def _teaser(line: HtmlElement, aside: HtmlElement) -> HtmlElement | None:
    above = _above(line, aside)
    part = above[0] if above and line.tag in _HEADINGS else None
    return next((e for e in above if e.tag in {"li", "article"}), part)


def _above(line: HtmlElement, aside: HtmlElement) -> list[HtmlElement]:
    """Return the nearest elements above a line that are inside of an aside."""
    if line is aside:
        return []
    return list(takewhile(lambda e: e is not aside, islice(line.iterancestors(), _MAX_ABOVE)))


def _with_neighbours(found: Sequence[HtmlElement], verdicts: Sequence[bool]) -> list[bool]:
    """Let lines of text stay that are beside one that stays, in the same element."""
    pairs = list(zip(found, verdicts, strict=True))
    around = {line.getparent() for line, stays in pairs if stays}
    return [
        stays or (line.getparent() in around and line.tag not in _HEADINGS and _is_text(line))
        for line, stays in pairs
    ]


def sentences_of(element: HtmlElement) -> list[str]:
    """Return the lines of an element that are sentences, and neither links nor legal lines."""
    said = ((line, clean(words(line)).replace("\n", " ")) for line in _lines(element))
    return [text for line, text in said if _is_sentence(text) and _is_text(line)]


def count_of_text(element: HtmlElement) -> int:
    """Return how many lines of an element are words, and neither links nor legal lines."""
    return sum(map(_is_text, _lines(element) or [element]))


def wrap_around(content: HtmlElement, body: HtmlElement) -> None:
    """Make paragraphs of the words beside an element, in the elements above it."""
    holding = _holding(body)
    for above in content.iterancestors():
        if not _flows(above):
            _wrap(above, holding | {content})
        if above is body:
            return


def wrap_inside(element: HtmlElement) -> None:
    """Make paragraphs of the words between the blocks of an element."""
    _wrap(element, _holding(element))


def _lines(margin: HtmlElement) -> list[HtmlElement]:
    """Return the elements that are a line each: tables, and what parts words and holds no line."""
    _wrap_loose_words(margin)
    holding = _holding(margin)
    tables = {table for table in margin.iter("table") if is_data(table)}
    inner = {e for table in tables for e in table.iterdescendants()}
    lines = (e for e in margin.iter() if e in tables or (e not in holding and not _flows(e)))
    return [line for line in lines if line not in inner]


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


def _verdicts(
    found: Sequence[HtmlElement], says: Callable[[str], bool], *, footer: bool, titled: bool
) -> list[bool]:
    stays: list[bool] = []
    following = footer
    for line in reversed(found):
        said = clean(words(line))
        if said:
            following = _stays(line, said, says, titled=titled, following=following)
        stays.append(bool(said) and following)
        following = following or (footer and line.tag in _HEADINGS)
    return stays[::-1]


def _stays(
    line: HtmlElement, said: str, says: Callable[[str], bool], *, titled: bool, following: bool
) -> bool:
    if line.tag == "h1" and not titled:
        return True
    if _reaches(line, said):
        return True
    if not _is_text(line):
        return False
    return (line.tag not in _HEADINGS and says(said)) or line.tag == "table" or following


def _is_text(line: HtmlElement) -> bool:
    """Tell whether a line has words that are no links, no legal notice, and not about cookies."""
    said = clean(words(line))
    if not said or _is_linked(line) or _COOKIES.search(said):
        return False
    return _LEGAL.search(said) is None or _says_more(said)


def _says_more(said: str) -> bool:
    """Tell whether a line of rights has an address, hours or a sentence beside them."""
    for clause in _CLAUSE.split(said):
        rest = _YEARS.sub("", _LEGAL.sub("", clause))
        if _CREDITS.search(clause):
            continue
        detailed = len(rest.split()) >= _MIN_DETAIL and any(map(str.isdigit, rest))
        if detailed or (_is_sentence(clause) and rest == _YEARS.sub("", clause)):
            return True
    return False


def _is_sentence(said: str) -> bool:
    return len(said.split()) >= _MIN_WORDS and said.rstrip(" »”\xa0\u202f)").endswith(_ENDS)


def _is_linked(line: HtmlElement) -> bool:
    size = sizes_of(line)[line]
    within = next(line.iterancestors("a"), None) is not None
    return within or size.linked > _MAX_LINKED_SHARE * size.text


def _reaches(line: HtmlElement, said: str) -> bool:
    """Tell whether a line says how to reach someone."""
    links = (link.get("href", "").strip().lower() for link in line.iter("a"))
    numbered = len(said) <= _MAX_REACHING and _CONTACT.search(_SPAN.sub("", said))
    return bool(numbered) or any(link.startswith(_CONTACT_LINKS) for link in links)


def _says_something(said: str) -> bool:
    full = is_closed(said) or any(map(str.isdigit, said))
    return len(said.split()) >= (_MIN_FULL_WORDS if full else _MIN_WORDS)


def _speaks(said: str) -> bool:
    """Tell whether a line of an aside says something: no date, no number of comments."""
    return _is_sentence(said) or (_FACT.search(said) is not None and not _YEARS.search(said))


def _settle(line: HtmlElement, margin: HtmlElement, *, stays: bool, titled: bool) -> None:
    """Remove a line, or let it stay: as a paragraph, unless it is the page's title."""
    if not stays and line is not margin:
        line.drop_tree()
    elif line.tag in _HEADINGS and (titled or line.tag != "h1"):
        line.tag = "p"
