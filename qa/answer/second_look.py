"""The first passages are read with the question: do they answer, and where.

The ranking compares; the reader (``index.reader``) reads. What it says of a passage is added to
the passage's score and to the confidence, and the span that answers is shown where it is sure.
Only the first passage is read where it is far ahead; where it is not, so are the next, as long as
there is time.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from documents.types import Passage, Span
from index.lexical.analysis import analyse, words
from index.reader.inputs import ReaderInput
from index.search.ranking import Ranking
from qa.answer.duplicates import Found
from qa.answer.evidence.headings import is_heading
from qa.answer.evidence.labels import identifiers
from qa.answer.highlight import introduces

if TYPE_CHECKING:  # loads ONNX Runtime
    from index.reader.reader import Reading

READ: Final = 3
"""How many of the first passages are read at most."""
AHEAD: Final = 0.03
"""By how much the first passage must be ahead to be read alone, in the ranking's score."""
WEIGHT: Final = 0.01
"""What a logit of the reader adds to a score of the ranking."""
SURE: Final = 0.0
"""The reader's logit, and that of the span, from which the span is shown."""
_SHORT: Final = 200
"""A text of so many characters is read whole."""
_BREAK: Final = re.compile(r"(?<=[.!?…»”])\s+|\s*\n\s*")


class PassageReader(Protocol):
    """Reads: see ``index.reader.reader.Reader``."""

    def read(self, question: str, passages: Sequence[ReaderInput]) -> list[Reading]:
        """Return one reading a passage, in their order."""

    def window(self, text: str, sentences: Sequence[Span], marked: int) -> Span:
        """Return the range of a text to read: whole sentences around the one that is marked."""


class Read(NamedTuple):
    """What was read of a passage.

    Attributes:
        score: that it answers: a logit, not calibrated; higher is likelier.
        answer: the shortest part of the passage's text that answers, in code points; None where
            the reader is not sure.
    """

    score: float
    answer: Span | None


Reads = Mapping[int, Read]
"""What was read, by the row of the passage."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Reads the first passages within a time.

    Attributes:
        reader: reads one passage at a time.
        seconds: how long it may take in all. The first passage is read however long that takes.
        clock: tells the time in seconds.
    """

    reader: PassageReader
    seconds: float
    clock: Callable[[], float] = time.perf_counter

    def read(self, question: str, ranking: Ranking, found: Sequence[Found]) -> dict[int, Read]:
        """Read the first passages.

        Args:
            question: as it is encoded.
            ranking: the candidates.
            found: the first of them that no other repeats, best first.

        Returns:
            What was read, by the row of the passage.
        """
        started = self.clock()
        reads: dict[int, Read] = {}
        for place in found[: _count(question, ranking, found)]:
            if reads and not self._in_time(self.clock() - started, len(reads)):
                break
            best = Span(*ranking.late.spans[place.at].tolist())
            reads[int(ranking.rows[place.at])] = self._one(question, place.passage, best)
        return reads

    def _in_time(self, passed: float, done: int) -> bool:
        return passed + passed / done <= self.seconds

    def _one(self, question: str, passage: Passage, best: Span) -> Read:
        cut, marked = pieces(passage.text, best)
        part = self._window(passage.text, cut, marked)
        inside = [piece for piece in cut if part.start <= piece.start and piece.end <= part.end]
        (reading,) = self.reader.read(question, [_input(passage, part, inside)])
        if reading.score <= SURE:
            return Read(reading.score, None)
        sure = [
            (sentence, answer)
            for sentence, answer in _sure_spans(inside, part.start, reading)
            if not introduces(passage.text[slice(*sentence)])
        ]
        return Read(reading.score, _chosen(question, passage, cut[marked], sure))

    def _window(self, text: str, cut: Sequence[Span], marked: int) -> Span:
        return Span(0, len(text)) if len(text) <= _SHORT else self.reader.window(text, cut, marked)


def _input(passage: Passage, part: Span, inside: Sequence[Span]) -> ReaderInput:
    sentences = (Span(start - part.start, end - part.start) for start, end in inside)
    return ReaderInput(" ".join(passage.context), passage.text[slice(*part)], tuple(sentences))


def _sure_spans(
    inside: Sequence[Span], start: int, reading: Reading
) -> Iterator[tuple[Span, Span]]:
    """Yield each sentence that has a span that answers, and that span, the surest first."""
    found = [
        (span.score, sentence, Span(start + span.start, start + span.end))
        for sentence, span in zip(inside, reading.within, strict=True)
        if span is not None and span.score > SURE and span.end > span.start
    ]
    for _, sentence, answer in sorted(found, reverse=True):
        yield sentence, answer


def _chosen(
    question: str, passage: Passage, marked: Span, sure: Iterable[tuple[Span, Span]]
) -> Span | None:
    """Return the first span whose sentence has as many of the question's words as the marked one.

    Of « Le chauffage coûte 80 €. L'eau coûte 35 €. » the reader knows the sums, the words which.
    """
    asked = set(analyse(question, passage.language))

    def shared(sentence: Span) -> int:
        return len(asked & set(analyse(passage.text[slice(*sentence)], passage.language)))

    least = shared(marked)
    return next((answer for sentence, answer in sure if shared(sentence) >= least), None)


def _count(question: str, ranking: Ranking, found: Sequence[Found]) -> int:
    if len(found) < 2 or _settled(words(question), found[0].passage):
        return min(1, len(found))
    first, second = (float(ranking.scores[place.at]) for place in found[:2])
    return 1 if first - second > AHEAD else READ


def _settled(question: list[str], first: Passage) -> bool:
    """Tell whether the ranking knows better which passage is first.

    What is asked by its number, the words know; no such question was among those the reader
    learnt. What stands below the question itself answers it.
    """
    return bool(identifiers(question)) or is_heading(question, map(words, first.context))


def reread(ranking: Ranking, found: Sequence[Found], reads: Reads) -> Ranking:
    """Order the passages that were read by what the reader said of them, too.

    Copies of a passage stay with it; passages that were not read stay below those that were.

    Args:
        ranking: the candidates.
        found: the first of them that no other repeats, best first.
        reads: what was read, by row.
    """
    read = [place for place in found if int(ranking.rows[place.at]) in reads]
    if not read:
        return ranking
    scores = ranking.scores[: read[-1].at + 1].copy()
    scores += np.array(list(_added(ranking, read, reads, len(scores))), dtype=np.float32)
    return ranking.reordered(scores)


def _added(ranking: Ranking, read: Sequence[Found], reads: Reads, count: int) -> Iterator[float]:
    own = {place.at: reads[int(ranking.rows[place.at])].score for place in read}
    said = 0.0
    for at in range(count):
        said = own.get(at, said)  # a copy, or one as like it as that, stands behind its original
        yield WEIGHT * said


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
