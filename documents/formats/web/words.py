"""Reads the words of an element: its text, line breaks, and what its pictures show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from documents.formats.elements import BREAKS, INLINE, informative_alt

_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_LARGEST_ICON = 48
_DECORATION = frozenset({"presentation", "none"})


def flowing(text: str | None) -> str:
    """Return a text with a space for each run of white space, as a browser shows it."""
    return _WHITE_SPACE.sub(" ", text or "")


def words(element: HtmlElement) -> str:
    """Return the words of an element without those of the tables in it."""
    return "".join(_runs(element))


def _runs(element: HtmlElement) -> Iterator[str]:
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            yield flowing(inner.tail) if inner is not element else ""
        elif inner.tag == "table" and inner is not element:
            walk.skip_subtree()
        else:
            yield _before(inner)
            yield flowing(inner.text)


def _before(element: HtmlElement) -> str:
    return "" if element.tag in INLINE else shown(element) if element.tag in BREAKS else " "


def names_of(element: HtmlElement) -> str:
    """Return the classes and identifier of an element, ``cookieBox`` as ``cookie-Box``."""
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return _HUMP.sub("-", names)


def shown(element: HtmlElement) -> str:
    """Return what stands for a line break or a picture; nothing for an icon, logo or decoration."""
    if element.tag == "br":
        return "\n"
    if element.get("role") in _DECORATION or _is_icon(element):
        return ""
    alt = informative_alt(flowing(element.get("alt")).strip())
    return f" {alt} " if alt else ""


def _is_icon(image: HtmlElement) -> bool:
    sizes = (image.get(side, "") for side in ("width", "height"))
    return any(re.fullmatch(r"\d{1,2}(?:px)?", s) and int(s[:2]) <= _LARGEST_ICON for s in sizes)
