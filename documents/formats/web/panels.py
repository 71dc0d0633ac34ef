"""Shows the panels of a page that a control opens: tabs, accordions, « read more »."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice

from lxml.html import Element, HtmlElement

from documents.formats.elements import BREAKS, INLINE
from documents.formats.web.sizes import sizes_of
from documents.formats.web.words import flowing, names_of, words

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PANEL = re.compile(
    r"(?:^|[\s_-])(?:acc?ord[eéi]+on|collaps|panel|tabs?(?![a-z])|tab-?(?:pane|content|panel)"
    r"|toggle|expand|faq|disclos|spoiler|onglet|volet|derou|depli|reveal|answer|reponse)",
    re.IGNORECASE,
)
_TABS = re.compile(r"(?:^|[\s_-])(?:tabs?|tab-?list|onglets?)(?:$|[\s_-])", re.IGNORECASE)
_APART = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|rgpd|tarteaucitron|didomi|onetrust|axeptio|modale?"
    r"|pop-?(?:up|in|over)|lightbox|dialog|off-?canvas|drawer|overlay|newsletter|infolettre"
    r"|tooltip|toast|share|partage|search|login)",
    re.IGNORECASE,
)
_MENU = re.compile(r"(?:^|[\s_-])(?:menu|nav|navbar|navigation|burger)(?:$|[\s_-])", re.IGNORECASE)
_APART_ROLES = frozenset({
    "dialog", "alertdialog", "menu", "menubar", "listbox", "status", "alert", "tooltip",
    "navigation", "search",
})  # fmt: skip
_APART_TAGS = frozenset({
    "dialog", "nav", "menu", "template", "script", "style", "noscript", "svg", "option",
    "datalist", "input", "select", "button", "head", "body", "html",
})  # fmt: skip
_LABELLED = frozenset({"div", "section", "article", "ul", "ol", "dl", "table", "p", "form"})
"""Elements that may stand in ``<details>``; a list's item may not."""
_CONTROLS = frozenset({"a", "button", "div", "span", "li", "label"})
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TITLES = ("h1", *_HEADINGS, "summary", "dt")
_TARGETS = ("aria-controls", "data-target", "data-bs-target", "data-tab")
_WITH_TARGETS = ".//*[" + " or ".join(f"@{name}" for name in (*_TARGETS, "href")) + "]"
_MAYBE_PANELS = ".//*[@hidden or @aria-hidden or @style or @role or @class or @id]"
_OPENING = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle", "onclick")
_MAX_LABEL = 120
_MAX_CONTROL = 20
"""Elements among which the control is looked for in what stands before a panel."""
_SAYS_NOTHING = re.compile(
    r"(?:fermer|close|ouvrir|open|afficher|masquer|show|hide|voir|lire|en savoir|read|see|view|plus"
    r"|more|d[ée]tails?|\W*$)(?:\s(?:plus|moins|more|less|la suite|all|tout|d[ée]tails?))*",
    re.IGNORECASE,
)


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether an element says that it is not shown, or not to be read out."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return _HIDDEN.search(element.get("style", "")) is not None


def open_panels(page: HtmlElement) -> set[HtmlElement]:
    """Show the panels of a page that a control opens, and return them.

    A panel with a label of its own (a tab, a button) moves into ``<details>`` with the label as
    the ``<summary>``, so that it stands above the panel only; so does a heading, unless the panel
    has headings of its own. Dialogs, menus and banners are no panels.
    """
    controls = _controls(page)
    found = [e for e in page.xpath(_MAYBE_PANELS) if _is_panel(e, controls)]
    sizes = sizes_of(page) if any(map(is_hidden, found)) else {}
    panels = [panel for panel in found if not (is_hidden(panel) and sizes[panel].is_menu)]
    pairs = [(panel, _control_of(panel, controls)) for panel in panels]
    for panel in panels:
        _show(panel)
    for panel, control in chain(pairs, _tabs_in_order(panels, controls)):
        _label(panel, control)
    return set(panels)


def _controls(page: HtmlElement) -> dict[str, HtmlElement]:
    """Return what opens the element of each identifier; of several, one that labels it."""
    found: dict[str, HtmlElement] = {}
    for element in page.xpath(_WITH_TARGETS):
        for target in _targets(element):
            if target not in found or (_opens(element) and not _opens(found[target])):
                found[target] = element
    return found


def _targets(control: HtmlElement) -> Iterator[str]:
    """Yield the identifiers of what a control may open; a link to another page opens nothing."""
    named = [control.get(name, "") for name in _TARGETS]
    link = control.get("href", "") if control.tag == "a" else ""
    for names in (*named, link if link.startswith("#") else ""):
        yield from names.replace("#", " ").split()


def _opens(control: HtmlElement) -> bool:
    return control.tag == "button" or any(control.get(name) for name in _OPENING)


def _is_panel(element: HtmlElement, controls: Mapping[str, HtmlElement]) -> bool:
    if element.tag in INLINE or element.tag in BREAKS or element.tag in _APART_TAGS:
        return False
    if element.get("role") == "tabpanel":
        return not _is_apart(element)
    control = controls.get(element.get("id") or "")
    hidden = is_hidden(element)
    if control is not None and _is_in(control, element):
        return False
    opened = control is not None and (hidden or _is_tab(control))
    if not opened and not ((hidden or _is_named(element)) and _is_opened_nearby(element)):
        return False
    return not _is_apart(element) and not _is_menu(element)


def _is_tab(control: HtmlElement) -> bool:
    """Tell whether a control is one of tabs, or says that what it opens is open."""
    if control.get("role") == "tab" or control.get("aria-expanded"):
        return True
    near = islice(chain([control], control.iterancestors()), 4)
    return any(_TABS.search(e.get("class", "")) or e.get("role") == "tablist" for e in near)


def _is_opened_nearby(element: HtmlElement) -> bool:
    """Tell whether a hidden or well-named element stands below its control, or among panels."""
    if element.get("hidden") == "until-found" or _control_before(element) is not None:
        return True
    if not is_hidden(element):
        return False
    return any(_is_named(e) for e in (element, *islice(element.iterancestors(), 2)))


def _is_named(element: HtmlElement) -> bool:
    return bool(_PANEL.search(names_of(element)))


def _is_apart(element: HtmlElement) -> bool:
    """Tell whether an element is a dialog, a banner or a message, though a control opens it."""
    if element.get("role") in _APART_ROLES or element.get("aria-modal") or element.get("aria-live"):
        return True
    return bool(_APART.search(names_of(element)))


def _is_menu(element: HtmlElement) -> bool:
    return bool(_MENU.search(names_of(element))) and not _is_named(element)


def _is_in(inner: HtmlElement, outer: HtmlElement) -> bool:
    return any(above is outer for above in inner.iterancestors())


def _control_before(element: HtmlElement) -> HtmlElement | None:
    """Return what opens an element, right before it, unless there are several such things.

    That is a button, what says that it opens something, or the label of a box to be ticked.
    """
    before = element.getprevious()
    if before is None or (before.tail or "").strip():
        return None
    if before.tag == "label" and _is_box(before.getprevious()):
        return before
    found = [inner for inner in islice(before.iter(), _MAX_CONTROL) if _opens(inner)]
    return found[0] if found and all(_is_in(inner, found[0]) for inner in found[1:]) else None


def _is_box(element: HtmlElement | None) -> bool:
    return element is not None and element.get("type") in {"checkbox", "radio"}


def _control_of(panel: HtmlElement, controls: Mapping[str, HtmlElement]) -> HtmlElement | None:
    named = controls.get(panel.get("id") or "")
    return _control_before(panel) if named is None else named


def _show(panel: HtmlElement) -> None:
    for name in ("hidden", "aria-hidden"):
        panel.attrib.pop(name, None)
    if _HIDDEN.search(panel.get("style", "")):
        panel.attrib.pop("style")


def _label(panel: HtmlElement, control: HtmlElement | None) -> None:
    """Move the words of a control to the panel that it opens, if they say something."""
    if control is None or control.getparent() is None or panel.tag not in _LABELLED:
        return
    label = _label_of(control, panel)
    if label is None or label.getparent() is None or _is_in(panel, label):
        return
    text = flowing(words(label)).strip()
    if not text or len(text) > _MAX_LABEL or _SAYS_NOTHING.fullmatch(text):
        return
    opened, summary = Element("details"), Element("summary")
    summary.text = text
    panel.addprevious(opened)
    opened.tail, panel.tail = panel.tail, None
    opened.extend([summary, panel])
    label.drop_tree()


def _label_of(control: HtmlElement, panel: HtmlElement) -> HtmlElement | None:
    """Return the control, or the heading that it is; none if the panel has headings below it."""
    around = chain([control], control.iterancestors())
    title = next((e for e in around if e.tag in _TITLES), None)
    if title is None:
        return control if control.tag in _CONTROLS else None
    if title.tag not in _HEADINGS or next(panel.iter(*_HEADINGS), None) is not None:
        return None
    return title


def _tabs_in_order(
    panels: Iterable[HtmlElement], controls: Mapping[str, HtmlElement]
) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """Pair the panels that no control names with as many tabs in a list near them."""
    unnamed = [p for p in panels if p.get("role") == "tabpanel" and p.get("id") not in controls]
    around: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for panel in unnamed:
        for above in islice(panel.iterancestors(), 2):
            around[above].append(panel)
    for tabs in _lists_of_tabs(unnamed[0].getroottree().getroot()) if unnamed else ():
        for above in islice(tabs[0].iterancestors(), 4):
            if len(around.get(above, ())) == len(tabs):
                yield from zip(around.pop(above), tabs, strict=True)
                break


def _lists_of_tabs(page: HtmlElement) -> list[list[HtmlElement]]:
    lists: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for tab in page.xpath("//*[@role='tab']"):
        near = (e for e in islice(tab.iterancestors(), 3) if e.get("role") == "tablist")
        lists[next(near, tab.getparent())].append(tab)
    return list(lists.values())
