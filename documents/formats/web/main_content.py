"""Finds the main content of an HTML page: removes menus, banners and what footers repeat."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml.html import HtmlElement

from documents.formats.web.margins import keep_words
from documents.formats.web.notes import is_note, place_notes
from documents.formats.web.panels import is_hidden, open_panels
from documents.formats.web.sizes import Size, sizes_of
from documents.formats.web.words import names_of

_DROPPED_TAGS = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "map", "button", "select", "input", "textarea", "datalist",
    "dialog", "head",
)  # fmt: skip
_TOGGLED_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt")
"""Elements whose whole text may be in a button, which unfolds what follows them."""
_SURROUNDING_TAGS = frozenset({"nav", "menu"})
_SURROUNDING_ROLES = frozenset({
    "navigation", "search", "dialog", "alertdialog", "menu", "menubar",
})  # fmt: skip
_MARGINS = frozenset({"header", "footer"})
_MARGIN_ROLES = frozenset({"banner", "contentinfo"})
_ASIDE_ROLES = frozenset({"complementary"})
"""Elements around a page's content; inside of it they are notes, callouts and introductions."""
_CONTENT_TAGS = ("main", "article", "section")
_APART_TAGS = frozenset({"article", "section", "aside", "nav", "menu", "dialog"})
"""Elements whose header and footer are not those of the page."""
_CALLOUT = re.compile(
    r"(?:^|[\s_:-])(?:note|callout|tip|hint|astuce|conseil|warning|caution|danger|attention"
    r"|important|alert|info|admonition|encadr|remarque|exemple|example|highlight|box)",
    re.IGNORECASE,
)
_BANNER = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|tarteaucitron|didomi|onetrust|axeptio|modale?"
    r"|pop-?(?:up|in)|lightbox)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SURROUNDING_NAMES = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|breadcrumbs?|ariane|navbar|nav|navigation|menu"
    r"|sidebar|share|sharing|partage|social|related|newsletter|infolettre|skip-?links?|pagination"
    r"|pager|advert\w*|ads|promo|popup|modal|print-only)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HEADER_NAMES = re.compile(r"(?:^|\s)(?:(?:site|page|main)[_-]?)?header(?:$|\s)", re.IGNORECASE)
_FOOTER_NAMES = re.compile(r"(?:^|[\s_-])footer(?:$|[\s_-])", re.IGNORECASE)
_MAX_LINKED_SHARE = 0.5
"""With a larger share of its words in links, an aside, a header or a footer is a menu."""
_MAX_NAMED_SHARE = 0.4
"""An element with a larger share of the page's text is never removed for its class name."""


def main_content(page: HtmlElement) -> HtmlElement:
    """Return the element with the page's own text, its tree pruned of the rest.

    That is ``<main>``, or the only ``<article>``, or the body. Pruned are scripts, what is not
    shown and no control opens, navigation, banners, complementary and cookie notices, by element,
    role and class. Where nothing marks the main content, so are lists of nothing but links. What
    holds the page's heading, or most of its text, is never pruned. Of the page's own header and
    footer, the title stays, and what says something or how to reach someone. Notes stand after
    the paragraphs that refer to them.
    """
    # lxml makes an object of an element as often as it is met, unless someone holds it.
    held = list(page.iter())
    body = page.body if page.body is not None else page
    # Buttons go last: they say what is a banner, and which elements they unfold.
    _drop_banners(body)
    place_notes(page)
    panels = open_panels(page)
    _drop_hidden(page)
    _drop(page, *_DROPPED_TAGS)
    marked = _marked(body)
    root = body if marked is None else marked
    _drop_surroundings(root, _landmarks(root), panels)
    if marked is None:
        _drop_menus(root)
    else:
        root = _with_margins(root, body, panels)
    held.clear()
    return root


def _marked(body: HtmlElement) -> HtmlElement | None:
    mains = [e for e in body.iter() if e.tag == "main" or e.get("role") == "main"]
    articles = list(body.iter("article"))
    for candidates in (mains, articles):
        if len(candidates) == 1 and sizes_of(candidates[0])[candidates[0]].text:
            return candidates[0]
    return None


def _landmarks(root: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold the heading or a landmark of the content."""
    inner = next(root.iter("h1"), None)
    found = [*root.iter("main", "article"), *([] if inner is None else [inner])]
    return {root, *found, *(above for element in found for above in element.iterancestors())}


def _drop(page: HtmlElement, *tags: str) -> None:
    for element in list(page.iter(*tags)):
        if element.tag != "button" or not _is_toggle(element):
            _remove(element)


def _is_toggle(button: HtmlElement) -> bool:
    """Tell whether a button holds all the words of a heading, which it unfolds."""
    above = next(button.iterancestors(*_TOGGLED_TAGS), None)
    return above is not None and sizes_of(above)[above].text == sizes_of(button)[button].text


def _drop_hidden(page: HtmlElement) -> None:
    for element in page.xpath(".//*[@hidden or @aria-hidden or @style]"):
        if is_hidden(element):
            _remove(element)


def _drop_banners(body: HtmlElement) -> None:
    """Remove what its name calls a banner or a dialog, and what has a button to close it."""
    named = [e for e in body.iter("div", "section", "aside", "form") if _BANNER.search(names_of(e))]
    kept = _landmarks(body) if named else set()
    for element in named:
        if element not in kept and next(element.iter("button", "input"), None) is not None:
            _remove(element)


def _drop_surroundings(root: HtmlElement, kept: set[HtmlElement], panels: set[HtmlElement]) -> None:
    sizes = sizes_of(root)
    most = _MAX_NAMED_SHARE * sizes[root].text
    margins: list[HtmlElement] = []
    for element in list(root.iter()):
        if element in kept or element in panels:
            continue
        named = _is_named(element) and sizes[element].text <= most
        if named or _is_around(element, root, sizes):
            _remove(element)
        elif _is_margin(element) and _is_apart(element, root, sizes, most):
            margins.append(element)
    for margin in margins:
        _keep_words(margin, titled=True)


def _is_around(element: HtmlElement, root: HtmlElement, sizes: Mapping[HtmlElement, Size]) -> bool:
    role = element.get("role", "")
    if element.tag in _SURROUNDING_TAGS or role in _SURROUNDING_ROLES:
        return True
    if element.get("aria-modal") == "true":
        return True
    aside = element.tag == "aside" or role in _ASIDE_ROLES
    return aside and (_is_linked(sizes[element]) or _is_outside(element, root))


def _is_linked(size: Size) -> bool:
    return bool(size.links) and size.linked > _MAX_LINKED_SHARE * size.text


def _is_outside(element: HtmlElement, root: HtmlElement) -> bool:
    return not (is_note(element) or _is_inside(element, root))


def _is_margin(element: HtmlElement) -> bool:
    """Tell whether an element is a header or a footer, by its tag, its role or its name."""
    if element.tag in _MARGINS or element.get("role", "") in _MARGIN_ROLES:
        return True
    return element.tag in {"div", "section"} and _is_called_margin(element)


def _is_called_margin(element: HtmlElement) -> bool:
    names = element.get("class", ""), element.get("id", "")
    return any(_HEADER_NAMES.search(n) or _FOOTER_NAMES.search(n) for n in names)


def _is_apart(
    element: HtmlElement, root: HtmlElement, sizes: Mapping[HtmlElement, Size], most: float
) -> bool:
    """Tell whether a header or a footer belongs to the page rather than to its content."""
    size, role = sizes[element], element.get("role", "")
    if element.tag in _MARGINS or role == "contentinfo":
        return _is_linked(size) or _is_outside(element, root)
    return role == "banner" or size.text <= most


def _keep_words(margin: HtmlElement, *, titled: bool) -> bool:
    """Prune a header or a footer of what says nothing; remove it if nothing is left."""
    for element in list(margin.iterdescendants()):
        if element.tag == "form" or _is_named(element):
            _remove(element)
    if keep_words(margin, footer=_is_footer(margin), titled=titled):
        return True
    _remove(margin)
    return False


def _is_footer(margin: HtmlElement) -> bool:
    names = f"{margin.get('class', '')} {margin.get('id', '')}"
    stated = margin.tag == "footer" or margin.get("role") == "contentinfo"
    return stated or (margin.tag != "header" and bool(_FOOTER_NAMES.search(names)))


def _with_margins(root: HtmlElement, body: HtmlElement, panels: set[HtmlElement]) -> HtmlElement:
    """Return the content between what the page's own headers and footers say around it."""
    titled = next(root.iter("h1"), None) is not None
    content, above = set(root.iter()), set(root.iterancestors())
    before: list[HtmlElement] = []
    after: list[HtmlElement] = []
    side = before
    for element in list(body.iter()):
        side = after if element is root else side
        if element not in content and _is_of_page(element, above, titled=titled):
            side.append(element)
    kept = [[m for m in part if _says(m, panels, titled=titled)] for part in (before, after)]
    return _around(root, *kept) if any(kept) else root


def _is_of_page(element: HtmlElement, above: set[HtmlElement], *, titled: bool) -> bool:
    """Tell whether an element beside the content is a header, a footer or the title of the page."""
    if element in above or not (_is_margin(element) or (element.tag == "h1" and not titled)):
        return False
    around = (e for e in element.iterancestors() if e not in above)
    return not any(e.tag in _APART_TAGS or _is_named(e) or _is_margin(e) for e in around)


def _says(margin: HtmlElement, panels: set[HtmlElement], *, titled: bool) -> bool:
    _drop_surroundings(margin, _landmarks(margin), panels)
    return _keep_words(margin, titled=titled)


def _around(root: HtmlElement, before: list[HtmlElement], after: list[HtmlElement]) -> HtmlElement:
    whole = root.makeelement("div")
    for part in (*before, root, *after):
        part.tail = None
        whole.append(part)
    return whole


def _is_inside(element: HtmlElement, root: HtmlElement) -> bool:
    """Tell whether an aside, a header or a footer is part of the content, not around it."""
    if root.tag != "body" or next(element.iterancestors(*_CONTENT_TAGS), None) is not None:
        return True
    if element.tag != "aside":
        return False
    beside = (element.getprevious(), element.getnext())
    return bool(_CALLOUT.search(names_of(element))) or any(
        e is not None and e.tag == "p" for e in beside
    )


def _is_named(element: HtmlElement) -> bool:
    if element.tag == "a":
        return "skip" in element.get("class", "").lower()
    if element.tag == "aside":
        return bool(_SURROUNDING_NAMES.search(names_of(element).replace("sidebar", "")))
    return element.tag in {"div", "section", "ul", "ol", "p"} and bool(
        _SURROUNDING_NAMES.search(names_of(element))
    )


def _drop_menus(root: HtmlElement) -> None:
    sizes = sizes_of(root)
    for element in list(root.iter("ul", "ol")):
        if sizes[element].is_menu:
            _remove(element)


def _remove(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
