"""Reads the lines of a PDF page: their text, position and font size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, median_high

from documents.formats.extract import clean
from documents.formats.pdf.characters import Characters
from documents.formats.pdf.letters import BROKEN_WORD, LINE_END

_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010]$")
_UNNAMED_BULLET = re.compile("^[\ufffd\ue000-\uf8ff](?= )")
"""A sign before an item: its font, of symbols, rarely says which."""
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?: {1,4}[^\W\d_]){4,}(?![^\W_])")
_MIN_VOWELS = 0.25
_MAX_WORD = 20
_MEASURED = 5
"""About as many letters of a line are measured."""
_WIDER = 1.6
"""Between words whose letters are set apart, a gap is this many times as wide as within them."""
"""Five letters or more with a space between each two."""
_VOWEL = re.compile("[aeiouàâéèêëîïôùûœ]", re.IGNORECASE)
_ENDS = frozenset({LINE_END, BROKEN_WORD})
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
TEXT, ROW, HEADER = "text", "row", "header"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; distances in points from the lower left corner.

    Attributes:
        text: clean, ligatures taken apart.
        left: of its first character.
        right: of its last character.
        bottom: of its first character.
        size: the height of its font, as most of its letters have it.
        hyphenated: it ends within a word, after a hyphen that ``text`` leaves out.
        beside: it stands to the right of the line before, on the same height, behind a wide gap.
        kind: ``TEXT``, ``ROW`` or ``HEADER`` of a table.
    """

    text: str
    left: float
    right: float
    bottom: float
    size: float
    hyphenated: bool = False
    beside: bool = False
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page.

    Attributes:
        lines: in the order they were set in.
        bottom: the lower edge of the page.
        top: its upper edge.
        is_pictured: it shows pictures or drawings, which may be of text.
        is_unreadable: it has text, but its fonts do not say which; there are no lines.
        is_recognised: the lines were recognised in a picture of the page.
        unread: how many letters its fonts do not name.
    """

    lines: list[Line]
    bottom: float = 0.0
    top: float = 842.0
    is_pictured: bool = False
    is_unreadable: bool = False
    is_recognised: bool = False
    unread: int = 0


def page_lines(characters: Characters, letters: Sequence[str]) -> list[Line]:
    """Return the lines of a page that hold text, in the order they were set in.

    A line is cut where it has a gap as wide as its letters are high: columns and the cells of a
    table may lie side by side. The part behind the gap is marked as ``beside``.

    Args:
        characters: those of the page.
        letters: what each of them reads.
    """
    return [
        line for start, end in _ranges(letters) for line in _parts(characters, letters, start, end)
    ]


def _ranges(letters: Sequence[str]) -> Iterator[tuple[int, int]]:
    ends = [at + (c == BROKEN_WORD) for at, c in enumerate(letters) if c in _ENDS]
    yield from pairwise([0, *ends, len(letters)])


def _parts(characters: Characters, letters: Sequence[str], start: int, end: int) -> Iterator[Line]:
    inked = [at for at in range(start, end) if letters[at] > " " or letters[at] == BROKEN_WORD]
    if not inked:
        return
    height = _size(characters, letters, inked[0], inked[-1] + 1)
    cuts = [
        (before, after)
        for before, after in pairwise(inked)
        if after - before > 1 and _gap(characters, before, after) > height
    ]
    beside = False
    starts = [inked[0], *(after for _, after in cuts)]
    ends = [*(before for before, _ in cuts), inked[-1]]
    for first_at, last_at in zip(starts, ends, strict=True):
        size = _size(characters, letters, first_at, last_at + 1) if cuts else height
        line = _line(characters, letters, first_at, last_at, size)
        if line is not None:
            yield replace(line, beside=True) if beside else line
            beside = True


def _gap(characters: Characters, before: int, after: int) -> float:
    return characters.box(after).left - characters.box(before).right


def _line(
    characters: Characters, letters: Sequence[str], start: int, last: int, size: float
) -> Line | None:
    words = _words(_with_gaps(characters, letters, start, last + 1))
    if not words:
        return None
    left, right = characters.box(start), characters.box(last)
    # Before a footer, PDFium gives the hyphen itself.
    broken = _BROKEN.search(words) is not None
    return Line(
        text=words[: -1 if broken else None],
        left=left.left,
        right=right.right,
        bottom=left.bottom,
        size=size,
        hyphenated=broken or letters[last] == BROKEN_WORD,
    )


def _size(characters: Characters, letters: Sequence[str], start: int, end: int) -> float:
    """Return the usual height of a line's letters: in a Type 3 font each has a height of its own.

    A line that starts with ``À`` is no heading.
    """
    inked = [at for at in range(start, end) if letters[at] > " "] or [start]
    boxes = map(characters.box, inked[:: max(1, len(inked) // _MEASURED)])
    return median_high(box.top - box.bottom for box in boxes)


def _with_gaps(
    characters: Characters, letters: Sequence[str], start: int, end: int
) -> Sequence[str]:
    """Return the letters of a line; if they are all set apart, two spaces stand between words."""
    part = letters[start:end]
    if not _SPACED.search("".join(part)):
        return part
    inked = [at for at in range(start, end) if letters[at] > " "]
    gaps = [_gap(characters, before, after) for before, after in pairwise(inked)]
    wide = _WIDER * median(gaps)
    ends = {at for at, gap in zip(inked, gaps, strict=False) if gap > wide}
    return [letter + "  " if at in ends else letter for at, letter in enumerate(part, start)]


def _words(letters: Sequence[str]) -> str:
    # PDFium gives the two halves of a surrogate pair as two characters.
    units = "".join(letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    words = clean(_SPACED.sub(_closed_up, units)).translate(_LIGATURES).replace("\n", " ")
    return _UNNAMED_BULLET.sub("•", words)


def _closed_up(found: re.Match[str]) -> str:
    """Return words whose letters are set apart as words, unless they may be letters in a row."""
    words = [word.replace(" ", "") for word in re.split(" {2,}", found.group())]
    is_text = all(word[1:].islower() or word.isupper() or len(word) == 1 for word in words)
    is_short = max(map(len, words)) <= _MAX_WORD
    said = "".join(words)
    has_vowels = len(_VOWEL.findall(said)) >= _MIN_VOWELS * len(said)
    wanted = is_text and is_short and has_vowels and not _is_series(said)
    return " ".join(words) if wanted else found.group()


def _is_series(letters: str) -> bool:
    """Tell whether letters follow each other as in the alphabet, or are the same."""
    steps = {ord(b) - ord(a) for a, b in pairwise(letters)}
    return steps <= {0, 1}
