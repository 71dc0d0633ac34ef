"""Reads the words of charts and diagrams, which stand in parts of their own."""

from __future__ import annotations

from lxml import etree

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_CHART, _WORDS = f"{{{_DRAWING}/chart}}", f"{{{_DRAWING}/main}}"
_DIAGRAM = f"{{{_DRAWING}/diagram}}"
CHART, DIAGRAM = _CHART + "chart", _DIAGRAM + "relIds"
DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_MAX_CELLS = 10_000
Rows = list[list[str]]
"""A table: its rows, each with a text a column."""


def chart_rows(root: etree._Element) -> Rows | None:
    """Return a chart as a table: a column a series, a row a category; None if it is too large.

    The first row has the names of the series, after the title of the chart.
    """
    series = list(root.iter(_CHART + "ser"))
    values = [_points(one, "val", "yVal", "bubbleSize") for one in series]
    names: dict[int, str] = {}
    for one in series:
        names |= _points(one, "cat", "xVal")
    places = sorted({at for known in (*values, names) for at in known})
    if len(places) * (len(series) + 1) > _MAX_CELLS:
        return None
    head = [_title(root), *(_text(one.find(_CHART + "tx")) for one in series)]
    rows = [[names.get(at, ""), *(known.get(at, "") for known in values)] for at in places]
    return [head, *rows]


def diagram_lines(root: etree._Element) -> list[str]:
    """Return what the shapes of a diagram say, in their order."""
    shapes = root.iter(_DIAGRAM + "pt")
    lines = (" ".join(_words(p) for p in shape.iter(_WORDS + "p")).strip() for shape in shapes)
    return [line for line in lines if line]


def _title(root: etree._Element) -> str:
    title = next(root.iter(_CHART + "title"), None)
    of_chart = title is not None and title.getparent().tag == CHART
    return "" if title is None or not of_chart else _words(title)


def _words(element: etree._Element) -> str:
    return "".join(t.text or "" for t in element.iter(_WORDS + "t"))


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return " ".join(v.text or "" for v in element.iter(_CHART + "v")) or _words(element)


def _points(series: etree._Element, *kinds: str) -> dict[int, str]:
    points = (p for kind in kinds for k in series.findall(_CHART + kind) for p in _all_points(k))
    found: dict[int, str] = {}
    for point in points:
        at = point.get("idx", "")
        if at.isascii() and at.isdigit() and len(at) < 7:
            found.setdefault(int(at), _number(_text(point)))
    return found


def _all_points(element: etree._Element) -> list[etree._Element]:
    return list(element.iter(_CHART + "pt"))


def _number(written: str) -> str:
    """Return a number without the digits that only its storage adds, ``4.2999999999999998``."""
    try:
        return repr(float(written)).removesuffix(".0") if len(written) > 15 else written
    except ValueError:
        return written
