"""Where a passage stands, as people read it: its document first, then its section."""

from __future__ import annotations

from typing import Final

from qa.wire.schemas import CitationOut, PlaceOut

_BETWEEN: Final = " › "
_LEFT_OUT: Final = "…"


def path_of(place: CitationOut | PlaceOut) -> list[str]:
    """Return the document's title, once, and the headings above a passage, outermost first."""
    return [place.title, *(heading for heading in place.section if heading != place.title)]


def heading_of(place: CitationOut | PlaceOut, width: int) -> str:
    """Return that path in a line: ``Title › Section › Subsection``.

    Args:
        place: where the passage stands.
        width: in code points; of a path that is longer, headings in the middle are left out. The
            title and the innermost heading always stay, whole.
    """
    path = path_of(place)
    line, outer = _BETWEEN.join(path), path[1:-1]
    while len(line) > width and outer:
        outer = outer[:-1]
        line = _BETWEEN.join([path[0], *outer, _LEFT_OUT, path[-1]])
    return line
