"""Puts notes after the paragraphs that refer to them, and takes their markers out of the words."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

from documents.formats.elements import INLINE

_REFERS = re.compile(r"note-?ref|footnote-?ref|fn-?ref|noteref|biblioref", re.IGNORECASE)
_RETURNS = re.compile(r"back-?link|back-?ref|footnote-?back|reversefootnote", re.IGNORECASE)
_IS_NOTE = re.compile(r"(?:^|[\s:_-])(?:foot|end|rear)?notes?(?:$|[\s_-])", re.IGNORECASE)
_MARK = re.compile(
    r"[\[(]?(?:note\s)?(?:\d{1,3}|[a-z]|[ivxl]{1,5}|[*†‡§]{1,3})[\])]?\.?", re.IGNORECASE
)
_NAME = re.compile(
    r"#?_?(?:fn|ftn|edn|note|footnote|endnote|cite_note|n|nbp|sdfootnote)[-_:.]?\w*", re.IGNORECASE
)
_ARROW = re.compile(r"[\s\[]*(?:[↩↑⏎⤴^]\ufe0e?|retour|back)[\s\]]*", re.IGNORECASE)
_GLUED = re.compile(r"(?:[.!?,;:»”)\]]|[^\W\d_]{3})\s*$")
_KINDS = ("epub:type", "role", "class", "rel")
_MAX_LENGTH = 2_000
"""Code points of the longest note."""
_NOT_MOVED = frozenset({
    "html", "body", "main", "article", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr",
    "table", "tbody", "dt", "summary", "caption",
})  # fmt: skip
_HOLDING = frozenset({"li", "dd", "blockquote", "figcaption"})
"""Blocks that keep a note inside of them."""
_OUTERMOST = frozenset({"html", "body", "main", "article"})


def is_note(element: HtmlElement) -> bool:
    """Tell whether an element says that it is a note or a list of notes."""
    return bool(_IS_NOTE.search(_kinds(element)))


def place_notes(page: HtmlElement) -> None:
    """Move each note right after the block that refers to it first; take out its markers.

    A marker is a link of a number or a sign to a note, and a note is what such a link leads to. A
    number in superscript that links to nothing is set apart from the word before it.
    """
    links = page.xpath(".//a[@href]")
    targets = _targets(page) if links else {}
    placed: dict[HtmlElement, HtmlElement] = {}
    notes: set[HtmlElement] = set()
    for link in links:
        if not _refers(link) or _is_within(link, notes):
            continue
        note = _note(link, targets)
        if note is not None and note not in notes and _place(note, link, placed):
            notes.add(note)
        _take_out(link)
    _drop_returns(links)
    _set_apart(page.iter("sup"))


def bring_notes(pages: Mapping[str, HtmlElement]) -> None:
    """Move the notes that stand in other files of a book to the page that refers to them first.

    Args:
        pages: the parsed files by their names, in the order of the book; changed in place.
    """
    targets: dict[str, dict[str, HtmlElement]] = {}
    brought: set[str] = set()
    for name, page in pages.items():
        for link in page.xpath(".//a[contains(@href, '#')]"):
            path, _, fragment = link.get("href").partition("#")
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))
            if not path or other == name or other not in pages or not _is_marker(link):
                continue
            if other not in targets:
                targets[other] = _targets(pages[other])
            place, note = f"{other}#{fragment}", _found(fragment, targets[other])
            if place not in brought and note is not None and page.body is not None:
                note.drop_tree()
                page.body.append(note)
                note.set("id", place)
                brought.add(place)
            if place in brought:
                link.set("href", f"#{place}")


def _targets(page: HtmlElement) -> dict[str, HtmlElement]:
    named = page.xpath(".//*[@id or @name]")
    return {name: e for e in named for name in (e.get("name"), e.get("id")) if name}


def _kinds(element: HtmlElement) -> str:
    return " ".join(element.get(name, "") for name in _KINDS)


def _refers(link: HtmlElement) -> bool:
    here = link.get("href").startswith("#") or _REFERS.search(_kinds(link))
    return bool(here) and _is_marker(link)


def _is_marker(link: HtmlElement) -> bool:
    """Tell whether a link says that it leads to a note, or is a raised number or sign."""
    if _RETURNS.search(_kinds(link)):
        return False
    if _REFERS.search(_kinds(link)):
        return True
    if not _MARK.fullmatch(_text(link)):
        return False
    above = link.getparent()
    raised = above is not None and (above.tag == "sup" or _REFERS.search(_kinds(above)))
    named = _NAME.fullmatch(link.get("href").partition("#")[2])
    return bool(raised or link.find("sup") is not None or named)


def _text(element: HtmlElement) -> str:
    return "".join(islice(element.itertext(), 5)).strip()


def _is_within(element: HtmlElement, outer: set[HtmlElement]) -> bool:
    return bool(outer) and any(above in outer for above in element.iterancestors())


def _note(link: HtmlElement, targets: Mapping[str, HtmlElement]) -> HtmlElement | None:
    """Return the note that a link leads to, unless the link is in it."""
    found = _found(link.get("href").partition("#")[2], targets)
    return None if any(above is found for above in link.iterancestors()) else found


def _found(name: str, targets: Mapping[str, HtmlElement]) -> HtmlElement | None:
    """Return the note of a name, unless it is more than a note."""
    found = targets.get(name)
    if found is not None and found.tag in INLINE:
        found = _headed_by(found)
    if found is None or found.tag in _NOT_MOVED or found.getparent() is None:
        return None
    return found if _is_short(found) else None


def _headed_by(mark: HtmlElement) -> HtmlElement | None:
    """Return the block that starts with an inline element."""
    while mark is not None and mark.tag in INLINE:
        above = mark.getparent()
        if above is None or above[0] is not mark or (above.text or "").strip():
            return None
        mark = above
    return mark


def _is_short(note: HtmlElement) -> bool:
    length = 0
    for text in note.itertext():
        length += len(text)
        if length > _MAX_LENGTH:
            return False
    return note.find(".//h1") is None and note.find(".//h2") is None


def _place(note: HtmlElement, link: HtmlElement, placed: dict[HtmlElement, HtmlElement]) -> bool:
    block = next((above for above in link.iterancestors() if above.tag not in INLINE), None)
    table = next(link.iterancestors("table"), None)
    block = block if table is None else table
    if block is None or block.tag in _OUTERMOST or block.getparent() is None:
        return False
    if any(above is note for above in block.iterancestors()):
        return False
    note.drop_tree()
    note.attrib.clear()
    note.tag = "p" if note.tag == "p" else "div"
    if block.tag in _HOLDING:
        block.append(note)
    else:
        _add_after(placed.get(block, block), note)
        placed[block] = note
    return True


def _add_after(block: HtmlElement, note: HtmlElement) -> None:
    note.tail, block.tail = block.tail, None
    tail, note.tail = note.tail, None
    block.addnext(note)
    note.tail = tail


def _take_out(link: HtmlElement) -> None:
    above = link.getparent()
    link.drop_tree()
    if above is not None and above.tag == "sup" and not re.search(r"\w", _text(above)):
        above.drop_tree()


def _drop_returns(links: Iterable[HtmlElement]) -> None:
    for link in links:
        returns = _RETURNS.search(_kinds(link)) or _ARROW.fullmatch(_text(link))
        if returns and link.getparent() is not None and "#" in link.get("href"):
            link.drop_tree()


def _set_apart(raised: Iterable[HtmlElement]) -> None:
    for mark in list(raised):
        before = mark.getprevious()
        text = mark.getparent().text if before is None else before.tail
        if _GLUED.search((text or "")[-10:]) and re.fullmatch(r"\d{1,3}", _text(mark)):
            mark.text, mark[:] = f" {_text(mark)}", []
