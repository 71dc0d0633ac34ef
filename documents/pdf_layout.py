"""Lines of pages become headings and paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from documents.lines import is_closed, item_marker
from documents.pdf_lines import Line

_WIDER = 1.35
"""A distance between lines that is so much wider than usual parts paragraphs."""
_FARTHEST = 2.5
_LARGER = 1.15
"""Letters so much larger than those of the text are a heading's."""
_LONGEST = 120
_MOST = 0.3
"""The largest share of a text that headings can make up."""
_CLITICS = frozenset({
    "il", "elle", "on", "ils", "elles", "je", "tu", "nous", "vous", "moi", "toi", "lui", "leur",
    "en", "y", "ce", "ci", "là", "la", "le", "les", "t", "même", "mêmes",
})  # fmt: skip
"""What French joins to a verb or a pronoun with a hyphen of its own."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A heading or a paragraph.

    Attributes:
        text: its lines joined.
        page: where it starts, from 0.
        level: of a heading; None for a paragraph.
        close: it follows on the next line, as items of a list do.
        breaks: where in the text further pages start, in code points.
        hyphenated: it ends within a word, after a hyphen that ``text`` leaves out.
    """

    text: str
    page: int
    level: int | None = None
    close: bool = False
    breaks: tuple[int, ...] = ()
    hyphenated: bool = False


def layout(
    pages: Sequence[Sequence[Line]], bookmarks: Sequence[tuple[str, int, int]]
) -> list[Paragraph]:
    """Arrange lines.

    Headings are the lines that a bookmark (title, depth from 1, page from 0) names; where there
    are no bookmarks, those that are set larger than the text. A paragraph that a page
    breaks off within a sentence goes on.
    """
    leading = _leading(pages)
    groups = [group for at, page in enumerate(pages) for group in _groups(page, at, leading)]
    words = Counter(word for page in pages for line in page for word in _whole_words(line))
    levels = _levels(groups, bookmarks)
    follows = [False, *(group.item for group in groups)]
    blocks = [
        _block(group, level, after_item, words)
        for group, level, after_item in zip(groups, levels, follows, strict=False)
    ]
    return _continued(blocks, words)


@dataclass(frozen=True, slots=True)
class _Group:
    lines: tuple[Line, ...]
    page: int
    item: bool

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)

    @property
    def words(self) -> str:
        return " ".join(line.text for line in self.lines)


def _leading(pages: Sequence[Sequence[Line]]) -> float:
    """Return the usual distance between lines, in heights of a line."""
    pairs = ((a, b) for page in pages for a, b in pairwise(page))
    ratios = [round((a.bottom - b.bottom) / a.size, 2) for a, b in pairs if a.size > 0]
    near = [ratio for ratio in ratios if 0 < ratio < _FARTHEST]
    return Counter(near).most_common(1)[0][0] if near else 1.2


def _groups(page: Sequence[Line], at: int, leading: float) -> Iterator[_Group]:
    run: list[Line] = []
    item = False
    right = max((line.right for line in page), default=0.0)
    for line in page:
        marker = bool(item_marker(line.text, "" if item or not run else run[-1].text))
        if run and (marker or _parts(run, line, leading, right)):
            yield _Group(tuple(run), at, item)
            run = []
        if not run:
            item = marker
        run.append(line)
    if run:
        yield _Group(tuple(run), at, item)


def _parts(run: Sequence[Line], line: Line, leading: float, right: float) -> bool:
    """Tell whether a line starts a paragraph of its own."""
    last = run[-1]
    larger, smaller = max(last.size, line.size), min(last.size, line.size)
    if larger > _LARGER * smaller:
        return True
    if line.bottom > last.bottom + last.size:  # the next column
        return is_closed(last.text) or not line.text[0].islower()
    if last.bottom - line.bottom > _WIDER * leading * last.size:
        return True
    if last.hyphenated or not is_closed(last.text):
        return False
    indented = line.left > last.left + 0.8 * line.size and len(run) > 1
    return indented or last.right < right - 0.25 * (right - last.left)


def _levels(
    groups: Sequence[_Group], bookmarks: Sequence[tuple[str, int, int]]
) -> list[int | None]:
    named = {(page, _bare(title)): level for title, level, page in bookmarks}
    levels = [named.get((group.page, _bare(group.words))) for group in groups]
    sizes = _by_size(groups)
    if not any(level is not None for level in levels):
        return sizes
    # What is larger than all else before the first heading is the title, which few bookmarks name.
    first = next(at for at, level in enumerate(levels) if level is not None)
    title = next((at for at in range(first) if sizes[at] == 1), None)
    return [0 if at == title else level for at, level in enumerate(levels)]


def _by_size(groups: Sequence[_Group]) -> list[int | None]:
    letters = Counter[float]()
    for group in groups:
        letters[round(group.size, 1)] += len(group.words)
    body = max(letters, key=lambda size: letters[size], default=0.0)
    large = [group for group in groups if _is_large(group, body)]
    if sum(len(g.words) for g in large) > _MOST * sum(letters.values()):
        return [None] * len(groups)
    order = sorted({round(group.size) for group in large}, reverse=True)
    return [min(order.index(round(g.size)) + 1, 6) if _is_large(g, body) else None for g in groups]


def _is_large(group: _Group, body: float) -> bool:
    return (
        group.size >= _LARGER * body
        and len(group.words) <= _LONGEST
        and sum(c.isalpha() for c in group.words) > 1
    )


def _block(group: _Group, level: int | None, follows: bool, words: Counter[str]) -> Paragraph:
    text, close = _joined(group.lines, words), follows and group.item
    return Paragraph(text, group.page, level, close, hyphenated=group.lines[-1].hyphenated)


def _joined(lines: Sequence[Line], words: Counter[str]) -> str:
    text = lines[0].text
    for before, line in pairwise(lines):
        text = _join(text, line.text, hyphenated=before.hyphenated, words=words)
    return text


def _join(text: str, following: str, *, hyphenated: bool, words: Counter[str]) -> str:
    if not hyphenated:
        return f"{text} {following}"
    last, first = _last_word(text), _first_word(following)
    return text + ("-" if _keeps_hyphen(last, first, words) else "") + following


def _keeps_hyphen(last: str, first: str, words: Counter[str]) -> bool:
    if not first[:1].islower() or first in _CLITICS:
        return True
    return words[f"{last}-{first}".casefold()] > words[f"{last}{first}".casefold()]


def _last_word(text: str) -> str:
    return re.split(r"[\s’']", text)[-1]


def _first_word(text: str) -> str:
    found = re.match(r"\w+", text)
    return found.group() if found else ""


def _whole_words(line: Line) -> list[str]:
    return re.findall(r"\w+(?:-\w+)*", line.text.casefold())


def _bare(text: str) -> str:
    bare = re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", text).casefold())
    return re.sub(r"^\d+", "", bare) or bare


def _continued(blocks: Sequence[Paragraph], words: Counter[str]) -> list[Paragraph]:
    found: list[Paragraph] = []
    for block in blocks:
        if found and _goes_on(found[-1], block):
            found[-1] = _spliced(found[-1], block, words)
        else:
            found.append(block)
    return [replace(b, text=f"{b.text}-") if b.hyphenated else b for b in found]


def _goes_on(before: Paragraph, block: Paragraph) -> bool:
    prose = before.level is None and block.level is None
    next_page = before.page + len(before.breaks) + 1 == block.page
    open_ended = before.hyphenated or not is_closed(before.text)
    return prose and next_page and open_ended and block.text[0].islower()


def _spliced(before: Paragraph, block: Paragraph, words: Counter[str]) -> Paragraph:
    text = _join(before.text, block.text, hyphenated=before.hyphenated, words=words)
    breaks = (*before.breaks, len(text) - len(block.text))
    return replace(before, text=text, breaks=breaks, hyphenated=block.hyphenated)
