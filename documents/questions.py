"""Makes headings of questions and terms, so that what answers them is read under them.

A question heads what follows it when it is marked (``Q : …`` / ``R : …``), or when the format's
reader said that it does: a line in bold, a term of a list of definitions. Without an answer it
stays a paragraph, so that its words can be searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise, zip_longest

from documents.lines import stripped
from documents.structure import Block
from documents.types import Span

_LINE = r"(?:\A|(?<=[\r\n]))[^\S\r\n]*[>*_]{0,4}[^\S\r\n]*"
_SIGN = r"\s?\d{0,3}[.]?\s?(?:[:.)]|[-–—](?=\s))[*_]{0,3}(?=\s)"
_ASKED = re.compile(rf"{_LINE}(?:Q|Question|QUESTION){_SIGN}")
_ANSWERED = re.compile(
    rf"(?:{_LINE}|(?<=\?[ \xa0]))(?:[RA]|Rép|Réponse|RÉPONSE|Answer|ANSWER){_SIGN}"
)
_ANSWER_LINE = re.compile(r"(?:[RA]|Rép|Réponse|RÉPONSE|Answer|ANSWER)\s?\d{0,3}\s?:\s")
_ENDS_ASKING = re.compile(r"\?[*_]{0,3}[^\S\r\n]*(?=[\r\n]|\Z)")
_MARKUP = re.compile(r"^[\s>*_•+–-]+|[\s*_]+$")
_MAX_LENGTH = 300
"""Code points of the longest question that is taken for one."""
_MAX_JOINED = 3
"""As many questions in a row may share an answer; more are a list, and stay paragraphs."""


def with_questions(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with headings for the questions that an answer follows.

    Args:
        text: what the blocks are ranges of.
        blocks: in order; those with ``question`` and without a heading head what follows them.
    """
    level = min((block.level for block in blocks if block.heading is None), default=0)
    marked = _marked(text, [part for block in blocks for part in _parts(text, block, level)])
    runs = [list(run) for _, run in groupby(marked, key=_kind)]
    found: list[Block] = []
    for run, after in zip_longest(runs, (run[0] for run in runs[1:])):
        found += _headed(text, run) if _is_answered(run, after) else _unmarked(run)
    return found


def question_words(line: str) -> str:
    """Return the words of a question, without the mark before them and without markup."""
    asked = _ASKED.match(line)
    words = line[asked.end() :] if asked else line
    return " ".join(_MARKUP.sub("", words).split())


def is_marked(line: str) -> bool:
    """Tell whether a line starts as a question or its answer does: ``Q :``, ``R :``, ``A:``."""
    return bool(_ASKED.match(line) or _ANSWER_LINE.match(line))


def _kind(block: Block) -> tuple[bool, int]:
    short = block.span.end - block.span.start <= _MAX_LENGTH
    asks = block.question and block.heading is None and short
    return asks, block.level if asks else -1


def _is_answered(run: Sequence[Block], after: Block | None) -> bool:
    if not _kind(run[0])[0] or len(run) > _MAX_JOINED:
        return False
    if after is None or after.heading is not None:
        return False
    return after.level > run[0].level or (after.level == run[0].level and not after.question)


def _headed(text: str, run: Sequence[Block]) -> Iterator[Block]:
    span = Span(run[0].span.start, run[-1].span.end)
    words = (question_words(text[slice(*block.span)]) for block in run)
    yield replace(run[0], span=span, heading=" / ".join(filter(None, words)) or None)


def _unmarked(run: Sequence[Block]) -> Iterator[Block]:
    """Take questions without an answer for paragraphs, outside of the question before them."""
    return (
        replace(b, question=False, level=b.level - 1) if b.question and b.heading is None else b
        for b in run
    )


def _parts(text: str, block: Block, level: int) -> list[Block]:
    """Cut a paragraph where a question starts, and where its answer does."""
    words = text[slice(*block.span)]
    if block.heading is not None or block.question or not _ASKED.search(words):
        return [block]
    starts = {0, *(f.start() for mark in (_ASKED, _ANSWERED) for f in mark.finditer(words))}
    ordered = [*sorted(starts), len(words)]
    return [
        replace(block, span=span, question=asks, level=level if asks else block.level)
        for start, end in pairwise(ordered)
        for piece, asks in _pieces(words, start, end)
        if (span := _within(text, block, piece)).start < span.end
    ]


def _within(text: str, block: Block, piece: Span) -> Span:
    return stripped(text, block.span.start + piece.start, block.span.start + piece.end)


def _pieces(words: str, start: int, end: int) -> Iterator[tuple[Span, bool]]:
    """Yield a question and what follows it in the same piece, or the piece, which asks nothing."""
    asked = _ASKED.match(words, start, end)
    stop = end
    if asked and not _ANSWERED.match(words, end):
        ending = _ENDS_ASKING.search(words, start, end)
        stop = ending.end() if ending else end
    yield Span(start, stop), asked is not None
    if stop < end:
        yield Span(stop, end), False


def _marked(text: str, parts: Sequence[Block]) -> list[Block]:
    """Take what starts with ``Q.`` for a question only if it ends as one, or is answered."""
    nexts = (text[slice(*part.span)] for part in parts[1:])
    return [
        replace(part, question=False) if _is_initial(text, part, after) else part
        for part, after in zip(parts, chain(nexts, [""]), strict=False)
    ]


def _is_initial(text: str, part: Block, after: str) -> bool:
    """Tell whether the mark is that of a name: ``Q. Tarantino``."""
    words = text[slice(*part.span)]
    if not part.question or not _ASKED.match(words):
        return False
    return not (_ENDS_ASKING.search(words) or _ANSWERED.match(after))
