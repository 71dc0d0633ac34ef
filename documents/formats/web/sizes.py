"""Counts how much text each element of a tree has, and how much of it is in links."""

from __future__ import annotations

from typing import NamedTuple

from lxml.html import HtmlElement

_MIN_MENU_LINKS = 3
_MIN_MENU_SHARE = 0.9


class Size(NamedTuple):
    """Code points of the text inside an element, of those in links, and how many links."""

    text: int
    linked: int
    links: int

    @property
    def is_menu(self) -> bool:
        """Whether it is nothing but several links."""
        return self.links >= _MIN_MENU_LINKS and self.linked >= _MIN_MENU_SHARE * self.text


def sizes_of(root: HtmlElement) -> dict[HtmlElement, Size]:
    """Return the size of an element and of each one in it; white space does not count."""
    # Each element adds to the one above it, from the last to the first: trees may be deep and wide.
    elements = list(root.iter())
    sums = {element: [0, 0, 0] for element in elements}
    sizes: dict[HtmlElement, Size] = {}
    for element in reversed(elements):
        text, linked, links = sums.pop(element)
        text += _length(element.text)
        if element.tag == "a":
            linked, links = text, links + 1
        sizes[element] = Size(text, linked, links)
        above = sums.get(element.getparent())
        if above is not None:
            above[0] += text + _length(element.tail)
            above[1] += linked
            above[2] += links
    return sizes


def _length(text: str | None) -> int:
    return sum(map(len, text.split())) if text else 0
