"""The probability that the first passage answers the question.

A logistic model (Platt, 1999) of fifteen signals, weighted by ``python -m eval.calibration``. Four
say how alike question and passage are. The others are evidence: what is asked for and not given,
and what is left of the question when names and words found are taken away. It is trained on
questions whose answer was taken away and on near misses; ``docs/confidence.md`` shows what each
signal brings.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from documents.types import Passage
from index.lexical.analysis import words
from index.search.ranking import Query, Ranking
from qa.answer.evidence.asked import asked
from qa.answer.evidence.counterparts import Counterparts
from qa.answer.evidence.headings import is_heading
from qa.answer.evidence.kinds import EXACT, NAMED, Kind
from qa.answer.evidence.labels import identifiers, missing, numbered, same_numbers
from qa.answer.evidence.offered import offered
from qa.answer.evidence.turns import turned
from qa.settings import AS_SHIPPED, Calibration

RIVALS: Final = 10
"""How many of the next passages the first is compared with."""
NEAR: Final = 0.7
"""What a mean cosine counts at most: of closer ones, none is a worse answer."""
_READ: Final = 4000
"""How many characters of a passage are read: more than an index cuts passages to."""


class Features(NamedTuple):
    """The signals that tell whether the first passage answers.

    Attributes:
        lead: its score less that of the second; 0 without a second.
        covered: the mean cosine of all of the question's tokens, at most ``NEAR``: how far ahead
            the first is says less where all are close.
        heading: 1 if the question has the words of one text of the context, as a rule a heading,
            stop words apart, and two of them at the least; else 0.
        identifier_missing: the share of the question's numbers, codes, years and labels (« article
            L. 2001-3 », « annexe B ») that stand neither in the passage nor in its context.
        identifier_found: 1 if it has such and they all stand there, else 0.
        value_given: where a number, sum, date, duration, frequency or the like is asked for, how
            clearly the marked sentence gives one that the question does not say, 0-1.
        value_elsewhere: how clearly it lacks one, where one is asked for, 0-1.
        value_missing: the same of the whole passage.
        named_elsewhere: where a person or a place is asked for, how clearly the marked sentence
            names none that the question does not, 0-1.
        left: how far the leftover words are from any word of passage and context, summed over the
            number of words that are no names, 0-1. Leftover are words that are neither stop words
            nor names and do not stand there.
        left_across: the same, where question and passage are of two languages; else 0.
        peak: how much nearer the leftover words are here than in the next ten passages.
        peak_across: the same, across languages.
        turned: 1 if the question has a word that turns it round, as « avant » or "except" do, that
            does not stand there; else 0.
        name_absent: how far the question's names that do not stand there are from any word of any
            candidate, 0-1; 0 across languages, where names are translated.
    """

    lead: float
    covered: float
    heading: float
    identifier_missing: float
    identifier_found: float
    value_given: float
    value_elsewhere: float
    value_missing: float
    named_elsewhere: float
    left: float
    left_across: float
    peak: float
    peak_across: float
    turned: float
    name_absent: float


WEIGHTS: Final = Features(
    lead=11.299, covered=4.052, heading=3.265,
    identifier_missing=-4.148, identifier_found=0.736,
    value_given=0.472, value_elsewhere=-0.904, value_missing=-2.219,
    named_elsewhere=-1.153, left=-4.073, left_across=1.646, peak=4.063,
    peak_across=2.773, turned=-1.365, name_absent=-22.356,
)  # fmt: skip
INTERCEPT: Final = -1.867

READ_WEIGHTS: Final = Features(
    lead=9.562, covered=3.507, heading=5.464,
    identifier_missing=-5.007, identifier_found=0.953,
    value_given=-0.003, value_elsewhere=-0.393, value_missing=-2.368,
    named_elsewhere=-0.946, left=-1.954, left_across=0.913, peak=2.519,
    peak_across=4.031, turned=-2.881, name_absent=-19.382,
)  # fmt: skip
READ_INTERCEPT: Final = -2.349
READ: Final = 0.386
"""The weights where the passage was read, and that of what the reader said."""


def confidence(
    features: Features, read: float | None = None, calibration: Calibration = AS_SHIPPED
) -> float:
    """Return the probability, in 0-1, that the first passage answers the question.

    Args:
        features: the signals.
        read: the reader's logit that it answers; None where it was not read.
        calibration: to documents and questions of their own, if it was fitted to any.
    """
    return _probability(calibration.scale * _logit(features, read) + calibration.offset)


def _logit(features: Features, read: float | None) -> float:
    if read is None:
        return INTERCEPT + _sum(WEIGHTS, features)
    return READ_INTERCEPT + _sum(READ_WEIGHTS, features) + READ * read


def _sum(weights: Features, features: Features) -> float:
    return math.fsum(w * f for w, f in zip(weights, features, strict=True))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, logit))))


def measure(query: Query, ranking: Ranking, passage: Passage) -> Features:
    """Measure the signals.

    Args:
        query: the question.
        ranking: its passages, at least one.
        passage: the first of them.
    """
    question, own = words(query.text), words(passage.text[:_READ])
    above = [words(text) for text in passage.context]
    held = [word for text in (*above, own) for word in text]
    given = [*held, *numbered(passage.section)]
    known = {*held, *same_numbers(question, held)}
    parts = Counterparts.of(query, ranking.late.tokens, passage, known)
    names, across = identifiers(question), float(passage.language != query.language)
    absent, left, peak = missing(names, given), parts.gap(), parts.peak(RIVALS)
    here, nowhere = _lacking(asked(query.text), question, own, passage, ranking)
    return Features(
        lead=_lead(ranking),
        covered=min(NEAR, float(ranking.late.tokens[:, 0].mean())),
        heading=float(is_heading(question, above)),
        identifier_missing=absent,
        identifier_found=float(bool(names) and not absent),
        value_given=here.given,
        value_elsewhere=here.value,
        value_missing=nowhere.value,
        named_elsewhere=here.named,
        left=left,
        left_across=left * across,
        peak=peak,
        peak_across=peak * across,
        turned=float(turned(question, known)),
        name_absent=parts.absent() * (1 - across),
    )


class _Lack(NamedTuple):
    """How clearly a text gives or lacks a value that is asked for, or lacks a name, 0-1."""

    given: float
    value: float
    named: float


def _lacking(
    kinds: frozenset[Kind],
    question: list[str],
    own: list[str],
    passage: Passage,
    ranking: Ranking,
) -> tuple[_Lack, _Lack]:
    """Return what the marked sentence lacks, and what the sentence and the passage lack."""
    if not kinds & (EXACT | NAMED):
        return _Lack(0, 0, 0), _Lack(0, 0, 0)
    start, end = ranking.late.spans[0].tolist()
    sentence, known = passage.text[start:end], set(question)
    given = offered(sentence, words(sentence), known)
    here = max(given[kind] for kind in kinds)
    anywhere = max(here, *(offered(passage.text[:_READ], own, known)[kind] for kind in kinds))
    value, named = float(kinds <= EXACT), float(bool(kinds & NAMED))
    return (
        _Lack(value * here, value * (1 - here), named * (1 - here)),
        _Lack(value * anywhere, value * (1 - anywhere), named * (1 - anywhere)),
    )


def _lead(ranking: Ranking) -> float:
    return float(ranking.scores[0] - ranking.scores[1]) if len(ranking.scores) > 1 else 0.0
