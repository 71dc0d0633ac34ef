"""Where in a passage the answer is: which of the spans that a reader finds is shown, if any.

A reader knows what kind of thing answers; the words of the question know which of several. Of « Le
chauffage coûte 80 €. L'eau coûte 35 €. » it finds both sums, and the words say whose. Where they do
not, none is shown: a wrong answer is worse than the sentence alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from documents.types import Passage, Span
from documents.wording.numerals import numerals
from index.lexical.analysis import analyse, fold
from qa.answer.highlight import has_cells, introduces

SURE: Final = 1.0
"""How much better than none, in the reader's logits, a span is that is shown."""
CLEAR: Final = 2.0
"""How much better, too, than what the other sentences offer."""
_BREAK: Final = re.compile(r"(?<=[.!?…»”])\s+|\s*\n\s*")
_WORD: Final = re.compile(r"\w+")
_DIGITS: Final = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3}(?!\d))+|\d+)(?:[.,]\d+)*"
_VALUE: Final = re.compile(rf"(?<![\d.,])(?:[€$£]\s?)?{_DIGITS}(?:\s?[€$£%])?")


def pieces(text: str, best: Span) -> tuple[list[Span], int]:
    """Cut a text into sentences, as far as their ends can be told cheaply, and lines.

    Args:
        text: of a passage.
        best: the sentence that matches the question best, a range of ``text``: it stays whole.

    Returns:
        The pieces, which leave out nothing, and the place of the one that holds the best sentence.
    """
    ends = [found.end() for found in _BREAK.finditer(text)]
    cuts = [0, *(end for end in ends if not best.start < end < best.end and end < len(text))]
    found = [Span(*pair) for pair in pairwise([*cuts, len(text)])]
    return found, sum(cut <= best.start for cut in cuts) - 1


class Offer(NamedTuple):
    """What a sentence offers as an answer.

    Attributes:
        sentence: a range of the passage's text.
        answer: the best span in it, a range of the passage's text.
        score: how much better the span is than none, in logits.
    """

    sentence: Span
    answer: Span
    score: float


class Place(NamedTuple):
    """Where a passage answers.

    Attributes:
        span: what is in the sentence to mark, a range of the passage's text.
        answer: the part of it that answers; None where that is not sure and clear.
    """

    span: Span
    answer: Span | None


def pinpoint(
    question: str, passage: Passage, marked: Span, offers: Sequence[Offer]
) -> Place | None:
    """Return where a passage answers; None where no sentence offers anything.

    It is the best offer of a sentence that introduces nothing and that has as many words of the
    question as the one that matches best.

    Args:
        question: as it was asked.
        passage: what was read.
        marked: the sentence that matches the question best, a range of the passage's text.
        offers: of the sentences that were read.
    """
    asked = set(analyse(question, passage.language))

    def shared(sentence: Span) -> int:
        return len(asked & set(analyse(passage.text[slice(*sentence)], passage.language)))

    least = shared(marked)
    able = (o for o in offers if o.score > 0 and not introduces(passage.text[slice(*o.sentence)]))
    near = [offer for offer in able if shared(offer.sentence) >= least]
    if not near:
        return None
    best = max(near, key=lambda offer: offer.score)
    return Place(best.answer, _answer(question, passage.text, best, offers))


def _answer(question: str, text: str, best: Offer, offers: Sequence[Offer]) -> Span | None:
    if not _is_clear(best, offers) or has_cells(text[slice(*best.sentence)]):
        return None
    answer = whole(text, best)
    return answer if _says_more(text[slice(*answer)], question) else None


def _is_clear(best: Offer, offers: Sequence[Offer]) -> bool:
    others = (offer.score for offer in offers if offer.sentence != best.sentence)
    return best.score >= SURE and best.score - max(others, default=-CLEAR) >= CLEAR


def _says_more(answer: str, question: str) -> bool:
    return not set(_WORD.findall(fold(answer))) <= set(_WORD.findall(fold(question)))


def whole(text: str, offer: Offer) -> Span:
    """Return an answer with all of the numbers that it holds a part of, and their units.

    Of « vingt et un jours » it is not « un jours », and of « 28,75 $ » not « 28,75 ».

    Args:
        text: of the passage.
        offer: what answers, and the sentence that is not left.
    """
    start, end = offer.answer
    for number in (*_in_digits(text, offer.sentence), *_in_letters(text, offer.sentence)):
        if number.start < end and start < number.end:
            start, end = min(start, number.start), max(end, number.end)
    return Span(start, end)


def _in_digits(text: str, sentence: Span) -> Iterator[Span]:
    for found in _VALUE.finditer(text, *sentence):
        yield Span(*found.span())


def _in_letters(text: str, sentence: Span) -> Iterator[Span]:
    places = list(_WORD.finditer(text, *sentence))
    for number in numerals([fold(place[0]) for place in places]):
        yield Span(places[number.start].start(), places[number.end - 1].end())
