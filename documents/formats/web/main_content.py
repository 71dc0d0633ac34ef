"""Finds the main content of an HTML page: removes menus, banners and what footers repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from textwrap import shorten
from typing import NamedTuple

from lxml.html import HtmlElement

from documents.formats.web.fields import write_values
from documents.formats.web.hiding import hide
from documents.formats.web.margins import (
    count_of_text,
    keep_words,
    sentences_of,
    teasers,
    wrap_around,
    wrap_inside,
)
from documents.formats.web.notes import is_note, place_notes
from documents.formats.web.panels import is_hidden, open_panels
from documents.formats.web.sizes import Size, sizes_of
from documents.formats.web.words import names_of
from documents.notices import Notice, NoticeKind

_DROPPED_TAGS = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "canvas",
    "audio", "video", "map", "button", "datalist", "dialog", "head",
)  # fmt: skip
_FIELDS = ("select", "input", "textarea")
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
_NAMED_TAGS = frozenset({"div", "section", "ul", "ol", "p"})
_LEFT_BESIDE = frozenset({"article", "form"})
"""Elements that are not read beside the content: other articles, and what is to be filled in."""
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
    r"|share|sharing|partage|social|newsletter|infolettre|skip-?links?|pagination|pager"
    r"|advert\w*|ads|popup|modal)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:sidebar|related|promo|print-only)(?:$|[\s_-])", re.IGNORECASE
)
_COOKIE_NAMES = re.compile(r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd)(?:$|[\s_-])", re.IGNORECASE)
_HEADER_NAMES = re.compile(r"(?:^|\s)(?:(?:site|page|main)[_-]?)?header(?:$|\s)", re.IGNORECASE)
_FOOTER_NAMES = re.compile(r"(?:^|[\s_-])footer(?:$|[\s_-])", re.IGNORECASE)
_MAX_NEAR = 6
"""Elements in which a hidden one may be part of a menu or a banner."""
_MAX_SENTENCES = 3
"""Sentences that a notice names."""
_MAX_QUOTED = 80
"""Code points of each of them."""
_MAX_LINKED_SHARE = 0.5
"""With a larger share of its words in links, an aside, a header or a footer is a menu."""
_WHOLE_SHARE = 0.8
"""An element with a larger share of the page's text is shown, whatever its style says."""
_MAX_NAMED_SHARE = 0.4
"""An element with a larger share of the page's text is never removed for its class name."""


class MainContent(NamedTuple):
    """The part of a page that is read.

    Attributes:
        root: the element with the text.
        left_out: the sentences that stand around it and are not read.
        hidden: how many paragraphs are not shown and not read, those of menus and banners aside.
    """

    root: HtmlElement
    left_out: tuple[str, ...] = ()
    hidden: int = 0


def main_content(page: HtmlElement) -> MainContent:
    """Return the element with the page's own text, its tree pruned of the rest.

    That is ``<main>``, or the only ``<article>``, or the body. Pruned are scripts, what is not
    shown and no control opens, navigation, banners and cookie notices, by element, role and class.
    Where nothing marks the main content, so are lists of nothing but links. What holds the page's
    heading, or most of its text, is never pruned. Of what stands around the content, the title
    stays, and what says something or how to reach someone. Notes stand after the paragraphs that
    refer to them, and values of forms where their fields are.
    """
    # lxml makes an object of an element as often as it is met, unless someone holds it.
    held = list(page.iter())
    body = page.body if page.body is not None else page
    # Buttons go last: they say what is a banner, and which elements they unfold.
    _drop_banners(body)
    place_notes(page)
    hide(page, _most_of(body))
    panels = open_panels(page)
    _drop(page, *_DROPPED_TAGS)
    hidden = _drop_hidden(page)
    write_values(page)
    _drop(page, *_FIELDS)
    held += page.iter()
    marked, left_out = _marked(body), list[str]()
    root = body if marked is None else marked
    _drop_surroundings(root, _landmarks(root), panels, left_out)
    if marked is None:
        _drop_menus(root)
    else:
        root = _with_margins(root, body, panels, left_out)
    held.clear()
    return MainContent(root, tuple(left_out), hidden)


def notices_of(contents: Sequence[MainContent], text: str) -> tuple[Notice, ...]:
    """Return the notices of the pages of a file: what is hidden, or around their content.

    A sentence that many pages have is named once; one that is in the text too is not.
    """
    found, read = chain.from_iterable(c.left_out for c in contents), set(text.split("\n"))
    sentences = [said for said in dict.fromkeys(found) if said not in read]
    named = [shorten(text, _MAX_QUOTED, placeholder=" …") for text in sentences[:_MAX_SENTENCES]]
    detail = " | ".join([*named, *["…"] * (len(sentences) > _MAX_SENTENCES)])
    hidden = sum(content.hidden for content in contents)
    around = [Notice(NoticeKind.AROUND_CONTENT, detail)] if detail else []
    return (*around, *([Notice(NoticeKind.HIDDEN_TEXT, str(hidden))] if hidden else []))


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


def _most_of(body: HtmlElement) -> set[HtmlElement]:
    """Return the elements that hold the heading or nearly all of a page's text."""
    sizes = sizes_of(body)
    most = _WHOLE_SHARE * sizes[body].text
    return {*_landmarks(body), *(element for element, size in sizes.items() if size.text > most)}


def _drop_hidden(page: HtmlElement) -> int:
    """Remove what is not shown; return how many paragraphs that is, but those of menus."""
    gone, count = _Inside(), 0
    for element in list(page.iter()):
        if element in gone or not is_hidden(element):
            continue
        gone.add(element)
        if not _is_for_readers(element) and not _is_apart_by_name(element):
            count += count_of_text(element)
        _remove(element)
    return count


def _is_for_readers(element: HtmlElement) -> bool:
    """Tell whether an element is no text: an icon, or what says a formula's picture in letters."""
    return element.get("aria-hidden") == "true" or next(element.iter("math"), None) is not None


def _is_apart_by_name(element: HtmlElement) -> bool:
    """Tell whether an element is, or is in, a menu, a dialog or a banner."""
    near = islice(chain([element], element.iterancestors()), _MAX_NEAR)
    return any(_is_around(e) or _is_named(e) or _BANNER.search(names_of(e)) for e in near)


def _drop_banners(body: HtmlElement) -> None:
    """Remove what its name calls a banner or a dialog, and what has a button to close it."""
    named = [e for e in body.iter("div", "section", "aside", "form") if _BANNER.search(names_of(e))]
    kept = _landmarks(body) if named else set()
    for element in named:
        if element not in kept and next(element.iter("button", "input"), None) is not None:
            _remove(element)


def _drop_surroundings(
    root: HtmlElement, kept: set[HtmlElement], panels: set[HtmlElement], left_out: list[str]
) -> None:
    sizes = sizes_of(root)
    most = _MAX_NAMED_SHARE * sizes[root].text
    gone, margins = _Inside(), _Inside()
    for element in list(root.iter()):
        if element in gone or element in kept or element in panels:
            continue
        named = _is_named(element) and sizes[element].text <= most
        if named or _is_around(element):
            _leave_out(element, left_out)
            gone.add(element)
        elif element not in margins and _is_prunable(element, root, sizes, most):
            margins.add(element)
    for margin in margins.outermost:
        _keep_words(margin, left_out, titled=True)


class _Inside:
    """The elements that were added and all inside of them, asked for in the order of a page."""

    def __init__(self) -> None:
        self.outermost: list[HtmlElement] = []
        self._elements: set[HtmlElement] = set()

    def add(self, element: HtmlElement) -> None:
        self.outermost.append(element)
        self._elements.add(element)

    def __contains__(self, element: HtmlElement) -> bool:
        if element.getparent() in self._elements:
            self._elements.add(element)
        return element in self._elements


def _is_prunable(
    element: HtmlElement, root: HtmlElement, sizes: Mapping[HtmlElement, Size], most: float
) -> bool:
    """Tell whether of an element only what says something is read."""
    test = _is_apart if _is_margin(element) else _is_beside
    return test(element, root, sizes, most)


def _leave_out(element: HtmlElement, left_out: list[str]) -> None:
    """Remove an element, and remember its sentences unless they are about cookies."""
    if element.getparent() is None:
        return
    if not _is_dialog(element) and not _COOKIE_NAMES.search(names_of(element)):
        left_out += sentences_of(element)
    _remove(element)


def _is_dialog(element: HtmlElement) -> bool:
    """Tell whether an element is not shown until something opens it."""
    return element.get("aria-modal") == "true" or "dialog" in element.get("role", "")


def _is_around(element: HtmlElement) -> bool:
    role = element.get("role", "")
    around = element.tag in _SURROUNDING_TAGS or role in _SURROUNDING_ROLES
    return around or element.get("aria-modal") == "true"


def _is_beside(
    element: HtmlElement, root: HtmlElement, sizes: Mapping[HtmlElement, Size], most: float
) -> bool:
    """Tell whether an element is an aside around the content, or one of links, or called one."""
    if element.tag == "aside" or element.get("role", "") in _ASIDE_ROLES:
        named = _ASIDE_NAMES.search(names_of(element).replace("sidebar", "")) is not None
        return named or _is_linked(sizes[element]) or _is_outside(element, root)
    named = _ASIDE_NAMES.search(names_of(element)) is not None
    return named and element.tag in _NAMED_TAGS and sizes[element].text <= most


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


def _keep_words(margin: HtmlElement, left_out: list[str], *, titled: bool) -> bool:
    """Prune what stands around the content of what says nothing; remove it if nothing is left."""
    gone = _Inside()
    for element in list(margin.iterdescendants()):
        if element not in gone and (element.tag == "form" or _is_named(element)):
            _leave_out(element, left_out)
            gone.add(element)
    aside, footer = not _is_margin(margin), _is_footer(margin)
    for teaser in teasers(margin) if aside else ():
        _leave_out(teaser, left_out)
    if keep_words(margin, footer=footer, titled=titled, aside=aside):
        return True
    _remove(margin)
    return False


def _is_footer(margin: HtmlElement) -> bool:
    names = f"{margin.get('class', '')} {margin.get('id', '')}"
    stated = margin.tag == "footer" or margin.get("role") == "contentinfo"
    return stated or (margin.tag not in {"header", "aside"} and bool(_FOOTER_NAMES.search(names)))


def _with_margins(
    root: HtmlElement, body: HtmlElement, panels: set[HtmlElement], left_out: list[str]
) -> HtmlElement:
    """Return the content between what is said around it."""
    titled = next(root.iter("h1"), None) is not None
    wrap_around(root, body)
    sides = [list(_units(side, left_out)) for side in _beside(root, body)]
    kept = [[u for u in side if _says(u, panels, left_out, titled=titled)] for side in sides]
    return _around(root, *kept) if any(kept) else root


def _beside(root: HtmlElement, body: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Return the elements before and after the content, in the order of the page."""
    before, after = list[HtmlElement](), list[HtmlElement]()
    inner = root
    while inner is not body:
        before[:0] = list(inner.itersiblings(preceding=True))[::-1]
        after += inner.itersiblings()
        inner = inner.getparent()
    return before, after


def _units(side: Sequence[HtmlElement], left_out: list[str]) -> Iterator[HtmlElement]:
    """Yield the headers, footers and other parts of what stands beside the content.

    Menus, forms and other articles are left out.
    """
    waiting = list(side)[::-1]
    holding = _holding_margins(side)
    while waiting:
        element = waiting.pop()
        if element.tag in _LEFT_BESIDE or _is_named(element) or _is_around(element):
            _leave_out(element, left_out)
        elif _is_margin(element) or element not in holding:
            yield element
        else:
            wrap_inside(element)
            waiting += list(element)[::-1]


def _holding_margins(side: Sequence[HtmlElement]) -> set[HtmlElement]:
    """Return the elements that hold a header or a footer."""
    holding: set[HtmlElement] = set()
    for margin in (e for element in side for e in element.iter() if _is_margin(e)):
        above = margin.getparent()
        while above is not None and above not in holding:
            holding.add(above)
            above = above.getparent()
    return holding


def _says(
    unit: HtmlElement, panels: set[HtmlElement], left_out: list[str], *, titled: bool
) -> bool:
    _drop_surroundings(unit, _landmarks(unit), panels, left_out)
    return _keep_words(unit, left_out, titled=titled)


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
    return element.tag in {*_NAMED_TAGS, "aside"} and bool(
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
