"""The sentence that answers: not a question, nor what only introduces an answer."""

from __future__ import annotations

import re
from itertools import dropwhile
from typing import Final

from documents.types import Span
from index.lexical.analysis import analyse

_OPENERS: Final = {"»": "«", "›": "‹", "”": "“", "’": "‘", '"': '"', "'": "'"}
"""What opens a quotation, by what closes it."""
_AFTER_MARK: Final = "".join(_OPENERS) + "!)]*_~` \u00a0\u202f\t\r\n"
"""What may stand behind a sentence's question mark or colon: quotes, brackets, emphasis."""
_NO_TERM: Final = re.compile(r"^[-*+•–—|]|\d|[.!;,…]\W*$")
_BLANK_BEFORE: Final = re.compile(r"(?:^|\n[^\S\n]*\n)[^\S\n]*\Z")
_TABLE: Final = re.compile(
    r"(?P<header>[^\n|]*\|[^\n]*)\n[ \t]*\|?[ \t]*:?-+:?[ \t]*\|[-:| \t]*\n?"
)
_ROW: Final = re.compile(r"[^\n|]*\|[^\n]*")
_BLANK_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_BLANK_AFTER: Final = re.compile(r"[^\S\n]*\n[^\S\n]*\n")


def answering(text: str, language: str, best: Span, question: str) -> Span:
    """Return the best sentence or, where it only introduces, the next one that does not.

    A sentence introduces what follows if it ends in a question mark or a colon; so does a paragraph
    that only repeats words of the question, as a term before its definition. Where nothing follows,
    the best sentence it is. Of the header of a table in Markdown it is the row that has most words
    of the question.

    Args:
        text: the passage's.
        language: the passage's: ``fr``, ``en`` or ``und``.
        best: the sentence that matches the question best, a range of ``text``.
        question: as it was asked.
    """
    sentence = text[slice(*best)]
    rows = _rows_below(text, best)
    if rows:
        asked = set(analyse(question, language))
        return max(rows, key=lambda row: len(asked & set(analyse(text[slice(*row)], language))))
    if not (introduces(sentence) or _is_term(text, best, language, question)):
        return best
    from documents.wording.sentences import sentences  # loads ICU, which few questions need

    following = (s for s in sentences(text, language) if s.start >= best.end)
    return next(dropwhile(lambda s: introduces(text[slice(*s)]), following), best)


def around(text: str, language: str, marked: Span, answer: Span) -> Span:
    """Return the sentence that holds an answer: the marked one if it does.

    Args:
        text: the passage's.
        language: the passage's: ``fr``, ``en`` or ``und``.
        marked: a sentence, a range of ``text``.
        answer: a shorter range of ``text``.
    """
    if marked.start <= answer.start < marked.end:
        return marked
    from documents.wording.sentences import sentences  # loads ICU, which few questions need

    return next((s for s in sentences(text, language) if s.end > answer.start), marked)


def has_cells(sentence: str) -> bool:
    """Tell whether it is the row of a table, where the header says which value is which."""
    return sentence.count("|") > 1 or "\t" in sentence


def _rows_below(text: str, header: Span) -> list[Span]:
    """Return the rows of a table in Markdown below its header; none if it is no header."""
    first = text.rfind("\n", 0, header.start + 1) + 1
    table = _TABLE.match(text, first)
    if table is None or header.start > table.end("header"):
        return []
    return [
        Span(*row.span()) for row in _ROW.finditer(text, table.end(), _end_of(text, table.end()))
    ]


def _end_of(text: str, start: int) -> int:
    blank = _BLANK_LINE.search(text, start)
    return blank.start() if blank else len(text)


def introduces(sentence: str) -> bool:
    """Tell whether it ends in « ? » or « : »: what follows it answers."""
    bare = sentence.rstrip(_AFTER_MARK)
    return bare.endswith(("?", ":")) and not _only_quotes(sentence, bare)


def _only_quotes(sentence: str, bare: str) -> bool:
    """Tell whether the mark at the end of ``bare`` is that of a quotation within a statement."""
    closer = next((c for c in sentence[len(bare) :] if c in _OPENERS), None)
    if closer is None:
        return False
    before = bare[: max(0, bare.rfind(_OPENERS[closer]))].rstrip()
    return any(map(str.isalpha, before)) and not before.endswith(":")


def _is_term(text: str, span: Span, language: str, question: str) -> bool:
    sentence = text[slice(*span)]
    # An item that the question names may be the answer, and so may a number.
    if _NO_TERM.search(sentence) or not _is_paragraph(text, span):
        return False
    terms = set(analyse(sentence, language))
    return bool(terms) and terms <= set(analyse(question, language))


def _is_paragraph(text: str, span: Span) -> bool:
    before, after = text[: span.start], text[span.end :]
    return bool(_BLANK_BEFORE.search(before) and _BLANK_AFTER.match(after))
