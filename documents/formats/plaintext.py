"""Reads plain text into blocks: headings, captions and list items are recognised by their look.

Nothing marks a heading in plain text. These are the rules:

- a heading stands alone on a short line, starts with a capital or a number, is not closed by
  punctuation, and running text follows; the end of a text is never a heading;
- three or more such lines in a row are verse or a list, unless labels such as ``Article 12`` go
  deeper from one to the next among them;
- such a label, alone or with a title (``Article 3 - Board``, ``3.2 Délais``), or a line in
  capitals at the head of a paragraph, needs no blank line around it;
- a label that leads text on its own line (``Art. 2 - La cotisation est de 30 euros.``) heads it,
  if at least two do;
- numbers that carry the whole text (``1. La collecte a lieu le mardi, sauf les jours fériés.``)
  head what they lead, as ``Article 1`` would, with the title that stands on their line, if any;
- labels of one depth, one right after another, are a list where a colon introduces them, or
  without a blank line between them;
- short questions that stand alone, at least two in the text, head what follows them;
- such a line that starts in lower case or with a bare digit, before any text of its section,
  is the caption of a picture that was lost;
- an item of a list may have a heading of its own: a first line that was broken off
  although the next word had room on it.

All else is a paragraph: when in doubt, the words can be searched.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise

from documents.formats.labels import (
    MAX_LENGTH,
    RANKS,
    clause_number,
    clauses,
    heads_next,
    is_label,
    is_title,
    label_end,
    label_rank,
)
from documents.lines import is_closed, item_marker, lines, stripped
from documents.questions import is_marked
from documents.structure import Block, is_near
from documents.titles import whole_title
from documents.types import Span

_MIN_VERSE_LINES = 3
_MIN_CAPITALS = 4
_MIN_QUESTIONS = _MIN_LED = 2
_MAX_ANSWER = 6
"""Paragraphs to a question, on average, where questions head what follows them."""
_RULE_CHARACTERS = frozenset("-=_*~# \t")
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3})*)(?:[.)]|(?<=\.\d)|(?<=\.\d\d))\s|[IVXLC]{1,5}[.)]\s")
_ITEM_LEVEL, _CLAUSE_LEVEL = 100, 98
"""Headings of list items are deeper than any other; the deeper, the further they are indented."""


@dataclass(frozen=True)  # without slots, for what is remembered
class _LineGroup:
    """Lines that belong together; ``alone`` if it is one line between blank lines."""

    text: str
    rows: tuple[Span, ...]
    marker: str
    alone: bool

    @cached_property
    def span(self) -> Span:
        return stripped(self.text, self.rows[0].start, self.rows[-1].end)

    @cached_property
    def words(self) -> str:
        return self.text[slice(*self.span)]

    @property
    def indent(self) -> int:
        return self.span.start - self.rows[0].start

    def row(self, at: int) -> str:
        return self.text[slice(*self.rows[at])]


def plain_blocks(text: str, title: str | None = None) -> list[Block]:
    """Read plain text whose title is known, or not; the title's own line has level 0."""
    groups = list(_line_groups(text))
    lines_of_title = 0 if title else whole_title(text, [group.span for group in groups[:2]])
    if title is not None and len(groups) > 1 and is_near(groups[0].words, title):
        blocks = [Block(groups[0].span, 0, groups[0].words), *_blocks(groups[1:])]
    elif 0 < lines_of_title < len(groups):
        whole = [Block(group.span, 0) for group in groups[:lines_of_title]]
        blocks = [*whole, *_blocks(groups[lines_of_title:])]
    else:
        blocks = list(_blocks(groups, untitled=title is None))
    asking = {group.span for group in groups if _asks(group)}
    return list(_asked(blocks, asking)) if len(asking) >= _MIN_QUESTIONS else blocks


def _asked(blocks: Iterable[Block], asking: set[Span]) -> Iterator[Block]:
    """Mark the questions of each section that has enough of them."""
    for heading, run in groupby(blocks, key=lambda block: block.heading is not None):
        found = list(run)
        first = next((at for at, b in enumerate(found) if b.span in asking), len(found))
        count = sum(block.span in asking for block in found)
        often = not heading and count * _MAX_ANSWER >= len(found) - first
        yield from (replace(b, question=True) if often and b.span in asking else b for b in found)


def _asks(group: _LineGroup) -> bool:
    words = group.words
    short = group.alone and len(words) <= MAX_LENGTH
    return short and words.endswith("?") and (words[0].isupper() or bool(_NUMBER.match(words)))


def _line_groups(text: str) -> Iterator[_LineGroup]:
    every = lines(text)
    width = min(MAX_LENGTH, max((row.end - row.start for row in every), default=0))
    for blank, rows in groupby(every, key=lambda row: _is_blank(text[slice(*row)])):
        if blank:
            continue
        block = list(rows)
        for piece in _pieces(text, block, width):
            ends = piece[0] == block[-1] and len(block) > 1
            alone = len(piece) == 1 and (not ends or is_label(text[slice(*piece[0])].strip()))
            yield from _split(text, piece, alone=alone)


def _pieces(text: str, rows: list[Span], width: int) -> Iterator[list[Span]]:
    """Cut a block at the lines that head what follows them without a blank line between."""
    start = 0
    for at, row in enumerate(rows):
        line = text[slice(*row)]
        before = "" if at == start else _ending(text[slice(*rows[at - 1])], is_first=at == 1)
        after = text[slice(*rows[at + 1])] if at + 1 < len(rows) else ""
        if _heads_next(before, line, after, width):
            yield from ([rows[start:at]] if start < at else [])
            yield [row]
            start = at + 1
        elif at > start and is_closed(before) and label_end(line.strip()):
            yield rows[start:at]
            start = at
    yield from ([rows[start:]] if start < len(rows) else [])


def _ending(before: str, *, is_first: bool) -> str:
    """Return the line before, with a full stop if it ends as a title or an item does."""
    words = before.strip()
    ends = (is_first and words[0].isupper() and not is_label(words)) or item_marker(before)
    return f"{before}." if ends and is_title(words) else before


def _heads_next(before: str, line: str, after: str, width: int) -> bool:
    words = line.strip()
    if heads_next(before, line, after):
        return True
    if before or not after or item_marker(line) or len(words) > MAX_LENGTH:
        return False
    if not words.endswith("?"):
        return _is_capitals(words) and not is_closed(words) and not _is_capitals(after.strip())
    room = len(words) + 1 + len(after.split()[0]) <= width
    return room and words[0].isupper() and not after.strip()[0].islower()


def _is_capitals(words: str) -> bool:
    return words.isupper() and sum(map(str.isalpha, words)) >= _MIN_CAPITALS


def _is_blank(line: str) -> bool:
    return not line.strip() or (
        len(line.strip()) >= _MIN_VERSE_LINES and _RULE_CHARACTERS.issuperset(line)
    )


def _split(text: str, rows: Sequence[Span], *, alone: bool) -> Iterator[_LineGroup]:
    groups = _items(text, rows)
    for marker, group in groups:
        if not marker and _is_unwrapped(group):
            yield from (_LineGroup(text, (row,), "", True) for row in group)
        else:
            yield _LineGroup(text, tuple(group), marker, alone)


def _items(text: str, rows: Sequence[Span]) -> list[tuple[str, list[Span]]]:
    groups: list[tuple[str, list[Span]]] = []
    previous = ""
    for row in rows:
        line = text[slice(*row)]
        marker = item_marker(line, previous)
        if marker or not groups:
            groups.append((marker, []))
        groups[-1][1].append(row)
        previous = "" if groups[-1][0] else line
    return groups


def _is_unwrapped(rows: Sequence[Span]) -> bool:
    """Tell whether each line is a paragraph: they are longer than anyone wraps by hand."""
    return rows[-1].end - rows[0].start > MAX_LENGTH * len(rows)


def _blocks(groups: Sequence[_LineGroup], *, untitled: bool = False) -> Iterator[Block]:
    runs = [(may, list(run)) for may, run in groupby(groups, key=_may_be_heading)]
    levels = _label_levels(runs, untitled=untitled)
    led = levels if sum(_is_led(group) for group in groups) >= _MIN_LED else ()
    held = _clauses(groups)
    begun, before = False, ""
    for at, (may, run) in enumerate(runs):
        start = _first_heading(run, before) if may and at < len(runs) - 1 else len(run)
        before = run[-1].words
        yield from (block for group in run[:start] for block in _text_blocks(group, led, held))
        begun = begun or start > 0
        if start == len(run):
            continue
        first = untitled and at == start == 0
        headings = [
            replace(block, level=_CLAUSE_LEVEL) if block.span in held else block
            for block in _heading_blocks(run[start:], levels, begun=begun, untitled=first)
        ]
        yield from headings
        begun = begun and all(block.heading is None for block in headings)


def _clauses(groups: Sequence[_LineGroup]) -> set[Span]:
    """Return where numbered clauses stand; numbers that are all alone with a title are headings."""
    texts = [" " * group.indent + group.words for group in groups]
    found = [groups[at] for at in clauses(texts)]
    return set() if all(map(_may_be_heading, found)) else {group.span for group in found}


def _may_be_heading(group: _LineGroup) -> bool:
    words = group.words
    if not group.alone or (group.marker and not _NUMBER.match(words)) or is_marked(words):
        return False
    return is_label(words) or _is_open(words)


def _is_open(words: str) -> bool:
    return len(words) <= MAX_LENGTH and not is_closed(words)


def _is_led(group: _LineGroup) -> bool:
    """Tell whether a label leads the text on its own line."""
    return not _may_be_heading(group) and label_end(group.words) > 0


def _label_levels(runs: Sequence[tuple[bool, list[_LineGroup]]], *, untitled: bool) -> list[int]:
    """Return the level of a label of each rank; the title's lines before the first are above."""
    ranks = [label_rank(group.words) for may, run in runs for group in run if may or _is_led(group)]
    above = next((at for at, rank in enumerate(ranks) if rank is not None), 0)
    is_first = bool(runs and runs[0][0] and above < len(runs[0][1]))
    base = max(1, 1 + above - untitled) if is_first else 1
    known = sorted({rank for rank in ranks if rank is not None})
    return [base + _MIN_VERSE_LINES * sum(r < rank for r in known) for rank in range(RANKS)]


def _first_heading(run: Sequence[_LineGroup], before: str) -> int:
    """Return where the headings of a run start that is verse or a list before them.

    Labels of one rank after a colon are a list to its end, unless the last repeats one of them, as
    the first article after a table of contents does.
    """
    ranks = [label_rank(group.words) for group in run]
    labels = [group.words for group, rank in zip(run, ranks, strict=True) if rank is not None]
    of_one_rank = len(labels) > 1 and len({*ranks} - {None}) == 1
    if of_one_rank and before.endswith(":") and labels[-1] not in labels[:-1]:
        return len(run)
    if all(rank is None for rank in ranks):
        return 0 if len(run) < _MIN_VERSE_LINES else len(run)
    start = len(run)
    while start and _nests(ranks[start - 1 :]):
        start -= 1
    return start


def _nests(ranks: Sequence[int | None]) -> bool:
    """Tell whether each label is deeper than the one before, with few other lines between."""
    labels = [rank for rank in ranks if rank is not None]
    others = [len(list(run)) for other, run in groupby(ranks, lambda rank: rank is None) if other]
    return all(a < b for a, b in pairwise(labels)) and max(others, default=0) < _MIN_VERSE_LINES


def _heading_blocks(
    run: Iterable[_LineGroup], levels: Sequence[int], *, begun: bool, untitled: bool
) -> Iterator[Block]:
    level = 0 if untitled else 1
    for group in run:
        rank = label_rank(group.words)
        if rank is not None or level == 0 or _starts_as_heading(group.words):
            # A heading right after another has nothing but its depth to tell them apart.
            depth = max(level, _depth(group.words)) if level else 0
            depth = depth if rank is None else levels[rank]
            yield Block(group.span, depth, group.words)
            begun, level = False, depth + 1
        elif begun:
            yield Block(group.span, _ITEM_LEVEL - 1)


def _starts_as_heading(words: str) -> bool:
    first = next((c for c in words if c.isalnum()), "")
    return bool(_NUMBER.match(words)) or (first.isalpha() and not first.islower())


def _depth(words: str) -> int:
    number = _NUMBER.match(words)
    return number.group(1).count(".") + 1 if number and number.group(1) else 1


def _text_blocks(group: _LineGroup, led: Sequence[int], held: Container[Span]) -> Iterator[Block]:
    """Yield the blocks of a group.

    Args:
        group: no heading.
        led: the levels of labels that lead text, if any do.
        held: where numbered clauses stand.
    """
    is_clause = group.span in held
    if led and _is_led(group):
        yield from _led_blocks(group, led)
    elif _has_own_heading(group):
        yield from _headed_blocks(group, is_clause=is_clause)
    elif is_clause:
        yield from _clause_blocks(group)
    else:
        yield Block(group.span, _ITEM_LEVEL + group.indent - 1)


def _clause_blocks(group: _LineGroup) -> Iterator[Block]:
    start, end = group.span
    number = clause_number(group.words)
    yield Block(Span(start, start + len(number)), _CLAUSE_LEVEL, number)
    yield Block(stripped(group.text, start + len(number), end), _ITEM_LEVEL - 1)


def _headed_blocks(group: _LineGroup, *, is_clause: bool) -> Iterator[Block]:
    level = _CLAUSE_LEVEL if is_clause else _ITEM_LEVEL + group.indent
    marker = 0 if is_clause else len(group.marker)
    title = stripped(group.text, group.rows[0].start + marker, group.rows[0].end)
    yield Block(title, level, group.text[slice(*title)])
    body = group.rows[1:]
    groups = [(row,) for row in body] if _is_unwrapped(body) else [body]
    body_level = max(level, _ITEM_LEVEL - 1)
    yield from (Block(stripped(group.text, g[0].start, g[-1].end), body_level) for g in groups)


def _led_blocks(group: _LineGroup, levels: Sequence[int]) -> Iterator[Block]:
    start, end = group.span.start, group.span.start + label_end(group.words)
    label = group.text[start:end].rstrip(" \xa0.:–—-")
    yield Block(Span(start, start + len(label)), levels[label_rank(label) or 0], label)
    yield Block(Span(end, group.span.end), _ITEM_LEVEL - 1)


def _has_own_heading(group: _LineGroup) -> bool:
    if not group.marker or len(group.rows) == 1 or not is_closed(group.words):
        return False
    title = group.row(0)[len(group.marker) :].strip()
    body = group.row(1).split()
    had_room = len(group.row(0).rstrip()) + 1 + len(body[0]) <= max(
        r.end - r.start for r in group.rows
    )
    is_open = title.endswith("?") or not is_closed(title)
    looks = len(title) <= MAX_LENGTH and is_open and _starts_as_heading(title)
    return had_room and looks and not body[0][0].islower()
