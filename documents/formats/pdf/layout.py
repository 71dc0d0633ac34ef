"""Groups the lines of PDF pages into headings and paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from documents.formats.labels import heads_next, is_title, label_depth, label_end
from documents.formats.pdf.hyphens import keeps_hyphen
from documents.formats.pdf.lines import TEXT, Line
from documents.lines import is_closed, item_marker

_PARAGRAPH_GAP = 1.35
"""Two lines at more than this many times the usual distance are of two paragraphs."""
_MAX_LEADING = 2.5
_HEADING_RATIO = 1.15
"""Letters at least this many times as large as those of the text are a heading's."""
_LARGER_RATIO = 1.06
"""Letters this many times as large are a heading's where all in their size look like headings."""
_MOST = 0.8
_MAX_HEADING_LENGTH = 120
_DEEPEST = 6
_MIN_LED = 2
"""A label that leads text on its own line heads it if as many labels do."""
_MAX_HEADING_SHARE = 0.3
"""If larger letters make up more than this share of the text, none of them are headings."""


@dataclass(frozen=True, slots=True)
class PdfBlock:
    """A heading or a paragraph.

    Attributes:
        text: its lines joined.
        page: where it starts, from 0.
        level: of a heading; None for a paragraph.
        close: whether it follows on the next line, as items of a list do, without an empty line.
        breaks: where in the text further pages start, in code points.
        hyphenated: it ends within a word, after a hyphen that ``text`` leaves out.
        kind: ``TEXT``, or ``ROW`` or ``HEADER`` of a table.
    """

    text: str
    page: int
    level: int | None = None
    close: bool = False
    breaks: tuple[int, ...] = ()
    hyphenated: bool = False
    kind: str = TEXT


def layout(
    pages: Sequence[Sequence[Line]], bookmarks: Sequence[tuple[str, int, int]]
) -> list[PdfBlock]:
    """Group the lines of all pages into headings and paragraphs, in reading order.

    Headings are the lines that a bookmark (title, depth from 1, page from 0) names; without
    bookmarks, the lines in larger letters than the text; and, below them, labels as in plain text:
    ``Article 3 - Board``. Where a page ends within a sentence, the paragraph is joined with its
    continuation on the next page.
    """
    leading = _leading(pages)
    groups = [group for at, page in enumerate(pages) for group in _groups(page, at, leading)]
    groups = _with_labels(groups)
    words = Counter(word for page in pages for line in page for word in _whole_words(line))
    levels = _levels(groups, bookmarks)
    follows = [False, *(group.item for group in groups)]
    blocks = [
        _block(group, level, after_item, words)
        for group, level, after_item in zip(groups, levels, follows, strict=False)
    ]
    return _joined_across_pages(blocks, words)


@dataclass(frozen=True, slots=True)
class _LineGroup:
    lines: tuple[Line, ...]
    page: int
    item: bool
    label: bool = False

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)

    @property
    def words(self) -> str:
        return " ".join(line.text for line in self.lines)


def _leading(pages: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance between lines of one size, in heights of a line."""
    pairs = ((a, b) for page in pages for a, b in pairwise(page) if _are_alike(a, b))
    ratios = [round((a.bottom - b.bottom) / a.size, 2) for a, b in pairs if a.size > 0]
    near = [ratio for ratio in ratios if 0 < ratio < _MAX_LEADING]
    return Counter(near).most_common(1)[0][0] if near else 1.2


def _groups(page: Sequence[Line], at: int, leading: float) -> Iterator[_LineGroup]:
    run: list[Line] = []
    item = False
    right = max((line.right for line in page), default=0.0)
    labels = _labels(page)
    for at_line, line in enumerate(page):
        starts = not run or _starts_paragraph(run, line, leading, right)
        starts = starts or not labels.isdisjoint({at_line, at_line - 1})
        marker = _is_item(line, "" if item or starts else run[-1].text)
        if run and (marker or starts):
            yield _LineGroup(tuple(run), at, item)
            run = []
        if not run:
            item = marker
        run.append(line)
    if run:
        yield _LineGroup(tuple(run), at, item)


def _labels(page: Sequence[Line]) -> set[int]:
    """Return which lines of a page are labelled headings of the next."""
    found: set[int] = set()
    for at, (line, after) in enumerate(pairwise(page)):
        before = page[at - 1].text if at and at - 1 not in found else ""
        is_text = line.kind == after.kind == TEXT
        if is_text and not line.hyphenated and heads_next(before, line.text, after.text):
            found.add(at)
    return found


def _with_labels(groups: Sequence[_LineGroup]) -> list[_LineGroup]:
    """Mark the labelled headings, and part the labels that lead text from it, if two do."""
    afters = [*groups[1:], None]
    marked = [
        replace(group, label=_is_label(group, after))
        for group, after in zip(groups, afters, strict=True)
    ]
    led = [_label_end(group) for group in marked]
    if sum(end > 0 for end in led) < _MIN_LED:
        return marked
    return [part for group, end in zip(marked, led, strict=True) for part in _parted(group, end)]


def _is_label(group: _LineGroup, after: _LineGroup | None) -> bool:
    if after is None or len(group.lines) > 1 or group.lines[0].kind != TEXT:
        return False
    return after.lines[0].kind == TEXT and heads_next("", group.words, after.words)


def _label_end(group: _LineGroup) -> int:
    first = group.lines[0]
    is_text = first.kind == TEXT and not group.label and is_closed(group.words)
    return label_end(first.text) if is_text else 0


def _parted(group: _LineGroup, end: int) -> list[_LineGroup]:
    if not end:
        return [group]
    first = group.lines[0]
    label = replace(first, text=first.text[:end].rstrip(" \xa0.:–—-"), hyphenated=False)
    text = (replace(first, text=first.text[end:]), *group.lines[1:])
    return [replace(group, lines=(label,), label=True), replace(group, lines=text)]


def _is_item(line: Line, before: str) -> bool:
    return line.kind == TEXT and bool(item_marker(line.text, before))


def _starts_paragraph(run: Sequence[Line], line: Line, leading: float, right: float) -> bool:
    """Tell whether a line starts a paragraph of its own."""
    last = run[-1]
    if last.kind != TEXT or line.kind != TEXT:
        return True
    if not _are_alike(last, line):
        return True
    if _steps(last, line):
        return True
    if line.bottom > last.bottom + last.size:  # the next column
        return is_closed(last.text) or not line.text[0].islower()
    if last.bottom - line.bottom > _PARAGRAPH_GAP * leading * last.size:
        return True
    if last.hyphenated or not is_closed(last.text):
        return False
    if label_end(line.text):
        return True
    indented = line.left > last.left + 0.8 * line.size and len(run) > 1
    return indented or last.right < right - 0.25 * (right - last.left)


def _are_alike(line: Line, other: Line) -> bool:
    """Tell whether two lines are of one size."""
    return max(line.size, other.size) <= _HEADING_RATIO * min(line.size, other.size)


def _steps(last: Line, line: Line) -> bool:
    """Tell whether a line in slightly larger letters ends, or starts, where its size does."""
    if last.size >= _LARGER_RATIO * line.size:
        return is_title(last.text) and not line.text[0].islower()
    return line.size >= _LARGER_RATIO * last.size and is_closed(last.text) and is_title(line.text)


def _levels(
    groups: Sequence[_LineGroup], bookmarks: Sequence[tuple[str, int, int]]
) -> list[int | None]:
    named = {(page, _bare(title)): level for title, level, page in bookmarks}
    levels = [named.get((group.page, _bare(group.words))) for group in groups]
    sizes = _levels_by_size(groups)
    return _with_label_levels(groups, _levels_of(levels, sizes))


def _with_label_levels(
    groups: Sequence[_LineGroup], levels: Sequence[int | None]
) -> list[int | None]:
    """Put labels that nothing else makes headings below those that are, each rank by its depth."""
    pairs = list(zip(groups, levels, strict=True))
    depths = {label_depth(group.words) for group, level in pairs if group.label and level is None}
    order = sorted(depths)
    above = max((level for level in levels if level is not None), default=0)
    return [
        min(above + 1 + order.index(label_depth(group.words)), _DEEPEST)
        if group.label and level is None
        else level
        for group, level in pairs
    ]


def _levels_of(levels: Sequence[int | None], sizes: Sequence[int | None]) -> Sequence[int | None]:
    """Return the levels by bookmarks, or else by sizes."""
    if not any(level is not None for level in levels):
        return sizes
    # Few bookmarks name the title: it is the line in the largest letters before the first heading.
    first = next(at for at, level in enumerate(levels) if level is not None)
    title = next((at for at in range(first) if sizes[at] == 1), None)
    return [0 if at == title else level for at, level in enumerate(levels)]


def _levels_by_size(groups: Sequence[_LineGroup]) -> list[int | None]:
    letters = Counter[float]()
    for group in groups:
        letters[round(group.size, 1)] += len(group.words)
    body = max(letters, key=lambda size: letters[size], default=0.0)
    most = _MAX_HEADING_SHARE * sum(letters.values())
    large = [_is_large(group, body) for group in groups]
    if _length(groups, large) > most:
        return [None] * len(groups)
    larger = [a or b for a, b in zip(large, _slightly_larger(groups, body), strict=True)]
    chosen = larger if _length(groups, larger) <= most else large
    sizes = [
        round(group.size) if is_heading else None
        for group, is_heading in zip(groups, chosen, strict=True)
    ]
    order = sorted({size for size in sizes if size is not None}, reverse=True)
    return [None if s is None else min(order.index(s) + 1, _DEEPEST) for s in sizes]


def _length(groups: Sequence[_LineGroup], chosen: Sequence[bool]) -> int:
    return sum(len(g.words) for g, is_chosen in zip(groups, chosen, strict=True) if is_chosen)


def _slightly_larger(groups: Sequence[_LineGroup], body: float) -> list[bool]:
    """Tell which groups are headings by letters a point or two larger than those of the text."""
    low, high = _LARGER_RATIO * body, _HEADING_RATIO * body
    looks = [
        low <= group.size < high and after is not None and _looks_as_heading(group, after)
        for group, after in zip(groups, [*groups[1:], None], strict=True)
    ]
    others = sum(low <= group.size < high for group in groups)
    return looks if sum(looks) >= _MOST * others else [False] * len(groups)


def _looks_as_heading(group: _LineGroup, after: _LineGroup) -> bool:
    words = group.words
    is_text = {group.lines[0].kind, after.lines[0].kind} == {TEXT}
    starts = words[0].isupper() or words[0].isdigit()
    return is_text and starts and is_title(words) and not words.isdigit() and len(group.lines) <= 2


def _is_large(group: _LineGroup, body: float) -> bool:
    return (
        group.lines[0].kind == TEXT
        and group.size >= _HEADING_RATIO * body
        and len(group.words) <= _MAX_HEADING_LENGTH
        and sum(c.isalpha() for c in group.words) > 1
    )


def _block(group: _LineGroup, level: int | None, follows: bool, words: Counter[str]) -> PdfBlock:
    text, close = _joined(group.lines, words), follows and group.item
    last = group.lines[-1]
    return PdfBlock(text, group.page, level, close, hyphenated=last.hyphenated, kind=last.kind)


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    text = lines[0].text
    for before, line in pairwise(lines):
        text = _join(text, line.text, hyphenated=before.hyphenated, words=words)
    return text


def _join(text: str, following: str, *, hyphenated: bool, words: Counter[str]) -> str:
    if not hyphenated:
        return f"{text} {following}"
    return text + ("-" if keeps_hyphen(text, following, words) else "") + following


def _whole_words(line: Line) -> list[str]:
    return re.findall(r"\w+(?:-\w+)*", line.text.casefold())


def _bare(text: str) -> str:
    bare = re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", text).casefold())
    return re.sub(r"^\d+", "", bare) or bare


def _joined_across_pages(blocks: Sequence[PdfBlock], words: Counter[str]) -> list[PdfBlock]:
    found: list[PdfBlock] = []
    for block in blocks:
        if found and _continues(found[-1], block):
            found[-1] = _spliced(found[-1], block, words)
        else:
            found.append(block)
    return [replace(b, text=f"{b.text}-") if b.hyphenated else b for b in found]


def _continues(before: PdfBlock, block: PdfBlock) -> bool:
    prose = {before.level, block.level} == {None} and {before.kind, block.kind} == {TEXT}
    next_page = before.page + len(before.breaks) + 1 == block.page
    open_ended = before.hyphenated or not is_closed(before.text)
    return prose and next_page and open_ended and block.text[0].islower()


def _spliced(before: PdfBlock, block: PdfBlock, words: Counter[str]) -> PdfBlock:
    text = _join(before.text, block.text, hyphenated=before.hyphenated, words=words)
    breaks = (*before.breaks, len(text) - len(block.text))
    return replace(before, text=text, breaks=breaks, hyphenated=block.hyphenated)
