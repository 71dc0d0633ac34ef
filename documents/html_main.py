"""The main content of a page: what is left without menus, banners and footers."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.html import HtmlElement

_NEVER = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "picture", "map", "button", "select", "input", "textarea", "datalist",
    "dialog", "head",
)  # fmt: skip
_LABELLED = ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt")
"""What may be worked by a button that holds its words."""
_AROUND = ("nav", "footer", "header", "aside", "menu")
_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog",
    "menu", "menubar",
})  # fmt: skip
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|breadcrumbs?|ariane|navbar|nav|navigation|menu"
    r"|sidebar|share|sharing|partage|social|related|newsletter|infolettre|skip-?links?|pagination"
    r"|pager|advert\w*|ads|promo|popup|modal|print-only|footer|site-header)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST = 0.4
"""The largest part of a page's text that is left out because of a mere class name."""
_LINKS = 3
_LINKED = 0.9


def main_content(page: HtmlElement) -> HtmlElement:
    """Return the element with the page's own text, its tree pruned of the rest.

    That is ``<main>``, or the only ``<article>``, or the body. Pruned are scripts, what is not
    shown, navigation, banners, complementary and cookie notices, by element, role and class.
    Where nothing marks the main content, so are lists of nothing but links. What holds the
    page's heading, or most of its text, is never pruned.
    """
    # Buttons say what they unfold, and are dropped after that.
    _drop_hidden(page)
    _drop(page, *_NEVER)
    body = page.body if page.body is not None else page
    marked = _marked(body)
    root = body if marked is None else marked
    kept = _holders(root)
    _drop_around(root, kept)
    if marked is None:
        _drop_menus(root)
    return root


def _marked(body: HtmlElement) -> HtmlElement | None:
    mains = [e for e in body.iter() if e.tag == "main" or e.get("role") == "main"]
    articles = list(body.iter("article"))
    for candidates in (mains, articles):
        if len(candidates) == 1 and _sizes(candidates[0])[candidates[0]].text:
            return candidates[0]
    return None


def _holders(root: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold the heading or a landmark of the content."""
    inner = next(root.iter("h1"), None)
    found = [*root.iter("main", "article"), *([] if inner is None else [inner])]
    return {root, *found, *(above for element in found for above in element.iterancestors())}


def _drop(page: HtmlElement, *tags: str) -> None:
    for element in list(page.iter(*tags)):
        if element.tag != "button" or not _is_label(element):
            _remove(element)


def _is_label(button: HtmlElement) -> bool:
    """Tell whether a button holds all the words of a heading, which it unfolds."""
    above = next(button.iterancestors(*_LABELLED), None)
    return above is not None and _sizes(above)[above].text == _sizes(button)[button].text


def _drop_hidden(page: HtmlElement) -> None:
    controlled = {e.get("aria-controls") for e in page.iter() if e.get("aria-controls")}
    for element in list(page.iter()):
        hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        hidden = hidden or _HIDDEN.search(element.get("style", "")) is not None
        # What a button unfolds is content.
        if hidden and element.get("id") not in controlled:
            _remove(element)


def _drop_around(root: HtmlElement, kept: set[HtmlElement]) -> None:
    sizes = _sizes(root)
    most = _MOST * sizes[root].text
    for element in list(root.iter()):
        if element in kept:
            continue
        around = element.tag in _AROUND or element.get("role", "") in _ROLES
        if around or (_is_named(element) and sizes[element].text <= most):
            _remove(element)


def _is_named(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in {"div", "section", "ul", "ol", "p"} and bool(_NAMED.search(names))


def _drop_menus(root: HtmlElement) -> None:
    sizes = _sizes(root)
    for element in list(root.iter("ul", "ol")):
        size = sizes[element]
        if size.links >= _LINKS and size.linked >= _LINKED * size.text:
            _remove(element)


class _Size(NamedTuple):
    """Code points of the text inside an element, of those in links, and how many links."""

    text: int
    linked: int
    links: int


def _sizes(root: HtmlElement) -> dict[HtmlElement, _Size]:
    # From the last element to the first, each once: trees may be deep and wide.
    sizes: dict[HtmlElement, _Size] = {}
    for element in reversed(list(root.iter())):
        inner = [sizes[child] for child in element]
        text = _length(element.text) + sum(_length(child.tail) for child in element)
        text += sum(size.text for size in inner)
        is_link = element.tag == "a"
        linked = text if is_link else sum(size.linked for size in inner)
        sizes[element] = _Size(text, linked, is_link + sum(size.links for size in inner))
    return sizes


def _length(text: str | None) -> int:
    return sum(map(len, text.split())) if text else 0


def _remove(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
